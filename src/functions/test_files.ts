/**
 * Modules that are test files: imported by another process they would register their tests
 * there, which run once more, or fail as their runner is not there.
 *
 * @module
 */
import { PicklingError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { Callable, Reference } from "./callable.ts";
import { nameOf } from "./callable.ts";

/** An import of a runner, but for types alone; what is imported stands before its name. */
const IMPORT =
  /(?:import|const|let|var)\s+(?!type\b)([^;"'`]*?)\s*(?:from\s*|=\s*(?:await\s+import|require)\(\s*)["'](?:node:test|vitest|bun:test|@jest\/globals|mocha|ava|uvu|tap|tape|@playwright\/test)["']/g;

/** Names, among what is imported, by which tests are registered; a default import is one. */
const REGISTERS =
  /(?<![\w$.])(?:test|it|describe|suite|bench)(?![\w$])|^\*|^[A-Za-z_$]/;

/** A call of a runner's global. */
const CALL = /^(?:await\s+)?(test|it|describe|suite|context)(?:\.\w+)*\s*[(`]/m;

/** What a module says that registers its tests in the main process only. */
const GUARD = /\bis_main\s*\(|\bimport\.meta\.main\b|\brequire\.main\b/;

/** Whether modules are test files, by URL. */
const known = new Map<string, boolean>();

/**
 * Whether a module registers tests when it is imported. On Deno that does nothing where no
 * tests are run.
 */
export function isTestFile(url: string): boolean {
  let is = known.get(url);
  if (is === undefined) known.set(url, is = registersTests(url));
  return is;
}

function registersTests(url: string): boolean {
  if (runtime.name === "deno" || !url.startsWith("file:")) return false;
  const text = runtime.moduleSource(url);
  if (text === undefined || GUARD.test(text)) return false;
  if ([...text.matchAll(IMPORT)].some(([, names]) => REGISTERS.test(names!))) {
    return true;
  }
  const name = CALL.exec(text)?.[1];
  return name !== undefined &&
    typeof (globalThis as Record<string, unknown>)[name] === "function";
}

/** What to do about a function or class of a test file. */
export const CURE =
  "the module is a test file, whose tests no other process can run: put " +
  "what is sent in a module of its own, which exports it, or names it by " +
  "`exported(import.meta, { name })`";

/**
 * Refuses the names of functions that another process is to import from a test file.
 *
 * @throws {PicklingError} if there is one among them
 */
export function refuseTestFiles(
  callables: readonly Callable[],
  references: readonly Reference[],
): void {
  for (const [i, [url, name]] of references.entries()) {
    if (name === undefined || !isTestFile(url)) continue;
    throw new PicklingError(
      `Can't pickle <function ${nameOf(callables[i]!)}> of ${url}: ${CURE}`,
    );
  }
}
