/**
 * Splits what the root writes to a child into messages; frame.ts tells the format.
 *
 * There are only frames, so all other bytes are an error. An unfinished frame is a normal
 * state. Memory grows with the bytes that have arrived.
 *
 * @module
 */

import { ProtocolError } from "../python/errors.ts";
import { concat, Gatherer, plainBytes, readInt32 } from "./bytes.ts";
import { HEADER, MAX_MESSAGE, START } from "./frame.ts";
import type { Message } from "./message.ts";
import { decodeMessage } from "./decoder.ts";

const EMPTY: Uint8Array = new Uint8Array(0);

/** Splits what the root writes into messages. If `onMessage` throws, the stream is given up. */
export class RootStreamDecoder {
  readonly #onMessage: (message: Message) => void;
  /** The first bytes of a frame, as long as they are not a whole header. */
  #header: Uint8Array = EMPTY;
  /** The message that has not arrived as a whole. */
  #body: Gatherer | undefined;
  /** Set by the first error, for good. */
  #failed = false;

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  /**
   * Takes the next bytes, which may change after the return. Throws ProtocolError if they are
   * no frames, and after any earlier error.
   */
  push(chunk: Uint8Array): void {
    if (this.#failed) throw new ProtocolError("the stream has been given up");
    this.#failed = true; // in case of an error
    this.#read(plainBytes(chunk));
    this.#failed = false;
  }

  /** Ends the stream; throws ProtocolError if a frame has begun and not ended. */
  end(): void {
    if (this.#failed || (this.#header.length === 0 && this.#body === undefined)) return;
    this.#failed = true;
    throw new ProtocolError("the stream ends inside a message");
  }

  #read(chunk: Uint8Array): void {
    let at = 0;
    if (this.#header.length > 0) {
      at = HEADER - this.#header.length;
      const header = concat(this.#header, chunk.subarray(0, at));
      this.#header = EMPTY;
      if (this.#keepHeader(header, 0)) return;
      this.#body = new Gatherer(messageLength(header, 0));
    }
    if (this.#body !== undefined) {
      at = this.#readBody(this.#body, chunk, at);
      if (this.#body !== undefined) return;
    }
    while (at < chunk.length) {
      if (this.#keepHeader(chunk, at)) return;
      const start = at + HEADER;
      const length = messageLength(chunk, at);
      at = start + length;
      if (at > chunk.length) {
        this.#body = new Gatherer(length);
        this.#body.add(chunk.subarray(start));
        return;
      }
      this.#onMessage(decodeMessage(chunk, start, at));
    }
  }

  /** Keeps the beginning of a header, and gives true, if not all of it has arrived. */
  #keepHeader(bytes: Uint8Array, at: number): boolean {
    if (bytes.length - at >= HEADER) return false;
    this.#header = bytes.slice(at);
    if (this.#header.some((byte, i) => i < START.length && byte !== START[i])) {
      throw notAFrame();
    }
    return true;
  }

  /** Adds the chunk's bytes of `body`, from `start` on, to it; gives the end of these. */
  #readBody(body: Gatherer, chunk: Uint8Array, start: number): number {
    const end = start + body.expected - body.length;
    body.add(chunk.subarray(start, end));
    if (end > chunk.length) return chunk.length;
    this.#body = undefined;
    this.#onMessage(decodeMessage(body.take(), 0, body.length, true));
    return end;
  }
}

/** The length that a header tells. */
function messageLength(bytes: Uint8Array, at: number): number {
  if (
    bytes[at] !== START[0] || bytes[at + 1] !== START[1] || bytes[at + 2] !== START[2]
  ) throw notAFrame();
  const length = readInt32(bytes, at + 3) >>> 0;
  if (length > MAX_MESSAGE) {
    throw new ProtocolError(`a message is longer than ${MAX_MESSAGE} bytes`);
  }
  return length;
}

function notAFrame(): ProtocolError {
  return new ProtocolError("a frame must begin with D8 18 5A");
}
