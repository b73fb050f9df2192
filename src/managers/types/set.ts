/**
 * A manager's `set`, as its server holds it: Python's set. Pure.
 *
 * @module
 */
import { isSet } from "../../runtime/brands.ts";
import { pythonTypeName, repr } from "../../python/arguments.ts";
import { KeyError } from "../../python/errors.ts";
import { iterateSized } from "./iteration.ts";
import { type Arities, arities, elementsOf, hashable } from "./python_values.ts";

type Items = Map<unknown, unknown>;

/** Operators that are methods which take sets only, with the operators' signs in errors. */
const OPERATORS = {
  __or__: ["|", "union"],
  __ror__: ["|", "union"],
  __and__: ["&", "intersection"],
  __rand__: ["&", "intersection"],
  __sub__: ["-", "difference"],
  __xor__: ["^", "symmetric_difference"],
  __rxor__: ["^", "symmetric_difference"],
  __le__: ["<=", "issubset"],
  __ge__: [">=", "issuperset"],
  __ior__: ["|=", "update"],
  __iand__: ["&=", "intersection_update"],
  __isub__: ["-=", "difference_update"],
  __ixor__: ["^=", "symmetric_difference_update"],
} as const;

/** The operators of a set that {@linkcode OPERATORS} lists. */
export interface ManagedSet extends Record<keyof typeof OPERATORS, Operator> {}

// deno-lint-ignore no-explicit-any -- a set, a truth value, or the set itself
type Operator = (other: unknown) => any;

/** `set` in a manager's server. */
export class ManagedSet {
  static readonly _type = "set";
  static readonly _arities: Arities = arities({
    "0": "__iter__ __len__ clear copy pop",
    "1":
      "__and__ __contains__ __eq__ __ge__ __gt__ __iand__ __ior__ __isub__ __ixor__ " +
      "__le__ __lt__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add add_new " +
      "discard isdisjoint issubset issuperset remove symmetric_difference " +
      "symmetric_difference_update",
  });

  /** The elements, by what equal ones have in common. */
  #items: Items;

  constructor(iterable: unknown = []) {
    this.#items = itemsOf(iterable);
  }

  __len__(): number {
    return this.#items.size;
  }

  __contains__(value: unknown): boolean {
    return this.#items.has(hashable(value));
  }

  __iter__(): Iterator<unknown> {
    const length = () => this.__len__(); // some methods put another Map in its place
    const items = {
      get size() {
        return length();
      },
      values: () => this.#items.values(),
    };
    return iterateSized("Set", items, (item) => item);
  }

  add(value: unknown): void {
    const key = hashable(value);
    if (!this.#items.has(key)) this.#items.set(key, value);
  }

  /** `add`, and whether the value was new. Not in Python. */
  add_new(value: unknown): boolean {
    const before = this.__len__();
    this.add(value);
    return this.__len__() > before;
  }

  discard(value: unknown): void {
    this.#items.delete(hashable(value));
  }

  remove(value: unknown): void {
    if (!this.#items.delete(hashable(value))) throw new KeyError(value);
  }

  pop(): unknown {
    for (const [key, value] of this.#items) {
      this.#items.delete(key);
      return value;
    }
    throw new KeyError("pop from an empty set");
  }

  clear(): void {
    this.#items.clear();
  }

  copy(): Set<unknown> {
    return this._getvalue();
  }

  union(...others: unknown[]): Set<unknown> {
    return toSet(join(this.#items, ...others.map(itemsOf)));
  }

  intersection(...others: unknown[]): Set<unknown> {
    return toSet(meet(this.#items, ...others.map(itemsOf)));
  }

  difference(...others: unknown[]): Set<unknown> {
    return toSet(minus(this.#items, ...others.map(itemsOf)));
  }

  symmetric_difference(other: unknown): Set<unknown> {
    return toSet(either(this.#items, itemsOf(other)));
  }

  update(...others: unknown[]): void {
    this.#items = join(this.#items, ...others.map(itemsOf));
  }

  intersection_update(...others: unknown[]): void {
    this.#items = meet(this.#items, ...others.map(itemsOf));
  }

  difference_update(...others: unknown[]): void {
    this.#items = minus(this.#items, ...others.map(itemsOf));
  }

  symmetric_difference_update(other: unknown): void {
    this.#items = either(this.#items, itemsOf(other));
  }

  isdisjoint(other: unknown): boolean {
    return meet(this.#items, itemsOf(other)).size === 0;
  }

  issubset(other: unknown): boolean {
    return minus(this.#items, itemsOf(other)).size === 0;
  }

  issuperset(other: unknown): boolean {
    return minus(itemsOf(other), this.#items).size === 0;
  }

  __rsub__(other: unknown): Set<unknown> {
    return toSet(minus(itemsOf(operand("-", other)), this.#items));
  }

  __lt__(other: unknown): boolean {
    return this.__le__(other) && itemsOf(other).size > this.#items.size;
  }

  __gt__(other: unknown): boolean {
    return this.__ge__(other) && itemsOf(other).size < this.#items.size;
  }

  __eq__(other: unknown): boolean {
    return isSet(other) && this.#items.size === other.size &&
      this.issubset(other);
  }

  _getvalue(): Set<unknown> {
    return toSet(this.#items);
  }

  toString(): string {
    return repr(this._getvalue());
  }
}

for (const [name, [operator, method]] of Object.entries(OPERATORS)) {
  Object.defineProperty(ManagedSet.prototype, name, {
    value(this: ManagedSet, other: unknown) {
      // Methods that change the set give nothing: their operators give the set.
      return this[method](operand(operator, other)) ?? this;
    },
  });
}

function itemsOf(iterable: unknown): Items {
  const items: Items = new Map();
  for (const item of elementsOf(iterable)) {
    const key = hashable(item);
    if (!items.has(key)) items.set(key, item);
  }
  return items;
}

function toSet(items: Items): Set<unknown> {
  return new Set(items.values());
}

function join(first: Items, ...others: Items[]): Items {
  const all = new Map(first);
  for (const other of others) {
    for (const [key, item] of other) if (!all.has(key)) all.set(key, item);
  }
  return all;
}

function meet(first: Items, ...others: Items[]): Items {
  return new Map([...first].filter(([key]) => others.every((other) => other.has(key))));
}

function minus(first: Items, ...others: Items[]): Items {
  return new Map([...first].filter(([key]) => !others.some((other) => other.has(key))));
}

function either(first: Items, other: Items): Items {
  return new Map([...minus(first, other), ...minus(other, first)]);
}

/** Operators take sets only, where the methods take anything. */
function operand(operator: string, other: unknown): unknown {
  if (isSet(other)) return other;
  const type = pythonTypeName(other);
  throw new TypeError(
    `unsupported operand type(s) for ${operator}: 'set' and '${type}'`,
  );
}
