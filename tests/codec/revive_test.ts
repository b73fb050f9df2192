/** Tests of src/codec/revive.ts: values that only a malicious process sends. */
import { deepStrictEqual, notStrictEqual, throws } from "node:assert/strict";
import { UnpicklingError } from "../../src/python/errors.ts";
import { Code, type Reviver } from "../../src/codec/format.ts";
import { revive } from "../../src/codec/revive.ts";
import { test } from "../suite.ts";

/** Makes functions of kind 1, and objects of the others. */
const REVIVER: Reviver = {
  create: (kind, head) => kind === 1 ? () => {} : { head },
  restore() {},
};

function node(...parts: unknown[]): unknown[] {
  return [undefined, ...parts];
}

function refuses(body: unknown, outOfBand: Uint8Array[], why: string): void {
  throws(() => revive(body, outOfBand, REVIVER), {
    name: UnpicklingError.name,
    message: `malformed data: ${why}`,
  });
}

test("revive: a byte string stands for one thing, once", () => {
  const bytes = Uint8Array.of(1, 2);
  deepStrictEqual(revive([node(Code.Bytes, 0, 0)], [bytes], undefined), [bytes]);
  refuses([node(Code.Bytes, 0, 0), node(Code.Text, 0)], [bytes], "no such bytes");
  refuses([node(Code.Bytes, 0, 1)], [bytes], "no such bytes");
});

test("revive: bytes are a copy of the message's", () => {
  const message = Uint8Array.of(9, 1, 2, 9);
  const revived = revive(node(Code.Bytes, 0, 0), [message.subarray(1, 3)], undefined);
  message.fill(7);
  deepStrictEqual(revived, Uint8Array.of(1, 2));
  notStrictEqual((revived as Uint8Array).buffer, message.buffer);
});

test("revive: nothing is made from itself", () => {
  const why = "an object within what it is made from";
  refuses(node(Code.Reduced, 2, node(Code.Again, 0)), [], why);
  refuses([node(Code.Reduced, 2, [node(Code.Again, 1)])], [], why);
});

test("revive: no function gets where JavaScript calls it by itself", () => {
  const f = () => node(Code.Reduced, 1, null);
  for (const name of ["then", "toString", "valueOf", "toJSON"]) {
    const why = `JavaScript would call '${name}' by itself`;
    refuses({ [name]: f() }, [], why);
    refuses(node(Code.Entries, name, f()), [], why);
    refuses([{ inner: { [name]: f() } }], [], why);
  }
});

test("revive: the elements of a sparse array lie in it", () => {
  deepStrictEqual(revive(node(Code.Sparse, 3, 2, "x"), [], undefined), [, , "x"]);
  for (const index of [3, -1, 0.5, "length"]) {
    refuses(node(Code.Sparse, 3, index, 7), [], "an index out of range");
  }
});
