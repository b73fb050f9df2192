/** Tests of src/wire/child_stream.ts: text and frames told apart. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ProtocolError } from "../../src/errors.ts";
import { ChildStreamDecoder } from "../../src/wire/child_stream.ts";
import { FrameWriter, MAX_FRAME } from "../../src/wire/frame.ts";
import { Kind, type Message, type Piece } from "../../src/wire/message.ts";
import { decodeMessage, readFields } from "../../src/wire/message_decoder.ts";
import { encodeMessage } from "../../src/wire/message_encoder.ts";
import { test } from "../suite.ts";
import {
  bytes,
  concat,
  hex,
  MARK,
  put,
  type Random,
  repeat,
  utf8,
  VECTORS,
} from "./support.ts";

/** Everything that came out, in order; text that came in parts is one, in hexadecimal. */
interface Outcome {
  events: (string | Message)[];
  errors: string[];
}

/** What comes out for these chunks. */
function read(chunks: Iterable<Uint8Array>): Outcome {
  const outcome: Outcome = { events: [], errors: [] };
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: (message) => outcome.events.push(message),
    onText: (text) => addText(outcome.events, text),
  });
  for (const chunk of chunks) {
    attempt(outcome, () => decoder.push(chunk));
    // A decoder keeps nothing of a chunk.
    chunk.fill(0xee);
  }
  attempt(outcome, () => decoder.end());
  return outcome;
}

function addText(events: (string | Message)[], text: Uint8Array): void {
  if (typeof events.at(-1) === "string") events.push(events.pop() + hex(text));
  else events.push(hex(text));
}

function attempt(outcome: Outcome, fn: () => void): void {
  try {
    fn();
  } catch (error) {
    ok(error instanceof ProtocolError, `${error}`);
    outcome.errors.push(error.message);
  }
}

/** What is expected where nothing goes wrong: texts as they are, messages as arrays. */
function events(...events: (string | Message)[]): Outcome {
  const result = events.map((event) =>
    typeof event === "string" ? hex(utf8(event)) : event
  );
  return { events: result, errors: [] };
}

/** One byte at a time. */
function* single(whole: Uint8Array): Generator<Uint8Array> {
  for (const byte of whole) yield Uint8Array.of(byte);
}

/** The frames of messages, newlines included. */
function frames(...messages: Message[]): Uint8Array {
  return framesWith(MARK, ...messages);
}

function framesWith(mark: number, ...messages: Message[]): Uint8Array {
  const written: Uint8Array[] = [];
  const writer = new FrameWriter(mark, (bytes) => written.push(bytes.slice()));
  for (const message of messages) writer.send(message);
  return concat(...written);
}

/** A frame with the mark and anything behind it, without a newline. */
function marked(rest: string, count: number): Uint8Array {
  const length = (6 + bytes(rest).length).toString(16).padStart(8, "0");
  return bytes(`d8185a ${length} ${(0x80 + count).toString(16)} 1acafebabe ${rest}`);
}

const ALL = VECTORS.map(([message]) => message);
const TAKEN: Message = [Kind.Taken, 5];

test("ChildStreamDecoder: all kinds, at once and byte by byte", () => {
  deepStrictEqual(read([frames(...ALL)]), events(...ALL));
  deepStrictEqual(read(single(frames(...ALL))), events(...ALL));
});

test("ChildStreamDecoder: text and frames, cut into two at every place", () => {
  const whole = concat(
    utf8("first\nsec"),
    frames(...ALL.slice(0, 9)),
    utf8("ond\n\u0600\u0618 Z\n"),
    frames(put(new Uint8Array(100)), TAKEN),
    utf8("last"),
  );
  const once = read([whole.slice()]);
  deepStrictEqual(
    once,
    events(
      "first\n",
      ...ALL.slice(0, 9),
      "second\n\u0600\u0618 Z\n",
      put(new Uint8Array(100)),
      TAKEN,
      "last",
    ),
  );
  for (let at = 0; at <= whole.length; at++) {
    deepStrictEqual(read([whole.slice(0, at), whole.slice(at)]), once);
  }
  deepStrictEqual(read(single(whole)), once);
});

test("ChildStreamDecoder: lines go out whole, and at once", () => {
  const seen: string[] = [];
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: () => seen.push("message"),
    onText: (text) => seen.push(new TextDecoder().decode(text)),
  });
  decoder.push(utf8("one\ntwo\nthr"));
  deepStrictEqual(seen, ["one\ntwo\n"]);
  decoder.push(concat(frames(TAKEN), utf8("e"), frames(TAKEN), utf8("e\nfo")));
  deepStrictEqual(seen, ["one\ntwo\n", "message", "message", "three\n"]);
  decoder.end();
  deepStrictEqual(seen.at(-1), "fo");
});

