/**
 * Splits a child's stdout into messages and whole lines of text; frame.ts tells the format.
 *
 * Nothing that comes from a child is trusted: memory grows with the bytes that have arrived,
 * never with a length that is announced, and all that is not certainly a frame is text. An
 * unfinished frame is a normal state.
 *
 * The newline behind a frame is the frame's and no text, also when it comes in a later
 * chunk; a second one is text. It is not waited for, and where it is missing nothing is
 * taken away. What only looks like a frame has none: a newline behind that is text.
 *
 * ```
 * chunk ─► scan ─┬─ frame ──────────────────► onMessage
 *   ▲            ├─ piece ─► pieces ─ last ─► onMessage
 *   │            ├─ text ──► lines ─ whole ─► onText
 *  held ◄────────┴─ beginning of a frame, or of something that looks like one
 * ```
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Gatherer, plainBytes, readInt32 } from "./bytes.ts";
import { decodeMessage, readFields } from "./decoder.ts";
import { ARRAY, UNSIGNED } from "./encoder.ts";
import { HEADER, MAX_FRAME, MAX_MESSAGE, NEWLINE, PROLOGUE, START } from "./frame.ts";
import { Kind, type Message, type Piece } from "./message.ts";

const EMPTY: Uint8Array = new Uint8Array(0);

/** The results of {@linkcode frameEnd} for bytes that are no frame, and for too few bytes. */
const IS_TEXT = 0;
const UNDECIDED = -1;

/** The bits of a prologue that are the same in all frames of a link. */
const PROLOGUE_BITS: readonly number[] = [
  ...[0xff, 0xff, 0xff], // start
  ...[0xff, 0xff, 0xf0, 0x00], // length
  ...[0xf0, 0xff, 0xff, 0xff, 0xff, 0xff], // head of the array, mark
];

/** The receivers of what a {@linkcode ChildStreamDecoder} finds. */
interface ChildStreamHandlers {
  /** A message, with its size if it came in pieces. A throw counts as a malformed message. */
  onMessage: (message: Message, size?: number) => void;
  /**
   * Text: whole lines, except for the very last one, for lines of more than a mebibyte,
   * and for what {@linkcode ChildStreamDecoder.flush} hands on. The bytes belong to the callee. It must not throw.
   */
  onText: (bytes: Uint8Array) => void;
}

/**
 * Splits a child's stdout into messages and text, in order.
 *
 * A malformed frame with the mark is the child's fault: `push` throws, the messages before
 * it have been handed on, those after it never will be, and the caller is to end the link.
 * Text still gets through.
 */
export class ChildStreamDecoder {
  /** As a signed number, as the bitwise operators make it. */
  readonly #mark: number;
  readonly #onMessage: ChildStreamHandlers["onMessage"];
  readonly #lines: Lines;
  readonly #limit: number;
  /** The beginning of what may become a frame; shorter than a frame. */
  #held: Uint8Array = EMPTY;
  /** The message whose pieces are arriving; ended by the last piece. */
  #pieces: Gatherer | undefined;
  /** The bytes have ended right behind a frame, before its newline. */
  #awaitsNewline = false;
  /** Set by the first error, for good: from then on only text counts. */
  #failed = false;
  /** The first error, until `push` throws it. */
  #error: unknown;

  /** Messages in pieces have at most `limit` bytes. */
  constructor(
    mark: number,
    handlers: ChildStreamHandlers,
    limit: number = MAX_MESSAGE,
  ) {
    this.#mark = mark | 0;
    this.#limit = limit;
    this.#onMessage = handlers.onMessage;
    this.#lines = new Lines(handlers.onText);
  }

