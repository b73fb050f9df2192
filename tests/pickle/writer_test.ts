/** Tests of src/pickle/writer.ts: bytes, hooks, and what cannot be written. */

import {
  deepStrictEqual,
  notStrictEqual,
  strictEqual,
  throws,
} from "node:assert/strict";
import { PicklingError, RecursionError } from "../../src/python/errors.ts";
import { loads } from "../../src/pickle/reader.ts";
import {
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTuple,
  type Reduction,
} from "../../src/pickle/types.ts";
import { dumps } from "../../src/pickle/writer.ts";
import { test } from "../suite.ts";
import { bytes, hex } from "../wire/support.ts";

/** Values, with their opcodes between protocol and end. */
const CASES: readonly (readonly [value: unknown, opcodes: string])[] = [
  [null, "4e"],
  [undefined, "4e"],
  [true, "88"],
  [0, "4b00"],
  [255, "4bff"],
  [256, "4d0001"],
  [65535, "4dffff"],
  [65536, "4a00000100"],
  [-1, "4affffffff"],
  [-(2 ** 31), "4a00000080"],
  [2 ** 31, "8a050000008000"],
  [-(2 ** 31) - 1, "8a05ffffff7fff"],
  [2n ** 63n, "8a09000000000000008000"],
  [-128n, "8a0180"],
  [0n, "8a0100"],
  [-0, "478000000000000000"],
  [1.5, "473ff8000000000000"],
  [2 ** 53, "474340000000000000"],
  [new PyFloat(1), "473ff0000000000000"],
  ["a", "8c016194"],
  ["é", "8c02c3a994"],
  ["\ud800", "8c03eda08094"],
  [["a", "a"], "5d94288c01619468016 5"],
  [[], "5d94"],
  [[1], "5d94284b0165"],
  [[, 1], "5d94284e4b0165"],
  [PyTuple.of(), "29"],
  [PyTuple.of(1), "4b018594"],
  [PyTuple.of(1, 2), "4b014b028694"],
  [PyTuple.of(1, 2, 3), "4b014b024b038794"],
  [PyTuple.of(1, 2, 3, 4), "284b014b024b034b047494"],
  [{}, "7d94"],
  [new Map(), "7d94"],
  [{ a: 1 }, "7d94288c0161944b0175"],
  [new Set(), "8f94"],
  [new Set([1]), "8f94284b0190"],
  [new PyFrozenSet([1]), "284b019194"],
  [Uint8Array.of(1), "43010194"],
  [PyByteArray.of(), "8c086275696c74696e73948c096279746561727261799493295294"],
];

test("dumps: each kind of value has the agreed bytes", () => {
  for (const [value, opcodes] of CASES) {
    strictEqual(hex(dumps(value)), `8004${opcodes.replaceAll(" ", "")}2e`);
  }
});

test("dumps: lengths of one, four and more bytes", () => {
  for (const length of [255, 256, 65535, 65536, 100_000]) {
    const text = "x".repeat(length);
    const raw = new Uint8Array(length).fill(7);
    deepStrictEqual(loads(dumps([text, raw])), [text, raw]);
    strictEqual(dumps(text)[2], length < 256 ? 0x8c : 0x58);
    strictEqual(dumps(raw)[2], length < 256 ? 0x43 : 0x42);
  }
  const int = 2n ** 4000n;
  strictEqual(loads(dumps(int)), int);
});

test("dumps: a long dict and a long list go in parts of a thousand", () => {
  const list = Array.from({ length: 2001 }, (_, i) => i);
  const map = new Map(list.map((i) => [i, -i]));
  deepStrictEqual(loads(dumps([list, map])), [list, map]);
  strictEqual(
    [...dumps(new Array(2000).fill(null))].filter((b) => b === 0x65).length,
    2,
  );
});

test("dumps: the pickle is a snapshot, and shares no memory", () => {
  const raw = new Uint8Array(100_000);
  const pickle = dumps(raw);
  raw.fill(1);
  deepStrictEqual(loads(pickle), new Uint8Array(100_000));
  const [first, second] = [dumps([1]), dumps([2])];
  notStrictEqual(first.buffer, second.buffer);
});

test("dumps: a part of a buffer is that part", () => {
  const buffer = new Uint8Array([1, 2, 3, 4]);
  deepStrictEqual(loads(dumps(buffer.subarray(1, 3))), Uint8Array.of(2, 3));
});

test("dumps: the hook is asked about each object, first and once", () => {
  class Point {
    x = 1;
  }
  const asked: object[] = [];
  const reduce = (value: object): Reduction | PyGlobal | undefined => {
    asked.push(value);
    if (value instanceof Point) {
      return { global: new PyGlobal("builtins", "list"), args: [[value.x]] };
    }
    return value === Math.max ? new PyGlobal("builtins", "set") : undefined;
  };
  const point = new Point();
  const list = [point, point, Math.max];
  const [first, second, global] = loads(dumps(list, { reduce })) as unknown[];
  deepStrictEqual(first, [1]);
  strictEqual(first, second);
  deepStrictEqual(global, new PyGlobal("builtins", "set"));
  deepStrictEqual(asked.slice(0, 2), [list, point]);
  strictEqual(asked.filter((value) => value === point).length, 1);
});

test("dumps: an object of an unknown class goes back as it came", () => {
  const global = new PyGlobal("multiprocessing.managers", "Namespace");
  const object = new PyObject(global, [], { a: [1] });
  deepStrictEqual(loads(dumps(object)), object);
});

test("dumps: what Python has no twin for", () => {
  class Point {}
  for (
    const [value, type, message] of [
      [() => 1, PicklingError, /^Can't pickle <function /],
      [Point, PicklingError, /^Can't pickle <class 'Point'>/],
      [Symbol("s"), TypeError, /^cannot pickle 'symbol' object$/],
      [[new Point()], TypeError, /^cannot pickle 'Point' object$/],
      [{ a: new Date() }, TypeError, /^cannot pickle 'Date' object$/],
      [new ArrayBuffer(1), TypeError, /^cannot pickle 'ArrayBuffer' object$/],
      [new Map([[{}, 1]]), TypeError, /^unhashable type: 'dict'$/],
      [new Set([new Map()]), TypeError, /^unhashable type: 'dict'$/],
    ] as const
  ) {
    throws(() => dumps(value), (error: Error) => {
      strictEqual(error.constructor, type);
      return message.test(error.message);
    });
  }
});

test("dumps: what contains itself as nothing in Python can", () => {
  const tuple = PyTuple.of<unknown>(1);
  tuple.push(tuple);
  const key: unknown[] = [];
  key.push(key);
  const error = new Error("e") as Error & { args?: unknown };
  error.args = [error];
  const endless = { reduce: () => ({ global: new PyGlobal("m", "f"), args: [[]] }) };
  for (
    const write of [
      () => dumps(tuple),
      () => dumps(new Set([key])),
      () => dumps(error),
      () => dumps(1, endless) && dumps([], endless),
    ]
  ) throws(write, RecursionError);
});

test("dumps: more than 100,000 levels are refused", () => {
  let list: unknown[] = [];
  for (let i = 0; i < 100_001; i++) list = [list];
  throws(() => dumps(list), {
    name: "RecursionError",
    message: "maximum recursion depth exceeded while pickling an object",
  });
});

test("dumps: pickles need no frames", () => {
  deepStrictEqual(loads(bytes("8004 95 0200000000000000 4b05 2e")), 5);
  strictEqual(dumps("x".repeat(1000)).includes(0x95), false);
});