test("ChildStreamDecoder: a Buffer is read like any bytes, and not kept", () => {
  const whole = concat(utf8("a\n"), frames(...ALL), utf8("b"));
  deepStrictEqual(read([Buffer.from(whole)]), events("a\n", ...ALL, "b"));
});

test("ChildStreamDecoder: what only looks like a frame is text", () => {
  const longest = MAX_FRAME - 7;
  const lengths = [longest + 1, 0xffff, 0x10000, 0x1000000, 0xffffffff, 6, 5, 0];
  for (
    const fake of [
      framesWith(MARK + 1, TAKEN),
      framesWith(MARK ^ 0x80000000, TAKEN),
      bytes("d8"),
      bytes("d8d8d818"),
      bytes("d8185a"),
      bytes("d8185a00000008"),
      bytes("d8185a00000008831acafebab"),
      bytes("d8185a00000008831bcafebabe1505"),
      bytes("d8185a00000008a31acafebabe1505"),
      bytes("d8185b00000008831acafebabe1505"),
      bytes("d9185a00000008831acafebabe1505"),
      ...lengths.map((length) =>
        bytes(`d8185a${length.toString(16).padStart(8, "0")}831acafebabe1505`)
      ),
    ]
  ) {
    for (const [before, after] of [["", ""], ["a\n", "\nb"], ["\xd8", "\xd8\n"]]) {
      const whole = concat(
        utf8(before!),
        fake,
        frames(TAKEN),
        fake,
        fake,
        frames(TAKEN, TAKEN),
        utf8(after!),
      );
      const expected = reference(whole);
      strictEqual(expected.events.filter((event) => event === TAKEN).length, 0);
      deepStrictEqual(read([whole.slice()]), expected, hex(fake));
      deepStrictEqual(read(single(whole)), expected, hex(fake));
      const messages = expected.events.filter((event) => typeof event !== "string");
      deepStrictEqual(messages, [TAKEN, TAKEN, TAKEN]);
    }
  }
});

test("ChildStreamDecoder: half a header in front of a frame is text", () => {
  const whole = frames(TAKEN);
  for (let length = 1; length < whole.length; length++) {
    const half = whole.slice(0, length);
    const both = concat(half, whole, utf8("\n"));
    if (length < 13) {
      const expected: Outcome = { events: [TAKEN, hex(half) + "0a"], errors: [] };
      deepStrictEqual(read([both.slice()]), expected);
      deepStrictEqual(read(single(both)), expected);
    } else if (length < whole.length - 1) {
      // With its mark it is a frame, and takes bytes that were not meant for it.
      strictEqual(read([both]).errors.length, 1);
    } else {
      // Only its newline is missing.
      deepStrictEqual(read([both]), events(TAKEN, TAKEN, "\n"));
    }
  }
});

test("ChildStreamDecoder: a frame of 4095 bytes and its newline, split anywhere", () => {
  const message = put(new Uint8Array(MAX_FRAME - 20).fill(0xd8));
  const whole = concat(utf8("\xd8"), frames(message), utf8("\n"));
  strictEqual(MAX_FRAME, 4095);
  strictEqual(whole.length, 2 + 4096 + 1);
  const cuts = [whole.length - 3, whole.length - 2, whole.length - 1];
  for (let at = 0; at <= whole.length; at += 11) cuts.push(at);
  for (const at of cuts) {
    deepStrictEqual(
      read([whole.slice(0, at), whole.slice(at)]),
      events(message, "\xd8\n"),
    );
  }
});

test("ChildStreamDecoder: the newline behind a frame is the frame's, whenever it comes", () => {
  for (const message of [TAKEN, put(new Uint8Array(MAX_FRAME - 20).fill(10))]) {
    const seen: (string | Message)[] = [];
    const decoder = new ChildStreamDecoder(MARK, {
      onMessage: (message) => seen.push(message),
      onText: (text) => seen.push(new TextDecoder().decode(text)),
    });
    const whole = frames(message);
    for (const held of [0, 1, 13, whole.length - 2]) {
      seen.length = 0;
      decoder.push(whole.slice(0, held));
      decoder.push(whole.slice(held, -1));
      // It is not waited for.
      deepStrictEqual(seen, [message]);
      decoder.push(new Uint8Array(0));
      decoder.push(utf8("\n"));
      deepStrictEqual(seen, [message]);
      decoder.push(utf8("\n"));
      deepStrictEqual(seen, [message, "\n"]);
      decoder.push(whole.slice(0, -1));
      decoder.push(concat(utf8("\n"), whole.slice(0, -1)));
      decoder.push(utf8("\n\ntext\n"));
      deepStrictEqual(seen, [message, "\n", message, message, "\ntext\n"]);
    }
    decoder.push(whole.slice(0, -1));
    decoder.end();
    strictEqual(seen.length, 6);
  }
});

