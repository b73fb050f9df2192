/** Lists of byte strings as one, as the server's `cmsgpack` reads and writes them. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { packAll, unpackAll } from "../../../src/redis/pool/pack.ts";
import { test } from "../../suite.ts";

test("what is packed is unpacked", () => {
  for (const lengths of [[], [0], [1, 31, 32], [255, 256, 65_535, 65_536, 3]]) {
    const items = lengths.map((length, at) => new Uint8Array(length).fill(at));
    deepStrictEqual(unpackAll(packAll(items)), items);
  }
  deepStrictEqual(unpackAll(new Uint8Array()), []);
});

test("the shorter forms of MessagePack", () => {
  const bytes = [0x94, 0xa1, 7, 0xd9, 1, 8, 0xda, 0, 1, 9, 0xdb, 0, 0, 0, 1, 10];
  const items = unpackAll(new Uint8Array(bytes)).map(([byte]) => byte);
  deepStrictEqual(items, [7, 8, 9, 10]);
  const many = new Uint8Array([0xdc, 0, 16, ...new Array(16).fill(0xa0)]);
  strictEqual(unpackAll(many).length, 16);
});

test("what is no such list is refused", () => {
  const wrong = [[0x91], [0x91, 0xa2, 1], [0xdd, 0, 0], [0xc0], [0x91, 0xc3]];
  for (const bytes of wrong) {
    throws(() => unpackAll(new Uint8Array(bytes)), { name: "UnpicklingError" });
  }
});
