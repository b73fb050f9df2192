/**
 * Loaded modules on Node.
 *
 * @module
 */
import { OWN_FILE } from "../own_program.ts";
import { builtin } from "../posix.ts";
import type { Location } from "../types.ts";
import { locateFunction, scriptUrls } from "./inspector.ts";
import { peekByHooks, settled } from "./peek.ts";

interface CommonJSModule {
  exports: unknown;
  loaded: boolean;
}

function cache(): Record<string, CommonJSModule | undefined> {
  return builtin("node:module").createRequire(OWN_FILE).cache;
}

/** The path of a file URL; undefined for others. */
export function toPath(url: string): string | undefined {
  return url.startsWith("file:") ? builtin("node:url").fileURLToPath(url) : undefined;
}

/** See `Modules.importable`. */
export function importable(url: string): string {
  return url;
}

/** See `Modules.locate`. */
export function locate(fn: object): Promise<Location | undefined> {
  const main = isInContext() ? builtin("node:vm").runInThisContext("globalThis") : {};
  return locateFunction(builtin("node:inspector"), fn, isLoadedScript, main);
}

/** See `Modules.loadedModule`. */
export async function loadedModule(
  url: string,
): Promise<Record<string, unknown> | undefined> {
  if (isInTool()) return undefined;
  const look = () => peekByHooks(builtin("node:module"), url);
  return await settled(import(url), setImmediate, look);
}

/** See `Modules.isLoaded`. */
export async function isLoaded(url: string): Promise<boolean | undefined> {
  if (isLoadedScript(url)) return true;
  const urls = await scriptUrls(builtin("node:inspector"));
  // Under other names than these, a script may be a text that a tool runs.
  return (url.startsWith("node:") ? urls?.scripts : urls?.modules)?.has(url);
}

/** Whether a CommonJS module has been evaluated. */
function isLoadedScript(url: string): boolean {
  const file = toPath(url);
  return file !== undefined && cache()[file]?.loaded === true;
}

/**
 * Whether Jest runs this package, or another tool that has globals of its own: an `import()`
 * would ask that tool, which would evaluate the module, and even its own main module.
 */
function isInTool(): boolean {
  return isInContext() ||
    Object.keys(cache()).some((file) => /[\\/]jest-runtime[\\/]/.test(file));
}

/** Whether this package has other globals than the process. */
function isInContext(): boolean {
  return !(builtin("node:fs").readFileSync instanceof Function);
}

/** See `Modules.loadedModules`: CommonJS ones; the others are not listed. */
export function loadedModules(ofPackages: boolean): string[] {
  const { pathToFileURL } = builtin("node:url");
  return Object.entries(cache())
    .filter(([file, module]) => module?.loaded && isInPackage(file) === ofPackages)
    .map(([file]) => pathToFileURL(file).href);
}

/** Whether a file belongs to an installed package. */
export function isInPackage(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}

/** See `Modules.resolvePackage`. */
export function resolvePackage(specifier: string, from: string): string | undefined {
  if (!from.startsWith("file:") || specifier.startsWith("node:")) return undefined;
  try {
    const file = builtin("node:module").createRequire(from).resolve(specifier);
    return /^([\\/]|[A-Za-z]:)/.test(file)
      ? builtin("node:url").pathToFileURL(file).href
      : undefined;
  } catch {
    return undefined; // none, or one that can only be imported
  }
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
