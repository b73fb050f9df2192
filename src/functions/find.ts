/**
 * From a function or class to its name: by reading sources, at once; or by importing
 * modules and asking the runtime, which takes a few turns of the event loop.
 *
 * Sources come first because main modules usually await this package's calls at their top
 * level: an `import()` of such a module does not settle before its end.
 *
 * @module
 */

import { PicklingError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { readModule } from "./module_source.ts";
import { type Callable, isCallable, nameOf } from "./callable.ts";
import {
  fingerprint,
  isWhole,
  knownReference,
  learn,
  learnModule,
  lostReference,
} from "./references.ts";
import {
  isReassigned,
  resolveSpecifier,
  sourceOf,
  SourceSearch,
} from "./source_search.ts";
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

/** The folder of the package's sources, and `mod.ts` above it. */
const OWN = [
  new URL("../", import.meta.url).href,
  new URL("../../mod.", import.meta.url).href,
];

/** Number of frames of the stack that are read. */
const FRAMES = 64;

const FRAME =
  /((?:file|https?|data|blob|jsr|npm):[^\s()]+|(?:[A-Za-z]:[\\/]|\/)[^():]+):\d+(?::\d+)?\)?$/;

/** URLs of the modules on the stack, the nearest first, without those of this package. */
function callingModules(): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
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
  const isDone = () => callables.every((callable) => knownReference(callable));
  for (const url of new Set([...urls, ...runtime.loadedModules()])) {
    await learnLoaded(url);
    if (isDone()) return;
  }
  for (const url of urls) {
    for (const item of sourceOf(url)?.imports ?? []) {
      const imported = resolveSpecifier(item.from, url);
      if (imported === undefined || isWhole(imported)) continue;
      // If only types are imported, the module may not be loaded.
      const isUsed = callables.some(({ name }) =>
        [item.name, item.local].includes(name)
      );
      if (await runtime.isLoaded(imported) ?? isUsed) await learnLoaded(imported);
    }
    if (isDone()) return;
  }
  for (const callable of callables) {
    if (knownReference(callable) === undefined) await learnLocation(callable);
  }
  for (const callable of callables) {
    if (knownReference(callable) === undefined && !isUnbound(callable, urls)) {
      new SourceSearch(callable).find(urls, true);
    }
  }
}

/** Whether the present bindings of a function's module are known, and it is none of them. */
function isUnbound(callable: Callable, urls: readonly string[]): boolean {
  return lostReference(callable) !== undefined || located.has(callable) ||
    urls.every(isWhole);
}

/** Functions for which the runtime has told the present bindings of their modules. */
const located = new WeakSet<Callable>();

async function learnLoaded(url: string): Promise<void> {
  if (isWhole(url)) return learnModule(url);
  const namespace = await runtime.loadedModule(url);
  if (namespace !== undefined) learnModule(url, namespace);
}

/** Asks the runtime for the module in which a function was made, and learns its exports. */
export async function learnLocation(callable: Callable): Promise<void> {
  const location = await runtime.locate(callable);
  if (location === undefined) return;
  const { url, bindings, source } = location;
  await learnLoaded(url);
  if (isWhole(url) || bindings === undefined) return;
  located.add(callable);
  const read = source === undefined ? sourceOf(url) : readModule(source);
  for (const [name, exported] of read?.exports ?? []) {
    if (!("local" in exported)) continue;
    const value = bindings.get(exported.local);
    if (!isCallable(value)) continue;
    // Its later value cannot be known: the other process compares the texts.
    const text = isReassigned(read!, exported.local) ? fingerprint(value) : undefined;
    learn(url, name, value, text);
  }
}

/** The error for a function that no module exports. */
export async function notFound(
  callable: Callable,
  urls: readonly string[],
): Promise<PicklingError> {
  const name = nameOf(callable) || "<lambda>";
  const kind = /^class\b/.test(Function.prototype.toString.call(callable))
    ? "class"
    : "function";
  const lost = lostReference(callable) ?? new SourceSearch(callable).seek(urls, true);
  if (lost !== undefined) {
    const [url, exported] = lost;
    return new PicklingError(
      `Can't pickle <${kind} ${name}>: it's not the same object as ${url}.${exported}`,
    );
  }
  const place = await originOf(callable, urls);
  const module = place?.url ?? urls[0] ?? "__main__";
  const line = place?.line === undefined ? "" : `, line ${place.line}`;
  const where = place === undefined ? "" : ` (it is made in ${place.url}${line})`;
  return new PicklingError(
    `Can't pickle <${kind} ${name}>: attribute lookup ${name} on ${module} failed` +
      where + cure(place !== undefined, module),
  );
}

function cure(isFound: boolean, module: string): string {
  if (isFound || runtime.name !== "deno") {
    return "; add `export` to it, at the top level of a module";
  }
  const flag = runtime.moduleSource(module) === undefined ? "read" : "sys";
  return `; add \`export\` to it, or allow Deno to look for it by --allow-${flag}`;
}

/** The module and the line in which a function was made, as far as they are known. */
async function originOf(
  callable: Callable,
  urls: readonly string[],
): Promise<{ url: string; line?: number } | undefined> {
  const location = await runtime.locate(callable);
  if (location !== undefined) {
    const { url, line, source } = location;
    const text = runtime.moduleSource(url);
    if (text === undefined) return { url };
    // A translation may have moved the lines.
    const isSame = lines(text) === lines(source);
    const found = isSame ? line : lineOf(callable, text);
    return found === undefined ? { url } : { url, line: found };
  }
  const text = Function.prototype.toString.call(callable);
  for (const url of [...urls, ...runtime.loadedModules()]) {
    const found = sourceOf(url)?.text.includes(text);
    // If the runtime does not run the source as it is, only the name can be compared.
    const isCertain = found || runtime.name === "deno";
    const line = isCertain && lineOf(callable, runtime.moduleSource(url) ?? "");
    if (line) return { url, line };
    if (found) return { url };
  }
  return undefined;
}

function lineOf(callable: Callable, text: string): number | undefined {
  const name = nameOf(callable).replace(/\W/g, "\\$&");
  const declaration = name === "" ? -1 : text.search(
    new RegExp(
      String.raw`\b(?:function\s*\*?|class)\s+${name}\b|` +
        String
          .raw`\b(?:const|let|var)\s+${name}\b[^=]*=\s*(?:async|function|class|\(|\w+\s*=>)`,
    ),
  );
  const at = declaration >= 0
    ? declaration
    : text.indexOf(Function.prototype.toString.call(callable));
  return at < 0 ? undefined : lines(text.slice(0, at));
}

function lines(text: string): number {
  return text.split("\n").length;
}
