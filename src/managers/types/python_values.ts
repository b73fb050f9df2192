/**
 * Python's operations on values, for the objects that a manager's server holds: equality,
 * order, hashing, indices and slices, numbers of arguments, and addresses in a `repr`. Pure.
 *
 * @module
 */
import { iterated, keyOf } from "../../python/keys.ts";
import { isPlain } from "../../python/repr.ts";
import { isMap, isSet, isUint8Array } from "../../runtime/brands.ts";
import { asInteger, pythonTypeName } from "../../python/arguments.ts";
import { IndexError, ValueError } from "../../python/errors.ts";
import type { PySlice } from "../../python/slice.ts";

/** The method by which a proxy gives the object that it stands for, if that is here. */
export const REFERENT: unique symbol = Symbol("referent");

/** The object that a proxy stands for, if that is here; other values as they are. */
export function referentOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(REFERENT in value)) return value;
  return (value as { [REFERENT](): unknown })[REFERENT]() ?? value;
}

/** One character for each byte, another for each value. */
const latin1 = new TextDecoder("latin1");

/** The depth up to which values are compared. */
const MAX_DEPTH = 100;

/** The pairs that were found equal, while two values are compared. */
type Pairs = Map<object, Set<object>>;

/**
 * Python's `a == b` for plain data; other objects are equal to themselves only. A part that is
 * in a value more than once is compared once.
 */
export function equal(a: unknown, b: unknown): boolean {
  return equalWithin(a, b, 0, undefined);
}

function equalWithin(
  a: unknown,
  b: unknown,
  depth: number,
  known: Pairs | undefined,
): boolean {
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) {
    // deno-lint-ignore eqeqeq -- 1, 1n and true are equal in Python
    return a == b;
  }
  if (a === null || a === undefined) return b === null || b === undefined;
  if (typeof a !== "object" || typeof b !== "object" || b === null) return false;
  if (depth > MAX_DEPTH) return false;
  if (known?.get(a)?.has(b)) return true;
  const pairs = known ?? new Map<object, Set<object>>();
  const isEqual = equalObjects(a, b, (a, b) => equalWithin(a, b, depth + 1, pairs));
  // If not, nothing that holds them is equal either, and this is the end.
  if (isEqual && depth > 0) pairs.set(a, (pairs.get(a) ?? new Set()).add(b));
  return isEqual;
}

function equalObjects(a: object, b: object, equal: typeof Object.is): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((item, i) => equal(item, b[i]));
  }
  if (isUint8Array(a)) {
    return isUint8Array(b) && a.length === b.length &&
      a.every((byte, i) => byte === b[i]);
  }
  if (isSet(a)) {
    return isSet(b) && a.size === b.size && [...a].every((item) => b.has(item));
  }
  const [left, right] = [pairsOf(a), pairsOf(b)];
  if (left === undefined || right === undefined) return false;
  return left.size === right.size &&
    [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key)));
}

/** Whether it is an `int`, `float` or `bool`. */
export function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" ||
    typeof value === "boolean";
}

/** A dict's pairs: those of a Map, or of a plain object, whose names are {@linkcode keyOf}. */
export function pairsOf(value: unknown): Map<unknown, unknown> | undefined {
  if (isMap(value)) return value;
  if (!isPlain(value)) return undefined;
  return new Map(Object.entries(value).map(([name, value]) => [keyOf(name), value]));
}

/** Python's order, for `sort`. @throws {TypeError} for what has none */
export function compare(a: unknown, b: unknown): number {
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (isUint8Array(a) && isUint8Array(b)) {
    return compareLists([...a], [...b]);
  }
  const [left, right] = [pythonTypeName(a), pythonTypeName(b)];
  throw new TypeError(
    `'<' not supported between instances of '${left}' and '${right}'`,
  );
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (!equal(a[i], b[i])) return compare(a[i], b[i]);
  }
  return a.length - b.length;
}

