/**
 * The fast paths: the walk that tells whether plain CBOR carries a value as it is, and
 * single numbers, booleans and short texts, read and written by hand. The walk is all that
 * most values pay on top of bare cbor-x, so it allocates (almost) nothing.
 *
 * @module
 */
import { malformed, MAX_DEPTH, readUint, truncated } from "./format.ts";

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_NEGATIVE64 = -(2n ** 64n) + 1n;

/** Up to this many objects, looking through a list is quicker than hashing. */
const LIST_LIMIT = 12;

/**
 * Whether UTF-8 and cbor-x keep a string as it is: half a surrogate pair has no UTF-8,
 * and `TextDecoder`, which cbor-x uses for longer strings, drops a leading U+FEFF.
 */
export function isPlainText(text: string): boolean {
  return text.charCodeAt(0) !== 0xfeff && text.isWellFormed();
}

/** Whether cbor-x writes the number as an integer of up to 64 bits. */
export function isPlainBigInt(value: bigint): boolean {
  return value <= MAX_UINT64 && value >= MIN_NEGATIVE64;
}

/** Whether cbor-x alone brings the value across unchanged. */
export function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "number":
      return value !== 0 || 1 / value > 0; // not -0
    case "string":
      return isPlainText(value);
    case "boolean":
    case "undefined":
      return true;
    case "bigint":
      return isPlainBigInt(value);
    case "object":
      return value === null || isPlainObject(value, new Seen(), 1);
    default:
      return false;
  }
}

/** The objects that a walk has met: one that is met twice is shared, or a cycle. */
class Seen {
  #list: object[] | undefined = [];
  /** Replaces the list when that gets long. */
  #set: Set<object> | undefined;

  /** False if the object was added before. */
  add(value: object): boolean {
    const list = this.#list;
    if (list !== undefined) {
      if (list.includes(value)) return false;
      list.push(value);
      if (list.length > LIST_LIMIT) {
        this.#set = new Set(list);
        this.#list = undefined;
      }
      return true;
    }
    const set = this.#set!;
    const size = set.size;
    return set.add(value).size !== size;
  }
}

// Primitives are tested in the two loops, not by a call each: they are most of what is met.

