/** Tests of src/wire/root_stream.ts. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ProtocolError } from "../../src/python/errors.ts";
import { FrameBatch } from "../../src/wire/frame.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { RootStreamDecoder } from "../../src/wire/root_stream.ts";
import { test } from "../suite.ts";
import { bytes, concat, type Random, repeat, VECTORS } from "./support.ts";

function frames(...messages: Message[]): Uint8Array {
  const batch = new FrameBatch();
  for (const message of messages) batch.add(message);
  return batch.take();
}

/** The messages in these chunks, and the error that ends them. */
function read(chunks: Iterable<Uint8Array>): { messages: Message[]; error?: string } {
  const messages: Message[] = [];
  const decoder = new RootStreamDecoder((message) => messages.push(message));
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      // A decoder keeps nothing of a chunk.
      chunk.fill(0xee);
    }
    decoder.end();
  } catch (error) {
    ok(error instanceof ProtocolError, `${error}`);
    return { messages, error: error.message };
  }
  return { messages };
}

const ALL = VECTORS.map(([message]) => message);

test("RootStreamDecoder: all kinds, at once and byte by byte", () => {
  deepStrictEqual(read([frames(...ALL)]), { messages: ALL });
  const single = Array.from(frames(...ALL), (byte) => Uint8Array.of(byte));
  deepStrictEqual(read(single), { messages: ALL });
});

test("RootStreamDecoder: cut into two at every place", () => {
  const whole = frames(...ALL);
  for (let at = 0; at <= whole.length; at++) {
    deepStrictEqual(read([whole.slice(0, at), whole.slice(at)]), { messages: ALL });
  }
});

test("RootStreamDecoder: messages of every size, in chunks of any size", () => {
  for (const size of [0, 4000, 65536, 1 << 20, (1 << 20) + 1, 3_000_000]) {
    const item = Uint8Array.from({ length: size }, (_, i) => i * 7 >> 2);
    const message: Message = [Kind.Items, 1, [item, bytes("0102")]];
    const whole = frames(message, message);
    repeat(3, (random) => {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < whole.length;) {
        const end = at + 1 + random.below(random.of([100_000, 3_000_000]));
        chunks.push(whole.slice(at, end));
        at = end;
      }
      const { messages, error } = read(chunks);
      strictEqual(error, undefined);
      for (const [, , items] of messages as [number, number, Uint8Array[]][]) {
        ok(Buffer.from(items[0]!).equals(item));
        deepStrictEqual(items[1], bytes("0102"));
      }
      strictEqual(messages.length, 2);
    });
  }
});

test("RootStreamDecoder: a Buffer is read like any bytes, and not kept", () => {
  deepStrictEqual(read([Buffer.from(frames(...ALL))]), { messages: ALL });
});

test("RootStreamDecoder: what is no frame is an error, as soon as it is there", () => {
  const notAFrame = "a frame must begin with D8 18 5A";
  const tooLong = "a message is longer than 1073741824 bytes";
  const taken: Message = [Kind.Ack, 5];
  for (
    const [hex, error] of [
      ["00", notAFrame],
      ["d819", notAFrame],
      ["d8185b", notAFrame],
      ["68656c6c6f20776f726c64", notAFrame],
      ["d8185a40000001", tooLong],
      ["d8185affffffff", tooLong],
      ["d8185a00000000", "a message must be an array"],
      ["d8185a00000001f6", "a message must be an array"],
      ["d8185a000000028118", "unknown kind of message: 24"],
      ["d8185a000000048310058a", "malformed Put message: 2 fields instead of 4"],
      ["d8185a00000005851005000a", "malformed Put message: field 3 must be a boolean"],
      ["d8185a000000058510051900", "malformed Put message: it ends inside field 2"],
      ["d8185a0000000381150d", "malformed Ack message: 0 fields instead of 1"],
      ["d8185a00000004820742ab", "unknown kind of message: 7"],
      ["d8", "the stream ends inside a message"],
      ["d8185a000000", "the stream ends inside a message"],
      ["d8185a00000001", "the stream ends inside a message"],
      ["d8185a0000000382", "the stream ends inside a message"],
    ] as const
  ) {
    const whole = concat(frames(taken), bytes(hex));
    deepStrictEqual(read([whole.slice()]), { messages: [taken], error }, hex);
    const single = Array.from(whole, (byte) => Uint8Array.of(byte));
    deepStrictEqual(read(single), { messages: [taken], error }, hex);
  }
});

test("RootStreamDecoder: after an error it is over", () => {
  const decoder = new RootStreamDecoder(() => {
    throw new RangeError("no");
  });
  throws(() => decoder.push(frames([Kind.Ack, 5])), RangeError);
  throws(() => decoder.push(frames([Kind.Ack, 5])), {
    name: "ProtocolError",
    message: "the stream has been given up",
  });
  decoder.end();
});

test("RootStreamDecoder: a false length costs nothing", () => {
  // If these took what they announce, a million of them would be noticed.
  for (let i = 0; i < 200; i++) {
    const { error } = read([bytes("d8185a3fffffff 85"), bytes("1001")]);
    strictEqual(error, "the stream ends inside a message");
  }
});

test("RootStreamDecoder: 30,000 mutated streams give the same in all chunk sizes", () => {
  repeat(30_000, (random) => {
    const whole = random.mutated(stream(random));
    const once = read([whole.slice()]);
    deepStrictEqual(read(random.split(whole)), once);
  });
});

/** Up to five frames. */
function stream(random: Random): Uint8Array {
  return frames(...Array.from({ length: random.below(6) }, () => random.of(ALL)));
}
