/**
 * Files in memory that two processes have open: reading and writing at a position takes less
 * time than a pipe. Only Linux has a place for them where no disk is involved.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";
import {
  isPrivateDir,
  isSafePlace,
  makePrivateDir,
  privateName,
} from "./private_dir.ts";
import { MEMORY, removeLeftover } from "./program_folder.ts";
import { removeDir, sweep } from "./temp.ts";

/** An open file. A failure throws the runtime's own error. */
export interface SharedFile {
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): void;
  /** Fills `into` from `position` on; gives the number of bytes that there were. */
  read(into: Uint8Array, position: number): number;
  /** Frees the memory of the file from `length` on. */
  truncate(length: number): void;
  /** How many bytes the file holds. */
  size(): number;
  close(): void;
}

/** Whether there may be files in memory here. */
function isPossible(): boolean {
  // With less Deno might ask the user for a permission, only for speed.
  return "Deno" in globalThis
    ? Deno.build.os === "linux" && isAllowedAll()
    : builtin("node:process").platform === "linux";
}

/** The path of a folder in memory that {@linkcode makeSharedDir} might make. */
export function sharedDir(name: string = privateName()): string {
  return `${MEMORY}/${name}`;
}

/**
 * Makes a folder in memory at a path of {@linkcode sharedDir}, for this user only; undefined
 * where that is impossible. The first time, folders of dead programs are removed.
 */
export function makeSharedDir(path: string = sharedDir()): string | undefined {
  try {
    if (!isPossible() || !isSafePlace(MEMORY)) return undefined;
    makePrivateDir(path);
    sweep(MEMORY, removeLeftover);
    return path;
  } catch {
    return undefined; // no such folder, or no room in it
  }
}

/** Removes a folder that {@linkcode makeSharedDir} may have made. */
export function removeSharedDir(path: string): void {
  try {
    if (isPossible() && isPrivateDir(path)) removeDir(path);
  } catch {
    // it is gone, or not this user's
  }
}

/** Opens a file for reading and writing. If it `isNew`, there must be none of that name. */
export function openShared(path: string, isNew: boolean): SharedFile {
  return "Deno" in globalThis ? openOnDeno(path, isNew) : openElsewhere(path, isNew);
}

function openOnDeno(path: string, isNew: boolean): SharedFile {
  const file = Deno.openSync(path, {
    read: true,
    write: true,
    createNew: isNew,
    mode: 0o600,
  });
  return {
    write(bytes, position) {
      file.seekSync(position, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    },
    read(into, position) {
      file.seekSync(position, Deno.SeekMode.Start);
      return readAll((rest) => file.readSync(rest) ?? 0, into);
    },
    truncate: (length) => file.truncateSync(length),
    size: () => file.statSync().size,
    close: () => file.close(),
  };
}

function openElsewhere(path: string, isNew: boolean): SharedFile {
  const fs = builtin("node:fs");
  const fd = fs.openSync(path, isNew ? "wx+" : "r+", 0o600);
  return {
    write(bytes, position) {
      for (let at = 0; at < bytes.length;) {
        at += fs.writeSync(fd, bytes, at, bytes.length - at, position + at);
      }
    },
    read: (into, position) =>
      readAll(
        (rest, at) => fs.readSync(fd, rest, 0, rest.length, position + at),
        into,
      ),
    truncate: (length) => fs.ftruncateSync(fd, length),
    size: () => fs.fstatSync(fd).size,
    close: () => fs.closeSync(fd),
  };
}

function readAll(
  read: (rest: Uint8Array, at: number) => number,
  into: Uint8Array,
): number {
  let at = 0;
  while (at < into.length) {
    const length = read(into.subarray(at), at);
    if (length === 0) break;
    at += length;
  }
  return at;
}
