/** URLs of modules. @module */

/** The URL of a specifier, if it needs no resolver. */
export function resolveSpecifier(specifier: string, from: string): string | undefined {
  if (!/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) return undefined;
  return URL.canParse(specifier, from) ? new URL(specifier, from).href : undefined;
}

/** Whether a module belongs to an installed package. */
export function isInPackage(url: string): boolean {
  return /\/node_modules\/|^(?:npm|jsr):|^https:\/\/jsr\.io\//.test(url);
}

export { fileUrl } from "../runtime/mod.ts";
