/** Tests of src/wire/child_stream.ts: text and frames told apart, and whole lines. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ChildStreamDecoder, Lines, MAX_LINE } from "../../src/wire/child_stream.ts";
import { FrameWriter, MAX_FRAME } from "../../src/wire/frame.ts";
import type { Message } from "../../src/wire/message.ts";
import { encodeMessage } from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import {
  ALL,
  events,
  frames,
  framesWith,
  marked,
  type Outcome,
  read,
  reference,
  single,
  TAKEN,
} from "./child_stream_support.ts";
import { bytes, concat, hex, MARK, put, type Random, repeat, utf8 } from "./support.ts";

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

test("ChildStreamDecoder: a line that is open is handed on when that is asked for", () => {
  const seen: string[] = [];
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: () => seen.push("message"),
    onText: (text) => seen.push(new TextDecoder().decode(text)),
  });
  const [frame] = [frames(TAKEN)];
  decoder.push(utf8("one\n"));
  deepStrictEqual([decoder.hasOpenLine, seen], [false, ["one\n"]]);
  decoder.push(concat(utf8("tw"), frame.slice(0, 3))); // a frame has begun behind it
  strictEqual(decoder.hasOpenLine, true);
  decoder.flush();
  deepStrictEqual([decoder.hasOpenLine, seen.at(-1)], [false, "tw"]);
  decoder.flush();
  strictEqual(seen.length, 2);
  decoder.push(concat(frame.slice(3), utf8("o\n")));
  deepStrictEqual(seen.slice(2), ["message", "o\n"]);
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
        ...[utf8(before!), fake, frames(TAKEN), fake, fake],
        ...[frames(TAKEN, TAKEN), utf8(after!)],
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
    const chunks = [whole.slice(0, at), whole.slice(at)];
    deepStrictEqual(read(chunks), events(message, "\xd8\n"));
  }
});

test("ChildStreamDecoder: pieces become the message, with text in between", () => {
  for (const size of [4077, 10_000, 100_000]) {
    const message = put(Uint8Array.from({ length: size }, (_, i) => i * 13 >> 4));
    const parts: Uint8Array[] = [];
    const write = (frame: Uint8Array) => parts.push(frame.slice(), utf8("x\n"));
    const writer = new FrameWriter(MARK, write);
    writer.send(message);
    writer.send(TAKEN);
    const before = "x\n".repeat(parts.length / 2 - 2);
    const expected = events(before, message, "x\n", TAKEN, "x\n");
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
      [marked("1505", 2), "malformed Ack message: 0 fields instead of 1"],
      [marked("150505", 3), "malformed Ack message: 1 bytes too many"],
      [marked("63", 2), "unknown kind of message: 99"],
      [marked("1505", 0), "malformed Ack message: 0 fields instead of 1"],
      [
        marked("15f5", 3),
        "malformed Ack message: field 1 must be an unsigned integer below 2 ** 53",
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
      ...[utf8("a\n"), frames(TAKEN), utf8("b\n"), frame, utf8("c\n"), frames(TAKEN)],
      ...[frame, utf8("d\n"), frames(put(new Uint8Array(9999)))],
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
  for (const length of [4095, 4096, 4097, 8191, 8192, -2]) {
    const whole = concat(utf8("a"), pieces.slice(0, length));
    const events = [length === 4097 ? "61d8" : "61"];
    deepStrictEqual(read([whole]), { ...error, events });
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

/** What comes out for these parts; the end is marked by "end". */
function lines(...parts: string[]): string[] {
  const seen: string[] = [];
  const lines = new Lines((bytes) => seen.push(new TextDecoder().decode(bytes)));
  for (const part of parts) lines.add(utf8(part));
  seen.push("end");
  lines.end();
  return seen;
}

test("Lines: whole lines leave at once, as one byte string", () => {
  deepStrictEqual(lines("one\ntwo\n"), ["one\ntwo\n", "end"]);
  deepStrictEqual(lines("\n"), ["\n", "end"]);
});

test("Lines: the rest of a line waits for its newline or the end", () => {
  deepStrictEqual(lines("one\ntw", "o", "\nthree"), ["one\n", "two\n", "end", "three"]);
  deepStrictEqual(lines("", ""), ["end"]);
});

test("Lines: a carriage return ends a line as well", () => {
  deepStrictEqual(lines("10%\r20%\r3", "0%\r"), ["10%\r20%\r", "30%\r", "end"]);
  deepStrictEqual(lines("one\r", "\ntwo"), ["one\r", "\n", "end", "two"]);
});

test("Lines: nothing is lost, whatever the bytes and parts", () => {
  repeat(500, (random) => {
    const text = random.bytes(200).map((byte) => byte % 20);
    const seen: Uint8Array[] = [];
    const lines = new Lines((bytes) => seen.push(bytes));
    for (const part of random.split(text)) lines.add(part);
    const last = seen.findLast(() => true);
    strictEqual(last === undefined || [10, 13].includes(last.at(-1)!), true);
    lines.end();
    deepStrictEqual(concat(...seen), text);
  });
});

test("Lines: a line without end is handed on when a mebibyte has piled up", () => {
  const seen: number[] = [];
  const lines = new Lines((bytes) => seen.push(bytes.length));
  const part = new Uint8Array(MAX_LINE / 4);
  for (let i = 0; i < 4; i++) lines.add(part);
  deepStrictEqual(seen, []);
  lines.add(part.subarray(0, 1));
  deepStrictEqual(seen, [MAX_LINE + 1]);
  lines.add(concat(utf8("\n"), new Uint8Array(MAX_LINE + 1)));
  deepStrictEqual(seen, [MAX_LINE + 1, 1, MAX_LINE + 1]);
  lines.end();
  strictEqual(seen.length, 3);
});

test("Lines: the bytes that are handed on belong to whoever gets them", () => {
  const seen: Uint8Array[] = [];
  const lines = new Lines((bytes) => seen.push(bytes));
  const part = utf8("a\nb");
  lines.add(part);
  part.fill(0);
  lines.add(utf8("\n"));
  deepStrictEqual(seen, [utf8("a\n"), utf8("b\n")]);
});
