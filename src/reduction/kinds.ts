/**
 * The kinds of objects that are sent as more than data, their form on the wire, and the
 * means by which a class or a module defines it.
 *
 * | object | form | defined by |
 * | --- | --- | --- |
 * | an exported function or class | module URL and name of the export | nothing: functions/find.ts finds it; or `exported` |
 * | a function or class of this package | a name of its own, `prefix:Name` | `registerName` |
 * | a shared object of this package: a queue, a connection, a proxy | the name of its rebuilder, and fields | its method {@linkcode REDUCE_SHARED} and {@linkcode registerTransferable} |
 * | an instance of one of the program's classes | class and fields | `__getstate__`, `__reduce__`, or `register` of instances.ts |
 * | an error | class and properties | nothing |
 * | a method of an object | object and name | {@linkcode bound} |
 *
 * `registerDeferred` lists the modules of this package that register such names; they are
 * loaded when the first one arrives. policy.ts decides what a receiver accepts from which
 * sender.
 *
 * Mirrors `context.assert_spawning` and the `__getstate__`s that call it.
 *
 * @module
 */

import { isCallable, nameOf } from "../functions/callable.ts";
import { knownGlobal, registerName } from "../functions/references.ts";
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
  /** Head: the class. State: the fields, or the result of `__getstate__`. */
  Instance: 2,
  /** An instance of a subclass of Array, Map…: class, base object. State: items, fields. */
  Container: 3,
  /** Head: callable and arguments, from `__reduce__` or a registered function. */
  Call: 4,
  /** Head: the class. State: the properties. */
  Error: 5,
  /** Head: rebuilder and fields of a shared object. */
  Shared: 6,
  /** Head: message and name. */
  DOMException: 7,
  /** Head: name of the class in `Temporal`, and its text or fields. */
  Temporal: 8,
} as const;

export type { Reduced };

/** Anything with properties. */
export type Fields = Record<PropertyKey, unknown>;

/** The object's class, if an instance can be made of it. */
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

/** The key of the method that reduces an object; see {@linkcode Transferable}. */
export const REDUCE_SHARED: unique symbol = Symbol("reduce_shared");

/** The circumstances of sending. */
export interface DumpContext {
  /** What to do instead, for who sends a queue or a lock at another time. */
  readonly cure?: string | undefined;
  /** Whether the value is part of the work of a process that is being started. */
  readonly spawning: boolean;
  /** The name of the host that this process is on, if that is another: it shares no memory. */
  readonly host?: string | null;
  /** Gives the new process the handle of a hub object. */
  inherit(handle: number): void;
}

/** An object that reduces itself. */
export interface Transferable {
  /**
   * Gives the name of its kind (see {@linkcode registerTransferable}) and the fields for
   * the rebuilder. Throws if the object cannot be sent.
   */
  [REDUCE_SHARED](context: DumpContext): [name: string, fields: unknown];
}

/** The rebuilder of a kind of objects. */
interface Rebuilding<F> {
  /** Makes an object of its fields, which come from another process and must be checked. */
  rebuild: (fields: F) => unknown;
  /** The kind's name in errors, if only the work of a starting process may hold it. */
  inherited?: string;
}

/** The kinds, by their rebuilders. */
const transferables = new Map<unknown, Rebuilding<unknown>>();

/**
 * Registers a kind of objects by its name on the wire, `prefix:name`: `registerDeferred`
 * finds the modules that register it by the prefix.
 */
export function registerTransferable<F>(name: string, how: Rebuilding<F>): void {
  registerName(name, how.rebuild);
  transferables.set(how.rebuild, how as Rebuilding<unknown>);
}

/** Reduces an object to its rebuilder and fields. */
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

/** Makes an object of its rebuilder and fields. */
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

/** Throws unless a process is being started. Python: `context.assert_spawning`. */
export function assert_spawning(typeName: string, context: DumpContext): void {
  if (!context.spawning) {
    throw new RuntimeError(
      `${typeName} objects should only be shared between processes through inheritance` +
        (context.cure === undefined ? "" : `: ${context.cure}`),
    );
  }
}

// --- methods of objects ---------------------------------------------------------------

/** The names of an object's methods. */
export type MethodName<T> = {
  // deno-lint-ignore no-explicit-any -- a method may take anything
  [K in keyof T]: T[K] extends (...args: any[]) => any ? K : never;
}[keyof T];

/** The result of {@linkcode bound}: the method, without its `this`. */
export type BoundMethod<T, K extends keyof T> = T[K] extends
  (...args: infer A) => infer R ? (...args: A) => R : never;

/** Object and method of each bound method. */
const methods = new WeakMap<object, [object: object, name: PropertyKey]>();

/**
 * A method of an object as a target: the object is sent, its class is found by name, and
 * the method is called on it in the other process. Python has this as `work.send`.
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
): BoundMethod<T, K>;
/**
 * The same for `this` within a class, of which TypeScript knows only its members: `T` is
 * inferred as these.
 */
export function bound<T extends object, K extends MethodName<T>>(
  object: Readonly<T> | object,
  name: K,
): BoundMethod<T, K>;
export function bound(object: unknown, name: PropertyKey): unknown {
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
  return call;
}

/** Object and name of a bound method; undefined for other functions. */
export function boundParts(
  call: object,
): [object: object, name: PropertyKey] | undefined {
  return methods.get(call);
}

/** Makes a bound method of object and name, without running code of the object. */
export function rebind(head: unknown, nameOf: NameOf, sender: Sender): unknown {
  const [object, name] = Array.isArray(head) ? head : [];
  if (typeof name !== "string" || object === null || object === undefined) {
    throw new UnpicklingError("malformed bound method");
  }
  checkMethod(object, name, nameOf, sender);
  return bound(object, name as never);
}
