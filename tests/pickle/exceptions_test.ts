/** Tests of src/pickle/exceptions.ts: errors of both languages. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import * as errors from "../../src/python/errors.ts";
import { reduceError } from "../../src/pickle/exceptions.ts";
import { loads } from "../../src/pickle/reader.ts";
import { dumps } from "../../src/pickle/writer.ts";
import { test } from "../suite.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";

type AnyError = Error & Record<string, unknown>;

/** What CPython wrote, in the highest protocol. */
function read(expression: string): AnyError {
  return loads(VECTORS.get(expression)!.at(-1)!) as AnyError;
}

const RULE = "-".repeat(75);

/** Expressions, with class, text, and arguments. */
const CASES: readonly (readonly [string, unknown, string, unknown[]])[] = [
  ["ValueError()", errors.ValueError, "", []],
  ["ValueError('a')", errors.ValueError, "a", ["a"]],
  ["ValueError(1)", errors.ValueError, "1", [1]],
  ["ValueError(None)", errors.ValueError, "None", [null]],
  ["ValueError(1, 'b', (None,))", errors.ValueError, "(1, 'b', [None])", [1, "b", [
    null,
  ]]],
  ["TypeError('x')", TypeError, "x", ["x"]],
  ["Exception('e')", Error, "e", ["e"]],
  ["KeyError('a')", errors.KeyError, "'a'", ["a"]],
  ["KeyError()", errors.KeyError, "", []],
  ["StopIteration(3)", errors.StopIteration, "3", [3]],
  ["SystemExit(2)", errors.SystemExit, "2", [2]],
  ["KeyboardInterrupt()", errors.KeyboardInterrupt, "", []],
  ["OSError('x')", errors.OSError, "x", ["x"]],
  [
    "FileNotFoundError(2, 'No such file', 'f')",
    errors.FileNotFoundError,
    "[Errno 2] No such file: 'f'",
    [2, "No such file"],
  ],
  [
    "OSError(17, 'File exists', 'a', None, 'b')",
    errors.FileExistsError,
    "[Errno 17] File exists: 'a' -> 'b'",
    [17, "File exists"],
  ],
  ["queue.Empty()", errors.Empty, "", []],
  ["queue.Full()", errors.Full, "", []],
  ["threading.BrokenBarrierError()", errors.BrokenBarrierError, "", []],
  ["struct.error('s')", errors.StructError, "s", ["s"]],
  ["pickle.PicklingError('p')", errors.PicklingError, "p", ["p"]],
  ["mp.TimeoutError()", errors.TimeoutError, "", []],
  ["mp.ProcessError('p')", errors.ProcessError, "p", ["p"]],
  [
    "mp.BufferTooShort(b'xyz')",
    errors.BufferTooShort,
    "b'xyz'",
    [Uint8Array.of(120, 121, 122)],
  ],
  [
    "managers.RemoteError('text\\n')",
    errors.RemoteError,
    `\n${RULE}\ntext\n${RULE}`,
    ["text\n"],
  ],
];

test("exceptions: class, text and arguments", () => {
  for (const [expression, type, message, args] of CASES) {
    const error = read(expression);
    strictEqual(error.constructor, type, expression);
    strictEqual(error.message, message, expression);
    deepStrictEqual(error["args"], args, expression);
    strictEqual(error.name, (type as typeof Error).prototype.name);
    ok(error.stack?.includes(error.name));
  }
});

test("exceptions: one without a class here is its ancestor's, by its own name", () => {
  for (
    const [expression, type, name] of [
      ["MemoryError()", Error, "MemoryError"],
      ["NameError('n')", Error, "NameError"],
      ["TimeoutError(110, 'late')", errors.OSError, "TimeoutError"],
      [
        "UnicodeDecodeError('utf-8', b'\\xff', 0, 1, 'bad')",
        errors.ValueError,
        "UnicodeDecodeError",
      ],
    ] as const
  ) {
    const error = read(expression);
    strictEqual(error.constructor, type);
    strictEqual(error.name, name);
    deepStrictEqual(Object.keys(error).includes("name"), false);
  }
});

test("exceptions: own fields come along, but none that would hide something", () => {
  deepStrictEqual(read("with_fields()")["x"], [1]);
  const error = Object.assign(new errors.ValueError("a"), { x: 1 });
  Object.defineProperty(error, "message", { enumerable: true });
  const again = loads(dumps(error)) as AnyError;
  deepStrictEqual({ ...again }, { x: 1 });
  strictEqual(again.message, "a");
  for (const lost of [() => {}, Symbol("s")]) {
    throws(() => dumps(Object.assign(error, { lost })), /[Pp]ickle/);
  }
});

test("exceptions: errors of JavaScript are exceptions that tell their names", () => {
  class Late extends Error {}
  class Later extends errors.ProcessError {}
  class Named extends Error {
    override name = "Renamed";
  }
  for (
    const [error, name, args] of [
      [new Error("e"), "Exception", ["e"]],
      [new Error(), "Exception", []],
      [new RangeError("r"), "Exception", ["RangeError: r"]],
      [new Late("l"), "Exception", ["Late: l"]],
      [new Late(), "Exception", ["Late"]],
      [new Named("n"), "Exception", ["Renamed: n"]],
      [new Later("p"), "ProcessError", ["p"]],
      [new errors.WorkerLostError("w"), "ProcessError", ["w"]],
      [new TypeError(""), "TypeError", []],
      [new errors.KeyError([1]), "KeyError", [[1]]],
      [new errors.OSError(2, "No", "f"), "FileNotFoundError", [2, "No", "f"]],
      [new errors.OSError(5, "No"), "OSError", [5, "No"]],
      [new errors.OSError("x"), "OSError", ["x"]],
      [new errors.RemoteError("t"), "RemoteError", ["t"]],
      [new errors.StructError("s"), "error", ["s"]],
      [new errors.StopIteration(null), "StopIteration", [null]],
    ] as const
  ) {
    const reduction = reduceError(error);
    strictEqual(reduction.global.name, name);
    deepStrictEqual([...reduction.args], [...args]);
  }
});

test("exceptions: long texts are whole", () => {
  const text = "x".repeat(300_000);
  const { RemoteError, ValueError, KeyError, SystemExit } = errors;
  const classes = [RemoteError, ValueError, KeyError, SystemExit];
  const long = new errors.BufferTooShort(new Uint8Array(300_000));
  const others = [new errors.OSError(2, text, text), long];
  for (const error of [...classes.map((Class) => new Class(text)), ...others]) {
    const again = loads(dumps(error)) as Error;
    strictEqual(again.constructor, error.constructor);
    ok(again.message === error.message);
  }
});

test("exceptions: a MaybeEncodingError keeps its texts", () => {
  const error = new errors.MaybeEncodingError(new errors.TimeoutError(), [1]);
  const again = loads(dumps(error)) as errors.MaybeEncodingError;
  ok(again instanceof errors.MaybeEncodingError);
  strictEqual(again.message, error.message);
  deepStrictEqual([again.exc, again.value], ["TimeoutError()", "[1]"]);
});

test("exceptions: one that was read is written as the class that it had", () => {
  for (const [expression, pickles] of VECTORS) {
    const error = loads(pickles.at(-1)!);
    if (!(error instanceof Error)) continue;
    const { global } = reduceError(error);
    ok(
      expression.includes(global.name) || /_|Empty|Error/.test(expression),
      expression,
    );
    strictEqual(reduceError(loads(dumps(error)) as Error).global.name, global.name);
  }
});
