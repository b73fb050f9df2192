/**
 * What dead programs have left in folders that all programs share. A name there tells who
 * has made it (see private_dir.ts), so that the next program can remove what nobody needs
 * any more, and nothing else.
 *
 * @module
 */
import { builtin } from "./posix.ts";
import { isPrivateDir, makerHasEnded } from "./private_dir.ts";

/** Folders that have been looked through. */
const swept = new Set<string>();

/**
 * Removes what dead processes of this user have left in a folder; once for each folder.
 *
 * @param removeDir Removes a directory and all that is in it.
 */
export function sweep(folder: string, removeDir: (path: string) => void): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (!makerHasEnded(name) || !isPrivateDir(path)) continue;
    try {
      removeDir(path);
    } catch {
      // another program is quicker
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return "Deno" in globalThis
      ? [...Deno.readDirSync(folder)].map(({ name }) => name)
      : builtin("node:fs").readdirSync(folder);
  } catch {
    return []; // it may not be read
  }
}
