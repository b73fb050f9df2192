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

/** The folder `src/` of this package; undefined in a program's bundle. */
export const SOURCES: string | undefined =
  /\/src\/(runtime\/own_program|bundle\/[\w.-]+)\.\w+$/.test(file ?? "")
    ? new URL("../", file).href
    : undefined;
