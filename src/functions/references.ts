/**
 * The known names of functions and classes: which module exports them under which name.
 * find.ts searches names for functions, resolve.ts functions for names.
 *
 * @module
 */

import { errorClasses } from "../python/errors.ts";
import { type Callable, isCallable, nameOf, type Reference } from "./callable.ts";
import { isRegistered, registeredExport, registeredName } from "./exported.ts";

/** The names of functions; filled as modules become known, never cleared. */
const names = new WeakMap<object, Reference>(
  Array.from(errorClasses, ([name, errorClass]) => [errorClass, [name]]),
);

/** Namespaces of evaluated modules, by URL. */
const namespaces = new Map<string, Record<string, unknown>>();

/** Single exports of modules that may still be in evaluation, by URL and name. */
const bindings = new Map<string, Map<string, Callable>>();

/** The known name of a function, if it still stands for it. */
export function knownReference(callable: Callable): Reference | undefined {
  const registered = ownName(callable) ?? registeredName(callable);
  if (registered !== undefined) return registered;
  const reference = names.get(callable);
  if (reference === undefined) return globalReference(callable);
  return isCurrent(callable, reference) ? reference : undefined;
}

/** The name of a function that now stands for another value. */
export function lostReference(callable: Callable): Reference | undefined {
  const reference = names.get(callable);
  return reference && !isCurrent(callable, reference) ? reference : undefined;
}

/** Whether a name still stands for the function: bindings may change. */
function isCurrent(callable: Callable, [url, name]: Reference): boolean {
  return name === undefined || !namespaces.has(url) ||
    knownExport(url, name) === callable;
}

/** Remembers one export. */
export function learn(
  url: string,
  name: string,
  callable: Callable,
  text?: number,
): void {
  if (knownReference(callable) === undefined) {
    names.set(callable, text === undefined ? [url, name] : [url, name, text]);
  }
  let module = bindings.get(url);
  if (module === undefined) bindings.set(url, module = new Map());
  if (!module.has(name)) module.set(name, callable);
}

/** Remembers all exports of an evaluated module; called again, as its bindings may change. */
export function learnModule(
  url: string,
  namespace: Record<string, unknown> | undefined = namespaces.get(url),
): void {
  if (namespace === undefined) return;
  if (!namespaces.has(url)) namespaces.set(url, namespace);
  learnNames(url, namespace);
  const whole = wholeOf(namespace);
  if (whole !== undefined) learnNames(url, whole);
}

function learnNames(url: string, object: Record<string, unknown>): void {
  for (const name of keysOf(object)) {
    const value = read(object, name);
    if (isCallable(value) && (!names.has(value) || lostReference(value))) {
      names.set(value, [url, name]);
    }
  }
}

/** The names in a namespace or a CommonJS module's object. */
function keysOf(object: Record<string, unknown>): string[] {
  return isNamespace(object)
    ? Reflect.ownKeys(object).filter((key) => typeof key === "string")
    : Object.keys(object);
}

/** Whether an object is a namespace: asking it for more than names throws in evaluation. */
function isNamespace(object: object): boolean {
  return (object as Record<symbol, unknown>)[Symbol.toStringTag] === "Module";
}

/** The object that a CommonJS module exports: the namespace has it as `default`. */
function wholeOf(
  namespace: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const whole = isIn(namespace, "default") && read(namespace, "default");
  return whole && Object.getPrototypeOf(whole) === Object.prototype
    ? whole as Record<string, unknown>
    : undefined;
}

function isIn(object: Record<string, unknown>, name: string): boolean {
  return isNamespace(object) ? name in object : Object.hasOwn(object, name);
}

/**
 * Reads an export without running other code: a CommonJS module may have getters that load
 * modules. Only those that return a binding are called: compilers make them of
 * `export … from`.
 */
function read(namespace: Record<string, unknown>, name: string): unknown {
  try {
    const { get, value } = Object.getOwnPropertyDescriptor(namespace, name) ?? {};
    if (get === undefined) return value;
    return RETURNS_BINDING.test(Function.prototype.toString.call(get))
      ? namespace[name]
      : undefined;
  } catch {
    return undefined; // not initialized yet, if modules import each other in a ring
  }
}

/** `() => name.name`, `function () { return name.name; }`, `get: function () …`. */
const RETURNS_BINDING =
  /^(\(\)\s*=>\s*[\w$.]+|(get|function)?\s*[\w$]*\s*\(\)\s*\{\s*return [\w$.]+;?\s*\})$/;

/** The exported class of which a function is a method; for errors. */
export function memberName(
  callable: Callable,
): { className: string; isStatic: boolean } | undefined {
  for (const [url, namespace] of namespaces) {
    for (const className of keysOf(namespace)) {
      const value = knownExport(url, className);
      if (!isCallable(value)) continue;
      if (hasMember(value, callable)) return { className, isStatic: true };
      const prototype = Object.getOwnPropertyDescriptor(value, "prototype")?.value;
      if (prototype && hasMember(prototype, callable)) {
        return { className, isStatic: false };
      }
    }
  }
  return undefined;
}

