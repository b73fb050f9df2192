/** Tests of src/wire/python_frame.ts: CPython's framing, byte by byte and cut anywhere. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { EOFError, OSError } from "../../src/errors.ts";
import {
  encodePythonFrame,
  MAX_PYTHON_MESSAGE,
  PythonFrameDecoder,
  pythonHeader,
} from "../../src/wire/python_frame.ts";
import { test } from "../suite.ts";
import { bytes, concat, hex, type Random, repeat, utf8 } from "./support.ts";

const BAD_LENGTH = { constructor: OSError, message: "bad message length" };
const CUT = { constructor: OSError, message: "got end of file during message" };

/** What comes of a stream: its messages, and the error at its end. */
function readAll(parts: Uint8Array[], maxlength?: number): [Uint8Array[], Error] {
  const decoder = new PythonFrameDecoder();
  const messages: Uint8Array[] = [];
  const take = (): Error | undefined => {
    try {
      for (;;) {
        const { ready } = decoder;
        const message = decoder.read(maxlength);
        if (message === undefined) {
          ok(!ready);
          return undefined;
        }
        messages.push(message);
      }
    } catch (error) {
      return error as Error;
    }
  };
  for (const part of parts) {
    const copy = part.slice();
    decoder.push(copy);
    copy.fill(0xee);
    const error = take();
    if (error !== undefined) return [messages, error];
  }
  decoder.end();
  return [messages, take()!];
}

function stream(messages: Uint8Array[]): Uint8Array {
  return concat(...messages.flatMap(encodePythonFrame));
}

const MESSAGES = [utf8("hello"), new Uint8Array(), utf8("x".repeat(300)), utf8("!")];

test("pythonHeader: 4 bytes up to 2 GiB, then 12", () => {
  for (
    const [length, header] of [
      [0, "00000000"],
      [1, "00000001"],
      [0x01020304, "01020304"],
      [0x7fffffff, "7fffffff"],
      [0x80000000, "ffffffff 0000000080000000"],
      [2 ** 32, "ffffffff 0000000100000000"],
      [2 ** 40 + 5, "ffffffff 0000010000000005"],
    ] as const
  ) strictEqual(hex(pythonHeader(length)), header.replace(" ", ""));
});

test("encodePythonFrame: short messages go with their header, long ones are not copied", () => {
  strictEqual(hex(encodePythonFrame(new Uint8Array())[0]!), "00000000");
  const [whole, ...none] = encodePythonFrame(new Uint8Array(16384).fill(9));
  deepStrictEqual([whole!.length, none.length], [16388, 0]);
  const message = new Uint8Array(16385);
  const [header, body] = encodePythonFrame(message);
  strictEqual(hex(header!), "00004001");
  strictEqual(body, message);
});

test("PythonFrameDecoder: byte by byte, and at every split", () => {
  const whole = stream(MESSAGES);
  const check = (parts: Uint8Array[]) => {
    const [messages, error] = readAll(parts);
    deepStrictEqual(messages, MESSAGES);
    ok(error instanceof EOFError);
  };
  check(Array.from(whole, (byte) => Uint8Array.of(byte)));
  for (let at = 0; at <= whole.length; at++) {
    check([whole.subarray(0, at), whole.subarray(at)]);
  }
});

test("PythonFrameDecoder: a stream that is cut anywhere is told from one that ends", () => {
  const whole = stream(MESSAGES);
  const ends = new Set([0, 9, 13, 317, 322]);
  strictEqual(whole.length, 322);
  for (let at = 0; at <= whole.length; at++) {
    const [, error] = readAll([whole.subarray(0, at)]);
    strictEqual(error.constructor, ends.has(at) ? EOFError : OSError, `${at}`);
    if (!ends.has(at)) strictEqual(error.message, CUT.message);
  }
});

test("PythonFrameDecoder: a short message with a long header is one", () => {
  const whole = concat(
    bytes("ffffffff 0000000000000002"),
    utf8("hi"),
    stream([utf8("a")]),
  );
  for (let at = 0; at <= whole.length; at++) {
    const [messages] = readAll([whole.subarray(0, at), whole.subarray(at)]);
    deepStrictEqual(messages, [utf8("hi"), utf8("a")]);
  }
});

