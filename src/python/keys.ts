/**
 * The keys of dicts that properties stand for. The name of a property is always text in
 * JavaScript: `d[0]` and `d["0"]` are one. Pure.
 *
 * @module
 */
import { isPlain, pythonTypeName } from "./repr.ts";

/** How JavaScript writes an integer. */
const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * The key of a dict that the name of a property means: an integer that is written as
 * JavaScript writes it means the integer, all else the text.
 */
export function keyOf(name: string): string | number {
  if (!INTEGER.test(name)) return name;
  const number = Number(name);
  return Number.isSafeInteger(number) ? number : name;
}

/**
 * What a loop of Python's goes through: of a plain object, which stands for a dict, the keys.
 *
 * @throws {TypeError} `'int' object is not iterable`
 */
export function iterated(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  const source = value as Iterable<unknown> | null | undefined;
  if (typeof source?.[Symbol.iterator] === "function") return source;
  if (isPlain(value)) return Object.keys(value).map(keyOf);
  throw new TypeError(`'${pythonTypeName(value)}' object is not iterable`);
}
