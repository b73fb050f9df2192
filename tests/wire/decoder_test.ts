/** Tests of src/wire/decoder.ts. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { decodeMessage, OUT_OF_BAND, readFields } from "../../src/wire/decoder.ts";
import { encodeMessage } from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import {
  bytes,
  concat,
  put,
  repeat,
  unsigned,
  utf8,
  VECTORS,
  wrong,
} from "./support.ts";

function decode(array: Uint8Array, owned = false): Message {
  return decodeMessage(array, 0, array.length, owned);
}

const PUT_ENDS = "malformed Put message: it ends inside field 4";
const NUMBERS = "an array of unsigned integers below 2 ** 53";

test("decodeMessage: every kind comes out as it went in", () => {
  for (const [message, array] of VECTORS) {
    deepStrictEqual(decode(bytes(array)), message);
    const inside = concat(bytes("ffff"), bytes(array), bytes("ffff"));
    deepStrictEqual(decodeMessage(inside, 2, inside.length - 2), message);
  }
});

test("decodeMessage: numbers may be wider than they need be", () => {
  for (const five of ["1805", "190005", "1a00000005", "1b0000000000000005"]) {
    deepStrictEqual(decode(bytes("8215" + five)), [Kind.Ack, 5]);
  }
});

test("decodeMessage: a byte string is a copy, or a view where it is most of the buffer", () => {
  const long = new Uint8Array(5000);
  const array = encodeMessage([Kind.Items, 1, [long, bytes("01")]]).slice();
  for (const owned of [false, true]) {
    const [, , items] = decode(array, owned) as [number, number, Uint8Array[]];
    strictEqual(items[0]!.buffer === array.buffer, owned);
    ok(items[1]!.buffer !== array.buffer);
    deepStrictEqual(items, [long, bytes("01")]);
  }
  const two = encodeMessage([Kind.Items, 1, [long, long]]).slice();
  const [, , items] = decode(two, true) as [number, number, Uint8Array[]];
  for (const item of items) ok(item.buffer !== two.buffer);
});

test("decodeMessage: what does not fit the schema is an error that says where", () => {
  for (
    const [array, text] of [
      ["", "a message must be an array"],
      ["f6", "a message must be an array"],
      ["a0", "a message must be an array"],
      ["80", "unknown kind of message: none"],
      ["8100", "unknown kind of message: 0"],
      ["8118", "unknown kind of message: 24"],
      ["82061801", "unknown kind of message: 6"],
      ["820740", "unknown kind of message: 7"],
      ["9f1505ff", "malformed Ack message: 30 fields instead of 1"],
      ["8115", "malformed Ack message: 0 fields instead of 1"],
      ["83150505", "malformed Ack message: 2 fields instead of 1"],
      ["821505f6", "malformed Ack message: 1 bytes too many"],
      ["8215", "malformed Ack message: it ends inside field 1"],
      ["821519", "malformed Ack message: it ends inside field 1"],
      ["82151b00", "malformed Ack message: it ends inside field 1"],
      ["821520", unsigned("Ack", 1)],
      ["82151b0020000000000000", unsigned("Ack", 1)],
      ["82151c", unsigned("Ack", 1)],
      ["82151f", unsigned("Ack", 1)],
      ["8215fb3ff0000000000000", unsigned("Ack", 1)],
      ["8311 05 f5", wrong("Want", 2, "an unsigned integer below 2 ** 32")],
      ["85 10 05 00 00 40", wrong("Put", 3, "a boolean")],
      ["85 10 05 00 f6 40", wrong("Put", 3, "a boolean")],
      ["85 10 05 00 f5 60", wrong("Put", 4, "a byte string")],
      ["85 10 05 00 f5 5f", wrong("Put", 4, "a byte string")],
      ["85 10 05 00 f5 5b0000000000000002 00", PUT_ENDS],
      ["85 10 05 00 f5 41", PUT_ENDS],
      ["85 10 05 00 f5 5a7fffffff00", PUT_ENDS],
      ["85 10 05 00 f5 5affffffff00", PUT_ENDS],
      ["83 05 01 f5", wrong("Exited", 2, "an exit code or minus a signal")],
      ["83 05 01 f93c00", wrong("Exited", 2, "an exit code or minus a signal")],
      ["84 08 00 00 f7", wrong("Answer", 3, "a scalar")],
      ["84 08 00 00 80", wrong("Answer", 3, "a scalar")],
      ["84 08 00 00 a0", wrong("Answer", 3, "a scalar")],
      ["84 08 00 00 c100", wrong("Answer", 3, "a scalar")],
      ["84 1839 00 81fb00", "malformed Report message: it ends inside field 2"],
      ["85 09 00 00 40 60", wrong("Failure", 3, "text")],
      ["85 09 00 00 61ff 60", wrong("Failure", 3, "text")],
      ["85 09 00 00 62c3 60", wrong("Failure", 3, "text")],
      ["84 0c 00 00 40", wrong("Create", 3, NUMBERS)],
      ["84 0c 00 00 8140", wrong("Create", 3, NUMBERS)],
      ["84 0c 00 00 81", "malformed Create message: it ends inside field 3"],
      ["84 0c 00 00 9f", wrong("Create", 3, NUMBERS)],
      ["83 14 00 8101", wrong("Items", 2, "an array of byte strings")],
      ["83 14 00 9affffffff", "malformed Items message: it ends inside field 2"],
      [
        "83 14 00 9b001fffffffffffff",
        "malformed Items message: it ends inside field 2",
      ],
    ] as const
  ) {
    const whole = bytes(array);
    // What follows the message must not matter.
    const inside = concat(whole, new Uint8Array(20));
    throws(
      () => decodeMessage(inside, 0, whole.length),
      { name: "ProtocolError", message: text },
      array,
    );
    throws(() => decode(whole), { name: "ProtocolError", message: text }, array);
  }
});

test("decodeMessage: a message cut anywhere is an error", () => {
  for (const [, array] of VECTORS) {
    const whole = bytes(array);
    for (let end = 0; end < whole.length; end++) {
      throws(() => decodeMessage(whole, 0, end), ProtocolError);
      throws(() => decode(whole.slice(0, end)), ProtocolError);
    }
  }
});

test("decodeMessage: 50,000 mutated messages are messages or errors", () => {
  repeat(50_000, (random) => {
    const array = random.mutated(bytes(random.of(VECTORS)[1]));
    let message: Message;
    try {
      message = decode(array);
    } catch (error) {
      ok(error instanceof ProtocolError);
      return;
    }
    deepStrictEqual(decode(encodeMessage(message)), message);
  });
});

test("decodeMessage: what stands behind a message does not matter, even in errors", () => {
  repeat(20_000, (random) => {
    const array = random.mutated(bytes(random.of(VECTORS)[1]));
    const cut = array.slice(0, random.below(array.length + 1));
    const alone = outcome(cut, cut.length);
    deepStrictEqual(outcome(concat(cut, array), cut.length), alone);
    deepStrictEqual(outcome(concat(cut, random.bytes(20)), cut.length), alone);
  });
});

/** The message that ends at `end`, or the error's text. */
function outcome(array: Uint8Array, end: number): Message | string {
  try {
    return decodeMessage(array, 0, end);
  } catch (error) {
    return String(error);
  }
}

