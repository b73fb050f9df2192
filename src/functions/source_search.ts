/**
 * From a function to its name by reading sources: those of the main module, of the calling
 * modules, and of the modules that these import or re-export.
 *
 * A function counts as an export if its text stands where that export is declared (with
 * types replaced by spaces, as Node does it). If the runtime does not give its translation
 * of a source, the same words in the same order are enough; the other process then compares
 * kind and parameters, and the texts if the name may stand for another function as well.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { type Callable, type ExportReference, nameOf, textOf } from "./callable.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Export, type ModuleSource, readModule } from "./module_source.ts";
import { isWhole, knownExport, learn } from "./references.ts";
import { resolveSpecifier } from "./urls.ts";

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

/** What tools add to a specifier without an extension; and what `./x.js` may stand for. */
const ENDINGS = ["", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs"];

/** The URL of a relative specifier, as the runtime or a tool resolves it. */
export function importedFile(specifier: string, from: string): string | undefined {
  const url = resolveSpecifier(specifier, from);
  if (url === undefined || !url.startsWith("file:") || sourceOf(url) !== undefined) {
    return url;
  }
  const stems = [
    url,
    url.replace(/\.[cm]?jsx?$/, ""),
    `${url.replace(/\/$/, "")}/index`,
  ];
  for (const stem of stems) {
    const found = ENDINGS.find((ending) => sourceOf(stem + ending) !== undefined);
    if (found !== undefined) return stem + found;
  }
  return url;
}

/**
 * How sure it is that an export is the function: its text stands there; its words do; or
 * they do, and another function may have the name as well.
 */
type Match = "exact" | "likely" | "contested";

/** The search for one function. */
export class SourceSearch {
  readonly #callable: Callable;
  readonly #name: string;
  readonly #text: string;
  #withContested = false;

  constructor(callable: Callable) {
    this.#callable = callable;
    this.#name = nameOf(callable);
    this.#text = textOf(callable);
  }

  /** Finds the function and remembers its name, as {@linkcode seek}. */
  find(urls: readonly string[], withContested = false): void {
    const found = this.seek(urls, withContested);
    if (found === undefined) return;
    const [url, name, text] = found;
    // Where the exports are known, another value means another function of the same text.
    if (isWhole(url) && knownExport(url, name) !== this.#callable) return;
    learn(url, name, this.#callable, text);
  }

  /**
   * Finds the function.
   *
   * @param withContested Whether names count that may stand for another function, or may by
   * now; the other process then compares the texts.
   */
  seek(urls: readonly string[], withContested = false): ExportReference | undefined {
    this.#withContested = withContested;
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
    { name, match }: { name: string; match: Match },
  ): ExportReference {
    if (match === "exact") return [url, name];
    return [url, name, fingerprint(this.#callable, match === "contested")];
  }

  /** Modules from which a module imports a binding that may be the function. */
  *#importedBy(url: string): Iterable<string> {
    const name = this.#name;
    for (const item of sourceOf(url)?.imports ?? []) {
      if ([item.name, item.local].includes(name) || /^(\*|default)$/.test(item.name)) {
        const imported = importedFile(item.from, url);
        if (imported !== undefined) yield imported;
      }
    }
  }

  #inExports(url: string, hops: number): { name: string; match: Match } | undefined {
    const source = hops > MAX_HOPS ? undefined : sourceOf(url);
    if (source === undefined) return undefined;
    let best: { name: string; match: Match } | undefined;
    for (const [name, exported] of source.exports) {
      const match = this.#match(source, url, name, exported, hops);
      if (match === "exact") return { name, match };
      if (match !== undefined) best ??= { name, match };
    }
    if (best !== undefined) return best;
    for (const star of source.stars) {
      const next = importedFile(star, url);
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
  ): Match | undefined {
    if ("at" in exported) return this.#matchAt(source, exported.at, "default");
    if ("local" in exported) {
      const { local } = exported;
      const at = source.declarations.get(local);
      const match = at === undefined ? undefined : this.#matchAt(source, at, local);
      const isSure = match === undefined || !isReassigned(source, local) &&
          (match === "exact"
            ? !this.#isTwice(source)
            : countNamings(source, local) < 2);
      if (isSure) return match;
      return this.#withContested ? "contested" : undefined;
    }
    if (![exported.name, name].includes(this.#name)) return undefined;
    const next = importedFile(exported.from, url);
    const found = next === undefined ? undefined : this.#inExports(next, hops + 1);
    return found?.name === exported.name ? found.match : undefined;
  }

  /** Whether a source has two functions of the same name and text. */
  #isTwice(source: ModuleSource): boolean {
    return source.text.split(this.#text, 3).length > 2 &&
      countNamings(source, this.#name) > 1;
  }

  #matchAt(
    source: ModuleSource,
    at: number,
    local: string,
  ): Match | undefined {
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

/**
 * The number of places in a source that may give a function a name: its declaration, but
 * also an inner function, a method, a property. A false alarm, as by a label, does no harm.
 */
export function countNamings({ code }: ModuleSource, local: string): number {
  const name = String.raw`(?<![\w$.])${local.replace(/\$/g, "\\$")}(?![\w$])`;
  const naming = new RegExp(
    String.raw`\b(?:function\s*\*?|class|const|let|var)\s+${name}|` +
      String.raw`${name}\s*(?::|=(?![=>])|\([^()]*\)\s*(?::[^{};=]*)?\{)`,
    "g",
  );
  return [...code.matchAll(naming)].length;
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
