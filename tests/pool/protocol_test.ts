/** Tests of src/pool/protocol.ts. */

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";

import { Form, pack, unpack } from "../../src/pool/protocol.ts";
import { fillRoom } from "../../src/wire/bytes.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

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

test("pack, unpack: a byte string that is alone is not copied, and comes out by itself", () => {
  for (const length of [0, 3, 200_000]) {
    const bytes = new Uint8Array(length).fill(1);
    const packed = pack([bytes])!;
    strictEqual(packed.form, Form.OneBytes);
    strictEqual(packed.bytes, bytes);
    const [found, ...more] = unpack(packed.form, packed.bytes) as [Uint8Array];
    // Where it came from somebody else, it is a copy.
    notStrictEqual(found.buffer, bytes.buffer);
    deepStrictEqual([found, more], [bytes, []]);
  }
});

test("unpack: bytes that have come in a buffer of their own are the element themselves", () => {
  const bytes = fillRoom(200_000, (room) => room.fill(1));
  strictEqual(unpack(Form.OneBytes, bytes)[0], bytes);
  notStrictEqual(unpack(Form.OneBytes, bytes)[0], bytes); // it is somebody's now
  const part = fillRoom(200_000, (room) => room.fill(2)).subarray(0, 199_999);
  const [copy] = unpack(Form.OneBytes, part) as [Uint8Array];
  notStrictEqual(copy.buffer, part.buffer);
  strictEqual(copy.buffer.byteLength, 199_999);
  deepStrictEqual(copy, part);
});

test("pack: a Buffer is not copied either, and comes out as one", () => {
  const buffer = Buffer.from([1, 2, 3]).subarray(1);
  const { form, bytes } = pack([buffer])!;
  strictEqual(form, Form.OneBuffer);
  strictEqual(bytes.constructor, Uint8Array);
  ok(bytes.buffer === buffer.buffer && bytes.byteOffset === buffer.byteOffset);
  deepStrictEqual(unpack(form, bytes), [Buffer.of(2, 3)]);
});

test("pack: a list with anything else in it is left alone", () => {
  class Odd extends Uint8Array {}
  const bytes = Uint8Array.of(1);
  for (
    const other of [
      ...[1n, "1", null, undefined, [1], true, {}],
      ...[new ArrayBuffer(1), Int8Array.of(1), new DataView(bytes.buffer), new Odd(1)],
      new Uint8Array(new SharedArrayBuffer(1)),
    ]
  ) {
    for (const list of [[other], [1, other], [0.5, other], [bytes, other]]) {
      strictEqual(pack(list), undefined);
    }
  }
  for (const list of [[bytes, bytes], [1, bytes], [bytes, 1], new Array(2)]) {
    strictEqual(pack(list), undefined);
  }
});

test("unpack: bytes that are no list", async () => {
  for (
    const [form, length] of [[Form.Int32, 3], [Form.Float64, 12], [Form.Operand, 0]]
  ) {
    await raises(
      () => unpack(form!, new Uint8Array(length!)),
      "UnpicklingError",
      "malformed list of numbers",
    );
  }
});