test("readFields: reads behind the array's head, and pieces of messages, too", () => {
  const array = encodeMessage(put(bytes("0102")));
  deepStrictEqual(readFields(array, 1, array.length, 5, Infinity), put(bytes("0102")));
  const piece = bytes("07 420102");
  const read = readFields(piece, 0, 4, 2, 0) as unknown as [number, Uint8Array];
  deepStrictEqual(read, [Kind.LastPiece, bytes("0102")]);
  strictEqual(read[1].buffer, piece.buffer);
});

/** Reads a message with out-of-band buffers. */
function decodeWith(array: Uint8Array, ...outOfBand: Uint8Array[]): Message {
  return decodeMessage(array, 0, array.length, true, outOfBand);
}

/** `[Items, 5, [bytes, 0102, bytes]]` without its two long byte strings. */
const ITEMS = bytes("83 14 05 83 5a00010000 420102 5a000186a0");

/** `[Failure, 0, 1, text, "ab"]` without its long text. */
const FAILURE = bytes("85 09 00 01 7a00010000 626162");

test("decodeMessage: long byte strings and texts may be out of band, and are not copied", () => {
  const first = new Uint8Array(OUT_OF_BAND).fill(1);
  const last = new Uint8Array(100_000).fill(2);
  const found = decodeWith(ITEMS, first, last) as [number, number, Uint8Array[]];
  deepStrictEqual(found.slice(0, 2), [Kind.Items, 5]);
  const [, , items] = found;
  strictEqual(items.length, 3);
  ok(items[0] === first && items[2] === last);
  deepStrictEqual(items[1], bytes("0102"));
  const text = "ü".repeat(OUT_OF_BAND / 2);
  ok((decodeWith(FAILURE, utf8(text)) as string[])[3] === text);
  const answer = decodeWith(bytes("84 08 00 07 5a00010000"), first);
  ok(answer[3] === first);
});

