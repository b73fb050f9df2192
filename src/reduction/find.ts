/**
 * From a function or class to its name: by reading sources, at once; or by asking
 * modules and the runtime, which takes a few turns of the event loop.
 *
 * Sources come first because main modules usually await at their top level what we are
 * asked to do: such a module does not answer an `import()` before it has ended.
 *
 * @module
 */

import { PicklingError } from "../errors.ts";
import { runtime } from "../runtime/mod.ts";
import { callingModules } from "./call_stack.ts";
import { type Export, type ModuleSource, readModule } from "./module_source.ts";
import {
  type Callable,
  fingerprint,
  isCallable,
  isWhole,
  knownReference,
  learn,
  learnModule,
  type Reference,
} from "./references.ts";

/** How many modules a re-export is followed through. */
const MAX_HOPS = 8;

const sources = new Map<string, ModuleSource | undefined>();

/** The source of a module, read once. */
export function sourceOf(url: string): ModuleSource | undefined {
  if (!sources.has(url)) {
    const text = runtime.moduleSource(url);
    const source = text === undefined
      ? undefined
      : readModule(runtime.asRun(text, url));
    sources.set(url, source);
  }
  return sources.get(url);
}

/** The modules in which a function is looked for first. */
export function candidates(): string[] {
  const main = runtime.mainModule;
  const calling = callingModules();
  return main === undefined ? calling : [...new Set([main, ...calling])];
}

/** The URL that a specifier means, where that takes no resolver. */
export function resolveSpecifier(specifier: string, from: string): string | undefined {
  if (!/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) return undefined;
  return URL.canParse(specifier, from) ? new URL(specifier, from).href : undefined;
}

/** The name of a function, found without waiting; undefined if that takes more. */
export function findNow(
  callable: Callable,
  urls: () => string[],
): Reference | undefined {
  return knownReference(callable) ?? new SourceSearch(callable).find(urls());
}

class SourceSearch {
  readonly #callable: Callable;
  readonly #text: string;

  constructor(callable: Callable) {
    this.#callable = callable;
    this.#text = Function.prototype.toString.call(callable);
  }

  find(urls: string[]): Reference | undefined {
    for (const url of urls) {
      const found = this.#inExports(url, 0);
      if (found !== undefined) return this.#learn(url, found);
    }
    for (const url of urls) {
      for (const imported of this.#importedBy(url)) {
        const found = this.#inExports(imported, 0);
        if (found !== undefined) return this.#learn(imported, found);
      }
    }
    return undefined;
  }

  #learn(url: string, { name, exact }: { name: string; exact: boolean }): Reference {
    const text = exact ? undefined : fingerprint(this.#callable);
    return learn(url, name, this.#callable, text);
  }

  /** Modules from which a module imports something that may be the function. */
  *#importedBy(url: string): Iterable<string> {
    const { name } = this.#callable;
    for (const item of sourceOf(url)?.imports ?? []) {
      if ([item.name, item.local].includes(name) || /^(\*|default)$/.test(item.name)) {
        const imported = resolveSpecifier(item.from, url);
        if (imported !== undefined) yield imported;
      }
    }
  }

