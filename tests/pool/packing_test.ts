/** Tests of src/pool/packing.ts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { pack, unpack } from "../../src/pool/packing.ts";
import { Form } from "../../src/pool/protocol.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

const LISTS: [form: number, values: number[]][] = [
  [Form.Int32, []],
  [Form.Int32, [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]],
  [Form.Float64, [2 ** 31]],
  [Form.Float64, [-(2 ** 31) - 1]],
  [Form.Float64, [1, 0.5]],
  [Form.Float64, [0, -0]],
  [Form.Float64, [NaN, Infinity, -Infinity, 2 ** 53, 5e-324]],
];

test("pack, unpack: lists of numbers come out as they went in", () => {
  for (const [form, values] of LISTS) {
    const packed = pack(values)!;
    strictEqual(packed.form, form);
    deepStrictEqual(unpack(packed.form, packed.bytes), values);
    // Where a message leaves them, bytes may begin anywhere.
    const shifted = new Uint8Array(packed.bytes.length + 1).subarray(1);
    shifted.set(packed.bytes);
    deepStrictEqual(unpack(packed.form, shifted), values);
  }
});

test("pack: a list with anything else in it is left alone", () => {
  for (const other of [1n, "1", null, undefined, [1], true]) {
    for (const list of [[other], [1, other], [0.5, other]]) {
      strictEqual(pack(list), undefined);
    }
  }
  strictEqual(pack(new Array(2)), undefined);
});

test("unpack: bytes that are no list", async () => {
  for (const [form, length] of [[Form.Int32, 3], [Form.Float64, 12], [Form.Head, 0]]) {
    await raises(
      () => unpack(form!, new Uint8Array(length!)),
      "UnpicklingError",
      "malformed list of numbers",
    );
  }
});
