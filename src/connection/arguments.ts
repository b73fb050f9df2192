/**
 * The arguments of a `Connection`'s methods: types of the options, signatures by which
 * arguments are parsed, bytes-like objects (those that Python's `memoryview` takes) as
 * bytes; and the numbers that `fileno` gives.
 *
 * @module
 */
import { isArrayBuffer, isSharedBuffer } from "../runtime/brands.ts";
import {
  type Arguments,
  asInteger,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { statsSignature } from "../link/stats.ts";

export type { StatsOptions } from "../link/stats.ts";

/** The option of every method that waits. */
export interface SignalOptions {
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** Options of `poll`. */
export interface PollOptions extends SignalOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
}

/** The part of a buffer that `send_bytes` sends. */
export interface SendBytesOptions extends SignalOptions {
  /** Bytes. */
  offset?: number;
  /** Bytes; null for all. */
  size?: number | null;
}

/** Options of `recv_bytes`. */
export interface RecvBytesOptions extends SignalOptions {
  /** Bytes; null for any. */
  maxlength?: number | null;
}

/** Options of `recv_bytes_into`. */
export interface RecvBytesIntoOptions extends SignalOptions {
  /** Bytes. */
  offset?: number;
}

/** `send(obj)`. */
export const SEND = signature<{ obj: unknown }>(
  "_ConnectionBase.send",
  { obj: REQUIRED },
  { positionalOnly: 1 },
);

/** `recv()`. */
export const RECV = signature<Record<never, unknown>>("_ConnectionBase.recv", {});

/** `poll(timeout)`. */
export const POLL = signature<{ timeout: unknown }>("_ConnectionBase.poll", {
  timeout: 0,
});

interface SendBytesArguments {
  buf: unknown;
  offset: unknown;
  size: unknown;
}

/** `send_bytes(buf, offset, size)`. */
export const SEND_BYTES = signature<SendBytesArguments>(
  "_ConnectionBase.send_bytes",
  { buf: REQUIRED, offset: 0, size: null },
);

/** `recv_bytes(maxlength)`. */
export const RECV_BYTES = signature<{ maxlength: unknown }>(
  "_ConnectionBase.recv_bytes",
  { maxlength: null },
);

/** `recv_bytes_into(buf, offset)`. */
export const RECV_BYTES_INTO = signature<{ buf: unknown; offset: unknown }>(
  "_ConnectionBase.recv_bytes_into",
  { buf: REQUIRED, offset: 0 },
);

/** `stats()`; not in CPython. */
export const STATS = statsSignature("_ConnectionBase.stats");

// ------------------------------------------------------------------------ bytes

/** Anything that holds bytes. */
export type BytesLike = ArrayBufferLike | ArrayBufferView;

/** The bytes of a bytes-like object, without a copy. @throws {TypeError} if it is none */
export function bytesOf(buf: unknown): Uint8Array {
  if (ArrayBuffer.isView(buf)) {
    return new Uint8Array(buf.buffer, buf.byteOffset, buf.byteLength);
  }
  if (isArrayBuffer(buf) || isShared(buf)) return new Uint8Array(buf);
  const type = pythonTypeName(buf);
  throw new TypeError(`memoryview: a bytes-like object is required, not '${type}'`);
}

function isShared(buf: unknown): buf is SharedArrayBuffer {
  return typeof SharedArrayBuffer === "function" && isSharedBuffer(buf);
}

/** Checks a place in a buffer, or a number of bytes. @throws {TypeError} if it is no integer */
export function asOffset(value: unknown): number {
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new TypeError(
      "slice indices must be integers or None or have an __index__ method",
    );
  }
  return asInteger(value, "<");
}

/** Checks the greatest length of a message that may be received; null for any. */
export function asLimit(maxlength: unknown): number {
  if (maxlength === null) return Infinity;
  const most = asOffset(maxlength);
  if (most < 0) throw new ValueError("negative maxlength");
  return most;
}

/** The arguments of `send_bytes`, most calls of which need no mapping. */
export function argumentsOfSendBytes(
  given: unknown[],
): Readonly<Arguments<SendBytesArguments>> {
  return given.length === 1 && ArrayBuffer.isView(given[0])
    ? { buf: given[0], offset: 0, size: null, signal: undefined }
    : parseArguments(SEND_BYTES, given);
}

/** The part of a buffer that `send_bytes` sends. @throws {ValueError} if there is none such */
export function partOf(
  bytes: Uint8Array,
  offsetValue: unknown,
  sizeValue: unknown,
): Uint8Array {
  if (offsetValue === 0 && sizeValue === null) return bytes;
  const { length } = bytes;
  const offset = asOffset(offsetValue);
  if (offset < 0) throw new ValueError("offset is negative");
  if (length < offset) throw new ValueError("buffer length < offset");
  if (sizeValue === null) return bytes.subarray(offset);
  const size = asOffset(sizeValue);
  if (size < 0) throw new ValueError("size is negative");
  if (offset + size > length) throw new ValueError("buffer length < offset + size");
  return bytes.subarray(offset, offset + size);
}

/** Buffers up to this size may be shared by many short messages. */
const SHARED_SIZE = 4096;

/** Messages up to this length are copied rather than handed out as part of a buffer. */
const SHORT = 1 << 16;

/**
 * A message's bytes as the user may keep them: in a buffer without other users. A short
 * message has the buffer for itself; a long one may share it with the few bytes of its
 * length.
 */
export function owned(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, length } = message;
  const size = buffer.byteLength;
  if (size === length || (length > SHORT && size > SHARED_SIZE && size < 2 * length)) {
    return message as Uint8Array<ArrayBuffer>;
  }
  return new Uint8Array(message);
}

// ---------------------------------------------------------------------- numbers

// Small numbers for open connections, the lowest free one first, as the operating system
// numbers files. They are this process's own; the system knows nothing of them.

const free: number[] = [];
let next = 3; // 0 to 2 are standard input, output and error, also here

/** The lowest number that is free. */
export function takeNumber(): number {
  if (free.length === 0) return next++;
  const lowest = Math.min(...free);
  free.splice(free.indexOf(lowest), 1);
  return lowest;
}

/** A number is free again. */
export function giveNumber(number: number): void {
  free.push(number);
}
