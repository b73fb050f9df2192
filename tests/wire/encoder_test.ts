/** Tests of src/wire/encoder.ts. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Decoder } from "cbor-x/decode";
import { ByteWriter } from "../../src/wire/bytes.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { encodeMessage, writeFields } from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import { bytes, hex, put, VECTORS } from "./support.ts";

test("encodeMessage: every kind becomes the bytes that were agreed upon", () => {
  for (const [message, expected] of VECTORS) {
    strictEqual(hex(encodeMessage(message)), expected.replaceAll(" ", ""));
  }
});

test("encodeMessage: an independent decoder reads the same array", () => {
  const decoder = new Decoder({ useRecords: false });
  for (const [message, expected] of VECTORS) {
    const read = decoder.decode(bytes(expected)) as unknown[];
    deepStrictEqual(read.map(plain), message.map(plain));
  }
});

/** Buffers and Uint8Arrays as the same thing, and bigints as numbers. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? { bytes: hex(value) } : value;
}

test("encodeMessage: heads of byte strings and arrays are as short as can be", () => {
  for (
    const [length, head] of [
      [23, "57"],
      [24, "5818"],
      [255, "58ff"],
      [256, "590100"],
      [65535, "59ffff"],
      [65536, "5a00010000"],
    ] as const
  ) {
    const item = encodeMessage(put(new Uint8Array(length)));
    strictEqual(hex(item.subarray(0, item.length - length)), "851001" + "00f5" + head);
    const numbers = Array.from({ length }, () => 1);
    const args = encodeMessage([Kind.Create, 1, 1, numbers]);
    const array = bytes(head).map((byte, i) => i === 0 ? byte ^ 0xc0 : byte);
    strictEqual(hex(args.subarray(0, args.length - length)), "840c0101" + hex(array));
  }
});

test("encodeMessage: long arrays of long numbers and short byte strings fit", () => {
  const numbers = Array.from(
    { length: 5000 },
    (_, i) => i % 2 ? -(2 ** 52) - i : i + 0.1,
  );
  strictEqual(encodeMessage([Kind.Tell, 1, numbers, []]).length, 8 + 5000 * 9);
  const items = Array.from({ length: 5000 }, () => new Uint8Array(30));
  strictEqual(encodeMessage([Kind.Items, 1, items]).length, 6 + 5000 * 32);
});

test("encodeMessage: half a surrogate pair becomes U+FFFD", () => {
  const encoded = encodeMessage([Kind.Answer, 0, 0, "a\ud800b"]);
  strictEqual(hex(encoded), "8408000065" + "61efbfbd62");
});

test("encodeMessage: what does not fit the schema is an error that says where", () => {
  for (
    const [message, text] of [
      [[99], "unknown kind of message: 99"],
      [["Put"], "unknown kind of message: Put"],
      [[], "unknown kind of message: undefined"],
      [[Kind.Ack], "malformed Ack message: 0 fields instead of 1"],
      [[Kind.Ack, 1, 2], "malformed Ack message: 2 fields instead of 1"],
      [[Kind.Drop, -1], unsigned("Drop", 1)],
      [[Kind.Drop, 1.5], unsigned("Drop", 1)],
      [[Kind.Drop, NaN], unsigned("Drop", 1)],
      [[Kind.Drop, 2 ** 53], unsigned("Drop", 1)],
      [[Kind.Drop, "1"], unsigned("Drop", 1)],
      [
        [Kind.Want, 1, undefined],
        wrong("Want", 2, "an unsigned integer below 2 ** 32"),
      ],
      [[Kind.Put, 1, 0, 1, bytes("")], wrong("Put", 3, "a boolean")],
      [[Kind.Put, 1, 0, true, "item"], wrong("Put", 4, "a byte string")],
      [[Kind.Put, 1, 0, true, [1]], wrong("Put", 4, "a byte string")],
      [[Kind.Exited, 1, null], wrong("Exited", 2, "an exit code or minus a signal")],
      [[Kind.Answer, 1, 1, {}], wrong("Answer", 3, "a scalar")],
      [[Kind.Answer, 1, 1, undefined], wrong("Answer", 3, "a scalar")],
      [[Kind.Failure, 1, 1, "E", null], wrong("Failure", 4, "text")],
      [
        [Kind.Create, 1, 1, ["1"]],
        wrong("Create", 3, "an array of unsigned integers below 2 ** 53"),
      ],
      [
        [Kind.Create, 1, 1, 1],
        wrong("Create", 3, "an array of unsigned integers below 2 ** 53"),
      ],
      [[Kind.Items, 1, [1]], wrong("Items", 2, "an array of byte strings")],
    ] as const
  ) {
    throws(() => encodeMessage(message as unknown as Message), {
      name: "ProtocolError",
      message: text,
    });
  }
});

function wrong(kind: string, field: number, meaning: string): string {
  return `malformed ${kind} message: field ${field} must be ${meaning}`;
}

function unsigned(kind: string, field: number): string {
  return wrong(kind, field, "an unsigned integer below 2 ** 53");
}

test("writeFields: a long byte string is referred to, not copied", () => {
  const to = new ByteWriter(64, 1000);
  const item = new Uint8Array(1000);
  writeFields(to, put(item));
  strictEqual(to.runs()[1], item);
  strictEqual(hex(to.runs()[0]!), "100100f5" + "5903e8");
});
