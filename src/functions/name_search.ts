/**
 * From a function to its name where a tool has rewritten the text of its module (a test
 * runner, a bundler, a tool that measures coverage): the one export that has the function's
 * name and may be of its kind. Other functions of that name have the other process compare
 * the texts, so an inner function is not taken for an export.
 *
 * @module
 */
import { type Callable, type ExportReference, nameOf, textOf } from "./callable.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Export, ModuleSource } from "./module_source.ts";
import { isWhole } from "./references.ts";
import { countNamings, importedFile, isReassigned, sourceOf } from "./source_search.ts";
import { isInPackage } from "./urls.ts";

/** Number of modules that a re-export is followed through. */
const MAX_HOPS = 8;

/** A binding that a module exports. */
interface Candidate {
  url: string;
  name: string;
  source: ModuleSource;
  /** Undefined for an expression: `export default …`. */
  local: string | undefined;
}

/**
 * The export that is the function by its name, if there is only one.
 *
 * @param urls The main module and the callers'; what they import is searched as well.
 * @param origin The module in which the function was made, if the runtime has told that.
 */
export function findByName(
  callable: Callable,
  urls: readonly string[],
  origin: string | undefined,
): ExportReference | undefined {
  const name = nameOf(callable);
  if (name === "") {
    return origin === undefined ? undefined : wholeCommonJS(callable, origin);
  }
  const own = urls.filter((url) => !isInPackage(url));
  const searched = origin === undefined ? [...own, ...importsOf(own, name)] : [origin];
  const found = new Map<string, Candidate>();
  for (const url of new Set(searched)) {
    for (const candidate of candidatesIn(url, name, 0)) {
      if (isWhole(candidate.url) || !mayBe(candidate, callable)) continue;
      found.set(`${candidate.url} ${candidate.local ?? candidate.name}`, candidate);
    }
  }
  const [candidate, ...others] = found.values();
  if (candidate === undefined) {
    return origin === undefined ? undefined : inCommonJS(callable, name, origin);
  }
  if (others.length > 0) return undefined;
  const isContested = isNamedBeside(candidate, name, origin === undefined ? own : []);
  return [candidate.url, candidate.name, fingerprint(callable, isContested)];
}

/** The modules from which modules import what may have a name. */
function importsOf(urls: readonly string[], name: string): string[] {
  return urls.flatMap((url) =>
    (sourceOf(url)?.imports ?? [])
      .filter((item) =>
        [item.name, item.local].includes(name) || /^(\*|default)$/.test(item.name)
      )
      .map((item) => importedFile(item.from, url))
      .filter((imported) => imported !== undefined)
  );
}

/** The exports of a module whose own name is the function's. */
function* candidatesIn(url: string, wanted: string, hops: number): Iterable<Candidate> {
  const source = hops > MAX_HOPS ? undefined : sourceOf(url);
  if (source === undefined) return;
  for (const [name, exported] of source.exports) {
    if ("from" in exported) {
      if (![exported.name, name].includes(wanted)) continue;
      const next = importedFile(exported.from, url);
      if (next === undefined) continue;
      for (const found of candidatesIn(next, wanted, hops + 1)) {
        if (found.name === exported.name) yield found;
      }
    } else if (ownName(name, exported) === wanted) {
      yield {
        url,
        name,
        source,
        local: "local" in exported ? exported.local : undefined,
      };
    }
  }
  for (const star of source.stars) {
    const next = importedFile(star, url);
    if (next !== undefined) yield* candidatesIn(next, wanted, hops + 1);
  }
}

/** The name that a function has by its declaration. */
function ownName(name: string, exported: Export): string {
  return "local" in exported ? exported.local : name;
}

/** Whether a declaration may make such a function, by its first words. */
function mayBe({ source, local, name }: Candidate, callable: Callable): boolean {
  const exported = source.exports.get(name);
  const at = local !== undefined
    ? source.declarations.get(local)
    : exported !== undefined && "at" in exported
    ? exported.at
    : undefined;
  if (at === undefined) return true; // a part of a pattern
  const text = source.text.slice(at, at + 80);
  if (/^(["'`\d[{]|(?:true|false|null|undefined|void)\b)/.test(text)) return false;
  const isClass = /^(@|class\b)/.test(textOf(callable));
  return !/^(async\b|function\b|class\b|@)/.test(text) ||
    /^(class\b|@)/.test(text) === isClass;
}

/** Whether another function of these modules may have the name. */
function isNamedBeside(
  { source, local }: Candidate,
  name: string,
  urls: readonly string[],
): boolean {
  const own = local === undefined ? 0 : 1;
  return local !== undefined && isReassigned(source, local) ||
    countNamings(source, name) > own ||
    urls.some((url) => {
      const other = sourceOf(url);
      return other !== undefined && other !== source && countNamings(other, name) > 0;
    });
}

/** The export of a CommonJS module, which assigns it: `exports.f =`, `exports = { f }`. */
function inCommonJS(
  callable: Callable,
  name: string,
  url: string,
): ExportReference | undefined {
  const source = isWhole(url) ? undefined : sourceOf(url);
  if (source === undefined || !/^[\w$]+$/.test(name)) return undefined;
  const word = name.replace(/\$/g, "\\$");
  const assigned = new RegExp(
    String
      .raw`\bexports\.${word}\s*=|\bexports\s*=\s*\{[^{}]*(?<![\w$.])${word}(?![\w$])`,
  );
  if (!assigned.test(source.code)) return wholeCommonJS(callable, url);
  const isContested = countNamings(source, name) > 1;
  return [url, name, fingerprint(callable, isContested)];
}

/** The one function that a CommonJS module is: `exports = function …`, `exports = f`. */
function wholeCommonJS(callable: Callable, url: string): ExportReference | undefined {
  const source = isWhole(url) ? undefined : sourceOf(url);
  const text = textOf(callable);
  const name = nameOf(callable);
  for (const { index, 0: found } of source?.text.matchAll(/\bexports\s*=\s*/g) ?? []) {
    const value = source!.text.slice(index + found.length);
    const isNamed = name !== "" && value.startsWith(name) &&
      /^\s*(?:[;\n}]|$)/.test(value.slice(name.length));
    if (!isNamed && !value.startsWith(text)) continue;
    return [url, "default", fingerprint(callable, !isNamed)];
  }
  return undefined;
}
