/**
 * Files in memory that two processes have open: read and written at a position, at once,
 * for less than a pipe takes. Only Linux has a place for them where no disk is involved.
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
import { removeDir, sweep } from "./temp.ts";

/** Where files are in memory. */
const FOLDER = "/dev/shm";

/** An open file. Whatever fails throws the runtime's own error. */
export interface SharedFile {
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): void;
  /** Fills `into` from `position` on; tells how many bytes there were. */
  read(into: Uint8Array, position: number): number;
  /** Gives back what the file holds from `length` on. */
  truncate(length: number): void;
  close(): void;
}

/** Whether there may be files in memory here. */
function isPossible(): boolean {
  // Else Deno might ask the user for a permission, for something he can do without.
  return "Deno" in globalThis
    ? Deno.build.os === "linux" && isAllowedAll()
    : builtin("node:process").platform === "linux";
}

/** The path of a folder in memory that {@linkcode makeSharedDir} might make. */
export function sharedDir(name: string = privateName()): string {
  return `${FOLDER}/${name}`;
}

/**
 * Makes a folder in memory, for this user only. The first time, what dead programs have
 * left there is removed.
 *
 * @param path What {@linkcode sharedDir} gave.
 * @returns The path; undefined where there can be no such folder, or is one of that name.
 */
export function makeSharedDir(path: string = sharedDir()): string | undefined {
  try {
    if (!isPossible() || !isSafePlace(FOLDER)) return undefined;
    makePrivateDir(path);
    sweep(FOLDER, removeDir);
    return path;
  } catch {
    return undefined; // no such folder, or no room in it
  }
}

/** Takes away a folder that {@linkcode makeSharedDir} has made, or might have. */
export function removeSharedDir(path: string): void {
  try {
    if (isPossible() && isPrivateDir(path)) removeDir(path);
  } catch {
    // it is gone, or was not ours
  }
}

/**
 * Opens a file for reading and writing.
 *
 * @param isNew Whether it is to be made: then there must be none of that name.
 */
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