test("ChildStreamDecoder: of the newlines behind a frame, one is the frame's", () => {
  const frame = frames(TAKEN).subarray(0, -1);
  const newline = utf8("\n");
  for (
    const [whole, expected] of [
      [concat(frames(TAKEN), utf8("\n\n\nuser\n")), events(TAKEN, "\n\n\nuser\n")],
      [concat(frames(TAKEN), newline, frames(TAKEN)), events(TAKEN, "\n", TAKEN)],
      [concat(frames(TAKEN), utf8("a\n")), events(TAKEN, "a\n")],
      // A line that a frame gets into stays one line.
      [concat(utf8("on"), frames(TAKEN), utf8("e\n")), events(TAKEN, "one\n")],
      // No newline of its own: then none is taken away later on.
      [concat(frame, utf8("a\n\n")), events(TAKEN, "a\n\n")],
      [concat(frame, frame, utf8("\r\n")), events(TAKEN, TAKEN, "\r\n")],
      [frame, events(TAKEN)],
      // Nor behind what only looks like a frame.
      [concat(framesWith(MARK + 1, TAKEN), newline), {
        events: [hex(framesWith(MARK + 1, TAKEN)) + "0a"],
        errors: [],
      }],
      // Frames that do not count any more have theirs taken away, too.
      [concat(marked("63", 2), newline, frames(TAKEN), utf8("\na"), frame, newline), {
        events: [hex(utf8("\na"))],
        errors: ["unknown kind of message: 99"],
      }],
      // Pieces have one each.
      [
        concat(marked("06 42 8215", 3), utf8("\n\n"), marked("07 41 05", 3), newline),
        events("\n", TAKEN),
      ],
    ] as const
  ) {
    deepStrictEqual(reference(whole), expected, hex(whole));
    deepStrictEqual(read([whole.slice()]), expected, hex(whole));
    deepStrictEqual(read(single(whole)), expected, hex(whole));
    for (let at = 0; at <= whole.length; at++) {
      const chunks = [whole.slice(0, at), new Uint8Array(0), whole.slice(at)];
      deepStrictEqual(read(chunks), expected, hex(whole));
    }
  }
});

test("ChildStreamDecoder: messages full of newlines, and text of newlines between", () => {
  for (const size of [0, 1, 10, 4074, 4075, 4076, 4077, 8150, 20_000]) {
    const message = put(new Uint8Array(size).fill(10));
    const whole = concat(
      utf8("\n"),
      frames(message),
      utf8("\n\n"),
      frames(message, message),
      utf8("\n"),
    );
    const expected = events("\n", message, "\n\n", message, message, "\n");
    deepStrictEqual(reference(whole), expected);
    deepStrictEqual(read([whole.slice()]), expected);
    deepStrictEqual(read(single(whole)), expected);
    repeat(10, (random) => deepStrictEqual(read(random.split(whole)), expected));
  }
});

test("ChildStreamDecoder: pieces become the message, with text in between", () => {
  for (const size of [4077, 10_000, 100_000]) {
    const message = put(Uint8Array.from({ length: size }, (_, i) => i * 13 >> 4));
    const parts: Uint8Array[] = [];
    const writer = new FrameWriter(
      MARK,
      (frame) => parts.push(frame.slice(), utf8("x\n")),
    );
    writer.send(message);
    writer.send(TAKEN);
    const expected = events(
      "x\n".repeat(parts.length / 2 - 2),
      message,
      "x\n",
      TAKEN,
      "x\n",
    );
    deepStrictEqual(read([concat(...parts)]), expected);
    repeat(3, (random) => {
      deepStrictEqual(read(random.split(concat(...parts))), expected);
    });
  }
});

