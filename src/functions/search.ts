/**
 * From a function or class to its name where sources do not tell that at once (find.ts): by
 * importing modules that are loaded and asking the runtime. No module is loaded by that, nor
 * is one asked whose text a tool runs in the runtime's place.
 *
 * Loaded late, together with the error for a function that has no name: few programs send a
 * function that is not found in the sources, and a process starts sooner without.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import { type Callable, isCallable } from "./callable.ts";
import { fingerprint } from "./fingerprint.ts";
import { readModule } from "./module_source.ts";
import { findByName } from "./name_search.ts";
import {
  isWhole,
  knownReference,
  learn,
  learnModule,
  lostReference,
} from "./references.ts";
import { importedFile, isReassigned, sourceOf, SourceSearch } from "./source_search.ts";

export { notFound } from "./not_found.ts";

/**
 * Finds the names of several functions, and remembers them. No module that can be found
 * exports those that stay unknown.
 */
export async function findAll(
  callables: readonly Callable[],
  urls: string[],
): Promise<void> {
  const unknown = () =>
    callables.filter((callable) => knownReference(callable) === undefined);
  for (const search of SEARCHES) {
    await search(unknown, urls);
    if (unknown().length === 0) return;
  }
}

/** A way to find functions; `unknown` gives those that are not found yet. */
type Search = (unknown: () => Callable[], urls: readonly string[]) => unknown;

/** The ways to find functions, the surest and cheapest first. */
const SEARCHES: Search[] = [
  askModules,
  askImports,
  async (unknown) => {
    for (const callable of unknown()) await learnLocation(callable);
  },
  askPackages,
  (unknown, urls) => {
    for (const callable of unknown()) {
      if (!isUnbound(callable, urls)) new SourceSearch(callable).find(urls, true);
    }
  },
  (unknown, urls) => {
    for (const callable of unknown()) {
      const origin = origins.get(callable);
      const isKnown = lostReference(callable) !== undefined || located.has(callable);
      const found = isKnown ? undefined : findByName(callable, urls, origin);
      if (found !== undefined) learn(found[0], found[1], callable, found[2]);
    }
  },
];

/** Asks the main module, the callers' and those that are listed. */
async function askModules(
  unknown: () => Callable[],
  urls: readonly string[],
): Promise<void> {
  for (const url of new Set([...urls, ...runtime.loadedModules(false)])) {
    // A tool may run the caller's text, and the runtime have no such module.
    const isCaller = url !== runtime.mainModule && urls.includes(url) && !isWhole(url);
    if (!isCaller || !await isToolsText(url)) await learnLoaded(url);
    if (unknown().length === 0) return;
  }
}

/** Callers' modules that the runtime has not: a tool runs their texts. */
const toolsTexts = new Set<string>();

async function isToolsText(url: string): Promise<boolean> {
  if (!toolsTexts.has(url) && await runtime.isLoaded(url) === false) {
    toolsTexts.add(url);
  }
  return toolsTexts.has(url);
}

/** Asks the modules that these import by relative paths. */
async function askImports(
  unknown: () => Callable[],
  urls: readonly string[],
): Promise<void> {
  for (const url of urls) {
    for (const item of sourceOf(url)?.imports ?? []) {
      const imported = importedFile(item.from, url);
      if (imported === undefined || isWhole(imported)) continue;
      // If only types are imported, the module may not be loaded.
      const isUsed = unknown().some(({ name }) =>
        [item.name, item.local].includes(name)
      );
      if (await runtime.isLoaded(imported) ?? isUsed) await learnLoaded(imported);
    }
    if (unknown().length === 0) return;
  }
}

/** Asks the packages that these import, and those that are listed. */
async function askPackages(
  unknown: () => Callable[],
  urls: readonly string[],
): Promise<void> {
  const imported = urls.flatMap((url) =>
    (sourceOf(url)?.imports ?? []).map(({ from }) =>
      /^[.\/]/.test(from) ? undefined : runtime.resolvePackage(from, url)
    )
  );
  for (const url of new Set([...imported, ...runtime.loadedModules(true)])) {
    if (url === undefined || isWhole(url)) continue;
    if (await runtime.isLoaded(url)) await learnLoaded(url);
    if (unknown().length === 0) return;
  }
}

/** Whether the present bindings of a function's module are known, and it is none of them. */
function isUnbound(callable: Callable, urls: readonly string[]): boolean {
  return lostReference(callable) !== undefined || located.has(callable) ||
    urls.every(isWhole);
}

/** Functions for which the runtime has told the present bindings of their modules. */
const located = new WeakSet<Callable>();

/** The modules in which functions were made, where only that is known. */
const origins = new WeakMap<Callable, string>();

async function learnLoaded(url: string): Promise<void> {
  if (isWhole(url)) return learnModule(url);
  const namespace = await runtime.loadedModule(url);
  if (namespace !== undefined) learnModule(url, namespace);
}

/** Asks the runtime for the module in which a function was made, and learns its exports. */
export async function learnLocation(callable: Callable): Promise<void> {
  const location = await runtime.locate(callable);
  if (location === undefined) return;
  const { url, bindings, source, isLoaded } = location;
  origins.set(callable, url);
  if (isLoaded) await learnLoaded(url);
  if (isWhole(url) || bindings === undefined) return;
  located.add(callable);
  const read = source === undefined ? sourceOf(url) : readModule(source);
  for (const [name, exported] of read?.exports ?? []) {
    if (!("local" in exported)) continue;
    const value = bindings.get(exported.local);
    if (!isCallable(value)) continue;
    // Its later value cannot be known: the other process compares the texts.
    const text = isReassigned(read!, exported.local)
      ? fingerprint(value, true)
      : undefined;
    learn(url, name, value, text);
  }
}
