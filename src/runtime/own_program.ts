/**
 * Where this package's own files are, and the program as its own child. A bundler puts the
 * package into the program's file, and an executable holds all files: there is no child entry
 * that could be run. Then a child is the program itself, started with one more argument, as
 * CPython's frozen programs are.
 *
 * @module
 */
import { builtin, nodeProcess } from "./posix.ts";

/** The argument that tells a program that it is a child. It is CPython's. */
export const AS_CHILD = "--multiprocessing-fork";

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

/** Whether a module is there, as far as can be told. */
export function isThere(url: string): boolean {
  if (!url.startsWith("file:")) return url !== "";
  try {
    if ("Deno" in globalThis) Deno.statSync(new URL(url));
    else builtin("node:fs").statSync(new URL(url));
    return true;
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return name !== "NotFound" && code !== "ENOENT";
  }
}

/** Takes the argument away, if this program has been started with it; whether it has. */
export function takeChildArgument(): boolean {
  if ("Deno" in globalThis) {
    if (Deno.args[0] !== AS_CHILD) return false;
    Object.defineProperty(Deno, "args", { value: Object.freeze(Deno.args.slice(1)) });
  }
  // Deno has these, too.
  // deno-lint-ignore no-explicit-any -- not in Deno's types
  const { argv } = (globalThis as any).process;
  if (argv[2] !== AS_CHILD) return false;
  argv.splice(2, 1);
  return true;
}

/** Whether this code is in a file, by its URL, of which it cannot know the name. */
export function isInFile(url: string | undefined): boolean {
  const { stack } = new Error();
  if (url === undefined || typeof stack !== "string") return false;
  return stack.includes(url) || stack.includes(builtin("node:url").fileURLToPath(url));
}
