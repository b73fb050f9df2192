/** Equality, order, hashes, indices and slices of values, as in Python. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  compare,
  elementsOf,
  equal,
  hashable,
  indexIn,
  isIterable,
  sliceIndices,
} from "../../../src/managers/types/python_values.ts";
import { PySlice } from "../../../src/python/slice.ts";
import { test } from "../../suite.ts";
import { type Random, repeat } from "../../wire/support.ts";

test("values are equal, ordered and hashed as in Python", () => {
  ok(equal(1, true) && equal(1n, 1) && equal([1, { a: [2] }], [1, { a: [2n] }]));
  ok(!equal("1", 1) && !equal([1], [1, 2]) && equal(null, undefined));
  ok(equal(Uint8Array.of(1), Uint8Array.of(1)));
  ok(compare([1, 2], [1, 3]) < 0 && compare("b", "a") > 0 && compare(2, 2n) === 0);
  throws(() => compare("a", 1), {
    message: "'<' not supported between instances of 'str' and 'int'",
  });
  strictEqual(hashable(true), hashable(1n));
  strictEqual(hashable([1, "a"]), hashable([1, "a"]));
  throws(() => hashable({}), { message: "unhashable type: 'dict'" });
});

test("what stands for bytes and tuples is not mistaken for text", () => {
  strictEqual(hashable("\0bytesA") === hashable(Uint8Array.of(65)), false);
  strictEqual(hashable([1]) === hashable(hashable([1])), false);
  strictEqual(hashable(Uint8Array.of(128)) === hashable(Uint8Array.of(129)), false);
  strictEqual(hashable(2 ** 60), hashable(2n ** 60n));
});

test("indices and slices lie inside, or say so", () => {
  strictEqual(indexIn(-1, 3, "outside"), 2);
  throws(() => indexIn(3, 3, "outside"), { name: "IndexError", message: "outside" });
  deepStrictEqual(sliceIndices(new PySlice(-2, null), 3).indices, [1, 2]);
  throws(() => sliceIndices(new PySlice(null, null, 0), 3), {
    name: "ValueError",
    message: "slice step cannot be zero",
  });
});

test("what Python loops over has elements", () => {
  deepStrictEqual(elementsOf({ a: 1, b: 2 }), ["a", "b"]);
  deepStrictEqual(elementsOf("a\u{1f600}"), ["a", "\u{1f600}"]);
  for (const value of [[], "", {}, new Map(), new Set()]) ok(isIterable(value));
  for (const value of [5, null, true]) ok(!isIterable(value));
  throws(() => elementsOf(5), { message: "'int' object is not iterable" });
});

/** A value of tuples, numbers and texts that looks random. */
function randomTuple(random: Random, depth = 0): unknown {
  if (depth > 0 && random.below(3) > 0) {
    return random.of([0, 1, "0", "1", "s1:0", "(", ")", "n1;", null, true, 2n ** 60n]);
  }
  return Array.from(
    { length: random.below(4) },
    () => depth > 3 ? 1 : randomTuple(random, depth + 1),
  );
}

test("hashable: tuples are the same key if they are equal, and only then", () => {
  repeat(300, (random) => {
    const tuples = Array.from({ length: 20 }, () => randomTuple(random));
    for (const a of tuples) {
      for (const b of tuples) strictEqual(hashable(a) === hashable(b), equal(a, b));
    }
  });
});

test("hashable: the key of a tuple is as long as the tuple, however deep it is", () => {
  let tuple: unknown = "x";
  for (let i = 0; i < 500; i++) tuple = [tuple];
  ok((hashable(tuple) as string).length < 2000);
  for (let i = 0; i < 1000; i++) tuple = [tuple];
  throws(() => hashable(tuple), {
    name: "ValueError",
    message: "tuple is too large to be a key",
  });
});

test("equal: what is in a value over and over is compared once", () => {
  const make = (end: unknown) => {
    let value = end;
    for (let i = 0; i < 60; i++) {
      value = i % 2 ? [value, value] : { a: value, b: value };
    }
    return value;
  };
  strictEqual(equal(make(1), make(1)), true);
  strictEqual(equal(make(1), make(2)), false);
});
