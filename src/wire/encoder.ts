/**
 * Encodes messages, by hand and by the schema of message.ts, which tells their form; and
 * holds what the decoder shares: the part of CBOR that occurs, schemas, errors.
 *
 * Every field is checked, so that a mistake is found where it was made, and every head is
 * as short as CBOR allows. User values are byte strings and stay closed.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { ProtocolError } from "../python/errors.ts";
import { ByteWriter } from "./bytes.ts";
import { Kind, type Message } from "./message.ts";
import { SCHEMA } from "./schema.ts";

/** Converts between a 64-bit float and its bytes. */
export const FLOAT = new DataView(new ArrayBuffer(8));

const ENCODER = new TextEncoder();

/** Encodes a message as one CBOR array. Throws ProtocolError if it does not fit its schema. */
export function encodeMessage(message: Message): Uint8Array {
  const to = new ByteWriter(256, Infinity);
  to.reserve(1);
  to.buffer[to.length++] = ARRAY | message.length;
  writeFields(to, message);
  return to.joined();
}

/**
 * Writes the kind and the fields of a message, without the array's head. Throws
 * ProtocolError if it does not fit its schema; then `to` has to be truncated.
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
    const value = message[i + 1];
    const letter = schema.charCodeAt(i);
    // Most fields are small numbers, which need no call.
    if (letter === LETTER.unsigned && (value as number) >>> 0 === value && value < 24) {
      to.buffer[to.length++] = UNSIGNED | value;
    } else if (!writeField(to, letter, value)) throw wrongField(kind, i);
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

/** Bytes of a head, or of a number, at most. */
const LONGEST_HEAD = 9;

function writeArray(
  to: ByteWriter,
  value: unknown,
  writeElement: (to: ByteWriter, value: unknown) => boolean,
): boolean {
  if (!Array.isArray(value)) return false;
  writeHead(to, ARRAY, value.length);
  for (let i = 0; i < value.length; i++) {
    const element = value[i];
    if (to.length + LONGEST_HEAD > to.buffer.length) to.reserve(0);
    // As in `writeFields`: most numbers are small. -0 is none.
    const isSmall = typeof element === "number" && element >>> 0 === element &&
      element < 24 && 1 / element > 0 && writeElement !== writeBytes;
    if (isSmall) {
      to.buffer[to.length++] = UNSIGNED | element;
    } else if (!writeElement(to, element)) return false;
  }
  to.reserve(0);
  return true;
}

function writeBytes(to: ByteWriter, value: unknown): boolean {
  if (!isUint8Array(value)) return false;
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

// ------------------------------------------------------------------------------- schema
//
// Only a small part of CBOR occurs: integers, 64-bit floating point numbers, false,
// true, null, text, byte strings, and arrays of known length.
//
// A field letter is known in three places: here, in `writeField` and in the decoder's
// `readField`.

// The first byte of an item is its type plus a number, or plus the width of the number
// that follows.
/** An integer from 0 on. */
export const UNSIGNED = 0x00;
/** An integer below 0: the number that follows is -1 minus it. */
export const NEGATIVE = 0x20;
/** A byte string. */
export const BYTES = 0x40;
/** UTF-8. */
export const TEXT = 0x60;
/** An array. */
export const ARRAY = 0x80;
/** The bits of a first byte that are its type. */
export const TYPE = 0xe0;
// Whole first bytes.
/** The item `false`. */
export const FALSE = 0xf4;
/** The item `true`. */
export const TRUE = 0xf5;
/** The item `null`. */
export const NULL = 0xf6;
/** A floating point number of 64 bits follows. */
export const FLOAT64 = 0xfb;

/** The letters of a schema, as `charCodeAt` tells them. */
export const LETTER = {
  unsigned: 0x75,
  word: 0x77,
  byte: 0x74,
  signal: 0x67,
  exitcode: 0x65,
  text: 0x73,
  bytes: 0x62,
  boolean: 0x3f,
  scalar: 0x76,
  unsigneds: 0x55,
  numbers: 0x4e,
  byteStrings: 0x42,
} as const;

/** The least and the greatest integer that may stand where a schema has one of these. */
export const RANGE = {
  word: [0, 2 ** 32 - 1],
  byte: [0, 255],
  signal: [1, 64],
  exitcode: [-64, 2 ** 32 - 1],
  /** In a scalar. */
  integer: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

/** One of {@linkcode RANGE}. */
export type Range = readonly [least: number, greatest: number];

/** The values that each letter of a schema stands for, in an error's words. */
const MEANING: Readonly<Record<string, string>> = {
  u: "an unsigned integer below 2 ** 53",
  w: "an unsigned integer below 2 ** 32",
  t: "an unsigned integer below 256",
  g: "a signal from 1 to 64",
  e: "an exit code or minus a signal",
  s: "text",
  b: "a byte string",
  "?": "a boolean",
  v: "a scalar",
  U: "an array of unsigned integers below 2 ** 53",
  N: "an array of numbers",
  B: "an array of byte strings",
};

/** The schemas by kind, up to 255; an array is quicker to look into than an object. */
export const SCHEMAS: readonly (string | undefined)[] = Array.from(
  { length: 256 },
  (_, kind) => (SCHEMA as Record<number, string | undefined>)[kind],
);

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Kind).map(([name, kind]) => [kind, name]),
);

/** The error for a message of a known kind that does not fit its schema. */
export function malformed(kind: number, what: string): ProtocolError {
  return new ProtocolError(`malformed ${NAMES.get(kind)} message: ${what}`);
}

/** The error for a first field that is no kind. */
export function unknownKind(kind: unknown): ProtocolError {
  return new ProtocolError(`unknown kind of message: ${kind}`);
}

/** The error for a message of `fields` fields where the schema has more or fewer. */
export function wrongCount(kind: number, fields: number): ProtocolError {
  return malformed(
    kind,
    `${Math.max(fields, 0)} fields instead of ${SCHEMAS[kind]!.length}`,
  );
}

/** The error for field `index`, counted from 0, that is not what the schema says. */
export function wrongField(kind: number, index: number): ProtocolError {
  const meaning = MEANING[SCHEMAS[kind]![index]!];
  return malformed(kind, `field ${index + 1} must be ${meaning}`);
}
