/**
 * Functions and classes by name: what is known of which module exports what. Nothing is
 * looked for here; see find.ts (function to name) and resolve.ts (name to function).
 *
 * @module
 */

import { errorClasses } from "../python/errors.ts";

/**
 * How a function or class is named on the wire: `[path]` for what every process has
 * (`Math.sqrt`, `ValueError`), else a module's URL, the name it is exported under, and,
 * where that was concluded from source texts alone, {@linkcode fingerprint} of its text.
 */
export type Reference =
  | readonly [path: string]
  | readonly [url: string, name: string, text?: number];

/** A function or a class. */
// deno-lint-ignore no-explicit-any -- whatever takes and gives what
export type Callable = ((...args: any[]) => unknown) | Class;

// deno-lint-ignore no-explicit-any -- as above
type Class = abstract new (...args: any[]) => unknown;

/** Whether a value is a function or a class. */
export function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}

/** A function's own name; a class may have put something else in its place. */
export function nameOf(callable: Callable): string {
  const name: unknown = Object.getOwnPropertyDescriptor(callable, "name")?.value;
  if (typeof name === "string") return name;
  const text = Function.prototype.toString.call(callable);
  return /^class\s+([\w$]+)/.exec(text)?.[1] ?? "";
}

/** The names of functions; filled as modules become known, never emptied. */
const names = new WeakMap<object, Reference>(
  Array.from(errorClasses, ([name, errorClass]) => [errorClass, [name]]),
);

/** Whole namespaces of modules that have been evaluated, by URL. */
const namespaces = new Map<string, Record<string, unknown>>();

/** Single exports of modules that may still be evaluated, by URL and name. */
const bindings = new Map<string, Map<string, Callable>>();

/** The name of a function that is known already, and still its own. */
export function knownReference(callable: Callable): Reference | undefined {
  const reference = names.get(callable);
  if (reference === undefined) return globalReference(callable);
  return isCurrent(callable, reference) ? reference : undefined;
}

/** The name that a function had, and another one has now. */
export function lostReference(callable: Callable): Reference | undefined {
  const reference = names.get(callable);
  return reference && !isCurrent(callable, reference) ? reference : undefined;
}

/** Whether a name stands for the function still: bindings may change. */
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
): Reference {
  const reference: Reference = text === undefined ? [url, name] : [url, name, text];
  const known = knownReference(callable);
  if (known === undefined) names.set(callable, reference);
  let module = bindings.get(url);
  if (module === undefined) bindings.set(url, module = new Map());
  if (!module.has(name)) module.set(name, callable);
  return known ?? reference;
}

/** Remembers all that an evaluated module exports; again, as its bindings may change. */
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

/** The names in an object. */
function keysOf(object: Record<string, unknown>): string[] {
  return isNamespace(object)
    ? Reflect.ownKeys(object).filter((key) => typeof key === "string")
    : Object.keys(object);
}

/** It may still be evaluated: to ask for more than its names throws then. */
function isNamespace(object: object): boolean {
  return (object as Record<symbol, unknown>)[Symbol.toStringTag] === "Module";
}

/** What a CommonJS module exports: it is there under `default` at least. */
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
 * An export, without running anything: a CommonJS module may have getters that load more.
 * Those that only hand on a binding are what compilers make of `export … from`.
 */
function read(namespace: Record<string, unknown>, name: string): unknown {
  try {
    const { get, value } = Object.getOwnPropertyDescriptor(namespace, name) ?? {};
    if (get === undefined) return value;
    return HANDS_ON.test(Function.prototype.toString.call(get))
      ? namespace[name]
      : undefined;
  } catch {
    return undefined; // not initialized yet, if modules import each other in a ring
  }
}

/** `() => name.name`, `function () { return name.name; }`, `get: function () …`. */
const HANDS_ON =
  /^(\(\)\s*=>\s*[\w$.]+|(get|function)?\s*[\w$]*\s*\(\)\s*\{\s*return [\w$.]+;?\s*\})$/;

