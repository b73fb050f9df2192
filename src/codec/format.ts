/**
 * The format of payloads: the numbers and limits that both directions share, the check of
 * bytes before cbor-x reads them, the outer form, and the two hooks through which objects
 * that only the layer above knows (functions, instances, errors, shared objects) take part.
 *
 * Two forms of payload exist:
 *
 * - *bare*: one CBOR item without any tag. It is the value.
 * - *wrapped*: `tag([references]?, bytes*, body)`. The body is again an item without
 *   tags, in which an array that starts with `undefined` is a *node*: its second
 *   element, one of {@linkcode Code}, says what stands for what follows. (An array of
 *   the user's that starts with `undefined` becomes a node itself.) Byte strings are
 *   kept outside of the body, so that they are copied once and not parsed.
 *
 * No tag ever reaches cbor-x, so other libraries' changes of its global tables have no
 * effect here.
 *
 * To add a kind of value: a number in `Code`, a case in prepare.ts, one in revive.ts.
 *
 * @module
 */
import { UnpicklingError } from "../python/errors.ts";
import { makeRoom } from "../wire/bytes.ts";

/** Tag of a wrapped payload. In the range that is free for everyone (above 40,500). */
export const WRAPPED = 0x50790001;

/** Tag of a wrapped payload whose first byte string is an encoded table of references. */
export const WRAPPED_WITH_REFERENCES = 0x50790002;

/**
 * Levels of nested arrays and objects at most; every node and its fields count as well. Fixed,
 * because the engines' own limits differ by a factor of ten, and low enough for all of them.
 */
export const MAX_DEPTH = 1000;

/** The second element of a node. The values are the format's; never renumber them. */
export const Code = {
  /** An object that was met before: its number, counted from 0 in the order they begin. */
  Again: 0,
  /** -0. */
  NegativeZero: 1,
  /** A string that UTF-8 cannot carry: the index of its UTF-16 code units. */
  Text: 2,
  /** A bigint of more than 64 bits: in hexadecimal digits, after a `-` perhaps. */
  BigInt: 3,
  /** A boxed primitive: the primitive. */
  Boxed: 4,
  /** Milliseconds, NaN for an invalid date. */
  Date: 5,
  /** Source, flags. */
  RegExp: 6,
  /** The URL's text. */
  URL: 7,
  /** Key, value, key, value… */
  Map: 8,
  /** The members. */
  Set: 9,
  /** The elements of an array that starts with `undefined`. */
  Array: 10,
  /** Length, then index, value, index, value… */
  Sparse: 11,
  /** An object with a key such as `__proto__`: key, value, key, value… */
  Entries: 12,
  /** An object without a prototype: key, value, key, value… */
  NullPrototype: 13,
  /** Index into {@linkcode BYTES_KINDS}, index of the byte string. */
  Bytes: 14,
  /** A {@linkcode Reduced}: kind, head, and the state if there is one. */
  Reduced: 15,
} as const;

/** Kinds of binary data, by name of the class. The order is the format's. */
export const BYTES_KINDS: readonly string[] = [
  "Uint8Array",
  "ArrayBuffer",
  "DataView",
  "Uint8ClampedArray",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "BigUint64Array",
  "BigInt64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "Buffer",
];

/**
 * Whether a property is a method that JavaScript calls by itself, when the object is awaited,
 * shown or written as JSON: a function that has come with a message would be called so.
 */
export function isSelfCalled(name: unknown, value: unknown): boolean {
  return typeof value === "function" &&
    ["then", "toString", "valueOf", "toJSON"].includes(name as string);
}

/** An object that the codec does not know itself, taken apart. */
export interface Reduced {
  /** The reviver's number for this kind of object. */
  kind: number;
  /** The value that the object is made from; the object must not occur in it. */
  head: unknown;
  /** The value that the object is filled with once it is made; may contain the object. */
  state?: unknown;
}

/** Takes objects apart, at the moment of encoding. */
export interface Reducer {
  /** Throws where the object cannot be sent. */
  reduce(value: object): Reduced;
}

/** Puts together the objects that a {@linkcode Reducer} took apart. */
export interface Reviver {
  /** Makes an object from its head. */
  create(kind: number, head: unknown): unknown;
  /** Fills the result of `create`; only called where there is a state. */
  restore(made: unknown, kind: number, state: unknown): void;
}

// --------------------------------------------------------------------------------- scan
//
// Checks bytes from another process before cbor-x reads them, and refuses what this
// package never writes: tags (by which cbor-x can be made to spend time and memory out
// of proportion), byte strings within a body, lengths that exceed the bytes, nesting
// without end. Bytes that have passed cannot make cbor-x fail.

/** The number of items still to come at each level; no user code runs during a scan. */
const pending = new Float64Array(MAX_DEPTH + 2);

/** Whether the items of a level are keys and values in turn. */
const isMap = new Uint8Array(MAX_DEPTH + 2);

/** Bytes that follow a head whose additional information is 24, 25, 26 or 27. */
const ARGUMENT_BYTES = [1, 2, 4, 8] as const;

/** The error for bytes that no process of this package has written. */
export function malformed(why: string): UnpicklingError {
  return new UnpicklingError(`malformed data: ${why}`);
}

/** The error for bytes that end too early. */
export function truncated(): UnpicklingError {
  return new UnpicklingError("pickle data was truncated");
}

