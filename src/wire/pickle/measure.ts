/**
 * How much there is to say about a value. A value from a pickle may hold the same list
 * many times over, at many levels: small in memory, endless as a text.
 *
 * @module
 */

/** Deeper than this, `repr` does not look. */
const MAX_DEPTH = 100;

/** Objects with more keys than this are counted once. */
const MANY = 1000;

/** The number of keys of large objects: counting them takes time each time. */
const counts = new WeakMap<object, number>();

/**
 * How long the text of a value will be, in a rough measure. Takes no more steps than
 * `limit`, whatever the value.
 *
 * @param value Anything from a pickle.
 * @param limit Where to stop.
 * @returns About the number of characters; `Infinity` if there are more than `limit`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let list: unknown[] = [];
 * for (let i = 0; i < 50; i++) list = [list, list];
 * assertEquals(textSize(list, 1000), Infinity);
 * assertEquals(textSize(["ab", 1], 1000), 5);
 * ```
 */
export function textSize(value: unknown, limit: number): number {
  let left = limit;
  const visit = (value: unknown, depth: number): void => {
    left -= 1;
    if (typeof value === "string") left -= value.length;
    else if (typeof value === "bigint") left -= bigIntSize(value);
    else if (ArrayBuffer.isView(value)) left -= value.byteLength;
    else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
      if (!isIterable(value)) left -= countKeys(value);
      if (left < 0) return;
      for (const part of isIterable(value) ? value : Object.entries(value).flat()) {
        visit(part, depth + 1);
        if (left < 0) return;
      }
    }
  };
  visit(value, 0);
  return left < 0 ? Infinity : limit - left;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Array.isArray(value) || value instanceof Map || value instanceof Set;
}

/** To turn a large integer into decimal digits takes more than a step for each. */
function bigIntSize(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return 20;
  return BigInt.asIntN(8192, value) === value ? 2500 : Infinity;
}

function countKeys(object: object): number {
  const known = counts.get(object);
  if (known !== undefined) return known;
  const { length } = Object.keys(object);
  if (length > MANY) counts.set(object, length);
  return length;
}