/** Whether a module was learnt as a whole. */
export function isWhole(url: string): boolean {
  return namespaces.has(url);
}

/** Whether anything of a module is known: it is loaded, and was named here. */
export function isKnownModule(url: string): boolean {
  return namespaces.has(url) || bindings.has(url);
}

/** The URLs of all modules of which anything is known. */
export function knownModules(): string[] {
  return [...namespaces.keys(), ...bindings.keys()];
}

/** Some function of a module, to ask the runtime by. */
export function anyOf(url: string): Callable | undefined {
  return bindings.get(url)?.values().next().value;
}

/** Whether a name may be looked up in a module: what every object has is none of it. */
export function isExportName(name: string): boolean {
  return name !== "__proto__" && name !== "constructor" && name !== "then";
}

/** The export of a module that is known already. */
export function knownExport(url: string, name: string): unknown {
  if (!isExportName(name)) return undefined;
  const namespace = namespaces.get(url);
  if (namespace !== undefined) {
    if (isIn(namespace, name)) return read(namespace, name);
    const whole = wholeOf(namespace);
    if (whole !== undefined && Object.hasOwn(whole, name)) return read(whole, name);
  }
  return bindings.get(url)?.get(name);
}

const fingerprints = new WeakMap<Callable, number>();

/** A number that changes with a function's text: FNV-1a. */
export function fingerprint(callable: Callable): number {
  const known = fingerprints.get(callable);
  if (known !== undefined) return known;
  const made = hash(callable);
  fingerprints.set(callable, made);
  return made;
}

function hash(callable: Callable): number {
  const text = Function.prototype.toString.call(callable);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

// --- what every process has ------------------------------------------------------

/** Objects whose functions have a path. */
const SPACES: readonly string[] = [
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

/** The names that the runtime itself gives, not those that the program adds later. */
const globalNames = new Set(Object.getOwnPropertyNames(globalThis));

/** Functions and classes of other files of this package, by a name of their own. */
const own = new Map<string, Callable>();
const ownNames = new WeakMap<object, string>();

/**
 * Gives a function or class of this package a name that every process knows it by.
 *
 * @param name Must contain a `:`, so that it is no global's.
 */
export function registerName(name: string, callable: Callable): void {
  own.set(name, callable);
  ownNames.set(callable, name);
}

/** What loads the deferred modules, by the prefix of the names that they register. */
const deferred = new Map<string, () => Promise<unknown>>();

/**
 * Says which modules of this package register the names that begin with `prefix:`. They
 * are loaded when such a name comes that is not known yet, wherever it comes from: this
 * package says what is loaded, and not the data.
 *
 * @param load Loads them by `import()`.
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
  deferred.delete(prefix); // what is unknown now will never be known
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(name.indexOf(":"), 0));
}

// Globals are asked for by name, one at a time: runtimes make many of them only then, and
// some take tens of milliseconds.

function globalReference(callable: Callable): Reference | undefined {
  const registered = ownNames.get(callable);
  if (registered !== undefined) return [registered];
  const name = nameOf(callable);
  if (name === "") return undefined;
  if (knownGlobal(name) === callable) return [name];
  for (const space of SPACES) {
    const path = `${space}.${name}`;
    if (knownGlobal(path) === callable) return [path];
  }
  return undefined;
}

/** What a path stands for. */
export function knownGlobal(path: string): Callable | undefined {
  const found = own.get(path) ?? errorClasses.get(path);
  if (found !== undefined) return found;
  const [first = "", second, ...rest] = path.split(".");
  if (rest.length > 0 || !globalNames.has(first)) return undefined;
  const object = (globalThis as unknown as Record<string, unknown>)[first];
  if (second === undefined) return isCallable(object) ? object : undefined;
  if (!SPACES.includes(first) || !isExportName(second)) return undefined;
  if (!Object.hasOwn(Object(object), second)) return undefined;
  const value = (object as Record<string, unknown>)[second];
  return isCallable(value) ? value : undefined;
}
