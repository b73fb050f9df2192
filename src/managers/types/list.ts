/**
 * A manager's `list`, as its server holds it: Python's list over an array. Pure.
 *
 * @module
 */
import {
  asInteger,
  parseArguments,
  pythonTypeName,
  repr,
  REQUIRED,
  signature,
} from "../../python/arguments.ts";
import { isTrue } from "../../python/numbers.ts";
import { OverflowError, ValueError } from "../../python/errors.ts";
import { PySlice } from "../../python/slice.ts";
import {
  type Arities,
  arities,
  compare,
  elementsOf,
  equal,
  indexIn,
  isIndex,
  isIterable,
  sliceIndices,
} from "./python_values.ts";

export const SORT = signature<{ key: unknown; reverse: unknown }>(
  "sort",
  { key: null, reverse: false },
  { builtin: true, keywordOnly: ["key", "reverse"] },
);
export const POP = signature<{ index: unknown }>("pop", { index: -1 }, {
  builtin: true,
});
export const INDEX = signature<{ value: unknown; start: unknown; stop: unknown }>(
  "index",
  {
    value: REQUIRED,
    start: 0,
    stop: Number.MAX_SAFE_INTEGER,
  },
  { builtin: true, positionalOnly: 3 },
);

/** Elements that a list may be multiplied to: a few bytes must not take all memory. */
const MAX_LENGTH = 1 << 25;

/** A position as a C number. @throws {OverflowError} if it is too large for one */
export function asSize(index: unknown): number {
  const given = asInteger(index);
  if (BigInt.asIntN(64, BigInt(given)) !== BigInt(given)) {
    throw new OverflowError("Python int too large to convert to C ssize_t");
  }
  return Number(given);
}

/** `list` in a manager's server. */
export class ManagedList {
  static readonly _type = "list";
  static readonly _arities: Arities = arities({
    "0": "__len__ __reversed__ clear copy reverse",
    "1": "__add__ __contains__ __delitem__ __getitem__ __imul__ __mul__ __rmul__ " +
      "append count extend remove",
    "2": "__setitem__ insert",
    "0-1": "pop",
    "1-3": "index",
  });

  /** The elements. An array that was given to `over` changes with the list. */
  readonly items: unknown[];

  constructor(sequence: unknown = []) {
    this.items = elementsOf(sequence);
  }

  /** A list over an array itself. */
  static over(items: unknown[]): ManagedList {
    const list = new ManagedList();
    (list as { items: unknown[] }).items = items;
    return list;
  }

  __len__(): number {
    return this.items.length;
  }

