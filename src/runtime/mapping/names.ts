/**
 * Names of files, as far as shared memory needs more of them than to open a file.
 *
 * @module
 */
import { builtin } from "../posix.ts";

/** What has a name; a link is not followed. Undefined if nothing has it. */
export function typeOfFile(path: string): "file" | "link" | "other" | undefined {
  try {
    if ("Deno" in globalThis) {
      const { isFile, isSymlink } = Deno.lstatSync(path);
      return isFile ? "file" : isSymlink ? "link" : "other";
    }
    const status = builtin("node:fs").lstatSync(path);
    return status.isFile() ? "file" : status.isSymbolicLink() ? "link" : "other";
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name === "NotFound" || code === "ENOENT") return undefined;
    throw error;
  }
}

/** Gives a file a second name, which nothing may have. */
export function linkFile(path: string, second: string): void {
  if ("Deno" in globalThis) Deno.linkSync(path, second);
  else builtin("node:fs").linkSync(path, second);
}
