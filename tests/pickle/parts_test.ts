/** Tests of the small parts: ints.ts, text.ts, arrays.ts, types.ts, textSize. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { UnpicklingError, ValueError } from "../../src/python/errors.ts";
import { makeArray, makeArrayOfFormat } from "../../src/pickle/arrays.ts";
import { intBytes, readInt } from "../../src/pickle/ints.ts";
import { textSize } from "../../src/pickle/machine.ts";
import { decodeText, encodeText } from "../../src/pickle/text.ts";
import { globalTable, PyTuple } from "../../src/pickle/types.ts";
import { test } from "../suite.ts";
import { bytes, hex, repeat } from "../wire/support.ts";

test("ints: as many bytes as Python, at each boundary", () => {
  for (let bits = 1; bits <= 200; bits++) {
    for (const delta of [-1n, 0n, 1n]) {
      for (const sign of [1n, -1n]) {
        const value = sign * 2n ** BigInt(bits) + delta;
        const written = intBytes(value);
        const fits = (size: number) => BigInt.asIntN(8 * size, value) === value;
        ok(fits(written.length) && !fits(written.length - 1));
        strictEqual(BigInt(readInt(written)), value);
        strictEqual(
          typeof readInt(written),
          Number.isSafeInteger(Number(value)) ? "number" : "bigint",
        );
      }
    }
  }
  strictEqual(readInt(new Uint8Array()), 0);
});

test("ints: bytes that say nothing are no matter", () => {
  strictEqual(readInt(bytes("050000000000000000000000")), 5);
  strictEqual(readInt(bytes("fbffffffffffffffffffffff")), -5);
});

const UNITS = [65, 233, 0x20ac, 0xd83d, 0xde00, 0xdfff, 0xfeff, 0xd7ff, 0xe000];

test("text: random UTF-16 goes there and back", () => {
  repeat(2000, (random) => {
    const units = Array.from({ length: random.below(40) }, () => random.of(UNITS));
    const text = String.fromCharCode(...units);
    strictEqual(decodeText(encodeText(text)), text);
  });
});

test("text: surrogates have three bytes, in pairs four", () => {
  strictEqual(hex(encodeText("\ud83d\ude00")), "f09f9880");
  strictEqual(hex(encodeText("\ude00\ud83d")), "edb880eda0bd");
  strictEqual(decodeText(bytes("eda0bd edb880")), "\ud83d\ude00");
});

test("text: what is no UTF-8 is refused", () => {
  const malformed = "ff 80 c3 eda0 ed41 c080 f8888080 eda08041ff";
  for (const bad of malformed.split(" ")) {
    throws(() => decodeText(bytes(bad)), UnpicklingError);
    throws(() => decodeText(bytes("61".repeat(30) + bad)), UnpicklingError);
  }
});

test("arrays: each type code, from bytes and from numbers", () => {
  deepStrictEqual(makeArray("b", Uint8Array.of(255)), Int8Array.of(-1));
  deepStrictEqual(makeArray("B", [1, 2]), Uint8Array.of(1, 2));
  deepStrictEqual(makeArray("H", bytes("0100")), Uint16Array.of(1));
  deepStrictEqual(makeArray("l", [1, 2n]), BigInt64Array.of(1n, 2n));
  deepStrictEqual(makeArray("f", [0.5]), Float32Array.of(0.5));
  deepStrictEqual(makeArray("d", []), new Float64Array());
  const wrong = [["x", []], [["b"], []], ["b", "text"], ["b", ["1"]], ["d", [[]]]];
  for (const [code, items] of wrong) throws(() => makeArray(code, items));
  throws(() => makeArray("i", bytes("000000")), ValueError);
});

test("arrays: both orders of bytes", () => {
  deepStrictEqual(makeArrayOfFormat(4, bytes("feff")), Int16Array.of(-2));
  deepStrictEqual(makeArrayOfFormat(5, bytes("fffe")), Int16Array.of(-2));
  deepStrictEqual(makeArrayOfFormat(1, bytes("feff")), Int8Array.of(-2, -1));
  const half = bytes("3fe0000000000000");
  deepStrictEqual(makeArrayOfFormat(17, half), Float64Array.of(0.5));
  for (const format of [-1, 18, 20, 0.5, "0", null, [[0]]]) {
    throws(() => makeArrayOfFormat(format, bytes("00")), ValueError);
  }
});

test("measure: counts, and stops in time", () => {
  strictEqual(textSize("abc", 10), 4);
  strictEqual(textSize("x".repeat(11), 10), Infinity);
  strictEqual(textSize(2n ** 100_000n, 1e6), Infinity);
  strictEqual(textSize(new Map([[1, [2]]]), 10), 5);
  ok(textSize({ a: 1 }, 10) < 10);
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i, i]));
  strictEqual(textSize([wide, wide], 4000), Infinity);
  const loop: unknown[] = [];
  loop.push(loop);
  ok(textSize(loop, 1000) <= 101);
});

test("types: a tuple is an array, what is made of it is not a tuple", () => {
  const tuple = PyTuple.of(3);
  deepStrictEqual([...tuple], [3]);
  ok(Array.isArray(tuple) && !(tuple.slice() instanceof PyTuple));
  ok(PyTuple.from([1]) instanceof PyTuple);
});

test("types: a table is a copy of its base", () => {
  const f = { construct: () => 1 };
  const base = globalTable([["m", "f", f]]);
  const table = globalTable([["m", "g", f], ["n", "f", f]], base);
  deepStrictEqual([...base.get("m")!.keys()], ["f"]);
  deepStrictEqual([...table.get("m")!.keys()], ["f", "g"]);
});
