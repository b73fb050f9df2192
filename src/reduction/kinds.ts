/**
 * The kinds of things that travel as more than data, and how one is taken apart.
 *
 * @module
 */

import type { Reduced } from "../wire/codes.ts";

/** Numbers on the wire; never renumber them. */
export const ReducedKind = {
  /** Head: index into the table of references. */
  Callable: 0,
  /** Head: object and name of a method. */
  Bound: 1,
  /** Head: the class. State: its fields, or what `__getstate__` gave. */
  Instance: 2,
  /** An instance of a subclass of Array, Map…: class, base object. State: items, fields. */
  Container: 3,
  /** Head: what `__reduce__` or a registered function gave: callable and arguments. */
  Call: 4,
  /** Head: the class. State: the properties. */
  Error: 5,
  /** Head: rebuilder and fields of a shared object. */
  Shared: 6,
  /** Head: message and name. */
  DOMException: 7,
} as const;

export type { Reduced };

/** Anything with properties. */
export type Fields = Record<PropertyKey, unknown>;

/** The object's class, if it has one that it can be made from again. */
export function classOf(
  value: object,
): (abstract new (...args: never[]) => unknown) | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || !Object.hasOwn(prototype, "constructor")) return undefined;
  const { constructor } = prototype;
  return typeof constructor === "function" && constructor.prototype === prototype
    ? constructor
    : undefined;
}

/** The own enumerable properties under text keys, as a plain object. */
export function fieldsOf(value: object): Fields {
  return Object.fromEntries(Object.entries(value));
}