/** Reads a big-endian unsigned integer of 1, 2, 4 or 8 bytes. */
export function readUint(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw truncated();
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + bytes[i]!;
  return value;
}

/** Throws UnpicklingError unless the bytes are exactly one item that cbor-x may read. */
export function scan(bytes: Uint8Array): void {
  const end = bytes.length;
  let at = 0;
  let depth = 0;
  pending[0] = 1;
  while (true) {
    while (pending[depth] === 0) {
      if (depth-- === 0) {
        if (at < end) throw malformed("extra bytes at the end");
        return;
      }
    }
    if (at >= end) throw truncated();
    const head = bytes[at++]!;
    if (isMap[depth] === 1 && pending[depth]! % 2 === 0 && head >> 5 !== 3) {
      throw malformed("a key that is no text");
    }
    pending[depth]!--;
    const information = head & 0x1f;
    let argument = information;
    if (information > 23) {
      if (information > 27) throw malformed(`unexpected byte ${head}`);
      const length = ARGUMENT_BYTES[information - 24]!;
      argument = readUint(bytes, at, length);
      at += length;
    }
    switch (head >> 5) {
      case 0:
      case 1:
        break;
      case 3:
        at += argument;
        if (at > end) throw truncated();
        break;
      case 4:
      case 5:
        if (head >= 0xa0) argument *= 2;
        if (argument > end - at) throw truncated();
        if (++depth > MAX_DEPTH) throw malformed("nested too deeply");
        pending[depth] = argument;
        isMap[depth] = head >= 0xa0 ? 1 : 0;
        break;
      case 7:
        if (information < 20 || information === 24) {
          throw malformed(`unexpected byte ${head}`);
        }
        break;
      default:
        throw malformed(`unexpected byte ${head}`);
    }
  }
}

// ----------------------------------------------------------------------------- wrapping
//
// The outer form of payloads: byte strings, and the tag and array that hold a body and
// its byte strings together.

/** A copy. Not by `slice`, by which a Buffer makes another Buffer. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Puts a body and its byte strings into one payload. */
export function assemble(
  tag: number,
  outOfBand: Uint8Array[],
  body: Uint8Array,
): Uint8Array {
  let size = 5 + headSize(outOfBand.length + 1) + body.length;
  for (const { length } of outOfBand) size += headSize(length) + length;
  const bytes = makeRoom(size);
  let at = writeHead(bytes, 0, 0xc0, tag);
  at = writeHead(bytes, at, 0x80, outOfBand.length + 1);
  for (const string of outOfBand) {
    at = writeHead(bytes, at, 0x40, string.length);
    bytes.set(string, at);
    at += string.length;
  }
  bytes.set(body, at);
  return bytes;
}

function headSize(argument: number): number {
  return argument < 24 ? 1 : argument < 2 ** 8 ? 2 : argument < 2 ** 16 ? 3 : 5;
}

function writeHead(
  bytes: Uint8Array,
  at: number,
  major: number,
  argument: number,
): number {
  const size = headSize(argument);
  bytes[at] = major | (size === 1 ? argument : size === 2 ? 24 : size === 3 ? 25 : 26);
  for (let i = size - 1, rest = argument; i > 0; i--, rest >>>= 8) bytes[at + i] = rest;
  return at + size;
}

/** The start and the end of a byte string's content. */
function byteString(
  bytes: Uint8Array,
  at: number,
): [start: number, end: number] {
  const [length, start] = readHead(bytes, at, 2);
  if (length > bytes.length - start) throw truncated();
  return [start, start + length];
}

function readHead(
  bytes: Uint8Array,
  at: number,
  major: number,
): [argument: number, next: number] {
  const head = readUint(bytes, at, 1);
  const information = head & 0x1f;
  if (head >> 5 !== major || information > 26) {
    throw malformed(`unexpected byte ${head}`);
  }
  if (information < 24) return [information, at + 1];
  const length = 1 << (information - 24);
  return [readUint(bytes, at + 1, length), at + 1 + length];
}

/** Splits a wrapped payload; the results alias it. */
export function split(
  payload: Uint8Array,
): { tag: number; strings: Uint8Array[]; body: Uint8Array } {
  const [tag, array] = readHead(payload, 0, 6);
  if (tag !== WRAPPED && tag !== WRAPPED_WITH_REFERENCES) {
    throw malformed("unknown kind of payload");
  }
  const [count, first] = readHead(payload, array, 4);
  const strings: Uint8Array[] = [];
  let at = first;
  for (let i = 1; i < count; i++) {
    const [start, end] = byteString(payload, at);
    strings.push(payload.subarray(start, end));
    at = end;
  }
  if (tag === WRAPPED_WITH_REFERENCES && strings.length === 0) throw truncated();
  return { tag, strings, body: payload.subarray(at) };
}

/** A payload that is a byte string. */
export function encodeBytes(value: Uint8Array): Uint8Array {
  const bytes = makeRoom(headSize(value.length) + value.length);
  bytes.set(value, writeHead(bytes, 0, 0x40, value.length));
  return bytes;
}

/** Copies the content of a payload that is a byte string. */
export function decodeBytes(payload: Uint8Array): Uint8Array {
  const [start, end] = byteString(payload, 0);
  if (end !== payload.length) throw malformed("extra bytes at the end");
  return copyOf(payload.subarray(start, end));
}
