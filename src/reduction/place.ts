/**
 * Where in a value something lies that cannot be sent, for the error's text. It is looked
 * for when sending has failed; no getter is called.
 *
 * @module
 */
import { isError, isMap, isSet } from "../runtime/brands.ts";

/** A place in a value. */
export interface Place {
  /** As one would write it: `args[0].query`; empty for the value itself. */
  path: string;
  /** Whether an instance of the class that was looked for lies there, not the class. */
  isInstance: boolean;
  /** The object that it is a field of. */
  holder: object | undefined;
}

/** Places that are looked at: a search in a large value ends without a result. */
const LIMIT = 10_000;

const { getPrototypeOf, getOwnPropertyDescriptor, getOwnPropertyNames, keys } = Object;

/**
 * Looks for something in a value.
 *
 * @param culprit The thing itself, or the class of it.
 * @param name What the value is called, such as `args`.
 */
export function placeOf(
  value: unknown,
  culprit: unknown,
  name: string,
): Place | undefined {
  const seen = new Set<unknown>();
  const open: [value: unknown, path: string, holder: object | undefined][] = [
    [value, name, undefined],
  ];
  for (const [item, path, holder] of open) {
    const isInstance = isOf(item, culprit);
    if (item === culprit || isInstance) {
      return { path: path === name ? "" : path.replace(/^\./, ""), isInstance, holder };
    }
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    if (open.length > LIMIT) continue;
    for (const [part, inner] of partsOf(item)) open.push([inner, path + part, item]);
  }
  return undefined;
}

function isOf(item: unknown, culprit: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  if (typeof culprit !== "function") return false;
  const prototype = getPrototypeOf(item);
  return prototype !== null &&
    getOwnPropertyDescriptor(prototype, "constructor")?.value === culprit;
}

/** What an object holds, and how each is reached. */
function* partsOf(object: object): Generator<[part: string, inner: unknown]> {
  if (ArrayBuffer.isView(object)) return;
  if (isMap(object)) {
    for (const [key, item] of object) {
      yield [".keys()", key];
      yield [typeof key === "object" ? ".values()" : `.get(${shown(key)})`, item];
    }
  } else if (isSet(object)) {
    for (const item of object) yield [".values()", item];
  }
  // Of an error those are sent too that are not enumerable.
  for (const key of isError(object) ? getOwnPropertyNames(object) : keys(object)) {
    const part = Array.isArray(object)
      ? `[${key}]`
      : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)
      ? `.${key}`
      : `[${shown(key)}]`;
    yield [part, getOwnPropertyDescriptor(object, key)?.value];
  }
}

function shown(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key) : String(key);
}