function isPlainObject(value: object, seen: Seen, depth: number): boolean {
  if (depth > MAX_DEPTH || !seen.add(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // cbor-x goes by `constructor`, which an own property of that name would change.
  if (prototype === Array.prototype) {
    return value.constructor === Array && isPlainArray(value as unknown[], seen, depth);
  }
  if (prototype !== Object.prototype || value.constructor !== Object) return false;
  const record = value as Record<PropertyKey, unknown>;
  if (record[Symbol.toStringTag] !== undefined) return false; // `Math`, say
  for (const key in record) {
    if (key === "__proto__" || !isPlainText(key)) return false;
    const item = record[key];
    switch (typeof item) {
      case "number":
        if (item === 0 && 1 / item < 0) return false;
        break;
      case "string":
        if (!isPlainText(item)) return false;
        break;
      case "object":
        if (item !== null && !isPlainObject(item, seen, depth + 1)) return false;
        break;
      default:
        if (!isPlain(item)) return false;
    }
  }
  return true;
}

function isPlainArray(array: unknown[], seen: Seen, depth: number): boolean {
  if (!Array.isArray(array)) return false;
  for (let i = 0; i < array.length; i++) {
    const item = array[i];
    switch (typeof item) {
      case "number":
        if (item === 0 && 1 / item < 0) return false;
        break;
      case "string":
        if (!isPlainText(item)) return false;
        break;
      case "object":
        if (item !== null && !isPlainObject(item, seen, depth + 1)) return false;
        break;
      case "undefined":
        if (!(i in array)) return false; // a hole
        break;
      default:
        if (!isPlain(item)) return false;
    }
  }
  return true;
}

// ------------------------------------------------------- numbers, booleans, short texts
//
// By hand, as most payloads are one, and cbor-x takes several times as long to get ready.

/** Texts of fewer bytes than this are read and written here, if they are ASCII. */
const SHORT = 24;

const arena = new Uint8Array(SHORT);
const floats = new DataView(arena.buffer);
/** For reading: the last result of writing may still be in use. */
const scratch = new DataView(new ArrayBuffer(8));
/** Views of the arena, by length. */
const views = Array.from(
  { length: SHORT + 1 },
  (_, length) => arena.subarray(0, length),
);

/**
 * The payload of a scalar, as cbor-x would write it; overwritten by the next call. Undefined
 * for -0, text that is long or not ASCII, bigints, and objects.
 */
export function writeScalar(value: unknown): Uint8Array | undefined {
  switch (typeof value) {
    case "number":
      return writeNumber(value);
    case "string":
      return value.length < SHORT ? writeText(value) : undefined;
    case "boolean":
      arena[0] = value ? 0xf5 : 0xf4;
      return views[1];
    case "undefined":
      arena[0] = 0xf7;
      return views[1];
    default:
      if (value !== null) return undefined;
      arena[0] = 0xf6;
      return views[1];
  }
}

function writeNumber(value: number): Uint8Array | undefined {
  if (value >>> 0 === value) {
    return value === 0 && 1 / value < 0 ? undefined : writeUint(0x00, value);
  }
  const rest = -1 - value;
  if (rest >>> 0 === rest) return writeUint(0x20, rest);
  arena[0] = 0xfb;
  floats.setFloat64(1, value);
  return views[9];
}

function writeUint(major: number, value: number): Uint8Array | undefined {
  if (value < 24) {
    arena[0] = major | value;
    return views[1];
  }
  if (value < 0x100) {
    arena[0] = major | 24;
    arena[1] = value;
    return views[2];
  }
  if (value < 0x10000) {
    arena[0] = major | 25;
    floats.setUint16(1, value);
    return views[3];
  }
  arena[0] = major | 26;
  floats.setUint32(1, value);
  return views[5];
}

function writeText(text: string): Uint8Array | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    arena[i + 1] = code;
  }
  arena[0] = 0x60 | text.length;
  return views[text.length + 1];
}

/**
 * The value of a payload that is a scalar; {@linkcode readScalar} itself, which no payload
 * can contain, if it is none.
 */
export function readScalar(bytes: Uint8Array): unknown {
  const head = bytes[0]!;
  const information = head & 0x1f;
  switch (head >> 5) {
    case 0:
    case 1:
      return readInteger(bytes, head >> 5 === 1, information);
    case 3:
      return information < SHORT ? readText(bytes, information) : readScalar;
    case 7:
      return readSimple(bytes, information);
    default:
      return readScalar;
  }
}

function expectLength(bytes: Uint8Array, length: number): void {
  if (bytes.length < length) throw truncated();
  if (bytes.length > length) throw malformed("extra bytes at the end");
}

function readInteger(
  bytes: Uint8Array,
  negative: boolean,
  information: number,
): number | bigint {
  if (information < 24) {
    expectLength(bytes, 1);
    return negative ? -1 - information : information;
  }
  if (information > 27) throw malformed(`unexpected byte ${bytes[0]}`);
  const length = 1 << (information - 24);
  expectLength(bytes, 1 + length);
  if (length === 8) {
    const value = BigInt(readUint(bytes, 1, 4)) << 32n | BigInt(readUint(bytes, 5, 4));
    return negative ? -1n - value : value;
  }
  const value = readUint(bytes, 1, length);
  return negative ? -1 - value : value;
}

function readText(bytes: Uint8Array, length: number): unknown {
  expectLength(bytes, 1 + length);
  let text = "";
  for (let i = 1; i <= length; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return readScalar;
    text += String.fromCharCode(byte);
  }
  return text;
}

function readSimple(bytes: Uint8Array, information: number): unknown {
  switch (information) {
    case 20:
    case 21:
      expectLength(bytes, 1);
      return information === 21;
    case 22:
      expectLength(bytes, 1);
      return null;
    case 23:
      expectLength(bytes, 1);
      return undefined;
    case 27:
      expectLength(bytes, 9);
      for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[i + 1]!);
      return scratch.getFloat64(0);
    default:
      return readScalar;
  }
}
