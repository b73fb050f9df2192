/** Spoils cbor-x for everybody in this process; our codec must not notice. */
import { deepStrictEqual } from "node:assert/strict";
import { addExtension } from "cbor-x/encode";
import { WRAPPED } from "../../src/codec/format.ts";
import { decode, encode } from "../../src/codec/codec.ts";
import { samples } from "../wire/values.ts";

const Classes = [
  Date,
  Set,
  RegExp,
  Map,
  Uint8Array,
  Float64Array,
  ArrayBuffer,
  URL,
  Array,
];
let tag = 40_600;
for (const Class of [...Classes, Object]) {
  addExtension({
    Class: Class as never,
    tag: tag++,
    encode: () => spoil(),
    decode: spoil,
  });
}
// Tags that cbor-x reads itself, and ours.
for (const tag of [1, 2, 3, 27, 64, 71, 258, 259, WRAPPED, WRAPPED + 1]) {
  addExtension({ Class: class {}, tag, encode: () => spoil(), decode: spoil });
}

function spoil(): never {
  throw new Error("another library's extension was called");
}

for (const [name, value] of samples()) {
  deepStrictEqual(decode(encode([value, value])), [value, value], name);
}
console.log("the same");
