/** Tests of src/wire/child_stream.ts: the newline behind each frame. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ChildStreamDecoder } from "../../src/wire/child_stream.ts";
import { MAX_FRAME } from "../../src/wire/frame.ts";
import type { Message } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import {
  events,
  frames,
  framesWith,
  marked,
  read,
  reference,
  single,
  TAKEN,
} from "./child_stream_support.ts";
import { concat, hex, MARK, put, repeat, utf8 } from "./support.ts";

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
    const [one, two] = [frames(message), frames(message, message)];
    const whole = concat(utf8("\n"), one, utf8("\n\n"), two, utf8("\n"));
    const expected = events("\n", message, "\n\n", message, message, "\n");
    deepStrictEqual(reference(whole), expected);
    deepStrictEqual(read([whole.slice()]), expected);
    deepStrictEqual(read(single(whole)), expected);
    repeat(10, (random) => deepStrictEqual(read(random.split(whole)), expected));
  }
});
