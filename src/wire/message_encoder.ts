/**
 * Messages to bytes, by hand and by the schema of message.ts: a message is a CBOR array
 * of its kind and its fields.
 *
 * Every field is checked, so that a mistake is found where it was made, and every
 * head is as short as CBOR allows. User values are byte strings and stay closed.
 *
 * @module
 */

import { ByteWriter } from "./bytes.ts";
import type { Message } from "./message.ts";
import {
  ARRAY,
  BYTES,
  FALSE,
  FLOAT64,
  LETTER,
  NEGATIVE,
  NULL,
  RANGE,
  type Range,
  SCHEMAS,
  TEXT,
  TRUE,
  unknownKind,
  UNSIGNED,
  wrongCount,
  wrongField,
} from "./schema.ts";

/** Eight bytes that are a floating point number, too. */
const FLOAT = new DataView(new ArrayBuffer(8));

const ENCODER = new TextEncoder();

/**
 * Encodes a message.
 *
 * @param message The message.
 * @returns Its bytes: one CBOR array.
 * @throws {ProtocolError} If it does not fit {@linkcode SCHEMA}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Kind } from "./message.ts";
 * assertEquals(encodeMessage([Kind.Taken, 5]), Uint8Array.of(0x82, 0x15, 0x05));
 * ```
 */
export function encodeMessage(message: Message): Uint8Array {
  const to = new ByteWriter(256, Infinity);
  to.reserve(1);
  to.buffer[to.length++] = ARRAY | message.length;
  writeFields(to, message);
  return to.joined();
}

/**
 * Writes the kind and the fields of a message, without the array's head.
 *
 * @param to Where to; what it holds after an error is to be thrown away.
 * @param message The message.
 * @throws {ProtocolError} If it does not fit {@linkcode SCHEMA}.
 */
export function writeFields(to: ByteWriter, message: Message): void {
  const kind = message[0];
  const schema = SCHEMAS[kind];
  if (schema === undefined) throw unknownKind(kind);
  const count = schema.length;
  if (message.length !== count + 1) throw wrongCount(kind, message.length - 1);
  to.reserve(0);
  writeHead(to, UNSIGNED, kind);
  for (let i = 0; i < count; i++) {
    if (!writeField(to, schema.charCodeAt(i), message[i + 1])) {
      throw wrongField(kind, i);
    }
  }
}

/** Writes one field of the type `letter`; false if `value` is something else. */
function writeField(to: ByteWriter, letter: number, value: unknown): boolean {
  switch (letter) {
    case LETTER.unsigned:
      return writeUnsigned(to, value);
    case LETTER.word:
      return writeInteger(to, value, RANGE.word);
    case LETTER.byte:
      return writeInteger(to, value, RANGE.byte);
    case LETTER.signal:
      return writeInteger(to, value, RANGE.signal);
    case LETTER.exitcode:
      return writeInteger(to, value, RANGE.exitcode);
    case LETTER.text:
      return writeText(to, value);
    case LETTER.bytes:
      return writeBytes(to, value);
    case LETTER.boolean:
      if (typeof value !== "boolean") return false;
      to.buffer[to.length++] = value ? TRUE : FALSE;
      return true;
    case LETTER.scalar:
      return writeScalar(to, value);
    case LETTER.unsigneds:
      return writeArray(to, value, writeUnsigned);
    case LETTER.numbers:
      return writeArray(to, value, writeNumber);
    case LETTER.byteStrings:
      return writeArray(to, value, writeBytes);
  }
  return false;
}

function writeScalar(to: ByteWriter, value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return writeInteger(to, value, RANGE.integer);
    case "boolean":
      to.buffer[to.length++] = value ? TRUE : FALSE;
      return true;
    case "string":
      return writeText(to, value);
  }
  if (value !== null) return writeBytes(to, value);
  to.buffer[to.length++] = NULL;
  return true;
}

function writeArray(
  to: ByteWriter,
  value: unknown,
  writeElement: (to: ByteWriter, value: unknown) => boolean,
): boolean {
  if (!Array.isArray(value)) return false;
  writeHead(to, ARRAY, value.length);
  for (let i = 0; i < value.length; i++) {
    to.reserve(0);
    if (!writeElement(to, value[i])) return false;
  }
  to.reserve(0);
  return true;
}

function writeBytes(to: ByteWriter, value: unknown): boolean {
  if (!(value instanceof Uint8Array)) return false;
  writeHead(to, BYTES, value.length);
  to.append(value);
  return true;
}

/** Lone surrogates become U+FFFD, as UTF-8 has no place for them. */
function writeText(to: ByteWriter, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const bytes = ENCODER.encode(value);
  writeHead(to, TEXT, bytes.length);
  to.append(bytes);
  return true;
}

function writeUnsigned(to: ByteWriter, value: unknown): boolean {
  if (!isUnsigned(value)) return false;
  writeHead(to, UNSIGNED, value);
  return true;
}

/** -0 is none. */
function writeInteger(
  to: ByteWriter,
  value: unknown,
  [least, greatest]: Range,
): boolean {
  if (!Number.isInteger(value) || Object.is(value, -0)) return false;
  const integer = value as number;
  if (integer < least || integer > greatest) return false;
  return writeNumber(to, integer);
}

function writeNumber(to: ByteWriter, value: unknown): boolean {
  if (typeof value !== "number") return false;
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    FLOAT.setFloat64(0, value);
    to.buffer[to.length++] = FLOAT64;
    for (let i = 0; i < 8; i++) to.buffer[to.length++] = FLOAT.getUint8(i);
  } else if (value >= 0) {
    writeHead(to, UNSIGNED, value);
  } else {
    writeHead(to, NEGATIVE, -1 - value);
  }
  return true;
}

/** Writes an item's first byte and the number `n` that belongs to it. */
function writeHead(to: ByteWriter, type: number, n: number): void {
  const { buffer } = to;
  let at = to.length;
  if (n < 24) {
    buffer[at++] = type | n;
  } else if (n < 0x100) {
    buffer[at++] = type | 24;
    buffer[at++] = n;
  } else if (n < 0x10000) {
    buffer[at++] = type | 25;
    buffer[at++] = n >>> 8;
    buffer[at++] = n;
  } else {
    if (n < 0x100000000) {
      buffer[at++] = type | 26;
    } else {
      const high = Math.floor(n / 0x100000000);
      buffer[at++] = type | 27;
      buffer[at++] = high >>> 24;
      buffer[at++] = high >>> 16;
      buffer[at++] = high >>> 8;
      buffer[at++] = high;
    }
    buffer[at++] = n >>> 24;
    buffer[at++] = n >>> 16;
    buffer[at++] = n >>> 8;
    buffer[at++] = n;
  }
  to.length = at;
}

function isUnsigned(value: unknown): value is number {
  return typeof value === "number" &&
    ((value >>> 0) === value || (Number.isSafeInteger(value) && value >= 0));
}