function hasMember(object: object, member: Callable): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(object))
    .some(({ value, get, set }) => [value, get, set].includes(member));
}

/** Whether all exports of a module are known. */
export function isWhole(url: string): boolean {
  return namespaces.has(url);
}

/** Whether a module is known to be loaded. */
export function isKnownModule(url: string): boolean {
  return namespaces.has(url) || bindings.has(url) || isRegistered(url);
}

/** The URLs of all known modules. */
export function knownModules(): string[] {
  return [...namespaces.keys(), ...bindings.keys()];
}

/** Any function of a module: the runtime locates the module by it. */
export function anyOf(url: string): Callable | undefined {
  return bindings.get(url)?.values().next().value;
}

/** Whether a name may be looked up in a module: members of every object are no exports. */
export function isExportName(name: string): boolean {
  return name !== "__proto__" && name !== "constructor" && name !== "then";
}

/** The export of a known module. */
export function knownExport(url: string, name: string): unknown {
  if (!isExportName(name)) return undefined;
  const registered = registeredExport(url, name);
  if (registered !== undefined) return registered;
  const namespace = namespaces.get(url);
  if (namespace !== undefined) {
    if (isIn(namespace, name)) return read(namespace, name);
    const whole = wholeOf(namespace);
    if (whole !== undefined && Object.hasOwn(whole, name)) return read(whole, name);
  }
  return bindings.get(url)?.get(name);
}

// --- functions that every process has --------------------------------------------

/** Global objects whose functions have a path. */
const GLOBAL_OBJECTS: readonly string[] = [
  "Array",
  "ArrayBuffer",
  "Atomics",
  "BigInt",
  "Bun",
  "Date",
  "Deno",
  "Intl",
  "JSON",
  "Map",
  "Math",
  "Number",
  "Object",
  "Promise",
  "Reflect",
  "String",
  "Symbol",
  "URL",
  "console",
];

/** The runtime's own globals, without those that the program adds later. */
const globalNames = new Set(Object.getOwnPropertyNames(globalThis));

/** Functions and classes of this package that were registered, by name. */
const own = new Map<string, Callable>();
const ownNames = new WeakMap<object, string>();

/**
 * Gives a function or class of this package a name that is the same in every process. The
 * name must contain a `:`, so that it is no global's.
 */
export function registerName(name: string, callable: Callable): void {
  own.set(name, callable);
  ownNames.set(callable, name);
}

function ownName(callable: Callable): Reference | undefined {
  const name = ownNames.get(callable);
  return name === undefined ? undefined : [name];
}

/** Functions that load the deferred modules, by the prefix of the names they register. */
const deferred = new Map<string, () => Promise<unknown>>();

/**
 * Declares which modules of this package register the names that begin with `prefix:`;
 * `load` imports them. They are loaded when such a name arrives that is not known yet, from
 * any process: this package decides what is loaded, and not the data.
 */
export function registerDeferred(prefix: string, load: () => Promise<unknown>): void {
  deferred.set(prefix, load);
}

/** Whether the modules that register a name are still to be loaded. */
export function isDeferred(name: string): boolean {
  return deferred.has(prefixOf(name));
}

/** Loads the modules that register a name. */
export async function loadDeferred(name: string): Promise<void> {
  const prefix = prefixOf(name);
  await deferred.get(prefix)?.();
  deferred.delete(prefix); // names that are unknown now will never be known
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(name.indexOf(":"), 0));
}

// Globals are looked up by name, one at a time: runtimes make many of them at the first
// look-up, and some take tens of milliseconds.

function globalReference(callable: Callable): Reference | undefined {
  const name = nameOf(callable);
  if (name === "") return undefined;
  if (knownGlobal(name) === callable) return [name];
  for (const object of GLOBAL_OBJECTS) {
    const path = `${object}.${name}`;
    if (knownGlobal(path) === callable) return [path];
  }
  return undefined;
}

/** The function or class of a path. */
export function knownGlobal(path: string): Callable | undefined {
  const found = own.get(path) ?? errorClasses.get(path);
  if (found !== undefined) return found;
  const [first = "", second, ...rest] = path.split(".");
  if (rest.length > 0 || !globalNames.has(first)) return undefined;
  const object = (globalThis as unknown as Record<string, unknown>)[first];
  if (second === undefined) return isCallable(object) ? object : undefined;
  if (!GLOBAL_OBJECTS.includes(first) || !isExportName(second)) return undefined;
  if (!Object.hasOwn(Object(object), second)) return undefined;
  const value = (object as Record<string, unknown>)[second];
  return isCallable(value) ? value : undefined;
}
