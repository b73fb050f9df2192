/**
 * From a function to its name by reading sources: those of the main module, of the calling
 * modules, and of the modules that these import or re-export.
 *
 * A function counts as an export if its text stands where that export is declared (with
 * types replaced by spaces, as Node does it). If the runtime does not give its translation
 * of a source, the same words in the same order are enough; the other process then compares
 * the texts.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { type Export, type ModuleSource, readModule } from "./module_source.ts";
import { type Callable, type ExportReference, nameOf } from "./callable.ts";
import { fingerprint, learn } from "./references.ts";

/** Number of modules that a re-export is followed through. */
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

/** The URL of a specifier, if it needs no resolver. */
export function resolveSpecifier(specifier: string, from: string): string | undefined {
  if (!/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) return undefined;
  return URL.canParse(specifier, from) ? new URL(specifier, from).href : undefined;
}

/** The search for one function. */
export class SourceSearch {
  readonly #callable: Callable;
  readonly #name: string;
  readonly #text: string;
  #withChanging = false;

  constructor(callable: Callable) {
    this.#callable = callable;
    this.#name = nameOf(callable);
    this.#text = Function.prototype.toString.call(callable);
  }

  /** Finds the function and remembers its name, as {@linkcode seek}. */
  find(urls: readonly string[], withChanging = false): void {
    const found = this.seek(urls, withChanging);
    if (found !== undefined) learn(found[0], found[1], this.#callable, found[2]);
  }

  /**
   * Finds the function.
   *
   * @param withChanging Whether bindings count that may have another value by now; the
   * other process then compares the texts.
   */
  seek(urls: readonly string[], withChanging = false): ExportReference | undefined {
    this.#withChanging = withChanging;
    for (const url of urls) {
      const found = this.#inExports(url, 0);
      if (found !== undefined) return this.#named(url, found);
    }
    for (const url of urls) {
      for (const imported of this.#importedBy(url)) {
        const found = this.#inExports(imported, 0);
        if (found !== undefined) return this.#named(imported, found);
      }
    }
    return undefined;
  }

  #named(
    url: string,
    { name, exact }: { name: string; exact: boolean },
  ): ExportReference {
    return exact ? [url, name] : [url, name, fingerprint(this.#callable)];
  }

  /** Modules from which a module imports a binding that may be the function. */
  *#importedBy(url: string): Iterable<string> {
    const name = this.#name;
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
      const match = at === undefined
        ? undefined
        : this.#matchAt(source, at, exported.local);
      if (match === undefined || !isReassigned(source, exported.local)) return match;
      return this.#withChanging ? "likely" : undefined;
    }
    if (![exported.name, name].includes(this.#name)) return undefined;
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
    const name = this.#name;
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

/**
 * Whether a binding seems to be assigned again. A false alarm, as by a comment, does no
 * harm: the value is then found in another way.
 */
export function isReassigned(source: ModuleSource, local: string): boolean {
  const name = String.raw`(?<![\w$.])${local.replace(/\$/g, "\\$")}(?![\w$])`;
  const change = new RegExp(
    [
      String.raw`${name}\s*[-+*/%&|^?<>]{0,3}=(?![=>])`,
      String.raw`${name}[^=;(){}[\]]*[\]}][\s\]})]*=(?![=>])`, // of a pattern
      String.raw`\bfor\s*\(\s*${name}\s+(?:of|in)\b`,
    ].join("|"),
    "g",
  );
  const declared = source.declarations.get(local);
  for (const { index, 0: found } of source.text.matchAll(change)) {
    const behind = index + found.length;
    const value = behind + /^\s*/.exec(source.text.slice(behind))![0].length;
    if (value !== declared) return true;
  }
  return false;
}

/** Whether a function has the name by its own text, and not by an assignment. */
function hasName(text: string, name: string): boolean {
  const [, own] = /^(?:async\s+)?(?:function\s*\*?|class)\s+([\w$]+)/.exec(text) ?? [];
  return own !== undefined && own === name;
}

/** Whether a function's text equals that in the source, but for types replaced by spaces. */
function isTextAt(source: string, at: number, text: string): boolean {
  if (source.startsWith(text, at)) return true;
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== source[at + i] && text[i] !== " ") return false;
  }
  return at + text.length <= source.length;
}
