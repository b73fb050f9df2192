/**
 * Names that modules give their functions and classes themselves, by `exported`. Senders and
 * receivers look here first: a name that is told needs no search, and holds where a tool has
 * rewritten a module's text, or has put several modules into one file.
 *
 * All copies of this package in a process share the names, since the module of a function
 * may have imported another copy than the one that sends or receives it.
 *
 * @module
 */
import type { Callable, ExportReference } from "./callable.ts";

/** The functions of one evaluation of a module. */
interface Registered {
  /** That evaluation's `import.meta` or `module`. */
  readonly evaluation: object;
  readonly functions: Map<string, Callable>;
}

/** What the copies of this package share. */
interface Shared {
  /** The first name of each function. */
  readonly names: WeakMap<object, ExportReference>;
  /** The last evaluation of each module, by URL. */
  readonly modules: Map<string, Registered>;
}

const KEY = Symbol.for("@pystd/multiprocessing:exported");

function shared(): Shared | undefined {
  return (globalThis as Record<symbol, Shared | undefined>)[KEY];
}

/** Made at the first name, so that programs without any have no global of ours. */
function makeShared(): Shared {
  const value: Shared = { names: new WeakMap(), modules: new Map() };
  Object.defineProperty(globalThis, KEY, { value });
  return value;
}

/** The functions that an evaluation of a module has registered so far. */
export function registeredFunctions(
  url: string,
  evaluation: object,
): ReadonlyMap<string, Callable> | undefined {
  const found = shared()?.modules.get(url);
  return found?.evaluation === evaluation ? found.functions : undefined;
}

/**
 * Registers a function as an export of a module. A module that is evaluated again, by a test
 * runner or a server that reloads it, begins anew: its last evaluation counts for what
 * arrives. Functions of the former ones keep their names, and can be sent.
 */
export function registerExport(
  url: string,
  evaluation: object,
  name: string,
  callable: Callable,
): void {
  const { modules } = shared() ?? makeShared();
  let module = modules.get(url);
  if (module?.evaluation !== evaluation) {
    modules.set(url, module = { evaluation, functions: new Map() });
  }
  module.functions.set(name, callable);
}

/** Gives a function its name, unless it has one; the result is the name that it has. */
export function nameOnce(
  callable: Callable,
  url: string,
  name: string,
): ExportReference {
  const { names } = shared() ?? makeShared();
  let reference = names.get(callable);
  if (reference === undefined) names.set(callable, reference = [url, name]);
  return reference;
}

/** The name that a module has given a function. */
export function registeredName(callable: Callable): ExportReference | undefined {
  return shared()?.names.get(callable);
}

/** The function that a module has given a name. */
export function registeredExport(url: string, name: string): Callable | undefined {
  return shared()?.modules.get(url)?.functions.get(name);
}

/** Whether a module has given names. */
export function isRegistered(url: string): boolean {
  return shared()?.modules.has(url) ?? false;
}
