/**
 * Files that are written as a whole: whoever reads one finds all of it, or what was there
 * before. And a text that is written to the end of one.
 *
 * @module
 */
import { builtin } from "./posix.ts";
import { privateName } from "./private_dir.ts";

/**
 * Writes a file that only this user can read, in the place of one that may be there. It
 * blocks until that is done. Throws the runtime's own error, and leaves nothing then.
 */
export function writeWhole(path: string, text: string): void {
  withNew(path, text, (made) => {
    if ("Deno" in globalThis) Deno.renameSync(made, path);
    else builtin("node:fs").renameSync(made, path);
  });
}

/** Writes to the end of a file, at once; false if that is not possible. */
export function appendToFile(path: string, text: string): boolean {
  try {
    if ("Deno" in globalThis) {
      Deno.writeTextFileSync(path, text, { append: true, mode: 0o600 });
    } else {
      builtin("node:fs").appendFileSync(path, text, { mode: 0o600 });
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether a file can be written there, as far as that is known: throws as above if not. */
export function checkPlace(path: string): void {
  withNew(path, "", remove);
}

/** Makes a file beside a path, which `use` moves or removes. */
function withNew(path: string, text: string, use: (made: string) => void): void {
  const made = privateName(`${path}.`);
  try {
    if ("Deno" in globalThis) {
      Deno.writeTextFileSync(made, text, { createNew: true, mode: 0o600 });
    } else {
      builtin("node:fs").writeFileSync(made, text, { flag: "wx", mode: 0o600 });
    }
    use(made);
  } catch (error) {
    try {
      remove(made); // the disk may be full
    } catch {
      // it was never made
    }
    throw error;
  }
}

function remove(path: string): void {
  if ("Deno" in globalThis) Deno.removeSync(path);
  else builtin("node:fs").unlinkSync(path);
}
