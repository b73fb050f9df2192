/** Reading what was written: the same value, identities included. */

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PyToken } from "../../src/pickle/managers.ts";
import { loads } from "../../src/pickle/reader.ts";
import { PyByteArray, PyFloat, PyFrozenSet, PyTuple } from "../../src/pickle/types.ts";
import { PySlice } from "../../src/python/slice.ts";
import { dumps } from "../../src/pickle/writer.ts";
import { test } from "../suite.ts";
import { randomValue } from "../wire/pickle/random_value.ts";
import { show } from "../wire/pickle/show.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";
import { repeat } from "../wire/support.ts";

function copy(value: unknown): unknown {
  return loads(dumps(value), { exact: true });
}

test("pickle: random values come back with their types", () => {
  repeat(2000, (random) => {
    const value = randomValue(random);
    strictEqual(show(copy(value)), show(value));
  });
});

test("pickle: what CPython wrote, read exactly, is written and read as the same", () => {
  for (const [text, pickles] of VECTORS) {
    if (text.includes("OrderedDict")) continue; // that is a dict when it is written
    for (const bytes of pickles) {
      const value = loads(bytes, { exact: true });
      strictEqual(show(copy(value)), show(value), text);
    }
  }
});

test("pickle: without exact types, what is whole, fixed or frozen is plain", () => {
  const value = [
    new PyFloat(2),
    PyTuple.of(1),
    new PyFrozenSet([1]),
    PyByteArray.of(1),
    new Map([["1", 2]]),
  ];
  const plain = [2, [1], new Set([1]), Uint8Array.of(1), { 1: 2 }];
  deepStrictEqual(loads(dumps(value)), plain);
});

test("pickle: an object that is met twice is one", () => {
  const containers = [
    [1],
    {},
    { a: 1 },
    new Map([[1, 2]]),
    new Set([1]),
    PyTuple.of(1),
  ];
  const bytes = [Uint8Array.of(1), PyByteArray.of(1)];
  const others = [
    new PySlice(1, 2),
    new Error("e"),
    new PyToken("list", "/tmp/s", "7f"),
  ];
  for (const shared of [...containers, new PyFrozenSet([1]), ...bytes, ...others]) {
    const [first, [second]] = copy([shared, [shared]]) as [object, [object]];
    strictEqual(first, second);
    notStrictEqual(first, shared);
  }
});

test("pickle: an array is a list here and a tuple there", () => {
  const shared = [1, [2]];
  const [list, set, tuple] = copy([shared, new Set([shared]), PyTuple.of(shared)]) as [
    unknown[],
    Set<unknown>,
    unknown[],
  ];
  const [member] = set;
  ok(!(list instanceof PyTuple) && member instanceof PyTuple);
  ok(member[1] instanceof PyTuple);
  strictEqual(tuple[0], list);
});

test("pickle: what contains itself comes back so", () => {
  const list: unknown[] = [];
  list.push(list);
  const dict: Record<string, unknown> = {};
  dict["self"] = [dict];
  const map = new Map<unknown, unknown>();
  map.set(1, map).set("list", [map]);
  const tuple = PyTuple.of<unknown[]>([]);
  tuple[0]!.push(tuple);
  const long = PyTuple.of<unknown>(1, 2, 3, []);
  (long[3] as unknown[]).push(long);
  const error = Object.assign(new Error("e"), { errors: [] as unknown[] });
  error.errors.push(error);
  for (const value of [list, dict, map, tuple, long]) {
    strictEqual(show(copy(value)), show(value));
  }
  const again = copy(error) as typeof error;
  strictEqual(again.errors[0], again);
});

test("pickle: 100,000 levels are no problem for the reader, 90,000 for the writer", () => {
  const deep = new Uint8Array(200_002).fill(0x5d, 0, 100_001).fill(0x61, 100_001);
  deep[200_001] = 0x2e;
  let list = loads(deep) as unknown[];
  for (let i = 0; i < 10_001; i++) list = list[0] as unknown[];
  let copied = copy(list) as unknown[];
  let levels = 0;
  for (; copied.length > 0; levels++) copied = copied[0] as unknown[];
  strictEqual(levels, 100_000 - 10_001);
});
