/**
 * How much there is to say about a value. A value from a pickle may hold the same list
 * many times over, at many levels: small in memory, endless as a text.
 *
 * @module
 */

/** Deeper than this, `repr` does not look. */
const MAX_DEPTH = 100;

/**
 * How long the text of a value will be, in a rough measure.
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
    // A bigint costs its digits, and the square of them to make them.
    else if (typeof value === "bigint") left -= value.toString(16).length ** 2 / 64;
    else if (ArrayBuffer.isView(value)) left -= value.byteLength;
    else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
      for (const part of parts(value)) {
        if (left < 0) return;
        visit(part, depth + 1);
      }
    }
  };
  visit(value, 0);
  return left < 0 ? Infinity : limit - left;
}

function* parts(value: object): Iterable<unknown> {
  if (Array.isArray(value)) yield* value;
  else if (value instanceof Map || value instanceof Set) {
    for (const [key, item] of value.entries()) {
      yield key;
      yield item;
    }
  } else {
    for (const key of Object.keys(value)) {
      yield key;
      yield (value as Record<string, unknown>)[key];
    }
  }
}
