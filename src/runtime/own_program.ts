/**
 * Where this package's own files are. A bundler may have put them into the program's file.
 *
 * @module
 */
import { nodeProcess } from "./posix.ts";

/** The file of this code; undefined in a bundle that is a CommonJS module. */
const file: string | undefined = import.meta.url;

/** Whether this code is in such a bundle, where `import.meta` is an empty object. */
export const isNameless: boolean = file === undefined;

/** A file beside which packages are looked for: that of this code, or the program's. */
export const OWN_FILE: string = file ?? nodeProcess?.argv[1] ?? "file:///";

/** The folder `src/` of this package, by the URL of this code; undefined in a bundle. */
export function sourcesOf(url: string | undefined): string | undefined {
  return /\/src\/(runtime\/own_program|bundle\/[\w.-]+)\.\w+$/.test(url ?? "")
    ? new URL("../", url).href
    : undefined;
}

/** The folder `src/` of this package; undefined in a program's bundle. */
export const SOURCES: string | undefined = sourcesOf(file);

/** What the URLs of all files of the package begin with that has this folder. */
export function ownUrls(sources: string | undefined): string[] {
  return sources === undefined ? [] : [sources, new URL("../mod.", sources).href];
}