  __getitem__(index: unknown): unknown {
    const { items } = this;
    if (index instanceof PySlice) {
      return sliceIndices(index, items.length).indices.map((i) => items[i]);
    }
    return items[this.#at(index, "list index out of range")];
  }

  __setitem__(index: unknown, value: unknown): void {
    const { items } = this;
    if (!(index instanceof PySlice)) {
      items[this.#at(index, "list assignment index out of range")] = value ?? null;
      return;
    }
    const { start, stop, step, indices } = sliceIndices(index, items.length);
    if (!isIterable(value)) {
      throw new TypeError(
        step === 1
          ? "can only assign an iterable"
          : "must assign iterable to extended slice",
      );
    }
    const values = elementsOf(value);
    if (step === 1) {
      items.splice(start, Math.max(0, stop - start), ...values);
    } else if (values.length !== indices.length) {
      throw new ValueError(
        `attempt to assign sequence of size ${values.length} to extended slice of size ${indices.length}`,
      );
    } else {
      indices.forEach((at, i) => items[at] = values[i]);
    }
  }

  __delitem__(index: unknown): void {
    const { items } = this;
    if (!(index instanceof PySlice)) {
      items.splice(this.#at(index, "list assignment index out of range"), 1);
      return;
    }
    const gone = new Set(sliceIndices(index, items.length).indices);
    const left = items.filter((_, i) => !gone.has(i));
    items.length = 0;
    for (const item of left) items.push(item);
  }

  #at(index: unknown, text: string): number {
    if (!isIndex(index)) {
      throw new TypeError(
        `list indices must be integers or slices, not ${pythonTypeName(index)}`,
      );
    }
    return indexIn(index, this.items.length, text);
  }

  __contains__(value: unknown): boolean {
    return this.items.some((item) => equal(item, value));
  }

  __add__(other: unknown): unknown[] {
    if (!Array.isArray(other)) {
      const type = pythonTypeName(other);
      throw new TypeError(`can only concatenate list (not "${type}") to list`);
    }
    return [...this.items, ...other];
  }

  __mul__(times: unknown): unknown[] {
    const count = Math.max(0, Number(asInteger(times)));
    if (this.items.length === 0) return [];
    if (count * this.items.length > MAX_LENGTH) {
      throw new OverflowError("cannot fit 'int' into an index-sized integer");
    }
    return Array.from({ length: count }, () => this.items).flat(1);
  }

  __rmul__(times: unknown): unknown[] {
    return this.__mul__(times);
  }

  __imul__(times: unknown): this {
    const { items } = this;
    const repeated = this.__mul__(times);
    items.length = 0;
    for (const item of repeated) items.push(item);
    return this;
  }

  __reversed__(): unknown[] {
    return this.items.toReversed();
  }

  __iter__(): Iterator<unknown> {
    return this.items[Symbol.iterator]();
  }

  append(value: unknown): void {
    this.items.push(value ?? null);
  }

  extend(values: unknown): void {
    for (const value of elementsOf(values)) this.items.push(value);
  }

  insert(index: unknown, value: unknown): void {
    this.items.splice(asSize(index), 0, value ?? null);
  }

  pop(...given: unknown[]): unknown {
    const { index } = parseArguments(POP, given);
    const { length } = this.items;
    const text = length === 0 ? "pop from empty list" : "pop index out of range";
    const at = indexIn(asSize(index), length, text);
    return this.items.splice(at, 1)[0];
  }

  remove(value: unknown): void {
    const at = this.items.findIndex((item) => equal(item, value));
    if (at < 0) throw new ValueError("list.remove(x): x not in list");
    this.items.splice(at, 1);
  }

  clear(): void {
    this.items.length = 0;
  }

  copy(): unknown[] {
    return [...this.items];
  }

  count(value: unknown): number {
    return this.items.filter((item) => equal(item, value)).length;
  }

  index(...given: unknown[]): number {
    const { value, start, stop } = parseArguments(INDEX, given);
    const { items } = this;
    if (![start, stop].every(isIndex)) {
      throw new TypeError("slice indices must be integers or have an __index__ method");
    }
    const slice = sliceIndices(new PySlice(start, stop), items.length);
    const at = slice.indices.find((i) => equal(items[i], value));
    if (at === undefined) throw new ValueError(`${repr(value)} is not in list`);
    return at;
  }

  reverse(): void {
    this.items.reverse();
  }

  sort(...given: unknown[]): void {
    const order = sortedOrder(this.items, given);
    const before = [...this.items];
    order.forEach((from, i) => this.items[i] = before[from]);
  }

  _getvalue(): unknown[] {
    return [...this.items];
  }

  toString(): string {
    return repr(this.items);
  }
}

/** Where the elements of the sorted list come from. @param given The arguments of `sort` */
export function sortedOrder(items: readonly unknown[], given: unknown[]): number[] {
  const { key, reverse } = parseArguments(SORT, given);
  const isReversed = isTrue(reverse); // 3.13 takes any value
  const keyed = items.map((item, i): [unknown, number] => {
    if (key === null) return [item, i];
    if (typeof key === "function") return [key(item), i];
    throw new TypeError(`'${pythonTypeName(key)}' object is not callable`);
  });
  // As CPython does it: equal items keep their order.
  if (isReversed) keyed.reverse();
  keyed.sort(([a], [b]) => compare(a, b));
  if (isReversed) keyed.reverse();
  return keyed.map(([, i]) => i);
}
