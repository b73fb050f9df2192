/** Tests of src/shared_memory/byte_view.ts: a file that looks like a `Uint8Array`. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Mapping } from "../../src/runtime/mapping/mod.ts";
import { byteView } from "../../src/shared_memory/byte_view.ts";
import { test } from "../suite.ts";

/** A mapping in this process's own memory. */
function mappingOf(bytes: Uint8Array): Mapping {
  return {
    size: bytes.length,
    buffer: undefined,
    read: (at, into) => into.set(bytes.subarray(at, at + into.length)),
    write: (at, from) => bytes.set(from, at),
    close() {},
  };
}

/** Does the same with a real array and with a view; both must be the same afterwards. */
function same(fn: (bytes: Uint8Array) => unknown): void {
  const [real, own] = [0, 1].map(() => Uint8Array.of(5, 3, 200, 0, 9, 1));
  const plain = (value: unknown) =>
    value instanceof Uint8Array ? Array.from(value as ArrayLike<number>) : value;
  const expected = plain(fn(real!));
  deepStrictEqual(plain(fn(byteView(mappingOf(own!)))), expected);
  deepStrictEqual(own, real);
}

test("byteView does what a Uint8Array does", () => {
  same((b) => b[2]);
  same((b) => b[6]);
  same((b) => b[-1]);
  same((b) => b.length + b.byteLength + b.byteOffset + b.BYTES_PER_ELEMENT);
  same((b) => void (b[0] = 256 + 7));
  same((b) => void (b[17] = 1));
  same((b) => b.at(-1));
  same((b) => [...b]);
  same((b) => [...b.entries()]);
  same((b) => b.fill(4));
  same((b) => b.fill(4, 1, -1));
  same((b) => b.set([1, 2, 300], 2));
  same((b) => b.set(Uint8Array.of(8), 5));
  same((b) => b.subarray(1, 4));
  same((b) => b.subarray(1, 4).subarray(1).fill(77));
  same((b) => b.slice(-3));
  same((b) => b.slice(3, 1));
  same((b) => b.sort());
  same((b) => b.reverse());
  same((b) => b.copyWithin(0, 3));
  same((b) => b.indexOf(200));
  same((b) => b.map((x) => x + 1));
  same((b) => b.reduce((sum, x) => sum + x, 0));
  same((b) => b.join("-"));
  same((b) => String(b));
  same((b) => Object.keys(b));
  same((b) => [1 in b, 9 in b, "length" in b]);
  same((b) => new Uint8Array(b));
  same((b) => Array.from(b));
});

test("byteView is an instance, has no buffer, and refuses what does not fit", () => {
  const view = byteView(mappingOf(new Uint8Array(4)));
  ok(view instanceof Uint8Array);
  strictEqual(view.buffer, undefined);
  throws(() => view.set([1, 2], 3), RangeError);
  throws(() => view.set([1], -1), RangeError);
});
