/**
 * The policy of decoding: this file alone decides what a payload may cause.
 *
 * | a payload holds | from this process's parent | from any other process |
 * | --- | --- | --- |
 * | the name of an exported function or class | its module is imported | it resolves in the modules that this process has loaded |
 * | the name of a function of this package | it resolves | no |
 * | the name of a built-in function | it resolves | it resolves, unless it compiles text or belongs to the runtime (`Deno`, `Bun`, `node:…`) and is no class of errors |
 * | an instance | of a class that a module of the program exports, or that is registered | the same |
 * | an error | of any class of errors that is named | the same |
 * | fields, or a state for `__setstate__` | for the object that the same node has made | the same |
 * | a call, named by `__reduce__` | of any function | of a registered function; of a class that has a `__reduce__` itself |
 * | a queue, a lock | yes: it belongs to the work that a process is started with | no |
 * | a connection, a manager's proxy | yes | yes |
 * | a method that JavaScript calls by itself, `then` above all | no | no |
 *
 * The parent is trusted, because the child was started to run what it names. No other
 * process is: not a child, not another process at a queue, not the client of a manager.
 *
 * Nothing here runs code of the program: properties are read by their descriptors.
 *
 * @module
 */

import { descendsFrom } from "../runtime/brands.ts";
import type { Callable, Reference } from "../functions/callable.ts";
import { UnpicklingError } from "../python/errors.ts";

/** The process that has encoded a payload. */
export type Sender = "parent" | "other";

/** Gives the name of a function in the payload; undefined if it has none there. */
export type NameOf = (callable: Callable) => Reference | undefined;

const textOf = Function.prototype.toString;
const hasOwn = Object.hasOwn;
const prototypeOf = Object.getPrototypeOf;
const descriptorOf = Object.getOwnPropertyDescriptor;

// --- names ---------------------------------------------------------------------------

/** Functions that compile text. */
const COMPILERS: ReadonlySet<unknown> = new Set([
  eval,
  Function,
  prototypeOf(async function () {}).constructor,
  prototypeOf(function* () {}).constructor,
  prototypeOf(async function* () {}).constructor,
]);

/** Their names, in case the program has replaced them. */
const COMPILER_NAMES: ReadonlySet<unknown> = new Set(["eval", "Function"]);

/** Names of functions that act on the system: the runtime's, and those of this package. */
const OF_RUNTIME = /^(?:(?:Deno|Bun|process)\.|multiprocessing:)/;

/** Built-in modules of the runtime. */
const RUNTIME_MODULE = /^(node|bun|deno|ext|internal):/;

/** Whether a name belongs to the runtime: as a module, or as a global object. */
function isOfRuntime(reference: Reference): boolean {
  return reference.length === 1
    ? OF_RUNTIME.test(reference[0])
    : RUNTIME_MODULE.test(reference[0]) || !reference[0].includes(":");
}

/** Rejects a function that a payload of this sender may not name. */
export function checkName(
  callable: Callable,
  reference: Reference,
  sender: Sender,
): void {
  const compiles = COMPILERS.has(callable) ||
    reference.length === 1 && COMPILER_NAMES.has(reference[0]);
  const acts = isOfRuntime(reference) && !isErrorClass(callable);
  if (sender === "other" && (compiles || acts)) {
    throw new UnpicklingError(
      `'${reference.at(-1)}' may be named by a process's parent only`,
    );
  }
  checkSelfCalled(callable);
}

// --- instances and calls ---------------------------------------------------------------

/** Functions and classes that payloads may call: see {@linkcode allowCall}. */
const callables = new Set<Callable>();

/** Those of them that are classes, however they are written. */
const classes = new Set<Callable>();

/** Allows payloads of any sender to call a function or class. */
export function allowCall(callable: Callable, isClass = false): void {
  callables.add(callable);
  if (isClass) classes.add(callable);
}

