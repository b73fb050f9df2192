/**
 * A manager's `dict`, as its server holds it: Python's dict. Pure.
 *
 * Keys are equal as in Python: 1, 1n and true are one key. A list stands for a tuple.
 *
 * @module
 */
import { pythonTypeName, repr } from "../../python/arguments.ts";
import { isPlain } from "../../python/repr.ts";
import { isMap } from "../../runtime/brands.ts";
import { KeyError, ValueError } from "../../python/errors.ts";
import { keyOf } from "../../python/keys.ts";
import { iterateSized } from "./iteration.ts";
import {
  type Arities,
  arities,
  elementsOf,
  equal,
  hashable,
  pairsOf,
  referentOf,
  sumOf,
} from "./python_values.ts";

/** The default of an argument that was not given. */
const MISSING: unique symbol = Symbol("missing");

/** `dict` in a manager's server. */
export class ManagedDict {
  static readonly _type = "dict";
  static readonly _arities: Arities = arities({
    "0": "__iter__ __len__ __reversed__ clear copy items keys popitem values",
    "1": "__contains__ __delitem__ __getitem__ __ior__ __or__ __ror__",
    "2": "__setitem__",
    "1-2": "fromkeys get increment pop setdefault",
  });

  /** Key and value, by what equal keys have in common. */
  readonly #entries = new Map<unknown, [key: unknown, value: unknown]>();

  /** @param sources The first entries: objects, Maps, pairs. */
  constructor(...sources: unknown[]) {
    this.#add(sources);
  }

  __len__(): number {
    return this.#entries.size;
  }

  __contains__(key: unknown): boolean {
    return this.#entries.has(hashable(key));
  }

  __getitem__(key: unknown): unknown {
    const entry = this.#entries.get(hashable(key));
    if (entry === undefined) throw new KeyError(key);
    return entry[1];
  }

  __setitem__(key: unknown, value: unknown): void {
    const hash = hashable(key);
    const entry = this.#entries.get(hash);
    if (entry === undefined) this.#entries.set(hash, [key, value ?? null]);
    else entry[1] = value ?? null;
  }

  __delitem__(key: unknown): void {
    if (!this.#entries.delete(hashable(key))) throw new KeyError(key);
  }

  /** Iterates over the keys; the size must not change meanwhile. */
  __iter__(): IterableIterator<unknown> {
    return iterateSized("dictionary", this.#entries, ([key]) => key);
  }

  __reversed__(): unknown[] {
    return this.keys().toReversed();
  }

  __or__(other: unknown): unknown {
    const merged = new ManagedDict(this._getvalue());
    merged.update(pairsOrRefuse(other, "dict", other));
    return merged._getvalue();
  }

  __ror__(other: unknown): unknown {
    const merged = new ManagedDict(pairsOrRefuse(other, other, "dict"));
    merged.update(this._getvalue());
    return merged._getvalue();
  }

  __ior__(other: unknown): this {
    this.update(other);
    return this;
  }

  clear(): void {
    this.#entries.clear();
  }

  copy(): unknown {
    return this._getvalue();
  }

  fromkeys(keys: unknown, value: unknown = null): unknown {
    return new ManagedDict(elementsOf(keys).map((key) => [key, value]))._getvalue();
  }

  get(key: unknown, missing: unknown = null): unknown {
    const entry = this.#entries.get(hashable(key));
    return entry === undefined ? missing : entry[1];
  }

  items(): [unknown, unknown][] {
    return [...this.#entries.values()].map(([key, value]) => [key, value]);
  }

  keys(): unknown[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  values(): unknown[] {
    return [...this.#entries.values()].map(([, value]) => value);
  }

  pop(key: unknown, missing: unknown = MISSING): unknown {
    const hash = hashable(key);
    const entry = this.#entries.get(hash);
    if (entry === undefined) {
      if (missing === MISSING) throw new KeyError(key);
      return missing;
    }
    this.#entries.delete(hash);
    return entry[1];
  }

  popitem(): [unknown, unknown] {
    const last = [...this.#entries].at(-1);
    if (last === undefined) throw new KeyError("popitem(): dictionary is empty");
    this.#entries.delete(last[0]);
    return last[1];
  }

  setdefault(key: unknown, value: unknown = null): unknown {
    if (!this.__contains__(key)) this.__setitem__(key, value);
    return this.__getitem__(key);
  }

  /** Adds to the number under a key, 0 where there is none; gives the sum. Not in Python. */
  increment(key: unknown, by: unknown = 1): unknown {
    const sum = sumOf(this.get(key, 0), by);
    this.__setitem__(key, sum);
    return sum;
  }

  update(...sources: unknown[]): void {
    // Python's keywords come as an object or a Map behind the other argument.
    const last = sources.at(-1);
    if (sources.length > (isPlain(last) || isMap(last) ? 2 : 1)) {
      throw new TypeError(`update expected at most 1 argument, got ${sources.length}`);
    }
    this.#add(sources);
  }

  #add(sources: readonly unknown[]): void {
    for (const given of sources) {
      if (given === undefined) continue;
      const source = referentOf(given);
      const pairs = source instanceof ManagedDict ? source.items() : pairsOf(source);
      for (const [key, value] of pairs ?? readPairs(source)) {
        this.__setitem__(key, value);
      }
    }
  }

  __eq__(other: unknown): boolean {
    return equal(this._getvalue(), other);
  }

  /** A plain object if all keys are strings that mean themselves as names, else a Map. */
  _getvalue(): Record<string, unknown> | Map<unknown, unknown> {
    const pairs = this.items();
    if (pairs.every(([key]) => typeof key === "string" && keyOf(key) === key)) {
      return Object.fromEntries(pairs) as Record<string, unknown>;
    }
    return new Map(pairs);
  }

  toString(): string {
    return repr(new Map(this.items()));
  }
}

function pairsOrRefuse(value: unknown, left: unknown, right: unknown): unknown {
  if (pairsOf(value) !== undefined || value instanceof ManagedDict) return value;
  const name = (side: unknown) => side === "dict" ? "dict" : pythonTypeName(side);
  throw new TypeError(
    `unsupported operand type(s) for |: '${name(left)}' and '${name(right)}'`,
  );
}

function* readPairs(source: unknown): Generator<[unknown, unknown]> {
  let i = 0;
  for (const pair of elementsOf(source)) {
    const parts = Array.isArray(pair) || typeof pair === "string"
      ? [...pair]
      : undefined;
    if (parts === undefined) {
      throw new TypeError(
        `cannot convert dictionary update sequence element #${i} to a sequence`,
      );
    }
    if (parts.length !== 2) {
      throw new ValueError(
        `dictionary update sequence element #${i} has length ${parts.length}; 2 is required`,
      );
    }
    yield [parts[0], parts[1]];
    i++;
  }
}
