/**
 * Loaded modules on Node.
 *
 * @module
 */
import { builtin } from "../posix.ts";
import type { Location } from "../types.ts";
import { locateFunction, scriptUrls } from "./inspector.ts";
import { peekByHooks, settled } from "./peek.ts";

interface CommonJSModule {
  exports: unknown;
  loaded: boolean;
}

function cache(): Record<string, CommonJSModule | undefined> {
  return builtin("node:module").createRequire(import.meta.url).cache;
}

/** The path of a file URL; undefined for others. */
export function toPath(url: string): string | undefined {
  return url.startsWith("file:") ? builtin("node:url").fileURLToPath(url) : undefined;
}

/** See `Modules.locate`. */
export function locate(fn: object): Promise<Location | undefined> {
  return locateFunction(builtin("node:inspector"), fn);
}

/** See `Modules.loadedModule`. */
export async function loadedModule(
  url: string,
): Promise<Record<string, unknown> | undefined> {
  const look = () => peekByHooks(builtin("node:module"), url);
  return await settled(import(url), setImmediate, look);
}

/** See `Modules.isLoaded`. */
export async function isLoaded(url: string): Promise<boolean | undefined> {
  const file = toPath(url);
  if (file !== undefined && cache()[file]?.loaded) return true;
  return (await scriptUrls(builtin("node:inspector")))?.has(url);
}

/** See `Modules.loadedModules`: CommonJS ones; the others are not listed. */
export function loadedModules(): string[] {
  const { pathToFileURL } = builtin("node:url");
  return Object.entries(cache())
    .filter(([file, module]) => module?.loaded && !/[\\/]node_modules[\\/]/.test(file))
    .map(([file]) => pathToFileURL(file).href);
}

/** See `Modules.moduleSource`. */
export function moduleSource(url: string): string | undefined {
  const file = toPath(url);
  if (file === undefined) return undefined;
  try {
    return builtin("node:fs").readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** See `Modules.asRun`: Node replaces types by spaces, which the comparison must allow for. */
export function asRun(text: string): string {
  return text;
}
