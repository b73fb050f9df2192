/** Tests of src/wire/encoder.ts, and of the tables of src/wire/message.ts and schema.ts. */

import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { Decoder } from "cbor-x/decode";
import { ProtocolError } from "../../src/python/errors.ts";
import { ByteWriter } from "../../src/wire/bytes.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { SCHEMA } from "../../src/wire/schema.ts";
import {
  encodeMessage,
  LETTER,
  SCHEMAS,
  unknownKind,
  writeFields,
  wrongCount,
  wrongField,
} from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import { bytes, hex, put, unsigned, VECTORS, wrong } from "./support.ts";

const NUMBERS = "an array of unsigned integers below 2 ** 53";

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
      [[Kind.Create, 1, 1, ["1"]], wrong("Create", 3, NUMBERS)],
      [[Kind.Create, 1, 1, 1], wrong("Create", 3, NUMBERS)],
      [[Kind.Items, 1, [1]], wrong("Items", 2, "an array of byte strings")],
    ] as const
  ) {
    const expected = { name: "ProtocolError", message: text };
    throws(() => encodeMessage(message as unknown as Message), expected);
  }
});

test("writeFields: a long byte string is referred to, not copied", () => {
  const to = new ByteWriter(64, 1000);
  const item = new Uint8Array(1000);
  writeFields(to, put(item));
  strictEqual(to.runs()[1], item);
  strictEqual(hex(to.runs()[0]!), "100100f5" + "5903e8");
});

test("SCHEMA: every kind is a byte, has a schema, and every schema's letters are known", () => {
  const letters = String.fromCharCode(...Object.values(LETTER));
  for (const kind of Object.values(Kind)) {
    ok(kind < 256);
    for (const letter of SCHEMA[kind]) ok(letters.includes(letter), `letter ${letter}`);
    strictEqual(SCHEMAS[kind], SCHEMA[kind]);
  }
});

test("the vectors: every kind that leaves src/wire is among them", () => {
  const kinds = Object.values(Kind).filter((kind) =>
    kind !== Kind.Piece && kind !== Kind.LastPiece
  );
  deepStrictEqual(new Set(VECTORS.map(([message]) => message[0])), new Set(kinds));
});

test("errors: they are ProtocolErrors and name the kind and the field", () => {
  strictEqual(unknownKind(99).message, "unknown kind of message: 99");
  const { message } = wrongCount(Kind.Put, 3);
  strictEqual(message, "malformed Put message: 3 fields instead of 4");
  for (const kind of Object.values(Kind)) {
    for (let i = 0; i < SCHEMA[kind].length; i++) {
      const error = wrongField(kind, i);
      ok(error instanceof ProtocolError);
      match(error.message, /^malformed \w+ message: field \d must be [a-z0-9* ]+$/);
    }
  }
});