test("ChildStreamDecoder: pieces of any size, even none, and every kind in them", () => {
  for (const message of ALL) {
    const array = encodeMessage(message);
    const pieces = Array.from(
      array,
      (byte) => marked(`06 41 ${hex(Uint8Array.of(byte))}`, 3),
    );
    const whole = concat(marked("06 40", 3), ...pieces, marked("07 5800", 3));
    deepStrictEqual(read([whole]), events(message));
  }
});

test("ChildStreamDecoder: a malformed frame is one error, and text still gets through", () => {
  for (
    const [frame, error] of [
      [marked("1505", 2), "malformed Taken message: 0 fields instead of 1"],
      [marked("150505", 3), "malformed Taken message: 1 bytes too many"],
      [marked("63", 2), "unknown kind of message: 99"],
      [marked("1505", 0), "malformed Taken message: 0 fields instead of 1"],
      [
        marked("15f5", 3),
        "malformed Taken message: field 1 must be an unsigned integer below 2 ** 53",
      ],
      [
        marked("100100f5 5a3fffffff", 6),
        "malformed Put message: it ends inside field 4",
      ],
      [marked("1401 9affffffff", 4), "malformed Items message: it ends inside field 2"],
      [marked("06", 2), "malformed Piece message: 0 fields instead of 1"],
      [marked("0760", 3), "malformed LastPiece message: field 1 must be a byte string"],
      [marked("0740", 3), "a message must be an array"],
      [marked("07 43 820740", 3), "unknown kind of message: 7"],
      [marked("07 41 81", 3), "unknown kind of message: none"],
      [concat(marked("06 41 82", 3), frames(TAKEN)), "a message begins inside another"],
    ] as const
  ) {
    const whole = concat(
      utf8("a\n"),
      frames(TAKEN),
      utf8("b\n"),
      frame,
      utf8("c\n"),
      frames(TAKEN),
      frame,
      utf8("d\n"),
      frames(put(new Uint8Array(9999))),
    );
    const { events: seen } = events("a\n", TAKEN, "b\nc\nd\n");
    deepStrictEqual(read([whole.slice()]), { events: seen, errors: [error] });
    deepStrictEqual(read(single(whole)), { events: seen, errors: [error] });
  }
});

test("ChildStreamDecoder: pieces beyond the limit are an error, and are let go", () => {
  const messages: Message[] = [];
  const handlers = {
    onMessage: (message: Message) => messages.push(message),
    onText: () => {},
  };
  const fits = put(new Uint8Array(19_992));
  const decoder = new ChildStreamDecoder(MARK, handlers, 20_000);
  decoder.push(frames(fits));
  deepStrictEqual(messages, [fits]);
  throws(() => decoder.push(frames(put(new Uint8Array(19_993)))), {
    name: "ProtocolError",
    message: "a message is longer than 20000 bytes",
  });
  decoder.push(frames(fits));
  decoder.end();
  strictEqual(messages.length, 1);
});

test("ChildStreamDecoder: an error of onMessage is thrown by push, once", () => {
  const texts: string[] = [];
  let messages = 0;
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: () => {
      messages++;
      throw new RangeError("no");
    },
    onText: (bytes) => texts.push(new TextDecoder().decode(bytes)),
  });
  throws(
    () => decoder.push(concat(utf8("a\n"), frames(TAKEN, TAKEN), utf8("b\n"))),
    RangeError,
  );
  decoder.push(concat(frames(TAKEN), utf8("c\n")));
  decoder.end();
  strictEqual(messages, 1);
  deepStrictEqual(texts, ["a\n", "b\n", "c\n"]);
});

test("ChildStreamDecoder: the end inside a frame or a message is an error", () => {
  const error = {
    events: [hex(utf8("a"))],
    errors: ["the stream ends inside a message"],
  };
  const frame = frames(TAKEN);
  for (let length = 13; length < frame.length - 1; length++) {
    deepStrictEqual(read([concat(utf8("a"), frame.slice(0, length))]), error);
  }
  // A frame is whole without its newline.
  deepStrictEqual(read([concat(utf8("a"), frame.slice(0, -1))]), events(TAKEN, "a"));
  const pieces = frames(put(new Uint8Array(9999)));
  for (
    const [length, rest] of [
      [4095, ""],
      [4096, ""],
      [4097, "d8"],
      [8191, ""],
      [8192, ""],
      [-2, ""],
    ] as const
  ) {
    const cut = pieces.slice(0, length);
    deepStrictEqual(read([concat(utf8("a"), cut)]), {
      ...error,
      events: ["61" + rest],
    });
  }
});

