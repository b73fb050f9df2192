import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  BlockingIOError,
  BrokenPipeError,
  ConnectionError,
  FileNotFoundError,
  OSError,
  PermissionError,
} from "../../../src/python/errors.ts";
import { pythonTest, runPython } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

test("OSError with a text has no number", () => {
  const error = new OSError("handle is closed");
  strictEqual(error.message, "handle is closed");
  deepStrictEqual([error.errno, error.strerror, error.filename], [null, null, null]);
  deepStrictEqual(error.args, ["handle is closed"]);
  deepStrictEqual(Object.keys(error), []);
  deepStrictEqual(new OSError().args, []);
});

test("OSError with a number makes the subclass that belongs to it", () => {
  const error = new OSError(2, "No such file or directory", "/x");
  ok(error instanceof FileNotFoundError);
  strictEqual(
    String(error),
    "FileNotFoundError: [Errno 2] No such file or directory: '/x'",
  );
  deepStrictEqual([error.errno, error.filename], [2, "/x"]);
  ok(new OSError(13, "Permission denied") instanceof PermissionError);
  ok(new OSError(11, "Resource temporarily unavailable") instanceof BlockingIOError);
  strictEqual(new OSError(22, "Invalid argument").constructor, OSError);
});

test("a subclass with a number keeps its class", () => {
  const error = new BrokenPipeError(2, "No such file or directory");
  strictEqual(error.constructor, BrokenPipeError);
  ok(error instanceof ConnectionError);
});

pythonTest("OSError's texts and args are Python's", async () => {
  const source = `
import json
made = [OSError(32, "Broken pipe"), OSError(2, "a", "f"), OSError(2, "a", "it's"),
        OSError(2, "a", "f", None, "g"), OSError("x"), OSError(), OSError(17, "b", "")]
print(json.dumps([[type(e).__name__, str(e), list(e.args)] for e in made]))`;
  const { stdout } = await runPython(source);
  const made = [
    new OSError(32, "Broken pipe"),
    new OSError(2, "a", "f"),
    new OSError(2, "a", "it's"),
    new OSError(2, "a", "f", null, "g"),
    new OSError("x"),
    new OSError(),
    new OSError(17, "b", ""),
  ];
  deepStrictEqual(made.map((e) => [e.name, e.message, e.args]), JSON.parse(stdout));
});
