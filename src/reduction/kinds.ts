/**
 * What crosses as more than data, how it is named on the wire, and how a class or a
 * module says so.
 *
 * | what | crosses as | said by |
 * | --- | --- | --- |
 * | an exported function or class | module URL and name of the export | nothing: it is looked for, see functions/find.ts |
 * | a function or class of this package | a name of its own, `prefix:Name` | `registerName` |
 * | an object of this package that is no data: a queue, a connection, a proxy | the name of what rebuilds it, and fields | its method {@linkcode REDUCE_SHARED} and {@linkcode registerTransferable} |
 * | an instance of a class of the program's | class and fields | `__getstate__`, `__reduce__`, or `register` of instances.ts |
 * | an error | class and properties | nothing |
 * | a method of an object | object and name | {@linkcode bound} |
 *
 * Modules of this package that register such names need not be loaded before the first
 * one arrives: `registerDeferred` says which modules those are. Which of all this
 * a receiver takes from whom, policy.ts decides.
 *
 * Mirrors `context.assert_spawning` and the `__getstate__`s that call it.
 *
 * @module
 */

import {
  isCallable,
  knownGlobal,
  nameOf,
  registerName,
} from "../functions/references.ts";
import {
  AttributeError,
  PicklingError,
  RuntimeError,
  UnpicklingError,
} from "../python/errors.ts";
import type { Reduced } from "../codec/format.ts";
import { typeName } from "../codec/prepare.ts";
import { checkInherited, checkMethod, type NameOf, type Sender } from "./policy.ts";

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

// --- objects of this package -----------------------------------------------------------

/** A method under this name says how an object is sent; see {@linkcode Transferable}. */
export const REDUCE_SHARED: unique symbol = Symbol("reduce_shared");

/** What is known when something is sent. */
export interface DumpContext {
  /** Whether it goes to a process that is being started, as part of its work. */
  readonly spawning: boolean;
  /** Gives the new process a handle of a hub object. */
  inherit(handle: number): void;
}

/** An object that says itself how it is sent. */
export interface Transferable {
  /**
   * Names what {@linkcode registerTransferable} was told, and what that needs. Throws if
   * the object cannot be sent.
   */
  [REDUCE_SHARED](context: DumpContext): [name: string, fields: unknown];
}

/** How objects of a kind are made again where they arrive. */
export interface Rebuilding<F> {
  /** Gets the fields that the object gave. They come from another process: check them. */
  rebuild: (fields: F) => unknown;
  /** What the objects are called, if only the work of a starting process may hold them. */
  inherited?: string;
}

/** The kinds, by the functions that rebuild their objects. */
const transferables = new Map<unknown, Rebuilding<unknown>>();

/**
 * Says how objects of a kind are made again where they arrive.
 *
 * @param name The kind's name on the wire, `prefix:name`: by the prefix,
 * `registerDeferred` finds the modules that register it.
 */
export function registerTransferable<F>(name: string, how: Rebuilding<F>): void {
  registerName(name, how.rebuild);
  transferables.set(how.rebuild, how as Rebuilding<unknown>);
}

/** Takes an object apart: into the function that rebuilds it, and what that needs. */
export function reduceTransferable(
  value: Transferable,
  context: DumpContext,
): Reduced {
  const [name, fields] = value[REDUCE_SHARED](context);
  const rebuild = knownGlobal(name);
  if (rebuild === undefined) {
    throw new PicklingError(`no such type of shared object: ${name}`);
  }
  return { kind: ReducedKind.Shared, head: [rebuild, fields] };
}

/** Makes an object again. */
export function rebuild(head: unknown, sender: Sender): unknown {
  if (!Array.isArray(head)) throw new UnpicklingError("malformed shared object");
  const [named, fields] = head;
  const found = transferables.get(named);
  if (found === undefined) throw noSuchType(named);
  const { rebuild, inherited } = found;
  if (inherited !== undefined) checkInherited(inherited, sender);
  if (typeof fields !== "object") throw new UnpicklingError("malformed shared object");
  return rebuild(fields);
}

function noSuchType(named: unknown): UnpicklingError {
  const text = isCallable(named)
    ? nameOf(named)
    : typeof named === "string"
    ? named
    : "";
  return new UnpicklingError(`no such type of shared object: ${text}`);
}

/**
 * Refuses unless a process is being started. Python: `context.assert_spawning`.
 *
 * @param typeName As Python's message names the type: `Queue`, `Lock`…
 * @throws {RuntimeError}
 */
export function assert_spawning(typeName: string, context: DumpContext): void {
  if (!context.spawning) {
    throw new RuntimeError(
      `${typeName} objects should only be shared between processes through inheritance`,
    );
  }
}

// --- methods of objects ---------------------------------------------------------------

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