test("ChildStreamDecoder: a line without end does not pile up", () => {
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: () => {},
    onText: (text) => seen += text.length,
  });
  let seen = 0;
  const chunk = new Uint8Array(65536).fill(0xd8);
  for (let i = 0; i < 100; i++) decoder.push(chunk);
  ok(seen > 99 * 65536 - (1 << 20));
  decoder.end();
  strictEqual(seen, 100 * 65536);
});

test("ChildStreamDecoder: whatever holds no frame comes out unchanged", () => {
  repeat(20_000, (random) => {
    const whole = noise(random);
    const expected = whole.length > 0 ? [hex(whole)] : [];
    deepStrictEqual(read(random.split(whole)), { events: expected, errors: [] });
  });
});

test("ChildStreamDecoder: 40,000 mixtures give what a plain reading of the format gives", () => {
  repeat(40_000, (random) => {
    const whole = mixture(random);
    const expected = reference(whole);
    deepStrictEqual(read([whole.slice()]), expected);
    deepStrictEqual(read(random.split(whole)), expected);
  });
});

/** Bytes that are like frames, without the mark. */
function noise(random: Random): Uint8Array {
  const parts = Array.from({ length: random.below(8) }, () =>
    random.of([
      () => random.bytes(8),
      () => random.bytes(8).map((byte) => [0xd8, 0x18, 0x5a, 0, 0x83, 0x1a][byte % 6]!),
      () => framesWith(random.below(2 ** 31), random.of(ALL)),
      () => utf8("text\n"),
    ])());
  return concat(...parts);
}

/** Frames, text and noise, maybe with some bytes changed. */
function mixture(random: Random): Uint8Array {
  const parts = Array.from({ length: random.below(6) }, () =>
    random.of([
      () => noise(random),
      () => frames(random.of(ALL)),
      () => frames(random.of(ALL), random.of(ALL)),
      () => random.mutated(frames(random.of(ALL))),
      () => frames(random.of(ALL)).subarray(0, -1),
      () => utf8("\n".repeat(random.below(3))),
      () => marked(random.of(["06", "07"]) + "43 821505", 3),
      () => frames(random.of(ALL)).subarray(0, 12 + random.below(3)),
    ])());
  return random.below(3) === 0 ? random.mutated(concat(...parts)) : concat(...parts);
}

/** Reads a whole stream as frame.ts describes it, one byte after the other. */
function reference(whole: Uint8Array): Outcome {
  const outcome: Outcome = { events: [], errors: [] };
  let line: number[] = [];
  let pieces: Uint8Array[] | undefined;
  const addLine = () => {
    if (line.length > 0) addText(outcome.events, Uint8Array.from(line));
    line = [];
  };
  let at = 0;
  while (at < whole.length) {
    const size = frameSize(whole.subarray(at));
    if (size === 0) {
      line.push(whole[at]!);
      if (whole[at] === 10) addLine();
      at++;
      continue;
    }
    if (at + size > whole.length) break;
    const frame = whole.slice(at, at + size);
    at += size;
    // Its newline, if it has one.
    if (whole[at] === 10) at++;
    if (outcome.errors.length > 0) continue;
    attempt(outcome, () => {
      const isPiece = frame[13] === Kind.Piece || frame[13] === Kind.LastPiece;
      if (!isPiece && pieces !== undefined) {
        throw new ProtocolError("a message begins inside another");
      }
      const message = readFields(frame, 13, size, (frame[7]! & 15) - 1, 0);
      if (!isPiece) {
        outcome.events.push(message);
        return;
      }
      const [kind, piece] = message as unknown as Piece;
      pieces = [...pieces ?? [], piece];
      if (kind === Kind.Piece) return;
      const array = concat(...pieces);
      pieces = undefined;
      outcome.events.push(decodeMessage(array, 0, array.length));
    });
  }
  addLine();
  if (outcome.errors.length === 0 && (at < whole.length || pieces !== undefined)) {
    outcome.errors.push("the stream ends inside a message");
  }
  return outcome;
}

/** The size of the frame that begins here, 0 if none does; it may be cut. */
function frameSize(from: Uint8Array): number {
  if (from[0] !== 0xd8) return 0;
  const size = 7 + (from[5]! << 8 | from[6]!);
  const hexadecimal = hex(from.subarray(0, 13));
  const isFrame = /^d8185a0000....8.1acafebabe$/.test(hexadecimal);
  return isFrame && size > 13 && size <= MAX_FRAME ? size : 0;
}
