import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Empty, KeyError, OSError, ValueError } from "../../src/python/errors.ts";
import {
  isPlain,
  pythonTypeName,
  repr,
  reprTuple,
  str,
} from "../../src/python/repr.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

class Work {}
class Named {
  toString(): string {
    return "<Named 'x'>";
  }
}

/** Values that Python shows alike, as Python source. */
const SAME: [value: unknown, python: string][] = [
  [null, "None"],
  [undefined, "None"],
  [true, "True"],
  [[], "[]"],
  [[1, [2.5, "a"], null], "[1, [2.5, 'a'], None]"],
  [{}, "{}"],
  [{ a: [true], "b c": {} }, "{'a': [True], 'b c': {}}"],
  [new Map<unknown, unknown>([[1, "x"], ["k", null]]), "{1: 'x', 'k': None}"],
  [new Set(), "set()"],
  [new Set([1]), "{1}"],
  [0, "0"],
  [-0, "-0.0"],
  [-17, "-17"],
  [2 ** 53, "2.0**53"],
  [12345678901234567890n, "12345678901234567890"],
  [0.1, "0.1"],
  [1.5e300, "1.5e300"],
  [1e16 + 2, "1e16 + 2"],
  [9.5e15, "9.5e15"],
  [9e15, "9000000000000000"],
  [1e-4, "1e-4"],
  [1.25e-5, "1.25e-5"],
  [1e-7, "1e-7"],
  [5e-324, "5e-324"],
  [NaN, "float('nan')"],
  [-Infinity, "float('-inf')"],
  ["", "''"],
  ["it's", `"it's"`],
  [`both ' and "`, `'both \\' and "'`],
  ['say "x"', `'say "x"'`],
  ["\\ \n\r\t\0\x7f\x80\u00a0", `'\\\\ \\n\\r\\t\\0\\x7f\\x80\\u00a0'`],
  ["é ü 漢字 😀", "'é ü 漢字 😀'"],
  ["\u2028\ufeff\u{e0001}", "'\\u2028\\ufeff\\U000e0001'"],
  [String.fromCharCode(0xd800), "'\\ud800'"],
  [new Uint8Array(), "b''"],
  [
    Uint8Array.of(0, 9, 10, 13, 39, 65, 92, 127, 255),
    "b'\\0\\t\\n\\r\\'A\\\\\\x7f\\xff'",
  ],
  [Uint8Array.of(39, 34), "b'\\'\"'"],
  [new ValueError("boom"), "ValueError('boom')"],
  [new KeyError("k"), "KeyError('k')"],
  [new OSError(22, "Invalid argument"), "OSError(22, 'Invalid argument')"],
  [new TypeError(), "TypeError()"],
  [Array, "list"],
  [Object, "dict"],
  [String, "str"],
  [Uint8Array, "bytes"],
];

pythonTest("repr shows values as Python does", async () => {
  const source = `
import json, sys
print(json.dumps([repr(eval(text)) for text in json.loads(sys.argv[1])]))`;
  const theirs = await askPython(source, [SAME.map(([, python]) => python)]);
  deepStrictEqual(SAME.map(([value]) => repr(value)), theirs);
});

test("repr shows what Python has no literal for", () => {
  strictEqual(repr(new Work()), "<Work object>");
  strictEqual(repr(new Named()), "<Named 'x'>");
  strictEqual(repr(Work), "<class 'Work'>");
  strictEqual(repr(isPlain), "<function isPlain>");
  strictEqual(repr(() => 1), "<function <lambda>>");
  strictEqual(repr(Symbol("s")), "Symbol(s)");
  strictEqual(repr(Int16Array.of(1, 2)), "Int16Array([1, 2])");
  strictEqual(repr(Object.create(null)), "{}");
  strictEqual(repr(new Empty()), "Empty()");
});

test("repr ends on values that hold themselves and on deep ones", () => {
  const list: unknown[] = [1];
  list.push(list);
  strictEqual(repr(list), "[1, [...]]");
  const dict: Record<string, unknown> = {};
  dict.self = dict;
  strictEqual(repr(dict), "{'self': {...}}");
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  strictEqual(repr(deep), `${"[".repeat(100)}...${"]".repeat(100)}`);
});

test("reprTuple", () => {
  strictEqual(reprTuple([]), "()");
  strictEqual(reprTuple(["bye"]), "('bye',)");
  strictEqual(reprTuple([1, null]), "(1, None)");
});

