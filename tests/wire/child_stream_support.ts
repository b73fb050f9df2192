/**
 * Helpers of the tests of child_stream.ts: ways to make streams and to read them, and a
 * plain, slow reading of the format to compare with.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { ProtocolError } from "../../src/python/errors.ts";
import { ChildStreamDecoder } from "../../src/wire/child_stream.ts";
import { FrameWriter, MAX_FRAME } from "../../src/wire/frame.ts";
import { Kind, type Message, type Piece } from "../../src/wire/message.ts";
import { decodeMessage, readFields } from "../../src/wire/decoder.ts";
import { bytes, concat, hex, MARK, utf8, VECTORS } from "./support.ts";

/** Everything that came out, in order; text that came in parts is one, in hexadecimal. */
export interface Outcome {
  events: (string | Message)[];
  errors: string[];
}

/** What comes out for these chunks. */
export function read(chunks: Iterable<Uint8Array>): Outcome {
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
export function events(...events: (string | Message)[]): Outcome {
  const result = events.map((event) =>
    typeof event === "string" ? hex(utf8(event)) : event
  );
  return { events: result, errors: [] };
}

/** One byte at a time. */
export function* single(whole: Uint8Array): Generator<Uint8Array> {
  for (const byte of whole) yield Uint8Array.of(byte);
}

/** The frames of messages, newlines included. */
export function frames(...messages: Message[]): Uint8Array {
  return framesWith(MARK, ...messages);
}

/** The frames of messages, with another mark. */
export function framesWith(mark: number, ...messages: Message[]): Uint8Array {
  const written: Uint8Array[] = [];
  const writer = new FrameWriter(mark, (bytes) => written.push(bytes.slice()));
  for (const message of messages) writer.send(message);
  return concat(...written);
}

/** A frame with the mark and anything behind it, without a newline. */
export function marked(rest: string, count: number): Uint8Array {
  const length = (6 + bytes(rest).length).toString(16).padStart(8, "0");
  return bytes(`d8185a ${length} ${(0x80 + count).toString(16)} 1acafebabe ${rest}`);
}

/** Messages of every kind. */
export const ALL: readonly Message[] = VECTORS.map(([message]) => message);
/** A short message. */
export const TAKEN: Message = [Kind.Ack, 5];

/** Reads a whole stream as frame.ts describes it, one byte after the other. */
export function reference(whole: Uint8Array): Outcome {
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
      if (whole[at] === 10 || whole[at] === 13) addLine();
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
