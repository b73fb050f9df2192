/**
 * Private temporary directories: for sockets that have a path.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** Makes a new directory (mode 0700) whose name begins with `prefix`; gives its path. */
export function makeTempDir(prefix: string): string {
  if ("Deno" in globalThis) return Deno.makeTempDirSync({ prefix });
  const { mkdtempSync } = builtin("node:fs");
  const { tmpdir } = builtin("node:os");
  return mkdtempSync(`${tmpdir()}/${prefix}`);
}

/** Removes a directory if there is nothing in it. */
export function removeEmptyDir(path: string): void {
  try {
    builtin("node:fs").rmdirSync(path);
  } catch {
    // something is in it, or it is gone
  }
}

/** Removes a directory and all that is in it; nothing happens if it is gone. */
export function removeDir(path: string): void {
  if ("Deno" in globalThis) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
  }
  builtin("node:fs").rmSync(path, { recursive: true, force: true });
}
