/**
 * How CPython's connections cut a stream of bytes into messages: a length of 32 bits,
 * first byte first and with a sign, then the message; for messages of 2 GiB and more the
 * length -1, then one of 64 bits without a sign.
 *
 * Mirrors `Connection._send_bytes` and `_recv_bytes` of `multiprocessing/connection.py`.
 * What differs: a stream that ends between a length and its message is cut, not at its
 * end; lengths below -1 are refused.
 *
 * @module
 */

import { EOFError, OSError } from "../errors.ts";
import { readInt32, writeInt32 } from "./bytes.ts";

/** Messages up to this length are sent together with their header. */
const MAX_JOINED = 16384;

/** The greatest length that a header of 4 bytes tells. */
const MAX_INT32 = 0x7fffffff;

/** The longest message that is received: no runtime has longer byte strings. */
export const MAX_PYTHON_MESSAGE = 2 ** 32 - 1;

/** Bytes that a decoder's buffer has at least, and that it keeps when it is empty. */
const CAPACITY = 1 << 12;
const KEEP = 1 << 20;

/**
 * What goes before a message.
 *
 * @param length The message's, in bytes.
 * @returns 4 bytes, or 12.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(pythonHeader(258), Uint8Array.of(0, 0, 1, 2));
 * ```
 */
export function pythonHeader(length: number): Uint8Array {
  if (length <= MAX_INT32) {
    const header = new Uint8Array(4);
    writeInt32(header, 0, length);
    return header;
  }
  const header = new Uint8Array(12).fill(0xff);
  writeInt32(header, 4, Math.floor(length / 2 ** 32));
  writeInt32(header, 8, length);
  return header;
}

/**
 * A message as it goes over the wire, for one write each.
 *
 * @param message The message.
 * @returns One byte string if it is short; else two, of which the second is the message
 * itself, not a copy.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(encodePythonFrame(Uint8Array.of(7)), [Uint8Array.of(0, 0, 0, 1, 7)]);
 * ```
 */
export function encodePythonFrame(message: Uint8Array): Uint8Array[] {
  const header = pythonHeader(message.length);
  if (message.length > MAX_JOINED) return [header, message];
  const frame = new Uint8Array(header.length + message.length);
  frame.set(header);
  frame.set(message, header.length);
  return [frame];
}

/**
 * Takes a stream of bytes apart into messages, when they are asked for. It holds what has
 * arrived and was not asked for, in at most about twice the memory, and allocates nothing
 * for what is only announced: whoever feeds it should stop while nobody asks.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { EOFError } from "@pystd/multiprocessing";
 * const decoder = new PythonFrameDecoder();
 * decoder.push(Uint8Array.of(0, 0, 0, 2, 104));
 * assertEquals(decoder.read(), undefined);
 * decoder.push(Uint8Array.of(105));
 * assertEquals(decoder.read(256), Uint8Array.of(104, 105));
 * decoder.end();
 * assertThrows(() => decoder.read(), EOFError);
 * ```
 */
export class PythonFrameDecoder {
  #buffer: Uint8Array = new Uint8Array(0);
  /** Where the first byte is that was not handed out. */
  #start = 0;
  /** Behind the last byte that has arrived. */
  #length = 0;
  #ended = false;
  /** Set by the first error, for good. */
  #error: Error | undefined;

  /** Bytes that have arrived and belong to no message that was handed out. */
  get buffered(): number {
    return this.#length - this.#start;
  }

  /** Whether {@linkcode read} has an answer now: a message, the end, or an error. */
  get ready(): boolean {
    if (this.#ended || this.#error !== undefined) return true;
    const header = this.#header();
    return header !== undefined &&
      (header.length > MAX_PYTHON_MESSAGE ||
        this.buffered >= header.size + header.length);
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk The bytes; they may change after the return.
   */
  push(chunk: Uint8Array): void {
    if (this.#error !== undefined) return;
    const needed = this.buffered + chunk.length;
    if (this.#length + chunk.length > this.#buffer.length) this.#makeRoom(needed);
    this.#buffer.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  /** There are no more bytes. */
  end(): void {
    this.#ended = true;
  }

  /**
   * The next message.
   *
   * @param maxlength Bytes that it may have; no limit if not given.
   * @returns The message, which is the caller's (not so its buffer); undefined if it has
   * not arrived as a whole.
   * @throws {OSError} `bad message length` if it is longer, and
   * `got end of file during message` if the stream was cut. Both stay for good.
   * @throws {EOFError} If all has been read and the stream is at its end.
   */
  read(maxlength: number = MAX_PYTHON_MESSAGE): Uint8Array | undefined {
    if (this.#error !== undefined) throw this.#error;
    const header = this.#header();
    if (header !== undefined) {
      if (!(header.length <= Math.min(maxlength, MAX_PYTHON_MESSAGE))) {
        throw this.#fail(new OSError("bad message length"));
      }
      const end = this.#start + header.size + header.length;
      if (end <= this.#length) return this.#take(this.#start + header.size, end);
    }
    if (!this.#ended) return undefined;
    if (this.buffered === 0) throw new EOFError();
    throw this.#fail(new OSError("got end of file during message"));
  }

  /** The next message's length, and that of what tells it; an impossible one is endless. */
  #header(): { size: number; length: number } | undefined {
    if (this.buffered < 4) return undefined;
    const length = readInt32(this.#buffer, this.#start);
    if (length >= 0) return { size: 4, length };
    if (length < -1) return { size: 4, length: Infinity };
    if (this.buffered < 12) return undefined;
    const high = readInt32(this.#buffer, this.#start + 4) >>> 0;
    const low = readInt32(this.#buffer, this.#start + 8) >>> 0;
    return { size: 12, length: high * 2 ** 32 + low };
  }

  #take(start: number, end: number): Uint8Array {
    const rest = this.#buffer.subarray(end, this.#length);
    let message = this.#buffer.subarray(start, end);
    this.#start = end;
    if (message.length > this.#buffer.length / 2) {
      // Handing out the buffer is cheaper than a copy; what follows moves to another one.
      this.#replace(new Uint8Array(rest.length), rest);
    } else {
      message = message.slice();
      if (rest.length === 0) this.#start = this.#length = 0;
      if (rest.length === 0 && this.#buffer.length > KEEP) this.#buffer = rest;
    }
    return message;
  }

  /** Room for `needed` bytes in all. */
  #makeRoom(needed: number): void {
    const rest = this.#buffer.subarray(this.#start, this.#length);
    if (needed <= this.#buffer.length / 2) {
      this.#buffer.copyWithin(0, this.#start, this.#length);
      this.#start = 0;
      this.#length = rest.length;
    } else {
      this.#replace(new Uint8Array(Math.max(CAPACITY, needed, rest.length * 2)), rest);
    }
  }

  #replace(buffer: Uint8Array, rest: Uint8Array): void {
    buffer.set(rest);
    this.#buffer = buffer;
    this.#start = 0;
    this.#length = rest.length;
  }

  #fail(error: Error): Error {
    this.#error = error;
    this.#buffer = new Uint8Array(0);
    this.#start = this.#length = 0;
    return error;
  }
}
