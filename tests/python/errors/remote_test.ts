import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  MaybeEncodingError,
  RemoteError,
  RemoteTraceback,
  ValueError,
} from "../../../src/python/errors.ts";
import { askPython, pythonTest } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

const TRACE = "ValueError: boom\n    at f (work.ts:1:1)\n";

test("RemoteTraceback quotes the trace and shows no frames of its own", () => {
  const cause = new RemoteTraceback(TRACE);
  strictEqual(cause.message, "raised in another process");
  strictEqual(cause.tb, TRACE);
  strictEqual(cause.stack, `RemoteTraceback: ${cause.message}\n"""\n${TRACE}"""`);
  deepStrictEqual(Object.keys(cause), []);
});

test("MaybeEncodingError keeps both texts", () => {
  const error = new MaybeEncodingError(new ValueError("no"), { a: 1 });
  strictEqual(error.exc, "ValueError('no')");
  strictEqual(error.value, "{'a': 1}");
  deepStrictEqual(error.args, [error.exc, error.value]);
});

test("RemoteError puts the account between two rules", () => {
  const rule = "-".repeat(75);
  const error = new RemoteError(TRACE);
  strictEqual(error.message, `\n${rule}\n${TRACE}${rule}`);
  deepStrictEqual(error.args, [TRACE]);
  ok(error instanceof Error);
});

pythonTest("texts of remote errors are Python's", async () => {
  const source = `
import json
from multiprocessing.managers import RemoteError
from multiprocessing.pool import ExceptionWithTraceback, MaybeEncodingError
error = ExceptionWithTraceback(ValueError("boom"), None)
print(json.dumps([str(MaybeEncodingError(ValueError("no"), {"a": None})),
                  str(RemoteError("text\\n")), error.tb]))`;
  deepStrictEqual([
    new MaybeEncodingError(new ValueError("no"), { a: null }).message,
    new RemoteError("text\n").message,
    `\n"""\n${new RemoteTraceback("ValueError: boom\n").tb}"""`,
  ], await askPython(source));
});
