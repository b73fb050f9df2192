/**
 * What a manager can make: the registered types, and how their objects are seen.
 *
 * Mirrors `BaseManager.register` and `public_methods` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { ManagedArray } from "./types/array.ts";
import { ManagedDict } from "./types/dict.ts";
import { ManagedList } from "./types/list.ts";
import { ManagedSet } from "./types/set.ts";
import { pairsOf } from "./types/python_values.ts";

/** A function or class that makes objects. */
// deno-lint-ignore no-explicit-any -- whatever takes and gives what
export type Factory = ((...args: any[]) => unknown) | (new (...args: any[]) => unknown);

/** One registered type, as the server needs it. */
export interface Registration {
  /** Makes the object; null where the object itself is given. */
  callable: Factory | null;
  /** The names of the methods that clients may call; null for all public ones. */
  exposed: readonly string[] | null;
  /** Of which type the results of some methods are, that stay in the server. */
  method_to_typeid: Readonly<Record<string, string>> | null;
}

/** The registered types by their names. */
export type Registry = Map<string, Registration>;

/** The names of an object's methods that do not begin with `_`, sorted. */
export function public_methods(object: object): string[] {
  const names = new Set<string>();
  for (
    let level: object | null = object;
    level !== null && level !== Object.prototype && level !== Function.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name.startsWith("_") || name === "constructor") continue;
      const { value } = Object.getOwnPropertyDescriptor(level, name)!;
      if (typeof value === "function") names.add(name);
    }
  }
  names.delete("toString");
  return [...names].sort();
}

/** What stands for a container of JavaScript's, so that it is one object each time. */
const stands = new WeakMap<object, object>();

/**
 * An object as the server keeps it: arrays, Maps and Sets get the methods of Python's.
 *
 * @param isDict Whether an object literal is meant as a dict.
 */
export function asReferent(object: unknown, isDict: boolean): object {
  if (typeof object !== "object" || object === null) {
    return typeof object === "function" ? object : Object(object);
  }
  const known = stands.get(object);
  if (known !== undefined) return known;
  const made = standFor(object, isDict);
  if (made !== object) stands.set(object, made);
  return made;
}

function standFor(object: object, isDict: boolean): object {
  if (Array.isArray(object)) return ManagedList.over(object);
  if (object instanceof Map) return new ManagedDict(object);
  if (object instanceof Set) return new ManagedSet(object);
  return isDict && pairsOf(object) !== undefined ? new ManagedDict(object) : object;
}

/** A result as it is sent: a container of the server's by value. */
export function plainResult(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return value instanceof ManagedList || value instanceof ManagedDict ||
      value instanceof ManagedSet || value instanceof ManagedArray
    ? value._getvalue()
    : value;
}
