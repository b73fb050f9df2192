/** Tests of src/codec/plain.ts: the same bytes as cbor-x, read and written. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decode } from "cbor-x/decode";
import { Encoder } from "cbor-x/encode";
import { readScalar, writeScalar } from "../../src/codec/plain.ts";
import { test } from "../suite.ts";
import { bytes, hex, repeat } from "../wire/support.ts";
import { samples } from "../wire/values.ts";

const encoder = new Encoder({ useRecords: false, variableMapSize: true });

test("writeScalar: what it writes, cbor-x writes too, and both read", () => {
  const scalars = samples().filter(([, value]) => typeof value !== "object");
  for (const [name, value] of [...scalars, ["null", null]] as [string, unknown][]) {
    const written = writeScalar(value);
    if (written === undefined) continue;
    strictEqual(hex(written), hex(encoder.encode(value)), name);
    deepStrictEqual(readScalar(written), value, name);
    deepStrictEqual(decode(written.slice()), value, name);
  }
});

test("writeScalar: numbers of every size", () => {
  repeat(20_000, (random) => {
    const size = 2 ** random.below(40);
    const number = random.of([1, -1]) * random.below(size) / random.of([1, 1, 3]);
    if (Object.is(number, -0)) return;
    const written = writeScalar(number)!;
    strictEqual(hex(written), hex(encoder.encode(number)));
    strictEqual(readScalar(written), number);
  });
});

test("writeScalar: leaves the rest to others", () => {
  for (const value of [-0, 5n, "ä", "x".repeat(24), {}, [], new Date(), Symbol("s")]) {
    strictEqual(writeScalar(value), undefined);
  }
});

test("readScalar: leaves arrays, objects, long texts and the like to others", () => {
  const long = `7818${"61".repeat(24)}`;
  for (const text of ["80", "a0", "62c3a4", long, "f93c00", "fa00000000"]) {
    strictEqual(readScalar(bytes(text)), readScalar, text);
  }
});

test("readScalar: 64-bit integers are bigints", () => {
  strictEqual(readScalar(bytes("1bffffffffffffffff")), 2n ** 64n - 1n);
  strictEqual(readScalar(bytes("3b0000000000000000")), -1n);
});