  /**
   * Takes the next bytes, which may change after the return. Throws the first error only:
   * ProtocolError for a malformed message, or what `onMessage` has thrown.
   */
  push(chunk: Uint8Array): void {
    chunk = plainBytes(chunk);
    let start = 0;
    if (this.#awaitsNewline && chunk.length > 0) {
      this.#awaitsNewline = false;
      if (chunk[0] === NEWLINE) chunk = chunk.subarray(1);
    }
    if (this.#held.length > 0) start = this.#scanHeld(chunk);
    if (start < chunk.length) {
      const end = this.#scan(chunk, start, chunk.length);
      if (end < chunk.length) this.#held = chunk.slice(end);
    }
    this.#throwError();
  }

  /** Whether the child has begun a line that it has not ended. */
  get hasOpenLine(): boolean {
    return this.#lines.isOpen;
  }

  /** Hands on the beginning of a line that is not ended yet. */
  flush(): void {
    this.#lines.end();
  }

  /**
   * Ends the stream: hands on the last line, if it has no newline. Throws ProtocolError if a
   * message has begun and not ended, as when a process is killed while it writes.
   */
  end(): void {
    const held = this.#held;
    this.#held = EMPTY;
    // With its mark it certainly is a frame; without, it is text, too short to hold one.
    const cut = held.length >= PROLOGUE;
    if (!cut) this.#lines.add(held);
    this.#lines.end();
    if (cut || this.#pieces !== undefined) {
      this.#fail(new ProtocolError("the stream ends inside a message"));
    }
    this.#throwError();
  }

  /**
   * Goes on with the held bytes, joined with as much of the chunk as can belong to a frame
   * that begins in them. Gives the number of bytes of the chunk that were used.
   */
  #scanHeld(chunk: Uint8Array): number {
    const held = this.#held;
    this.#held = EMPTY;
    // A frame that begins in them, and the newline behind it.
    const used = chunk.subarray(0, MAX_FRAME + 1);
    const joined = new Uint8Array(held.length + used.length);
    joined.set(held);
    joined.set(used, held.length);
    const end = this.#scan(joined, 0, held.length);
    if (end >= held.length) return end - held.length;
    // Still undecided: then the chunk was short, and is in `joined` as a whole.
    this.#held = joined.subarray(end);
    return chunk.length;
  }

