/**
 * Loaded modules on Bun, which lists those that have been evaluated, and does not tell where
 * a function was made.
 *
 * @module
 */
import { isInPackage, moduleSource, toPath } from "./node.ts";
import { peek } from "./peek.ts";
import { OWN_FILE } from "../own_program.ts";
import { builtin } from "../posix.ts";
import type { Location } from "../types.ts";

// deno-lint-ignore no-explicit-any -- `require`, with its cache
function requirer(): any {
  return builtin("node:module").createRequire(OWN_FILE);
}

// deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
function bun(): any {
  // deno-lint-ignore no-explicit-any -- as above
  return (globalThis as any).Bun;
}

/** See `Modules.importable`: of a file's URL, Bun's `import()` drops the query. */
export function importable(url: string): string {
  return url.includes("?") ? keyOf(url) ?? url : url;
}

/** The key of a module in the list of those that are loaded: its path and its query. */
function keyOf(url: string): string | undefined {
  const query = url.indexOf("?");
  if (query < 0) return toPath(url);
  const path = toPath(url.slice(0, query));
  return path === undefined ? undefined : path + url.slice(query);
}

/** The URL of such a key. */
function urlOf(key: string): string {
  const [path = "", ...query] = key.split("?");
  const { href } = builtin("node:url").pathToFileURL(path);
  return [href, ...query].join("?");
}

/** See `Modules.locate`. */
export function locate(_fn: object): Promise<Location | undefined> {
  return Promise.resolve(undefined);
}

/** See `Modules.loadedModule`. */
export async function loadedModule(
  url: string,
): Promise<Record<string, unknown> | undefined> {
  const file = keyOf(url);
  const require = requirer();
  if (file === undefined) return undefined;
  if (file in require.cache) {
    const exported = require(file);
    // A CommonJS module may be a function as a whole.
    return typeof exported === "function" ? { default: exported } : exported;
  }
  // Of others Bun does not tell whether they are loaded.
  return file === bun().main ? await peek(file, loadTexts) : undefined;
}

function loadTexts(texts: Readonly<Record<string, string>>): Promise<unknown> {
  bun().plugin({
    name: "pystd-peek",
    // deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
    setup(build: any) {
      for (const [name, contents] of Object.entries(texts)) {
        build.module(name, () => ({ contents, loader: "js" }));
      }
    },
  });
  return import(Object.keys(texts)[0]!);
}

/** See `Modules.isLoaded`. */
export function isLoaded(url: string): Promise<boolean | undefined> {
  const file = keyOf(url);
  return Promise.resolve(file !== undefined && file in requirer().cache);
}

/** See `Modules.loadedModules`. */
export function loadedModules(ofPackages: boolean): string[] {
  return Object.keys(requirer().cache)
    .filter((file) =>
      /^([\\/]|[A-Za-z]:)/.test(file) && isInPackage(file) === ofPackages
    )
    .map(urlOf);
}

/** See `Modules.resolvePackage`: a package that is loaded is listed. */
export function resolvePackage(): string | undefined {
  return undefined;
}

export { moduleSource };

/** See `Modules.asRun`. */
export function asRun(text: string, url: string): string {
  const loader = /\.[cm]?([jt]sx?)$/.exec(url)?.[1] ?? "js";
  const { Transpiler } = bun();
  try {
    return new Transpiler({ loader, target: "bun" }).transformSync(text);
  } catch {
    return text;
  }
}
