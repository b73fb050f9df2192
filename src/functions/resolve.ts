/**
 * From a name to the function or class, in the modules that this process has loaded. Only
 * the work that a process is started with may load modules; data may only make it load
 * deferred modules of this package, which a sender cannot choose freely.
 *
 * @module
 */

import {
  AttributeError,
  PicklingError,
  RuntimeError,
  UnpicklingError,
} from "../python/errors.ts";
import { evaluate } from "../runtime/evaluation.ts";
import { runtime } from "../runtime/mod.ts";
import { learnLocation } from "./find.ts";
import { isOther } from "./fingerprint.ts";
import { cureOf } from "./import_cure.ts";
import { toHere } from "./places.ts";
import { sourceOf } from "./source_search.ts";
import { resolveSpecifier } from "./urls.ts";
import { type Callable, isCallable } from "./callable.ts";
import {
  anyOf,
  isDeferred,
  isKnownModule,
  isWhole,
  knownExport,
  knownGlobal,
  knownModules,
  learnModule,
  loadDeferred,
} from "./references.ts";

/** The functions of references; a promise if a module has to be asked first. */
export function resolveAll(
  references: readonly unknown[],
  fromParent: boolean,
): Callable[] | Promise<Callable[]> {
  const found = references.map((reference) => resolveNow(reference));
  if (found.every((callable) => callable !== undefined)) return found as Callable[];
  return resolveLater(references, fromParent);
}

async function resolveLater(
  references: readonly unknown[],
  fromParent: boolean,
): Promise<Callable[]> {
  const found: Callable[] = [];
  for (const reference of references) { // one after the other, as imports are in Python
    found.push(
      resolveNow(reference) ??
        await resolve(reference as [string, string?], fromParent),
    );
  }
  return found;
}

/** Undefined if the module has to be asked; throws for a malformed reference. */
function resolveNow(reference: unknown): Callable | undefined {
  if (!Array.isArray(reference)) throw new UnpicklingError("malformed reference");
  const [first, name, text] = reference;
  if (typeof first !== "string") throw new UnpicklingError("malformed reference");
  if (reference.length === 1) {
    const callable = knownGlobal(first);
    if (callable !== undefined || isDeferred(first)) return callable;
    throw new AttributeError(`Can't get attribute '${first}' on <module 'builtins'>`);
  }
  if (typeof name !== "string") throw new UnpicklingError("malformed reference");
  const value = knownExport(first, name);
  if (!isCallable(value)) {
    if (isWhole(first)) throw noAttribute(first, name);
    return undefined;
  }
  if (text !== undefined && !(Number.isSafeInteger(text) && text >= 0)) {
    throw new UnpicklingError("malformed reference");
  }
  if (text !== undefined && isOther(value, text)) {
    throw new PicklingError(
      `Can't pickle <function ${name}>: it's not the same object as ${first}.${name}; ` +
        "if it is, name it there by `exported`: its text or its parameters say otherwise",
    );
  }
  return value;
}

async function resolve(
  reference: [url: string, name?: string],
  fromParent: boolean,
): Promise<Callable> {
  const [url, name] = reference;
  if (name === undefined) {
    await loadDeferred(url);
    return resolveNow(reference)!; // or throws: its modules are loaded
  }
  if (fromParent) learnModule(url, await importModule(url));
  else await learnIfLoaded(url);
  const callable = resolveNow(reference);
  if (callable !== undefined) return callable;
  // The module is still being evaluated: the runtime may know its bindings nevertheless.
  const some = anyOf(url);
  if (some !== undefined) await learnLocation(some);
  const found = resolveNow(reference);
  if (found === undefined) throw noAttribute(url, name);
  return found;
}

/** Imports a module; the error names it, as some runtimes do not, and the cure if any. */
async function importModule(url: string): Promise<Record<string, unknown>> {
  try {
    return await evaluate(runtime.importable(url));
  } catch (error) {
    throw new RuntimeError(`cannot import ${url}${cureOf(error, url)}`, {
      cause: error,
    });
  }
}

/** Loads a module that this process's parent has named. */
export async function loadModule(named: string): Promise<void> {
  const url = toHere(named);
  learnModule(url, await evaluate(runtime.importable(url)));
}

/** Errors about modules that are not loaded. */
const unloaded = new WeakSet<object>();

/** Whether a payload was refused because it names a module that is not loaded. */
export function isOfUnloaded(error: unknown): boolean {
  return unloaded.has(error as object);
}

async function learnIfLoaded(url: string): Promise<void> {
  const isLoaded = isKnownModule(url) || url === runtime.mainModule ||
    (await runtime.isLoaded(url) ?? isNamedBySources(url));
  if (!isLoaded) {
    const error = new UnpicklingError(
      `module '${url}' is not loaded in this process, and data cannot make it load one`,
    );
    unloaded.add(error);
    throw error;
  }
  const namespace = await runtime.loadedModule(url);
  if (namespace !== undefined) learnModule(url, namespace);
}

/** Whether the sources of loaded modules import the module. */
function isNamedBySources(url: string): boolean {
  const main = runtime.mainModule;
  const seen = new Set(main === undefined ? knownModules() : [main, ...knownModules()]);
  for (const from of seen) {
    if (from === url) return true;
    const source = sourceOf(from);
    for (const item of [...source?.imports ?? [], ...reexports(source)]) {
      const next = resolveSpecifier(item.from, from);
      if (next !== undefined) seen.add(next);
    }
  }
  return false;
}

function reexports(source: ReturnType<typeof sourceOf>): { from: string }[] {
  if (source === undefined) return [];
  const named = [...source.exports.values()].filter((item) => "from" in item);
  return [...named, ...source.stars.map((from) => ({ from }))];
}

function noAttribute(url: string, name: string): AttributeError {
  return new AttributeError(`Can't get attribute '${name}' on <module '${url}'>`);
}
