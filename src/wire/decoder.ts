/**
 * Decodes messages, by hand and by the tables of schema.ts.
 *
 * Everything is checked, so a decoded message has its type for certain. No count or length
 * in the bytes makes it allocate or run for more than the bytes that are there. The bytes
 * behind a message are never looked at: the same bytes give the same message, or the same
 * error text, wherever they are.
 *
 * @module
 */

import { ProtocolError } from "../python/errors.ts";
import { copyBytes, readInt32 } from "./bytes.ts";
import { Kind, type Message, type Scalar } from "./message.ts";
import {
  ARRAY,
  BYTES,
  FALSE,
  FLOAT,
  FLOAT64,
  LETTER,
  malformed,
  NEGATIVE,
  NULL,
  RANGE,
  type Range,
  SCHEMAS,
  TEXT,
  TRUE,
  TYPE,
  unknownKind,
  wrongCount,
  wrongField,
} from "./encoder.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The message that is being read, and the position in it. */
interface Source {
  bytes: Uint8Array;
  /** The message's kind and the number of the field being read, for an error's text. */
  kind: number;
  field: number;
  /** The next byte to read. */
  at: number;
  /** The byte behind the message. */
  end: number;
  /** Byte strings from this length on are views of `bytes`, shorter ones are copies. */
  view: number;
  /** The byte strings and texts outside of `bytes`, and how many of them have been read. */
  outOfBand: readonly Uint8Array[];
  outOfBandRead: number;
}

/** The only source: reading calls no other code, so it is never used twice at a time. */
const SOURCE: Source = {
  bytes: new Uint8Array(0),
  kind: 0,
  field: 0,
  at: 0,
  end: 0,
  view: Infinity,
  outOfBand: [],
  outOfBandRead: 0,
};

/** Of a message whose byte strings are all in its own bytes. */
const NONE: readonly Uint8Array[] = [];

/** Text and byte strings from this length on are out of band, if any are. */
export const OUT_OF_BAND = 1 << 16;

/**
 * Decodes the message from `start` to `end`; all of its bytes must be used. Throws
 * ProtocolError, which names the kind and the field, if they are anything else.
 *
 * @param bytes A Uint8Array proper, as `slice` of Node's Buffer does not copy.
 * @param owned Whether `bytes` may be kept: a byte string that takes at least half of
 * its buffer is then a view of it. All others are copies.
 * @param outOfBand As {@linkcode readFields} takes them; they belong to the message then.
 */
export function decodeMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
  owned = false,
  outOfBand: readonly Uint8Array[] = NONE,
): Message {
  if (start >= end || (bytes[start]! & TYPE) !== ARRAY) {
    throw new ProtocolError("a message must be an array");
  }
  const kind = start + 1 < end ? bytes[start + 1] : undefined;
  if (kind === Kind.Piece || kind === Kind.LastPiece) throw unknownKind(kind);
  const view = owned ? bytes.buffer.byteLength / 2 : Infinity;
  return readFields(bytes, start + 1, end, bytes[start]! & ~TYPE, view, outOfBand);
}

/**
 * Decodes a message whose array's head, with `count` elements, has been read: from its kind
 * at `start` to `end`. It is a piece of a message if the kind says so.
 *
 * @param view Byte strings from this length on are views of `bytes`, shorter ones copies.
 * @param outOfBand The byte strings and texts of {@linkcode OUT_OF_BAND} bytes or more, in
 * order, if they are not in `bytes`.
 */
export function readFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  view: number,
  outOfBand: readonly Uint8Array[] = NONE,
): Message {
  // A kind from 24 on takes another byte.
  const isLong = bytes[start] === 24 && start + 1 < end && bytes[start + 1]! >= 24;
  const at = isLong ? start + 1 : start;
  const kind = bytes[at]!;
  const schema = at < end && (at > start || kind < 24) ? SCHEMAS[kind] : undefined;
  if (schema === undefined) throw unknownKind(at < end ? kind : "none");
  if (count !== schema.length + 1) throw wrongCount(kind, count - 1);
  const from = SOURCE;
  from.bytes = bytes;
  from.kind = kind;
  from.at = at + 1;
  from.end = end;
  from.view = view;
  from.outOfBand = outOfBand;
  from.outOfBandRead = 0;
  const message = readTuple(from, kind, schema);
  if (from.at !== end) throw malformed(kind, `${end - from.at} bytes too many`);
  if (from.outOfBandRead !== outOfBand.length) throw malformed(kind, "too many parts");
  return message;
}

/** A literal for each usual length: the quickest way to make an array. */
function readTuple(from: Source, kind: number, schema: string): Message {
  let message: unknown[];
  switch (schema.length) {
    case 1:
      message = [kind, readField(from, schema, 0)];
      break;
    case 2:
      message = [kind, readField(from, schema, 0), readField(from, schema, 1)];
      break;
    case 3:
      message = [
        kind,
        readField(from, schema, 0),
        readField(from, schema, 1),
        readField(from, schema, 2),
      ];
      break;
    case 4:
      message = [
        kind,
        readField(from, schema, 0),
        readField(from, schema, 1),
        readField(from, schema, 2),
        readField(from, schema, 3),
      ];
      break;
    default:
      message = [kind];
      for (let i = 0; i < schema.length; i++) message.push(readField(from, schema, i));
  }
  return message as Message;
}