test("str leaves texts alone and shows an error's message", () => {
  strictEqual(str("it's"), "it's");
  strictEqual(str(new ValueError("boom")), "boom");
  strictEqual(str([1, "a"]), "[1, 'a']");
});

test("pythonTypeName", () => {
  const named: [unknown, string][] = [
    ["x", "str"],
    [1, "int"],
    [1.5, "float"],
    [NaN, "float"],
    [-0, "float"],
    [1n, "int"],
    [true, "bool"],
    [null, "NoneType"],
    [undefined, "NoneType"],
    [[], "list"],
    [{}, "dict"],
    [Object.create(null), "dict"],
    [new Map(), "dict"],
    [new Set(), "set"],
    [Uint8Array.of(1), "bytes"],
    [isPlain, "function"],
    [Work, "type"],
    [Array, "type"],
    [new Work(), "Work"],
    [new Error(), "Exception"],
    [new ValueError(), "ValueError"],
    [Symbol(), "symbol"],
  ];
  for (const [value, name] of named) strictEqual(pythonTypeName(value), name);
});

test("isPlain tells object literals from instances", () => {
  strictEqual(isPlain({ a: 1 }), true);
  strictEqual(isPlain(Object.create(null)), true);
  const others = [[], new Map(), new Work(), new Date(), () => 1, "x", null, undefined];
  for (const other of others) strictEqual(isPlain(other), false);
});

/** The same thing twice in the same thing twice, and so on: 2 ** levels elements. */
function doubled(levels: number, make: (inner: unknown) => unknown): unknown {
  let value: unknown = "x";
  for (let i = 0; i < levels; i++) value = make(value);
  return value;
}

/** Longer than this no text is, whatever is in it. */
const MAX_TEXT = 1 << 24;

test("repr: what holds the same thing over and over is cut off after a while", () => {
  const makes: ((inner: unknown) => unknown)[] = [
    (inner) => [inner, inner],
    (inner) => ({ a: inner, b: inner }),
    (inner) => new Map([[1, inner], [2, inner]]),
    (inner) => new Set([[inner, 1], [inner, 2]]),
    (inner) => Object.assign(new ValueError(), { args: [inner, inner] }),
    (inner) => [inner, ...Array.from({ length: 100 }, () => inner)],
    (inner) => new Shown(inner),
  ];
  for (const make of makes) {
    const value = doubled(60, make);
    for (const text of [repr(value), str([value]), reprTuple([value, value])]) {
      ok(text.includes("..."));
      ok(text.length < MAX_TEXT);
    }
    strictEqual(repr(doubled(10, make)).includes("..."), make === makes[5]);
  }
});

/** Shows what it holds, as a manager's lists do. */
class Shown {
  constructor(inner: unknown) {
    this.inner = inner;
  }
  readonly inner: unknown;
  toString(): string {
    return repr([this.inner, this.inner]);
  }
}

test("repr: what is large but there only once is shown as a whole", () => {
  const numbers = Array.from({ length: 300_000 }, (_, i) => i);
  strictEqual(repr(numbers), `[${numbers.join(", ")}]`);
  const rows = Array.from({ length: 1000 }, () => Array.from({ length: 200 }, () => 1));
  strictEqual(repr(rows).includes("..."), false);
  strictEqual(repr(new Map(numbers.map((i) => [i, i]))).includes("..."), false);
});

test("repr: long texts and bytes are cut off, and what is behind them left out", () => {
  const long = "x".repeat(1 << 20);
  const texts = Array.from({ length: 1000 }, () => long);
  ok(repr(texts).length < MAX_TEXT);
  ok(repr(texts).endsWith("...]"));
  ok(repr("y".repeat(1 << 25)).length < MAX_TEXT);
  ok(repr(new Uint8Array(1 << 24)).length < MAX_TEXT);
  // The next text is as long as ever.
  strictEqual(repr(["a", "b"]), "['a', 'b']");
});

test("repr: one that fails leaves nothing behind for the next", () => {
  const bad = {
    toString() {
      throw new RangeError("no text");
    },
  };
  class Bad {
    toString(): string {
      return bad.toString();
    }
  }
  throws(() => repr([1, new Bad()]), RangeError);
  strictEqual(repr([1, 2]), "[1, 2]");
});
