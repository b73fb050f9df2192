/** Tests of src/wire/frame.ts: what is written, byte by byte. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeMultiple } from "cbor-x/decode";
import {
  type ChannelPut,
  FrameBatch,
  FrameWriter,
  LONG,
  MAX_FRAME,
  MAX_MESSAGE,
  NEWLINE,
} from "../../src/wire/frame.ts";
import { type ByChannel, Kind, type Message } from "../../src/wire/message.ts";
import { encodeMessage } from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import { bytes, concat, hex, MARK, put, VECTORS } from "./support.ts";

/** What a pipe takes in one go, at least. */
const PIPE_BUF = 4096;

/** The longest item that goes into one frame: 4095 bytes less prologue, head and so on. */
const LONGEST = PIPE_BUF - 1 - 13 - 7;

/** A writer, and copies of what it has written, of which every part is checked. */
function writing(mark = MARK): { writer: FrameWriter; written: Uint8Array[] } {
  const written: Uint8Array[] = [];
  const writer = new FrameWriter(mark, (bytes) => {
    checkWrite(bytes);
    written.push(bytes.slice());
  });
  return { writer, written };
}

/** That it reaches a pipe in one go, on Deno as well: it ends with a newline. */
function checkWrite(bytes: Uint8Array): void {
  strictEqual(bytes.at(-1), 0x0a);
  ok(bytes.length <= PIPE_BUF, `${bytes.length} bytes at once`);
}

/** The arrays in what a `FrameWriter` wrote: the newlines are numbers in the sequence. */
function arraysWritten(written: Uint8Array[]): unknown[][] {
  for (const bytes of written) {
    const [, newline, ...more] = decodeMultiple(bytes) as unknown[];
    deepStrictEqual([newline, more], [10, []]);
  }
  return arraysIn(concat(...written.map((bytes) => bytes.subarray(0, -1))));
}

/** The arrays in a sequence of frames, and that it is one in the eyes of cbor-x. */
function arraysIn(sequence: Uint8Array): unknown[][] {
  const tags = decodeMultiple(sequence) as { tag: number; value: Uint8Array }[];
  return tags.map(({ tag, value }) => {
    strictEqual(tag, 24);
    const arrays = decodeMultiple(value) as unknown[][];
    strictEqual(arrays.length, 1);
    return arrays[0]!;
  });
}

/** Length in hexadecimal, as in a header. */
function length(n: number): string {
  return n.toString(16).padStart(8, "0");
}

test("FrameWriter: a frame of every kind has the agreed bytes, in one write", () => {
  deepStrictEqual([MAX_FRAME, NEWLINE], [PIPE_BUF - 1, 0x0a]);
  for (const [message, array] of VECTORS) {
    const { writer, written } = writing();
    writer.send(message);
    strictEqual(written.length, 1);
    const fields = array.replaceAll(" ", "").slice(2);
    const head = (0x80 + message.length + 1).toString(16);
    const size = 6 + fields.length / 2;
    const expected = "d8185a" + length(size) + head + "1acafebabe" + fields + "0a";
    strictEqual(hex(written[0]!), expected);
  }
});

test("FrameWriter: frames are a CBOR sequence of encoded arrays", () => {
  const { writer, written } = writing();
  for (const [message] of VECTORS) writer.send(message);
  const heads = arraysWritten(written).map((array) => array.slice(0, 2));
  deepStrictEqual(heads, VECTORS.map(([message]) => [MARK, message[0]]));
});

test("FrameWriter: the mark's four bytes are always there", () => {
  for (const [mark, digits] of [[0, "00000000"], [2 ** 32 - 1, "ffffffff"]] as const) {
    let frame = "";
    new FrameWriter(mark, (bytes) => frame = hex(bytes)).send([Kind.Ack, 5]);
    strictEqual(frame, "d8185a" + length(8) + "831a" + digits + "15050a");
  }
});

