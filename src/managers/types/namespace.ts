/**
 * A manager's `Namespace` and `Value`, as its server holds them. Pure.
 *
 * Mirrors the classes of these names in `multiprocessing/managers.py`.
 *
 * @module
 */
import {
  parseArguments,
  repr,
  REQUIRED,
  signature,
  takes,
} from "../../python/arguments.ts";
import { AttributeError } from "../../python/errors.ts";
import { printAsText } from "../../python/printing.ts";
import { sumOf } from "./python_values.ts";

/**
 * An object with any fields. CPython: `multiprocessing.managers.Namespace`.
 *
 * @example
 * ```ts
 * import { Namespace } from "./namespace.ts";
 * console.log(String(new Namespace({ y: 1, x: "a" }))); // Namespace(x='a', y=1)
 * ```
 */
export class Namespace {
  /** Any attribute. */
  [name: string]: unknown;

  /**
   * An object with these attributes.
   *
   * @param fields The attributes to begin with: Python's keyword arguments.
   */
  constructor(fields: Record<string, unknown> = {}) {
    takes("Namespace.__init__", typeof fields === "object" ? [] : [fields]);
    for (const [name, value] of Object.entries(fields)) define(this, name, value);
  }

  /** A field. @throws {AttributeError} if there is none of this name */
  __getattribute__(name: string): unknown {
    if (Object.hasOwn(this, name)) return this[name];
    throw missing(name);
  }

  /** Sets a field. */
  __setattr__(name: string, value: unknown): void {
    define(this, name, value ?? null);
  }

  /** Removes a field. @throws {AttributeError} if there is none of this name */
  __delattr__(name: string): void {
    if (!Object.hasOwn(this, name)) throw missing(name);
    delete this[name];
  }

  /** `Namespace(x=1, y='a')`; names that begin with `_` are left out. */
  toString(): string {
    const fields = Object.keys(this).filter((name) => !name.startsWith("_")).toSorted();
    return `Namespace(${
      fields.map((name) => `${name}=${repr(this[name])}`).join(", ")
    })`;
  }
}

printAsText(Namespace);

function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function missing(name: string): AttributeError {
  return new AttributeError(`'Namespace' object has no attribute '${name}'`);
}

/** What a `Value` takes: the value may be an object literal, and comes by its place. */
export const VALUE = signature<{ typecode: unknown; value: unknown; lock: unknown }>(
  "Value.__init__",
  { typecode: REQUIRED, value: REQUIRED, lock: true },
  { positionalOnly: 2 },
);

/** A value and its type code, which has no effect. CPython: `managers.Value`. */
export class ManagedValue {
  readonly #typecode: unknown;
  #value: unknown;

  constructor(...given: unknown[]) {
    const { typecode, value } = parseArguments(VALUE, given);
    this.#typecode = typecode;
    this.#value = value;
  }

  get(): unknown {
    return this.#value;
  }

  set(value: unknown): void {
    this.#value = value ?? null;
  }

  /** Adds to the number that it is; gives the sum. Not in Python. */
  increment(by: unknown = 1): unknown {
    return this.#value = sumOf(this.#value, by);
  }

  /** `Value('i', 3)`. */
  toString(): string {
    return `Value(${repr(this.#typecode)}, ${repr(this.#value)})`;
  }
}

printAsText(ManagedValue);
