/**
 * Bound methods, which JavaScript's functions are not: `object.method` forgets the object.
 *
 * @module
 */

import { AttributeError, UnpicklingError } from "../python/errors.ts";
import { typeName } from "../wire/prepare.ts";
import type { NameOf } from "./make.ts";
import { checkMethod, type Sender } from "./policy.ts";

/** The names of an object's methods. */
export type MethodName<T> = {
  // deno-lint-ignore no-explicit-any -- a method may take anything
  [K in keyof T]: T[K] extends (...args: any[]) => any ? K : never;
}[keyof T];

/** What {@linkcode bound} returns: the method, without its `this`. */
export type BoundMethod<T, K extends keyof T> = T[K] extends
  (...args: infer A) => infer R ? (...args: A) => R : never;

/** Object and method of each bound method. */
const methods = new WeakMap<object, [object: object, name: PropertyKey]>();

/**
 * A method of an object as a target: the object travels, its class is found by name, and
 * the method is called on it over there. Python has this as `work.send`.
 *
 * @param object An instance of an exported class; or a class, for a static method.
 * @param name The method's name.
 * @returns A function that calls the method. Process and pool accept it as a target.
 * @throws {AttributeError} If there is no such method.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bound } from "@pystd/multiprocessing";
 * const shout = bound("hello", "toUpperCase");
 * assertEquals(shout(), "HELLO");
 * ```
 */
export function bound<T, K extends MethodName<T>>(
  object: T,
  name: K,
): BoundMethod<T, K> {
  const method = (object as Record<PropertyKey, unknown> | null | undefined)?.[name];
  if (typeof method !== "function") {
    const type = object === null || object === undefined
      ? "NoneType"
      : typeName(Object(object));
    throw new AttributeError(`'${type}' object has no attribute '${String(name)}'`);
  }
  const call = (...args: unknown[]) =>
    (object as Record<PropertyKey, (...args: unknown[]) => unknown>)[name]!(...args);
  Object.defineProperty(call, "name", { value: `bound ${String(name)}` });
  methods.set(call, [object as object, name]);
  return call as BoundMethod<T, K>;
}

/** Object and name of a bound method; undefined if the function is none. */
export function boundParts(
  call: object,
): [object: object, name: PropertyKey] | undefined {
  return methods.get(call);
}

/** Makes a bound method again; nothing of the object is run for that. */
export function rebind(head: unknown, nameOf: NameOf, sender: Sender): unknown {
  const [object, name] = Array.isArray(head) ? head : [];
  if (typeof name !== "string" || object === null || object === undefined) {
    throw new UnpicklingError("malformed bound method");
  }
  checkMethod(object, name, nameOf, sender);
  return bound(object, name as never);
}
