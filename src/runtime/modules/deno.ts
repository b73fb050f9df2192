/**
 * Loaded modules on Deno: with `--allow-sys` all that V8's inspector knows, without it the
 * exports of modules that are known to be loaded.
 *
 * @module
 */
import { builtin } from "../posix.ts";
import type { Location } from "../types.ts";
import { type InspectorModule, locateFunction, scriptUrls } from "./inspector.ts";
import { pathOf } from "../paths.ts";
import { peekByHooks, settled } from "./peek.ts";

/** The inspector, a part of Deno's Node, which needs the whole permission `sys`. */
async function inspector(): Promise<InspectorModule | undefined> {
  if (Deno.permissions.querySync({ name: "sys" }).state !== "granted") return undefined;
  return await import("node:inspector") as unknown as InspectorModule;
}

/** See `Modules.importable`. */
export function importable(url: string): string {
  return url;
}

/** See `Modules.locate`. */
export async function locate(fn: object): Promise<Location | undefined> {
  const module = await inspector();
  return module && await locateFunction(module, fn, () => true);
}

/** See `Modules.loadedModule`. */
export async function loadedModule(
  url: string,
): Promise<Record<string, unknown> | undefined> {
  const look = () => peekByHooks(builtin("node:module"), url);
  return await settled(import(url), (callback) => setTimeout(callback, 0), look);
}

/** See `Modules.isLoaded`. */
export async function isLoaded(url: string): Promise<boolean | undefined> {
  const module = await inspector();
  return module && (await scriptUrls(module))?.scripts.has(url);
}

/** See `Modules.loadedModules`: Deno lists none. */
export function loadedModules(): string[] {
  return [];
}

/** See `Modules.resolvePackage`: Deno resolves only what the calling module imports. */
export function resolvePackage(): string | undefined {
  return undefined;
}

/** See `Modules.moduleSource`. */
export function moduleSource(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = pathOf(url);
  try {
    if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
      return undefined;
    }
    return Deno.readTextFileSync(new URL(url));
  } catch {
    return undefined;
  }
}

/** See `Modules.asRun`. */
export function asRun(text: string): string {
  return text;
}
