import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openSync } from "node:fs";
import process from "node:process";
import {
  asOSError,
  BlockingIOError,
  BrokenPipeError,
  ConnectionError,
  ERRNO,
  type ErrorCode,
  FileNotFoundError,
  OSError,
  osError,
  PermissionError,
} from "../../../src/python/errors.ts";
import { askPython, pythonTest } from "../../helpers/python.ts";
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
  const made = [
    new OSError(32, "Broken pipe"),
    new OSError(2, "a", "f"),
    new OSError(2, "a", "it's"),
    new OSError(2, "a", "f", null, "g"),
    new OSError("x"),
    new OSError(),
    new OSError(17, "b", ""),
  ];
  const ours = made.map((e) => [e.name, e.message, e.args]);
  deepStrictEqual(ours, await askPython(source));
});

const CODES = Object.keys(ERRNO) as ErrorCode[];

const SOURCE = `
import errno, json, os, sys
made = [(code, getattr(errno, code)) for code in json.loads(sys.argv[1])]
errors = [OSError(number, os.strerror(number)) for _, number in made]
# The built-in TimeoutError has no counterpart here.
names = [type(e).__name__.replace("TimeoutError", "OSError") for e in errors]
print(json.dumps([[name, str(e)] for name, e in zip(names, errors)]))`;

pythonTest("osError's numbers, texts and classes are Linux's", async () => {
  if (process.platform !== "linux") return;
  const ours = CODES.map((code) => osError(code)).map((e) => [e.name, e.message]);
  deepStrictEqual(ours, await askPython(SOURCE, [CODES]));
});

test("osError takes files and a cause", () => {
  const cause = new Error("below");
  const error = osError("EXDEV", { filename: "a", filename2: "b", cause });
  strictEqual(error.message, "[Errno 18] Invalid cross-device link: 'a' -> 'b'");
  strictEqual(error.cause, cause);
  ok(!Object.keys(error).includes("cause"));
});

test("asOSError translates what a runtime throws", () => {
  let caught: unknown;
  try {
    openSync("/no/such/file", "r");
  } catch (error) {
    caught = asOSError(error, "/no/such/file");
  }
  ok(caught instanceof FileNotFoundError);
  strictEqual(caught.message, "[Errno 2] No such file or directory: '/no/such/file'");
  ok(caught.cause instanceof Error);
});

pythonTest("asOSError knows names of hosts that are not found", async () => {
  const ours = ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL"].map((code) => {
    const cause = Object.assign(new Error(`getaddrinfo ${code} host`), { code });
    const error = asOSError(cause) as OSError;
    ok(error instanceof OSError);
    strictEqual(error.cause, cause);
    return error.message;
  });
  const theirs = await askPython(`
import json, socket
def text(number):
    texts = {
        socket.EAI_NONAME: "Name or service not known",
        socket.EAI_AGAIN: "Temporary failure in name resolution",
        socket.EAI_FAIL: "Non-recoverable failure in name resolution",
    }
    return str(socket.gaierror(number, texts[number]))
print(json.dumps([text(n) for n in (socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL)]))`);
  if (process.platform === "linux") deepStrictEqual(ours, theirs);
});

test("asOSError leaves everything else as it is", () => {
  const others = ["text", null, new Error("x"), osError("EPIPE")];
  for (const other of others) strictEqual(asOSError(other), other);
  const unknown = Object.assign(new Error("x"), { code: "toString" });
  strictEqual(asOSError(unknown), unknown);
});