/** Rejects a class unless it is one of the program's own, or registered. */
export function checkClass(type: Callable, reference: Reference | undefined): void {
  if (callables.has(type)) return;
  const isOwn = reference !== undefined && reference.length > 1 &&
    !isOfRuntime(reference) && !isNative(type);
  if (!isOwn || !isObject(prototypeIn(type))) {
    const name = reference?.at(reference.length > 1 ? 1 : 0);
    throw new UnpicklingError(`instances of '${name}' are not made of data`);
  }
}

/** Checks a call that `__reduce__` has named. */
export function checkCall(
  callable: Callable,
  reference: Reference | undefined,
  sender: Sender,
): void {
  if (sender === "parent" || callables.has(callable)) return;
  if (
    reference !== undefined && reference.length > 1 && isClass(callable) &&
    typeof valueOf(prototypeIn(callable), "__reduce__") === "function"
  ) return checkClass(callable, reference);
  const name = reference?.at(reference.length > 1 ? 1 : 0);
  throw new UnpicklingError(
    `'${name}' may not be called by data: only a class with a __reduce__ method, or ` +
      "what `register` of multiprocessing.reduction has been given",
  );
}

/** Rejects a bound method that compiles text, or that only a getter gives. */
export function checkMethod(
  object: unknown,
  name: string,
  nameOf: NameOf,
  sender: Sender,
): void {
  if (sender === "parent") return;
  const method = valueOf(Object(object), name);
  const reference = typeof object === "function" && nameOf(object as Callable);
  const isBuiltin = reference && reference.length === 1;
  if (typeof method !== "function" || COMPILERS.has(method) || isBuiltin) {
    throw new UnpicklingError(`'${name}' is no method that data may bind`);
  }
}

/** Rejects a state for a function, a class or a global: only new objects are filled. */
export function checkState(made: unknown): asserts made is object {
  const isPrototype = isObject(made) && hasOwn(made, "constructor");
  if (!isObject(made) || isPrototype || made === globalThis) {
    throw new UnpicklingError("a state for what data has not made");
  }
}

/** Rejects a queue or a lock outside of the work that a process is started with. */
export function checkInherited(name: unknown, sender: Sender): void {
  if (sender === "other") {
    throw new UnpicklingError(
      `${name} objects should only be shared between processes through inheritance`,
    );
  }
}

// --- methods that JavaScript calls by itself -------------------------------------------

/** Rejects an object with a method `then`, of its own or of its class. */
export function checkSelfCalled(made: unknown): void {
  if (isThenable(made)) {
    throw new UnpicklingError(
      "an object with a method 'then' would run it wherever it is awaited",
    );
  }
}

/** Whether `await` would call a method or a getter `then` of a value. */
export function isThenable(value: unknown): boolean {
  if (!isObject(value) && typeof value !== "function" || !("then" in value)) {
    return false;
  }
  const found = findProperty(value, "then");
  return found?.get !== undefined || typeof found?.value === "function";
}

// --- inspection without running code ---------------------------------------------------

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a function is the runtime's own, or hides its text. */
function isNative(callable: Callable): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(textOf.call(callable).slice(-40));
}

/** Whether a function must be called with `new`: it is a class, or registered as one. */
export function isClass(callable: Callable): boolean {
  return classes.has(callable) || textOf.call(callable).startsWith("class");
}

/** Whether a class extends Error: its instances are made without its constructor. */
export function isErrorClass(callable: Callable): boolean {
  return callable === Error || descendsFrom(prototypeIn(callable), "Error");
}

function prototypeIn(callable: Callable): unknown {
  return descriptorOf(callable, "prototype")?.value;
}

/** A property of an object or of its class. */
function findProperty(
  object: unknown,
  name: PropertyKey,
): PropertyDescriptor | undefined {
  for (let at = object; at !== null && at !== undefined; at = prototypeOf(at)) {
    const found = descriptorOf(at, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value of a property of an object or of its class; no getter is called. */
export function valueOf(object: unknown, name: PropertyKey): unknown {
  return findProperty(object, name)?.value;
}
