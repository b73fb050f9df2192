/**
 * `exported`: a module says itself what its functions and classes are called, as Python's
 * `__module__` and `__qualname__` do.
 *
 * @module
 */
import {
  nameOnce,
  registeredFunctions,
  registerExport,
} from "../functions/exported.ts";
import { type Callable, isCallable } from "../functions/callable.ts";
import { isExportName, knownReference } from "../functions/references.ts";
import { fileUrl } from "../functions/urls.ts";
import { ValueError } from "../python/errors.ts";
import { isNameless } from "../runtime/own_program.ts";
import { isPlain, pythonTypeName } from "../python/repr.ts";

/** What `exported` and `is_main` read of a CommonJS module's `module`. */
export interface CommonJSModule {
  /** What the module gives. */
  exports: unknown;
  /** Its name; `.` for the program itself. */
  id: string;
  /** The path of its file. */
  filename: string;
}

/**
 * Names functions and classes of the calling module: sets `__module__` and `__qualname__` on
 * each, and registers it, so that other processes find it as soon as they have evaluated the
 * same module. Functions that a module exports under their own names are found without it;
 * this line makes that certain where a tool stands between the file and the runtime (a
 * bundler that puts the module into another file, a test runner that rewrites it), and names
 * what is no export: the module must still make it whenever it is evaluated.
 *
 * CPython sets `__module__` and `__qualname__` by itself. A module that is evaluated again,
 * as test runners and servers that reload modules do, names its functions anew. A function
 * keeps the first name that it was given.
 *
 * @param module The module's own `import.meta`; in CommonJS `module`.
 * @param functions Functions and classes under the names by which they are to be found; the
 * same on each evaluation.
 * @returns `functions`, so that CommonJS can write `module.exports = exported(module, {…})`.
 * @throws {TypeError} If `module` is neither, or if a value is no function.
 * @throws {ValueError} If the module has given the name to another function, or if the name
 * can stand for none (`then`, `constructor`, `__proto__`, an empty one).
 *
 * @example
 * ```ts
 * import { exported } from "@pystd/multiprocessing";
 *
 * export function square(x: number): number {
 *   return x * x;
 * }
 * export class Box {}
 *
 * exported(import.meta, { square, Box });
 * ```
 */
export function exported<T extends Readonly<Record<string, Callable>>>(
  module: ImportMeta | Pick<CommonJSModule, "filename">,
  functions: T,
): T {
  const url = urlOf(module);
  if (!isPlain(functions)) {
    throw new TypeError(
      `exported() argument 2 must be an object of functions and classes, not ${
        pythonTypeName(functions)
      }`,
    );
  }
  const entries: [string, unknown][] = Object.entries(functions);
  for (const [name, value] of entries) check(url, module, name, value);
  for (const [name, value] of entries) give(url, module, name, value as Callable);
  return functions;
}

/** The URL of the module whose `import.meta` or `module` is given. */
function urlOf(module: unknown): string {
  if (typeof module === "object" && module !== null) {
    const { url, filename } = module as { url?: unknown; filename?: unknown };
    if (typeof url === "string" && URL.canParse(url)) return url;
    if (typeof filename === "string" && filename !== "") return fileUrl(filename);
    if (isNameless) return bundledUrl(module);
  }
  throw new TypeError(
    `exported() argument 1 must be import.meta, or module in CommonJS, not ${
      pythonTypeName(module)
    }` + (isPlain(module) ? " (it has neither a url nor a filename)" : ""),
  );
}

/** The modules of a CommonJS bundle, in whose place it has objects without a URL. */
const bundled = new Map<object, string>();

/** A name for such a module: all processes evaluate the bundle in the same order. */
function bundledUrl(module: object): string {
  const known = bundled.get(module);
  if (known !== undefined) return known;
  const url = `bundle:${bundled.size + 1}`;
  bundled.set(module, url);
  return url;
}

function check(url: string, module: object, name: string, value: unknown): void {
  if (!isCallable(value)) {
    throw new TypeError(
      `exported() argument '${name}' must be a function or a class, not ${
        pythonTypeName(value)
      }`,
    );
  }
  if (name === "" || !isExportName(name)) {
    throw new ValueError(`'${name}' cannot be the name of a function`);
  }
  const present = registeredFunctions(url, module)?.get(name);
  if (present !== undefined && present !== value) {
    throw new ValueError(`the name '${name}' is taken by another function of ${url}`);
  }
}

function give(url: string, module: object, name: string, callable: Callable): void {
  registerExport(url, module, name, callable);
  if (knownReference(callable)?.length === 1) return; // every process has it
  const [ofModule, qualname] = nameOnce(callable, url, name);
  // A frozen function has its name nevertheless.
  for (const [key, value] of [["__module__", ofModule], ["__qualname__", qualname]]) {
    Reflect.defineProperty(callable, key!, {
      value,
      configurable: true,
      writable: true,
    });
  }
}
