/**
 * Loaded modules on Bun, which lists those that have been evaluated, and does not tell where
 * a function was made.
 *
 * @module
 */
import { isInPackage, moduleSource, toPath } from "./node.ts";
import { peek } from "./peek.ts";
import { builtin } from "../posix.ts";
import type { Location } from "../types.ts";

// deno-lint-ignore no-explicit-any -- `require`, with its cache
function requirer(): any {
  return builtin("node:module").createRequire(import.meta.url);
}

// deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
function bun(): any {
  // deno-lint-ignore no-explicit-any -- as above
  return (globalThis as any).Bun;
}

/** See `Modules.locate`. */
export function locate(_fn: object): Promise<Location | undefined> {
  return Promise.resolve(undefined);
}

/** See `Modules.loadedModule`. */
export async function loadedModule(
  url: string,
): Promise<Record<string, unknown> | undefined> {
  const file = toPath(url);
  const require = requirer();
  if (file === undefined) return undefined;
  if (file in require.cache) return require(file);
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
  const file = toPath(url);
  return Promise.resolve(file !== undefined && file in requirer().cache);
}

/** See `Modules.loadedModules`. */
export function loadedModules(ofPackages: boolean): string[] {
  const { pathToFileURL } = builtin("node:url");
  return Object.keys(requirer().cache)
    .filter((file) => /^(\/|[A-Za-z]:)/.test(file) && isInPackage(file) === ofPackages)
    .map((file) => pathToFileURL(file).href);
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
