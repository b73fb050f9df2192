/**
 * The view of an object that a manager's server has: as the container of Python's that it
 * stands for, with the methods that clients may name.
 *
 * Mirrors `public_methods` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { builtinName, isMap, isSet } from "../../runtime/brands.ts";
import { pythonTypeName, repr, str, takes } from "../../python/arguments.ts";
import { AttributeError } from "../../python/errors.ts";
import { ManagedArray } from "./array.ts";
import { statsOf } from "./description.ts";
import { ManagedDict } from "./dict.ts";
import * as generators from "./generator.ts";
import { type AnyGenerator, isGenerator } from "./generator.ts";
import { ManagedList } from "./list.ts";
import { pairsOf } from "./python_values.ts";
import { ManagedSet } from "./set.ts";

/** A function or class that makes objects. */
// deno-lint-ignore no-explicit-any -- its parameters and result may be anything
export type Factory = ((...args: any[]) => unknown) | (new (...args: any[]) => unknown);

/** One registered type, as the server needs it. */
export interface Registration {
  /** Makes the object; null where the object itself is given. */
  callable: Factory | null;
  /** The names of the methods that clients may call; null for all public ones. */
  exposed: readonly string[] | null;
  /** The types of those methods' results that stay in the server. */
  method_to_typeid: Readonly<Record<string, string>> | null;
}

/** The registered types by their names. */
export type Registry = Map<string, Registration>;

// deno-lint-ignore no-explicit-any -- a method takes and gives anything
type Method = (...args: any[]) => unknown;

/** The method of an object; undefined if it has none of this name. */
export function methodOf(object: object, name: string): Method | undefined {
  // A generator's own answers in JavaScript's way.
  if (name === "throw" && isGenerator(object as AnyGenerator)) {
    return SPECIAL[name]!(object as never);
  }
  if (!isInherited(name)) {
    const method = (object as Record<string, unknown>)[name];
    if (typeof method === "function") return method as Method;
  }
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name]!(object as never) : undefined;
}

/** Whether every object has it: then it is no method of this one. */
function isInherited(name: string): boolean {
  return name === "constructor" || name in Object.prototype;
}

/** Methods that Python's syntax stands for, for objects that do not define them. */
const SPECIAL: Record<string, (object: never) => Method | undefined> = {
  __next__: (object: Iterator<unknown>) =>
    typeof object.next !== "function" ? undefined : () => generators.next(object),
  send: ofGenerator(generators.send),
  throw: ofGenerator(generators.throwInto),
  close: ofGenerator(generators.close),
  __iter__: (object: Partial<Iterable<unknown> & AsyncIterable<unknown>>) => {
    if (typeof object[Symbol.iterator] === "function") {
      return () => object[Symbol.iterator]!();
    }
    return typeof object[Symbol.asyncIterator] === "function"
      ? () => object[Symbol.asyncIterator]!()
      : undefined;
  },
  __call__: (object: unknown) =>
    typeof object === "function" ? object as Method : undefined,
  __len__: (object: { length?: number; size?: number }) => {
    const length = object.length ?? object.size;
    return typeof length === "number" ? () => length : undefined;
  },
  __getattribute__: (object: Record<string, unknown>) => (name: string) => {
    checkName(name);
    if (!isInherited(name) && name in object) return object[name];
    const type = pythonTypeName(object);
    throw new AttributeError(`'${type}' object has no attribute '${name}'`);
  },
  __setattr__: (object: Record<string, unknown>) => (name: string, value: unknown) => {
    checkName(name);
    if (!isInherited(name)) object[name] = value;
  },
  __delattr__: (object: Record<string, unknown>) => (name: string) => {
    checkName(name);
    delete object[name];
  },
};

/** Refuses names that are no text: to make text of them may take any time. */
function checkName(name: unknown): asserts name is string {
  if (typeof name === "string") return;
  throw new TypeError(`attribute name must be string, not '${pythonTypeName(name)}'`);
}

/** A method that generators alone have. */
function ofGenerator(method: (generator: AnyGenerator, ...args: unknown[]) => unknown) {
  return (object: Partial<AnyGenerator>): Method | undefined =>
    isGenerator(object) ? (...args) => method(object, ...args) : undefined;
}

/** The methods that every object has, exposed or not. */
export const FALLBACKS: Readonly<Record<string, (object: object) => unknown>> = {
  __str__: (object) => str(object),
  __repr__: (object) => repr(object),
  "#GETVALUE": (object) => plainResult(object),
  "#STATS": (object) => statsOf(object),
};

/** The names of an object's methods that do not begin with `_`, sorted. */
export function public_methods(obj: object): string[] {
  takes("public_methods", arguments, { most: 1, self: 0 });
  return all_methods(obj).filter((name) => !name.startsWith("_"));
}

/** The names of an object's methods, sorted. CPython: `managers.all_methods`. */
export function all_methods(obj: object): string[] {
  takes("all_methods", arguments, { most: 1, self: 0 });
  const names = new Set<string>();
  for (
    let level: object | null = obj;
    level !== null && !["Object", "Function"].includes(builtinName(level) ?? "");
    level = Object.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name === "constructor") continue;
      const { value } = Object.getOwnPropertyDescriptor(level, name)!;
      if (typeof value === "function") names.add(name);
    }
  }
  names.delete("toString");
  return [...names].sort();
}

/** The stand-ins of JavaScript's containers: one object each. */
const stands = new WeakMap<object, object>();

/**
 * An object as the server keeps it: arrays, Maps and Sets get the methods of Python's, and an
 * object literal too if it is meant as a dict.
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
  if (isMap(object)) return new ManagedDict(object);
  if (isSet(object)) return new ManagedSet(object);
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