test("FrameWriter: 4095 bytes and a newline are one write, 4096 and one are two", () => {
  const { writer, written } = writing();
  writer.send(put(new Uint8Array(LONGEST)));
  deepStrictEqual(written.map((bytes) => bytes.length), [PIPE_BUF]);
  writer.send(put(new Uint8Array(LONGEST + 1)));
  strictEqual(written.length, 3);
});

test("FrameWriter: pieces are full but the last, and joined they are the array", () => {
  for (const size of [LONGEST + 1, 4095, 4096, 4097, 8150, 8151, 70000, 1e6]) {
    const { writer, written } = writing();
    const message = put(Uint8Array.from({ length: size }, (_, i) => i * 31 >> 3));
    writer.send(message);
    const pieces = arraysWritten(written) as [number, number, Uint8Array][];
    ok(written.slice(0, -1).every((bytes) => bytes.length === PIPE_BUF));
    pieces.forEach(([mark, kind], i) => {
      strictEqual(mark, MARK);
      strictEqual(kind, i === pieces.length - 1 ? Kind.LastPiece : Kind.Piece);
    });
    const joined = concat(...pieces.map(([, , part]) => part));
    strictEqual(hex(joined), hex(encodeMessage(message)));
  }
});

test("FrameWriter: many short fields that do not fit are cut as well", () => {
  const { writer, written } = writing();
  const items = Array.from({ length: 500 }, (_, i) => new Uint8Array(i).fill(i));
  for (const message of [[Kind.Items, 1, items], [Kind.Ack, 5]] as Message[]) {
    written.length = 0;
    writer.send(message);
    const arrays = arraysWritten(written) as [number, number, Uint8Array][];
    if (message[0] === Kind.Ack) {
      deepStrictEqual(arrays as unknown[], [[MARK, Kind.Ack, 5]]);
    } else {
      const joined = concat(...arrays.map(([, , part]) => part));
      strictEqual(hex(joined), hex(encodeMessage(message)));
    }
  }
});

test("FrameWriter: a message that cannot be encoded leaves no trace", () => {
  const { writer, written } = writing();
  const items = [new Uint8Array(5000), 1] as unknown as Uint8Array[];
  throws(() => writer.send([Kind.Items, 1, items]), { name: "ProtocolError" });
  strictEqual(written.length, 0);
  writer.send([Kind.Ack, 5]);
  strictEqual(hex(written[0]!), "d8185a00000008831acafebabe15050a");
});

test("FrameWriter: a write that fails spoils nothing for the next message", () => {
  const written: string[] = [];
  let writes = 0;
  const writer = new FrameWriter(MARK, (bytes) => {
    if (++writes === 2) throw new RangeError("full");
    written.push(hex(bytes));
  });
  throws(() => writer.send(put(new Uint8Array(20000))), RangeError);
  writer.send([Kind.Ack, 5]);
  strictEqual(written.length, 2);
  strictEqual(written[1], "d8185a00000008831acafebabe15050a");
});

test("FrameWriter: messages full of newlines end with one in every write", () => {
  const { writer, written } = writing(0x0a0a0a0a);
  const near = (middle: number) =>
    Array.from({ length: 40 }, (_, i) => middle - 20 + i);
  const sizes = [...near(20), ...near(4075), ...near(8150), 65536, 1e6];
  const number = 0x0a0a0a0a;
  for (const size of sizes) {
    const item = new Uint8Array(size).fill(0x0a);
    for (
      const message of [
        put(item),
        [Kind.Items, number, [item, item, bytes("0a")]],
        [Kind.Answer, number, number, "\n".repeat(size)],
        [Kind.Report, 10, Array.from({ length: size % 10_000 }, () => 10), [item]],
      ] as Message[]
    ) {
      written.length = 0;
      writer.send(message);
      const array = encodeMessage(message);
      const arrays = arraysWritten(written) as [number, number, Uint8Array][];
      // A frame has 12 bytes and its newline besides, a piece 17 and its newline.
      if (array.length <= PIPE_BUF - 13) {
        strictEqual(written.length, 1);
        strictEqual(hex(written[0]!.subarray(13, -1)), hex(array.subarray(1)));
        checkWrite(writer.prepare(message));
      } else {
        strictEqual(written.length, Math.ceil(array.length / (PIPE_BUF - 18)));
        strictEqual(hex(concat(...arrays.map(([, , part]) => part))), hex(array));
      }
    }
  }
});

