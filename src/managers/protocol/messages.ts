/**
 * The messages between a manager's client and server, where both are ours: short binary heads
 * and payloads of the reduction. Requests carry numbers and are answered in any order, so that
 * many can be under way; those of one client are begun in order.
 *
 * ```
 * request   op, call (32 bits), thread (32 bits), rest
 *   Call      object (32 bits), length and text of the method, payload [...args]
 *   CallKw    object (32 bits), length and text of the method, payload [args, kwds]
 *   Public    payload [function, args, kwds]
 *   Incref, Decref   object (32 bits)
 *   Cancel, Bye      nothing; `call` says which call
 * reply     kind, call (32 bits), payload
 * ```
 *
 * A connection begins with CPython's handshake; then the client sends `HELLO`, which is
 * a pickle too: CPython's server answers that it knows no such function, ours with
 * `WELCOME`. Pure.
 *
 * @module
 */

/** The operations of a request. */
export const Op = {
  Call: 1,
  CallKw: 2,
  Public: 3,
  Incref: 4,
  Decref: 5,
  Cancel: 6,
  Bye: 7,
} as const;

/** The kinds of a reply. */
export const Reply = {
  /** The value. */
  Return: 1,
  /** `null`; without payload. */
  None: 2,
  /** The error of the method. */
  Error: 3,
  /** The exposed methods, and the token's parts. */
  Proxy: 4,
  /** Text: something was wrong with the request. */
  Traceback: 5,
  /** Text: the result cannot be sent. */
  Unserializable: 6,
  /** The client gave the call up, and it had not happened. */
  Cancelled: 7,
} as const;

const HELLO_NAME = "_pystd_native_1";

/** The pickle of `(None, HELLO_NAME, (), {})`, protocol 2. */
export const HELLO: Uint8Array = new Uint8Array([
  ...[0x80, 2, 0x28, 0x4e, 0x58, HELLO_NAME.length, 0, 0, 0],
  ...new TextEncoder().encode(HELLO_NAME),
  ...[0x29, 0x7d, 0x74, 0x2e],
]);

/** The answer to `HELLO`; no pickle begins so. */
export const WELCOME: Uint8Array = new TextEncoder().encode("#PYSTD#1");

/** The text of the error of what a server cannot send, with the server's report. */
export function unserializableText(report: string): string {
  return `Unserializable message: ${report}\n`;
}

/** Whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const REQUEST_HEAD = 9;
export const REPLY_HEAD = 5;

/** Writes a 32-bit number. */
export function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Reads a 32-bit number; NaN where there is none. */
export function get32(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 0x1000000 +
    (bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Methods' names are few: each is encoded once. */
const encodedNames = new Map<string, Uint8Array>();
const MAX_NAMES = 4096;

/** A method's name with its length in front. @throws {TypeError} if it is too long */
export function encodeName(name: string): Uint8Array {
  const known = encodedNames.get(name);
  if (known !== undefined) return known;
  const text = encoder.encode(name);
  if (text.length > 255) throw new TypeError(`method name is too long: ${name}`);
  const bytes = new Uint8Array([text.length, ...text]);
  if (encodedNames.size < MAX_NAMES) encodedNames.set(name, bytes);
  return bytes;
}

/** Decodes short names without asking the text decoder. */
export function decodeName(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) {
    const code = bytes[i]!;
    if (code > 0x7f) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(code);
  }
  return text;
}