test("PythonFrameDecoder: the reader of a message sets its limit", () => {
  const decoder = new PythonFrameDecoder();
  decoder.push(stream([new Uint8Array(256), new Uint8Array(257), utf8("next")]));
  strictEqual(decoder.read(256)!.length, 256);
  throws(() => decoder.read(256), BAD_LENGTH);
  ok(decoder.ready);
  strictEqual(decoder.buffered, 0);
  // For good: where the next message begins is not known any more.
  decoder.push(stream([utf8("more")]));
  throws(() => decoder.read(), BAD_LENGTH);
  strictEqual(decoder.buffered, 0);
});

test("PythonFrameDecoder: a limit is checked before the message arrives", () => {
  for (const header of ["00000101", "7fffffff", "ffffffff 0000000000000101"]) {
    const decoder = new PythonFrameDecoder();
    decoder.push(bytes(header));
    throws(() => decoder.read(256), BAD_LENGTH);
  }
});

test("PythonFrameDecoder: lengths that cannot be are refused without a limit", () => {
  for (
    const header of [
      "80000000",
      "fffffffe",
      "ffffffff 0000000100000000",
      "ffffffff ffffffffffffffff",
    ]
  ) {
    const decoder = new PythonFrameDecoder();
    const parts = bytes(header);
    decoder.push(parts.subarray(0, -1));
    strictEqual(decoder.read(), undefined);
    ok(!decoder.ready);
    decoder.push(parts.subarray(-1));
    ok(decoder.ready);
    throws(() => decoder.read(), BAD_LENGTH);
  }
  strictEqual(MAX_PYTHON_MESSAGE, 2 ** 32 - 1);
});

test("PythonFrameDecoder: what is announced is not allocated", () => {
  for (let i = 0; i < 1000; i++) {
    const decoder = new PythonFrameDecoder();
    decoder.push(bytes("7fffffff 01020304"));
    strictEqual(decoder.read(), undefined);
    strictEqual(decoder.buffered, 8);
  }
});

test("PythonFrameDecoder: messages are the reader's own", () => {
  const decoder = new PythonFrameDecoder();
  const read: Uint8Array[] = [];
  for (let i = 0; i < 200; i++) {
    decoder.push(stream([new Uint8Array(i * 50).fill(i)]));
    const message = decoder.read()!;
    read.push(message);
  }
  for (const [i, message] of read.entries()) {
    deepStrictEqual(message, new Uint8Array(i * 50).fill(i));
    message.fill(255);
  }
});

test("PythonFrameDecoder: a message of 20 MB in small parts", () => {
  const message = new Uint8Array(20_000_000).map((_, i) => i % 251);
  const decoder = new PythonFrameDecoder();
  const whole = stream([message, utf8("after")]);
  for (let at = 0; at < whole.length; at += 65_000) {
    strictEqual(decoder.ready, false);
    decoder.push(whole.subarray(at, at + 65_000));
  }
  const read = decoder.read()!;
  ok(read.length === message.length && read.every((byte, i) => byte === message[i]));
  deepStrictEqual(decoder.read(), utf8("after"));
  strictEqual(decoder.buffered, 0);
});

function randomMessages(random: Random): Uint8Array[] {
  return Array.from(
    { length: random.below(5) },
    () => random.bytes(random.of([2, 9, 40])),
  );
}

test("PythonFrameDecoder: 20,000 random streams in random parts", () => {
  repeat(20_000, (random) => {
    const sent = randomMessages(random);
    const [messages, error] = readAll(random.split(stream(sent)));
    deepStrictEqual(messages, sent);
    ok(error instanceof EOFError);
  });
});

test("PythonFrameDecoder: 100,000 damaged streams end in one of three ways", () => {
  const seen = new Set<string>();
  repeat(100_000, (random) => {
    const damaged = random.mutated(stream(randomMessages(random)));
    const [messages, error] = readAll(random.split(damaged), random.of([1, 8, 256]));
    const length = messages.reduce((sum, message) => sum + message.length + 4, 0);
    ok(length <= damaged.length);
    seen.add(`${error.name} ${error.message}`);
  });
  deepStrictEqual([...seen].sort(), [
    "EOFError ",
    `OSError ${BAD_LENGTH.message}`,
    `OSError ${CUT.message}`,
  ]);
});