test("FrameWriter: a prepared message is written as it would be otherwise", () => {
  const { writer, written } = writing();
  const prepared = writer.prepare([Kind.Ack, 5]);
  writer.send(put(bytes("01")));
  writer.sendPrepared(prepared);
  writer.send([Kind.Ack, 5]);
  deepStrictEqual(written[1], written[2]);
  throws(() => writer.prepare(put(new Uint8Array(5000))), { name: "ProtocolError" });
});

test("FrameWriter, FrameBatch: a message of more than MAX_MESSAGE is an error", () => {
  // The same long byte string several times: it is referred to, not copied.
  const part = new Uint8Array(1 << 24);
  const items = Array.from({ length: MAX_MESSAGE / part.length }, () => part);
  const message: Message = [Kind.Items, 1, items];
  const { writer, written } = writing();
  const text = { name: "ProtocolError", message: /longer than 1073741824$/ };
  throws(() => writer.send(message), text);
  strictEqual(written.length, 0);
  const batch = new FrameBatch();
  throws(() => batch.add(message), text);
  strictEqual(batch.size, 0);
});

test("FrameBatch: every kind is its array with a header in front", () => {
  const batch = new FrameBatch();
  let all = "";
  for (const [message, array] of VECTORS) {
    batch.add(message);
    const digits = array.replaceAll(" ", "");
    all += "d8185a" + length(digits.length / 2) + digits;
    strictEqual(batch.size, all.length / 2);
  }
  const sequence = batch.take();
  strictEqual(hex(sequence), all);
  strictEqual(arraysIn(sequence).length, VECTORS.length);
  strictEqual(batch.size, 0);
  strictEqual(batch.take().length, 0);
});

test("FrameBatch: short, long and very many messages, taken at any time", () => {
  const batch = new FrameBatch();
  const taken: Uint8Array[] = [];
  const expected: Uint8Array[] = [];
  for (let i = 0; i < 600; i++) {
    const size = i % 50 === 7 ? 65536 + i : i % 50 === 8 ? 65535 : i;
    const items = [new Uint8Array(size).fill(i), bytes("01")];
    const message: Message = [Kind.Items, i, items];
    const array = encodeMessage(message);
    batch.add(message);
    expected.push(concat(bytes("d8185a" + length(array.length)), array));
    if (i % 40 === 0) taken.push(batch.take());
  }
  taken.push(batch.take());
  strictEqual(hex(concat(...taken)), hex(concat(...expected)));
});

test("FrameBatch: a message that cannot be encoded leaves no trace", () => {
  const batch = new FrameBatch();
  const long = new Uint8Array(1 << 16);
  for (let i = 0; i < 3; i++) {
    batch.add([Kind.Items, i, [long]]);
    const bad = [long, bytes("01"), long, null] as unknown as Uint8Array[];
    throws(() => batch.add([Kind.Items, 9, bad]), { name: "ProtocolError" });
  }
  const arrays = arraysIn(batch.take());
  deepStrictEqual(arrays.map(([, queue]) => queue), [0, 1, 2]);
});

