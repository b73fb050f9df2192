/**
 * Files that two processes append to: see hub/claims.ts.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";
import { makeSharedDir } from "./shared_file.ts";
import { makeTempDir } from "./temp.ts";

/** A file for `ClaimFile` of hub/claims.ts. A failure throws the runtime's own error. */
export interface AppendedFile {
  append(entry: Uint8Array): number;
  read(into: Uint8Array, position: number): number;
  clear(): void;
  close(): void;
}

/**
 * Makes a folder for such files, for this user only: in memory if possible. Gives its path;
 * undefined where there can be none.
 */
export function makeAppendDir(): string | undefined {
  try {
    const path = makeSharedDir();
    // Else Deno might ask the user for a permission, only for speed.
    if (path !== undefined || ("Deno" in globalThis && !isAllowedAll())) return path;
    return makeTempDir();
  } catch {
    return undefined;
  }
}

/** Opens a file for appending and reading. If it `isNew`, there must be none of that name. */
export function openAppended(path: string, isNew: boolean): AppendedFile {
  return "Deno" in globalThis ? openOnDeno(path, isNew) : openElsewhere(path, isNew);
}

/** Opens it twice, as appending moves the position of reading. */
function openOnDeno(path: string, isNew: boolean): AppendedFile {
  const end = Deno.openSync(path, { append: true, createNew: isNew, mode: 0o600 });
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    end.close();
    throw error;
  }
  let at = 0;
  return {
    append: (entry) => end.writeSync(entry),
    read(into, position) {
      if (position !== at) file.seekSync(position, Deno.SeekMode.Start);
      const length = file.readSync(into) ?? 0;
      at = position + length;
      return length;
    },
    clear: () => end.truncateSync(0),
    close() {
      end.close();
      file.close();
    },
  };
}

function openElsewhere(path: string, isNew: boolean): AppendedFile {
  const fs = builtin("node:fs");
  const fd = fs.openSync(
    path,
    fs.constants.O_RDWR | fs.constants.O_APPEND |
      (isNew ? fs.constants.O_CREAT | fs.constants.O_EXCL : 0),
    0o600,
  );
  return {
    append: (entry) => fs.writeSync(fd, entry, 0, entry.length),
    read: (into, position) => fs.readSync(fd, into, 0, into.length, position),
    clear: () => fs.ftruncateSync(fd, 0),
    close: () => fs.closeSync(fd),
  };
}
