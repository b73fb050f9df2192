/**
 * From a function or class to its name, unless its module has told that (exported.ts): by
 * reading sources, at once; or by importing modules that are loaded and asking the runtime,
 * which takes a few turns of the event loop. No module is loaded by that, nor is one asked
 * whose text a tool runs in the runtime's place.
 *
 * Sources come first because main modules usually await this package's calls at their top
 * level: an `import()` of such a module does not settle before its end.
 *
 * @module
 */

import { errorHere } from "../python/stack.ts";
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
import { ownUrls, SOURCES } from "../runtime/own_program.ts";
import { fileUrl } from "./urls.ts";

/** The modules that are searched first: the main module, and the callers'. */
export function candidates(): string[] {
  const main = runtime.mainModule;
  const calling = callingModules();
  return main === undefined ? calling : [...new Set([main, ...calling])];
}

/** Finds a function's name without waiting, if sources are enough, and remembers it. */
export function findNow(callable: Callable, urls: () => string[]): void {
  if (knownReference(callable) === undefined) new SourceSearch(callable).find(urls());
}

// --- the calling modules -----------------------------------------------------------

const OWN = ownUrls(SOURCES);

/** Number of frames of the stack that are read. */
const FRAMES = 64;

const FRAME =
  /((?:file|https?|data|blob|jsr|npm):[^\s()]+|(?:[A-Za-z]:[\\/]|\/)[^():]+):\d+(?::\d+)?\)?$/;

/** URLs of the modules on the stack, the nearest first, without those of this package. */
function callingModules(): string[] {
  const { stack } = errorHere(FRAMES);
  const urls = new Set<string>();
  // A program may have replaced the stack by another value.
  for (const line of typeof stack === "string" ? stack.split("\n") : []) {
    const place = FRAME.exec(line.trim())?.[1];
    if (place === undefined) continue;
    const url = /^[a-z]{2,}:/.test(place) ? place : fileUrl(place);
    if (!OWN.some((own) => url.startsWith(own))) urls.add(url);
  }
  return [...urls];
}

// --- asking modules and the runtime ------------------------------------------------

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