  #inExports(
    url: string,
    hops: number,
  ): { name: string; exact: boolean } | undefined {
    const source = hops > MAX_HOPS ? undefined : sourceOf(url);
    if (source === undefined) return undefined;
    let likely: string | undefined;
    for (const [name, exported] of source.exports) {
      const match = this.#match(source, url, name, exported, hops);
      if (match === "exact") return { name, exact: true };
      if (match === "likely") likely ??= name;
    }
    if (likely !== undefined) return { name: likely, exact: false };
    for (const star of source.stars) {
      const next = resolveSpecifier(star, url);
      const found = next === undefined ? undefined : this.#inExports(next, hops + 1);
      if (found !== undefined && found.name !== "default") return found;
    }
    return undefined;
  }

  #match(
    source: ModuleSource,
    url: string,
    name: string,
    exported: Export,
    hops: number,
  ): "exact" | "likely" | undefined {
    if ("at" in exported) return this.#matchAt(source, exported.at, "default");
    if ("local" in exported) {
      const at = source.declarations.get(exported.local);
      return at === undefined ? undefined : this.#matchAt(source, at, exported.local);
    }
    if (![exported.name, name].includes(this.#callable.name)) return undefined;
    const next = resolveSpecifier(exported.from, url);
    const found = next === undefined ? undefined : this.#inExports(next, hops + 1);
    if (found?.name !== exported.name) return undefined;
    return found.exact ? "exact" : "likely";
  }

  #matchAt(
    source: ModuleSource,
    at: number,
    local: string,
  ): "exact" | "likely" | undefined {
    const { name } = this.#callable;
    const isNamed = name === local;
    if (!isNamed && !hasName(this.#text, name)) return undefined;
    if (isTextAt(source.text, at, this.#text)) return "exact";
    return isNamed && this.#wordsFollow(source, at) ? "likely" : undefined;
  }

  /**
   * Whether the words of the function follow each other in the source of a declaration,
   * which may have types in between, and another layout.
   */
  #wordsFollow(source: ModuleSource, at: number): boolean {
    let end = source.text.length;
    for (const other of source.declarations.values()) {
      if (other > at && other < end) end = other;
    }
    const text = source.text.slice(at, end);
    let from = 0;
    for (const word of this.#text.match(/[\w$]+/g) ?? []) {
      from = text.indexOf(word, from);
      if (from < 0) return false;
      from += word.length;
    }
    return true;
  }
}

/** Whether a function's text gives it the name, rather than where it was assigned. */
function hasName(text: string, name: string): boolean {
  const [, own] = /^(?:async\s+)?(?:function\s*\*?|class)\s+([\w$]+)/.exec(text) ?? [];
  return own !== undefined && own === name;
}

/** Whether a function's text is that in the source, save types replaced by spaces. */
function isTextAt(source: string, at: number, text: string): boolean {
  if (source.startsWith(text, at)) return true;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== source[at + i] && text[i] !== " ") return false;
  }
  return at + text.length <= source.length;
}

// --- asking ----------------------------------------------------------------------

/**
 * Finds the names of functions, of all in one go. Those that stay unknown are exported by
 * no module that can be found.
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
      // An import that is only of types may be of a module that is not loaded.
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
}

async function learnLoaded(url: string): Promise<void> {
  if (isWhole(url)) return;
  const namespace = await runtime.loadedModule(url);
  if (namespace !== undefined) learnModule(url, namespace);
}

/** Learns the module in which a function was made, as the runtime tells it. */
export async function learnLocation(callable: Callable): Promise<void> {
  const location = await runtime.locate(callable);
  if (location === undefined) return;
  const { url, bindings, source } = location;
  await learnLoaded(url);
  if (isWhole(url) || bindings === undefined) return;
  const exports = source === undefined
    ? sourceOf(url)?.exports
    : readModule(source).exports;
  for (const [name, exported] of exports ?? []) {
    const value = "local" in exported ? bindings.get(exported.local) : undefined;
    if (isCallable(value)) learn(url, name, value);
  }
}

/** The error for a function that no module exports. */
export async function notFound(
  callable: Callable,
  urls: readonly string[],
): Promise<PicklingError> {
  const name = callable.name || "<lambda>";
  const kind = /^class\b/.test(Function.prototype.toString.call(callable))
    ? "class"
    : "function";
  const place = await placeOf(callable, urls);
  const module = place?.url ?? urls[0] ?? "__main__";
  const line = place?.line === undefined ? "" : `, line ${place.line}`;
  const where = place === undefined ? "" : ` (it is made in ${place.url}${line})`;
  const cure = runtime.name === "deno" && place === undefined
    ? "; add `export` to it, or allow Deno to look for it by --allow-read"
    : "; add `export` to it, at the top level of a module";
  return new PicklingError(
    `Can't pickle <${kind} ${name}>: attribute lookup ${name} on ${module} failed` +
      where + cure,
  );
}

/** Where a function was made, so far as it can be told. */
async function placeOf(
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
  for (const url of urls) {
    const text = runtime.moduleSource(url);
    const line = text && lineOf(callable, text);
    if (line) return { url, line };
  }
  return undefined;
}

function lineOf(callable: Callable, text: string): number | undefined {
  const name = callable.name.replace(/\W/g, "\\$&");
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
