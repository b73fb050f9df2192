/**
 * Tells values that plain CBOR carries as they are from those that need help. This walk
 * is all that most values pay on top of bare cbor-x, so it allocates (almost) nothing.
 *
 * @module
 */

import { MAX_DEPTH } from "./codes.ts";

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
  /** Takes over from the list when that gets long. */
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
  const record = value as Record<string, unknown>;
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