test("FrameBatch.takeRuns: the same bytes as take, long payloads not copied", () => {
  const payloads: Uint8Array[] = [100, 65535, 65536, 200_000, 3].map((size) =>
    new Uint8Array(size)
  );
  const [whole, pieces] = [new FrameBatch(), new FrameBatch()];
  for (const batch of [whole, pieces]) {
    for (const payload of payloads) batch.add([Kind.Items, 5, [payload]]);
  }
  const runs = pieces.takeRuns();
  const long = payloads.slice(2, 4);
  deepStrictEqual(runs.filter((run) => payloads.includes(run)), long);
  deepStrictEqual(concat(...runs), whole.take());
  strictEqual(pieces.size, 0);
});

/** The item of the shortest message of {@linkcode put} that is long: 8 bytes come before. */
const SHORTEST = LONG - 8;

/** A channel that takes the messages it is told to, and keeps what it was asked about. */
function recordingChannel(takes: (question: number) => boolean = () => true) {
  const asked: Uint8Array[] = [];
  const channel: ChannelPut = (runs, places) => {
    const whole = concat(...runs);
    asked.push(whole);
    // In front of each long byte string stands its length.
    for (let i = 0; i < places.length; i += 2) {
      const [at, length] = places.slice(i) as [number, number];
      ok(length >= LONG && at + length <= whole.length);
      strictEqual(new DataView(whole.buffer).getUint32(at - 4), length);
    }
    return takes(asked.length) ? placeOf(asked.length) : undefined;
  };
  return { asked, channel };
}

/** The message that is sent in place of the one that was asked about as the first, second … */
function placeOf(question: number): ByChannel {
  return [Kind.ByChannel, question, LONG, [1, 2]];
}

/** Long messages: of one part, of several with short ones between, of text, of numbers. */
const LONG_ONES: Message[] = [
  put(new Uint8Array(SHORTEST).fill(1)),
  put(new Uint8Array(LONG).fill(2)),
  [
    Kind.Items,
    5,
    [1e5, 0, 5, 65_536, 5e3, 7e4].map((n, i) => new Uint8Array(n).fill(i)),
  ],
  [Kind.Items, 5, Array.from({ length: 500 }, (_, i) => new Uint8Array(i).fill(i))],
  [Kind.Answer, 0, 7, "ü".repeat(50_000)],
  [Kind.Report, 5, Array.from({ length: 40_000 }, (_, i) => i), [bytes("01")]],
];

/** The bytes of a frame of a {@linkcode FrameBatch}. */
function frameOf(message: Message): Uint8Array {
  const array = encodeMessage(message);
  return concat(bytes("d8185a" + length(array.length)), array);
}

test("FrameWriter: long messages may go by a channel, and what it gives goes instead", () => {
  const { writer, written } = writing();
  const { asked, channel } = recordingChannel();
  writer.channel = channel;
  for (const [i, message] of LONG_ONES.entries()) {
    writer.send(message);
    writer.send([Kind.Ack, 5]);
    ok(Buffer.compare(asked[i]!, encodeMessage(message)) === 0);
  }
  strictEqual(asked.length, LONG_ONES.length);
  deepStrictEqual(
    arraysWritten(written),
    LONG_ONES.flatMap((_, i) => [[MARK, ...placeOf(i + 1)], [MARK, Kind.Ack, 5]]),
  );
});

test("FrameWriter, FrameBatch: no channel is asked about messages that are not long", () => {
  const { writer } = writing();
  const batch = new FrameBatch();
  const { asked, channel } = recordingChannel();
  writer.channel = batch.channel = channel;
  for (const message of [put(bytes("01")), put(new Uint8Array(SHORTEST - 1))]) {
    writer.send(message);
    batch.add(message);
  }
  strictEqual(asked.length, 0);
  writer.send(put(new Uint8Array(SHORTEST)));
  batch.add(put(new Uint8Array(SHORTEST)));
  strictEqual(asked.length, 2);
});

test("FrameWriter: a message that the channel does not take goes in pieces", () => {
  const [usual, other] = [writing(), writing()];
  const { asked, channel } = recordingChannel(() => false);
  other.writer.channel = channel;
  for (const message of LONG_ONES) {
    usual.writer.send(message);
    other.writer.send(message);
  }
  strictEqual(asked.length, LONG_ONES.length);
  ok(Buffer.compare(concat(...other.written), concat(...usual.written)) === 0);
});