  /**
   * Hands on everything that begins before `until`. Gives the index where it stopped: at or
   * behind `until`, or before it at bytes that are too few to tell what they are.
   */
  #scan(bytes: Uint8Array, start: number, until: number): number {
    let at = start;
    let text = start;
    while (at < until) {
      const end = frameEnd(bytes, at, this.#mark);
      if (end === IS_TEXT) {
        at = bytes.indexOf(START[0], at + 1);
        if (at < 0) at = bytes.length;
      } else if (end < 0 || end > bytes.length) {
        break;
      } else {
        if (at > text) this.#lines.add(bytes.subarray(text, at));
        if (!this.#failed) this.#read(bytes, at, end);
        this.#awaitsNewline = end === bytes.length;
        text = at = bytes[end] === NEWLINE ? end + 1 : end; // it is no part of the text
      }
    }
    if (at > text) this.#lines.add(bytes.subarray(text, at));
    return at;
  }

  /** Reads the frame from `start` to `end`, which has the mark. */
  #read(bytes: Uint8Array, start: number, end: number): void {
    try {
      const kind = bytes[start + PROLOGUE];
      if (kind === Kind.Piece || kind === Kind.LastPiece) {
        this.#readPiece(bytes, start, end);
      } else if (this.#pieces === undefined) {
        this.#onMessage(readMarked(bytes, start, end, Infinity));
      } else {
        throw new ProtocolError("a message begins inside another");
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #readPiece(bytes: Uint8Array, start: number, end: number): void {
    const [kind, piece] = readMarked(bytes, start, end, 0) as unknown as Piece;
    const pieces = this.#pieces ??= new Gatherer(this.#limit);
    if (pieces.length + piece.length > this.#limit) {
      throw new ProtocolError(`a message is longer than ${this.#limit} bytes`);
    }
    pieces.add(piece);
    if (kind === Kind.Piece) return;
    this.#pieces = undefined;
    const message = pieces.take();
    this.#onMessage(decodeMessage(message, 0, message.length, true), message.length);
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#pieces = undefined;
    this.#error = error;
  }

  #throwError(): void {
    if (this.#error === undefined) return;
    const error = this.#error;
    this.#error = undefined;
    throw error;
  }
}

/**
 * Classifies the bytes from `at` on: {@linkcode IS_TEXT}, {@linkcode UNDECIDED} if they are
 * too few to tell, or the end of the frame that they are, which may be behind the bytes.
 */
function frameEnd(bytes: Uint8Array, at: number, mark: number): number {
  if (bytes[at] !== START[0]) return IS_TEXT;
  if (at + PROLOGUE > bytes.length) {
    return isPrologue(bytes.subarray(at), mark) ? UNDECIDED : IS_TEXT;
  }
  if (
    bytes[at + 1] !== START[1] || bytes[at + 2] !== START[2] ||
    (bytes[at + 3]! | bytes[at + 4]!) !== 0 ||
    (bytes[at + 7]! & 0xf0) !== ARRAY || bytes[at + 8] !== (UNSIGNED | 26) ||
    readInt32(bytes, at + 9) !== mark
  ) return IS_TEXT;
  const size = HEADER + (bytes[at + 5]! << 8 | bytes[at + 6]!);
  return size > PROLOGUE && size <= MAX_FRAME ? at + size : IS_TEXT;
}

/** Whether less than a prologue may become one. */
function isPrologue(bytes: Uint8Array, mark: number): boolean {
  const prologue = [...START, 0, 0, 0, 0, ARRAY, UNSIGNED | 26];
  prologue.push(mark >>> 24, mark >>> 16 & 0xff, mark >>> 8 & 0xff, mark & 0xff);
  return bytes.every((byte, i) => (byte & PROLOGUE_BITS[i]!) === prologue[i]);
}

/** The message in a frame from `start` to `end` that has the mark. */
function readMarked(
  bytes: Uint8Array,
  start: number,
  end: number,
  view: number,
): Message {
  const count = (bytes[start + HEADER]! & 0x0f) - 1;
  return readFields(bytes, start + PROLOGUE, end, count, view);
}

// -------------------------------------------------------------------------------- lines

/** Bytes of a line that are kept back at most, waiting for its newline: 1 MiB. */
export const MAX_LINE = 1 << 20;

const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of text into whole lines, so that the lines of several processes do not run
 * into each other. A carriage return ends a line too: progress bars write it, and are to be
 * seen as they move. Text is bytes here: nothing depends on its encoding but these two.
 */
export class Lines {
  readonly #onText: (bytes: Uint8Array) => void;
  /** Holds the beginning of a line, and room for more; given back when it was big. */
  #kept: Uint8Array = EMPTY;
  /** Bytes in use of `#kept`. */
  #length = 0;

  /**
   * `onText` gets one or more whole lines, and owns the bytes. They end in the middle of a
   * line only at the end, or when {@linkcode MAX_LINE} is exceeded.
   */
  constructor(onText: (bytes: Uint8Array) => void) {
    this.#onText = onText;
  }

  /** Whether there is the beginning of a line. */
  get isOpen(): boolean {
    return this.#length > 0;
  }

  /** Takes some text, and copies what it needs of it. */
  add(text: Uint8Array): void {
    const newline = text.lastIndexOf(NEWLINE);
    const end = Math.max(newline, text.lastIndexOf(CARRIAGE_RETURN));
    if (end >= 0) {
      this.#handOn(text.subarray(0, end + 1));
      text = text.subarray(end + 1);
    }
    if (this.#length + text.length > MAX_LINE) this.#handOn(text);
    else if (text.length > 0) this.#keep(text);
  }

  /** Hands on what there is of a line that has not ended. */
  end(): void {
    if (this.#length > 0) this.#handOn(EMPTY);
  }

  #handOn(text: Uint8Array): void {
    const lines = new Uint8Array(this.#length + text.length);
    lines.set(this.#kept.subarray(0, this.#length));
    lines.set(text, this.#length);
    this.#length = 0;
    if (this.#kept.length > 4096) this.#kept = EMPTY;
    this.#onText(lines);
  }

  #keep(text: Uint8Array): void {
    const length = this.#length + text.length;
    if (length > this.#kept.length) {
      const grown = new Uint8Array(Math.min(Math.max(256, length * 2), MAX_LINE));
      grown.set(this.#kept.subarray(0, this.#length));
      this.#kept = grown;
    }
    this.#kept.set(text, this.#length);
    this.#length = length;
  }
}
