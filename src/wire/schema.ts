/**
 * What the encoder and the decoder of messages share: the parts of CBOR that occur,
 * the schemas ready to be looked up, and the words of an error.
 *
 * Only a small part of CBOR occurs: integers, 64-bit floating point numbers, false,
 * true, null, text, byte strings, and arrays of known length.
 *
 * A field letter of message.ts is known in three places: here, in `writeField` of
 * message_encoder.ts and in `readField` of message_decoder.ts.
 *
 * @module
 */

import { ProtocolError } from "../python/errors.ts";
import { Kind, SCHEMA } from "./message.ts";

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

/** What each letter of a schema stands for, in an error's words. */
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

/**
 * The error for a message that does not fit its schema.
 *
 * @param kind The message's kind, which has a schema.
 * @param what What is wrong with it.
 */
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
