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

test("formatException() shows the errors of an AggregateError, with their causes", () => {
  const second = new TypeError("two", { cause: new Error("deep") });
  const text = formatException(
    new AggregateError([new Error("one"), second], "several"),
  );
  match(text, /^AggregateError: several\n[^]*\n {2}error 1 of 2: Error: one\n/);
  match(text, /\n {2}error 2 of 2: TypeError: two\n[^]*\n {2}caused by: Error: deep\n/);
  ok(text.endsWith("\n"));
});

test("formatException() shows some errors of many, and no ring of them for ever", () => {
  const ring = new AggregateError([]);
  ring.errors = [ring, ...Array.from({ length: 20 }, (_, i) => `number ${i}`)];
  const text = formatException(ring);
  match(text, /\n {2}and 13 more\n$/);
  ok(!text.includes("number 7\n"));
});