/** By code points, where JavaScript compares UTF-16 units. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] !== right[i]) {
      return left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    }
  }
  return left.length - right.length;
}

/** Whether it is an integer. */
export function isIndex(value: unknown): boolean {
  return typeof value === "bigint" || typeof value === "boolean" ||
    Number.isInteger(value);
}

/** The position of an index in a sequence. @throws {IndexError} with `text` if it is outside */
export function indexIn(index: unknown, length: number, text: string): number {
  const given = Number(asInteger(index));
  const at = given < 0 ? given + length : given;
  if (at < 0 || at >= length) throw new IndexError(text);
  return at;
}

/** The indices that a slice takes of a sequence, and its bounds. */
export function sliceIndices(slice: PySlice, length: number): {
  start: number;
  stop: number;
  step: number;
  indices: number[];
} {
  const step = slice.step === null || slice.step === undefined
    ? 1
    : Number(asInteger(slice.step));
  if (step === 0) throw new ValueError("slice step cannot be zero");
  const [lowest, highest] = step < 0 ? [-1, length - 1] : [0, length];
  const clamp = (value: unknown, missing: number) => {
    if (value === null || value === undefined) return missing;
    const given = Number(asInteger(value));
    return Math.min(highest, Math.max(lowest, given < 0 ? given + length : given));
  };
  const start = clamp(slice.start, step < 0 ? highest : lowest);
  const stop = clamp(slice.stop, step < 0 ? lowest : highest);
  const indices: number[] = [];
  for (let i = start; step < 0 ? i > stop : i < stop; i += step) indices.push(i);
  return { start, stop, step, indices };
}

/** Whether Python could loop over it. */
export function isIterable(given: unknown): boolean {
  const value = referentOf(given);
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null &&
    (Symbol.iterator in value || "_getvalue" in value || pairsOf(value) !== undefined);
}

/** The elements of a value that Python could loop over. @throws {TypeError} for others */
export function elementsOf(given: unknown): unknown[] {
  const referent = referentOf(given) as { _getvalue?(): unknown } | null | undefined;
  const value = referent !== given && typeof referent?._getvalue === "function"
    ? referent._getvalue()
    : given;
  return [...pairsOf(value)?.keys() ?? iterated(value)];
}

/**
 * The key of a value in a dict or set: the same for values that are equal in Python. Lists
 * stand for tuples.
 *
 * @throws {TypeError} for a value without a hash
 */
export function hashable(key: unknown): unknown {
  switch (typeof key) {
    case "string":
      // The keys of bytes and tuples begin so, and must not be mistaken for text.
      return key.startsWith("\0") ? `\0str${key}` : key;
    case "symbol":
    case "function":
      return key;
    case "number":
      return Number.isInteger(key) && !Number.isSafeInteger(key) ? BigInt(key) : key;
    case "boolean":
      return Number(key);
    case "bigint":
      return Number.isSafeInteger(Number(key)) ? Number(key) : key;
    case "undefined":
      return null;
  }
  if (key === null) return null;
  if (isUint8Array(key)) return `\0bytes${latin1.decode(key)}`;
  if (Array.isArray(key)) return tupleKey(key);
  const isContainer = isMap(key) || isSet(key) || pairsOf(key);
  if (isContainer) throw new TypeError(`unhashable type: '${pythonTypeName(key)}'`);
  return key;
}

/** Elements of a tuple that is a key, those of the tuples in it included. */
const MAX_KEY_ELEMENTS = 100_000;

/** The depth of tuples that are keys. */
const MAX_KEY_DEPTH = 1000;

/**
 * The key of a tuple: its elements one after the other, each with its type and so that its
 * end can be told.
 *
 * @throws {TypeError} for an element without a hash
 * @throws {ValueError} for one that is too large, as one that holds another over and over is
 */
