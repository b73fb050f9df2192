import { match, ok, strictEqual } from "node:assert/strict";
import { formatException } from "../../src/python/traceback.ts";
import { ValueError } from "../../src/python/errors.ts";
import { test } from "../suite.ts";

test("formatException() gives name, text and the calls", () => {
  const text = formatException(new ValueError("boom"));
  match(text, /^ValueError: boom\n/);
  match(text, /traceback_test/);
  ok(text.endsWith("\n"));
});

test("formatException() uses the name that an error has got later", () => {
  const error = new Error("x");
  error.name = "Renamed";
  match(formatException(error), /^Renamed: x\n/);
});

test("formatException() follows the causes, also round a ring", () => {
  const first = new Error("first"), second = new TypeError("second", { cause: first });
  match(formatException(second), /^TypeError: second\n[^]*caused by: Error: first\n/);
  first.cause = second;
  ok(formatException(second).length > 0);
});

test("formatException() takes whatever can be thrown", () => {
  strictEqual(formatException("text"), 'Uncaught "text"\n');
  strictEqual(formatException(undefined), "Uncaught undefined\n");
  strictEqual(formatException(Object.create(null)), "Uncaught [object Object]\n");
});
