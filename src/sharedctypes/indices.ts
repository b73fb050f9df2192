/**
 * Indices and slices of sequences, as ctypes takes them, and square brackets for classes
 * that have `__getitem__`.
 *
 * @module
 */
import { isSet } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { IndexError, ValueError } from "../python/errors.ts";
import type { PySlice } from "../python/slice.ts";

/** What stands between square brackets in Python. */
export type Index = number | bigint | boolean | PySlice;

/** Which elements a slice takes. */
export interface Range {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/**
 * Where an element is.
 *
 * @param wrongType The text of the error for what is no index.
 * @throws {IndexError | TypeError} if there is none
 */
export function indexIn(
  index: unknown,
  length: number,
  wrongType = "indices must be integers",
): number {
  if (typeof index !== "number") {
    if (typeof index !== "bigint" && typeof index !== "boolean") {
      throw new TypeError(wrongType);
    }
    if (typeof index === "bigint" && BigInt.asIntN(64, index) !== index) {
      throw new IndexError("cannot fit 'int' into an index-sized integer");
    }
    index = Number(index);
  } else if (!Number.isInteger(index)) throw new TypeError(wrongType);
  const given = index as number;
  const at = given < 0 ? given + length : given;
  if (at < 0 || at >= length) throw new IndexError("invalid index");
  return at;
}

/** The elements that a slice takes. @throws {TypeError | ValueError} */
export function rangeOf(slice: PySlice, length: number): Range {
  const step = bound(slice.step) ?? 1;
  if (step === 0) throw new ValueError("slice step cannot be zero");
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const clamp = (given: number | undefined, missing: number) =>
    given === undefined
      ? missing
      : Math.min(highest, Math.max(lowest, given < 0 ? given + length : given));
  const start = clamp(bound(slice.start), step < 0 ? highest : lowest);
  const stop = clamp(bound(slice.stop), step < 0 ? lowest : highest);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return { start, step, count };
}

function bound(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (Number.isInteger(value)) return value as number;
  throw new TypeError(
    "slice indices must be integers or None or have an __index__ method",
  );
}

/** The elements that are assigned to a slice of `count`. @throws {ValueError | TypeError} */
export function elementsFor(count: number, value: unknown): ArrayLike<unknown> {
  if (isSet(value) && value.size === count) {
    throw new TypeError(`'${pythonTypeName(value)}' object does not support indexing`);
  }
  const elements = sequenceOf(value);
  if (elements === undefined || elements.length !== count) {
    throw new ValueError("Can only assign sequence of same size");
  }
  return elements;
}

/** A value as a sequence; undefined if it has no length. */
export function sequenceOf(value: unknown): ArrayLike<unknown> | undefined {
  if (typeof value === "string") return [...value];
  if (isSet(value)) return [...value];
  if (typeof value !== "object" || value === null) return undefined;
  const { length } = value as { length?: unknown };
  return typeof length === "number" ? value as ArrayLike<unknown> : undefined;
}

/** What square brackets ask. */
export interface Subscriptable {
  readonly length: number;
  __getitem__(index: Index): unknown;
  __setitem__(index: Index, value: unknown): void;
}

/** The index that a property's name stands for; undefined if it is another name. */
function indexNamed(key: PropertyKey): number | undefined {
  if (typeof key !== "string") return undefined;
  const first = key.charCodeAt(0);
  if (first !== 0x2d && !(first >= 0x30 && first <= 0x39)) return undefined;
  const index = Number(key);
  return Number.isNaN(index) ? undefined : index;
}

const brackets: ProxyHandler<object> = {
  get(target, key, receiver) {
    const index = indexNamed(key);
    if (index === undefined) return Reflect.get(target, key, receiver);
    return (receiver as Subscriptable).__getitem__(index);
  },
  set(target, key, value, receiver) {
    const index = indexNamed(key);
    if (index === undefined) return Reflect.set(target, key, value, receiver);
    (receiver as Subscriptable).__setitem__(index, value);
    return true;
  },
};

/**
 * Has square brackets call `__getitem__` and `__setitem__` of a class's instances; to be
 * called once. The instances stay ordinary objects, and their methods as fast as any: only
 * what they do not have themselves is looked for behind their classes, where these
 * brackets answer.
 */
export function answerBrackets(Class: { readonly prototype: Subscriptable }): void {
  const parent = Object.getPrototypeOf(Class.prototype);
  Object.setPrototypeOf(Class.prototype, new Proxy(Object.create(parent), brackets));
}