test("decodeMessage: what is shorter than the limit is with the message, always", () => {
  const short = put(new Uint8Array(OUT_OF_BAND - 1).fill(1));
  ok(sameBytes(decodeWith(encodeMessage(short)), short));
  const long = new Uint8Array(OUT_OF_BAND);
  const almost = new Uint8Array(OUT_OF_BAND - 1).fill(2);
  const message: Message = [Kind.Items, 5, [almost, long]];
  const between = encodeMessage(message).subarray(0, -OUT_OF_BAND);
  ok(sameBytes(decodeWith(between, long), message));
});

/** As `deepStrictEqual`, which would print all of it. */
function sameBytes(a: Message, b: Message): boolean {
  return Buffer.compare(encodeMessage(a), encodeMessage(b)) === 0;
}

test("decodeMessage: without out-of-band buffers all is with the message", () => {
  const message: Message = [Kind.Items, 5, [new Uint8Array(OUT_OF_BAND).fill(3)]];
  ok(sameBytes(decode(encodeMessage(message), true), message));
  ok(sameBytes(decode(encodeMessage(message)), message));
  decodeWith(ITEMS, new Uint8Array(OUT_OF_BAND), new Uint8Array(100_000));
  ok(sameBytes(decode(encodeMessage(message), true), message)); // nothing is left of that
});

test("decodeMessage: out-of-band buffers that are not those of the message are an error", () => {
  const [first, last] = [new Uint8Array(OUT_OF_BAND), new Uint8Array(100_000)];
  const ends = "Items message: it ends inside field 2";
  for (
    const [array, outOfBand, text] of [
      [ITEMS, [], ends],
      [ITEMS, [first], ends],
      [ITEMS, [last, first], ends],
      [ITEMS, [first.subarray(1), last], ends],
      [ITEMS, [first, new Uint8Array(100_001)], ends],
      [ITEMS, [first, last, first], "Items message: too many parts"],
      [FAILURE, [], "Failure message: it ends inside field 3"],
      [FAILURE, [last], "Failure message: it ends inside field 3"],
      [FAILURE, [first, first], "Failure message: too many parts"],
      [FAILURE, [first.map(() => 0xff)], "Failure message: field 3 must be text"],
      [bytes("82 15 05"), [bytes("")], "Ack message: too many parts"],
      [concat(ITEMS, first), [first, last], "Items message: 65536 bytes too many"],
      // A long one that is with the message nevertheless.
      [encodeMessage(put(first)), [], "Put message: it ends inside field 4"],
      [encodeMessage(put(first)), [first], "Put message: 65536 bytes too many"],
    ] as [Uint8Array, Uint8Array[], string][]
  ) {
    throws(
      () => decodeWith(array, ...outOfBand),
      { name: "ProtocolError", message: `malformed ${text}` },
    );
  }
});

test("decodeMessage: 10,000 mutated messages with out-of-band buffers are messages or errors", () => {
  const parts = [new Uint8Array(OUT_OF_BAND), new Uint8Array(100_000)];
  repeat(10_000, (random) => {
    const array = random.mutated(random.of([ITEMS, FAILURE]));
    try {
      decodeWith(array, ...parts.slice(random.below(3)));
    } catch (error) {
      ok(error instanceof ProtocolError);
    }
  });
});