/** Reads field number `index`, counted from 0. */
function readField(from: Source, schema: string, index: number): unknown {
  from.field = index;
  if (from.at >= from.end) throw cut(from);
  const first = from.bytes[from.at++]!;
  switch (schema.charCodeAt(index)) {
    case LETTER.unsigned:
      return first < 24 ? first : readUnsigned(from, first);
    case LETTER.word:
      return readInteger(from, first, RANGE.word);
    case LETTER.byte:
      return readInteger(from, first, RANGE.byte);
    case LETTER.signal:
      return readInteger(from, first, RANGE.signal);
    case LETTER.exitcode:
      return readInteger(from, first, RANGE.exitcode);
    case LETTER.text:
      return readText(from, first);
    case LETTER.bytes:
      return readBytes(from, first);
    case LETTER.boolean:
      if (first === TRUE) return true;
      if (first === FALSE) return false;
      break;
    case LETTER.scalar:
      return readScalar(from, first);
    case LETTER.unsigneds:
      return readArray(from, first, readUnsigned);
    case LETTER.numbers:
      return readArray(from, first, readNumber);
    case LETTER.byteStrings:
      return readArray(from, first, readBytes);
  }
  throw wrong(from);
}

/** The first byte of an item. */
function readFirst(from: Source): number {
  if (from.at >= from.end) throw cut(from);
  return from.bytes[from.at++]!;
}

function readScalar(from: Source, first: number): Scalar {
  switch (first) {
    case NULL:
      return null;
    case TRUE:
      return true;
    case FALSE:
      return false;
  }
  if ((first & TYPE) === BYTES) return readBytes(from, first);
  if ((first & TYPE) === TEXT) return readText(from, first);
  return readInteger(from, first, RANGE.integer);
}

function readArray<T>(
  from: Source,
  first: number,
  readElement: (from: Source, first: number) => T,
): T[] {
  if ((first & TYPE) !== ARRAY) throw wrong(from);
  const count = readHead(from, first);
  // An element takes a byte at least, so a false count cannot make this run for long.
  if (count > from.end - from.at) throw cut(from);
  const array: T[] = [];
  for (let i = 0; i < count; i++) {
    const first = readFirst(from);
    const isSmall = first < 24 && (readElement as unknown) !== readBytes;
    array.push(isSmall ? first as T : readElement(from, first));
  }
  return array;
}

function readBytes(from: Source, first: number): Uint8Array {
  if ((first & TYPE) !== BYTES) throw wrong(from);
  const width = first & ~TYPE;
  const count = width < 24 ? width : readHead(from, first);
  if (count >= OUT_OF_BAND && isOutOfBand(from, count)) {
    return takeOutOfBand(from, count);
  }
  const start = from.at;
  const end = start + count;
  if (end > from.end) throw cut(from);
  from.at = end;
  return count >= from.view
    ? from.bytes.subarray(start, end)
    : copyBytes(from.bytes, start, end);
}

function readText(from: Source, first: number): string {
  if ((first & TYPE) !== TEXT) throw wrong(from);
  const count = readHead(from, first);
  let bytes: Uint8Array;
  if (isOutOfBand(from, count)) {
    bytes = takeOutOfBand(from, count);
  } else {
    const end = from.at + count;
    if (end > from.end) throw cut(from);
    bytes = from.bytes.subarray(from.at, end);
    from.at = end;
  }
  try {
    return DECODER.decode(bytes);
  } catch {
    throw wrong(from);
  }
}

function isOutOfBand(from: Source, count: number): boolean {
  return count >= OUT_OF_BAND && from.outOfBand !== NONE;
}

function takeOutOfBand(from: Source, count: number): Uint8Array {
  const bytes = from.outOfBand[from.outOfBandRead++];
  if (bytes?.length !== count) throw cut(from);
  return bytes;
}

function readUnsigned(from: Source, first: number): number {
  if (first < 24) return first;
  if (first < NEGATIVE) return readHead(from, first);
  throw wrong(from);
}

function readInteger(
  from: Source,
  first: number,
  [least, greatest]: Range,
): number {
  if (first >= BYTES) throw wrong(from);
  const head = readHead(from, first);
  const value = first < NEGATIVE ? head : -1 - head;
  if (value < least || value > greatest) throw wrong(from);
  return value;
}

function readNumber(from: Source, first: number): number {
  if (first < NEGATIVE) return readHead(from, first);
  if (first < BYTES) return -1 - readHead(from, first);
  if (first !== FLOAT64) throw wrong(from);
  if (from.at + 8 > from.end) throw cut(from);
  for (let i = 0; i < 8; i++) FLOAT.setUint8(i, from.bytes[from.at++]!);
  return FLOAT.getFloat64(0);
}

/** The number that belongs to an item whose first byte is `first`. */
function readHead(from: Source, first: number): number {
  const { bytes } = from;
  const width = first & 0x1f;
  if (width < 24) return width;
  if (width > 27) throw wrong(from);
  let at = from.at;
  if (at + (1 << width - 24) > from.end) throw cut(from);
  let n: number;
  if (width === 24) {
    n = bytes[at++]!;
  } else if (width === 25) {
    n = bytes[at++]! << 8 | bytes[at++]!;
  } else if (width === 26) {
    n = readInt32(bytes, at) >>> 0;
    at += 4;
  } else if (bytes[at] === 0 && bytes[at + 1]! < 0x20) {
    n = readInt32(bytes, at) * 0x100000000 + (readInt32(bytes, at + 4) >>> 0);
    at += 8;
  } else {
    throw wrong(from);
  }
  from.at = at;
  return n;
}

/** The error for the present field, which is no value of its letter. */
function wrong(from: Source): ProtocolError {
  return wrongField(from.kind, from.field);
}

/** The error for the present field, which is longer than the message. */
function cut(from: Source): ProtocolError {
  return malformed(from.kind, `it ends inside field ${from.field + 1}`);
}