function tupleKey(tuple: readonly unknown[]): string {
  const parts = ["\0tuple"];
  const add = (items: readonly unknown[], depth: number) => {
    parts.push("(");
    for (const item of items) {
      if (parts.length > MAX_KEY_ELEMENTS || depth > MAX_KEY_DEPTH) {
        throw new ValueError("tuple is too large to be a key");
      }
      if (Array.isArray(item)) add(item, depth + 1);
      else parts.push(tagged(item));
    }
    parts.push(")");
  };
  add(tuple, 0);
  return parts.join("");
}

/** An element of a tuple, with its type. @throws {TypeError} */
function tagged(item: unknown): string {
  const value = hashable(item);
  switch (typeof value) {
    case "string":
      return `s${value.length}:${value}`;
    case "number":
    case "bigint":
      return `${typeof value === "number" ? "n" : "b"}${value};`;
    default:
      if (value === null) return "0";
      throw new TypeError(`unhashable type: '${pythonTypeName(item)}'`);
  }
}

/**
 * Python's `a += b` of numbers: integers stay exact, however large they get.
 *
 * @throws {TypeError} if one of them is no number
 */
export function sumOf(a: unknown, b: unknown): number | bigint {
  if (!isNumeric(a) || !isNumeric(b)) {
    const [left, right] = [pythonTypeName(a), pythonTypeName(b)];
    throw new TypeError(
      `unsupported operand type(s) for +=: '${left}' and '${right}'`,
    );
  }
  if (!isInt(a) || !isInt(b)) return Number(a) + Number(b);
  const sum = BigInt(a) + BigInt(b);
  const small = Number(sum);
  return Number.isSafeInteger(small) ? small : sum;
}

function isInt(value: number | bigint | boolean): boolean {
  return typeof value !== "number" || Number.isSafeInteger(value);
}

/**
 * Fewest and most arguments, by a method's name: JavaScript would go on with `undefined` for
 * one that is missing.
 */
export type Arities = ReadonlyMap<string, readonly [least: number, most: number]>;

/** A table of methods. @param rows Names under the range of their arguments: `1`, `0-1`, `1-`. */
export function arities(rows: Readonly<Record<string, string>>): Arities {
  const table = new Map<string, readonly [number, number]>();
  for (const [range, names] of Object.entries(rows)) {
    const [least, most = least] = range.split("-");
    for (const name of names.split(" ")) {
      table.set(name, [Number(least), most === "" ? Infinity : Number(most)]);
    }
  }
  return table;
}

/** A class whose methods are in such a table. */
export interface Counted {
  readonly _type: string;
  readonly _arities: Arities;
}

/** Checks the number of arguments. @throws {TypeError} */
export function checkArity(object: object, name: string, count: number): void {
  const Class = object.constructor as unknown as Partial<Counted> | undefined;
  const arity = Class?._arities?.get(name);
  if (arity === undefined) return;
  const [least, most] = arity;
  if (count >= least && count <= most) return;
  throw new TypeError(textFor(Class!._type!, name, count, least, most));
}

/** Operators that CPython has as methods, with a method's text. */
const AS_METHODS = new Set([
  ...["list.__getitem__", "list.__reversed__", "dict.__contains__", "dict.__getitem__"],
  ...["dict.__reversed__", "set.__contains__"],
]);

/** Operators whose text begins with an empty name. */
const NAMELESS = new Set(["__setitem__", "__mul__", "__rmul__", "__imul__"]);

function textFor(
  type: string,
  name: string,
  count: number,
  least: number,
  most: number,
): string {
  const isOperator = name.startsWith("__") && !AS_METHODS.has(`${type}.${name}`);
  const [bound, limit] = least === most
    ? ["", least]
    : count < least
    ? ["at least ", least]
    : ["at most ", most];
  if (isOperator || least !== most || least > 1) {
    const method = !isOperator ? `${name} ` : NAMELESS.has(name) ? " " : "";
    const noun = limit === 1 ? "argument" : "arguments";
    return `${method}expected ${bound}${limit} ${noun}, got ${count}`;
  }
  return least === 0
    ? `${type}.${name}() takes no arguments (${count} given)`
    : `${type}.${name}() takes exactly one argument (${count} given)`;
}