test("FrameWriter: a channel that throws spoils nothing for the next message", () => {
  const { writer, written } = writing();
  writer.channel = () => {
    throw new RangeError("full");
  };
  throws(() => writer.send(put(new Uint8Array(LONG))), RangeError);
  writer.send([Kind.Ack, 5]);
  deepStrictEqual(written.map(hex), ["d8185a00000008831acafebabe15050a"]);
});

test("FrameBatch: long messages may go by a channel, and what it gives goes instead", () => {
  const batch = new FrameBatch();
  const { asked, channel } = recordingChannel();
  batch.channel = channel;
  const expected: Uint8Array[] = [];
  for (const [i, message] of LONG_ONES.entries()) {
    const array = encodeMessage(message);
    batch.add([Kind.Revoke, i]);
    strictEqual(batch.add(message), array.length); // its own length, however it goes
    ok(Buffer.compare(asked[i]!, array) === 0);
    expected.push(frameOf([Kind.Revoke, i]), frameOf(placeOf(i + 1)));
  }
  strictEqual(hex(batch.take()), hex(concat(...expected)));
});

test("FrameBatch: some go by the channel, some do not, and all stay in their order", () => {
  // Also behind a long byte string, which is remembered where the next frame begins.
  for (const runs of [false, true]) {
    for (let pattern = 0; pattern < 1 << LONG_ONES.length; pattern++) {
      const batch = new FrameBatch();
      const takes = (question: number) => (pattern >> (question - 1) & 1) === 1;
      const { asked, channel } = recordingChannel(takes);
      batch.channel = channel;
      const expected: Uint8Array[] = [];
      for (const [i, message] of LONG_ONES.entries()) {
        batch.add(message);
        expected.push(frameOf(takes(i + 1) ? placeOf(i + 1) : message));
      }
      strictEqual(asked.length, LONG_ONES.length);
      const whole = concat(...expected);
      strictEqual(batch.size, whole.length);
      const taken = runs ? concat(...batch.takeRuns()) : batch.take();
      ok(Buffer.compare(taken, whole) === 0, `pattern ${pattern.toString(2)}`);
      strictEqual(batch.size, 0);
    }
  }
});

test("FrameBatch: a channel may come, and go again", () => {
  const batch = new FrameBatch();
  const { channel } = recordingChannel();
  const message = put(new Uint8Array(LONG));
  batch.add(message);
  batch.channel = channel;
  batch.add(message);
  batch.channel = undefined;
  batch.add(message);
  const expected = concat(...[message, placeOf(1), message].map(frameOf));
  ok(Buffer.compare(batch.take(), expected) === 0);
});

test("FrameWriter: frames are as short as the system's pipes want them", () => {
  for (const limit of [511, 1023, MAX_FRAME]) {
    const written: Uint8Array[] = [];
    const writer = new FrameWriter(MARK, (bytes) => {
      ok(bytes.length <= limit + 1 && bytes.at(-1) === 0x0a, `${bytes.length} bytes`);
      written.push(bytes.slice());
    }, limit);
    for (const size of [0, 1, limit - 30, limit, limit + 1, 5 * limit, 20_000]) {
      written.length = 0;
      const item = Uint8Array.from({ length: size }, (_, i) => i % 251);
      writer.send(put(item));
      const arrays = arraysWritten(written);
      const pieces = arrays.map((array) => array.at(-1) as Uint8Array);
      const fits = size <= limit - 20;
      strictEqual(written.length === 1, fits, `${size} of ${limit}`);
      const sent = fits ? pieces[0]! : concat(...pieces);
      // A message in pieces is the item behind its array's head.
      ok(Buffer.compare(sent.subarray(sent.length - size), item) === 0);
    }
  }
});
