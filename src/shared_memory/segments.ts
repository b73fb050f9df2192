/**
 * Segments by name: made, opened and removed as `shm_open` and `shm_unlink` do it, with
 * their errors.
 *
 * @module
 */
import { watchShared } from "../link/program_end.ts";
import { currentPeer } from "../link/peer.ts";
import { identity } from "../process/identity.ts";
import {
  asOSError,
  FileExistsError,
  OSError,
  osError,
  ValueError,
} from "../python/errors.ts";
import { here } from "../runtime/host.ts";
import { withDenial } from "../runtime/denial.ts";
import { mapFile, type Mapping } from "../runtime/mapping/mod.ts";
import { linkFile, typeOfFile } from "../runtime/mapping/names.ts";
import {
  fileNumber,
  forgetSegment,
  programFolder,
  recordSegment,
  removeFile,
  segmentsPlace,
} from "../runtime/program_folder.ts";

/** Random bytes of a name, in hexadecimal digits. */
function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Gives names to segments that are made without one; a test may set another. */
export const naming = { make: (): string => `psm_${randomHex()}` };

/** Does what touches files; what the system says no to becomes Python's error. */
function asPython<T>(name: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asOSError(withDenial(error), `/${name}`);
  }
}

/** The longest name of a file, in bytes. */
const LONGEST = 255;

/** Room for what stands before a name in the program's folder. */
const MARK = 20;

function lengthOf(name: string): number {
  return new TextEncoder().encode(name).length;
}

/**
 * The path of a segment.
 *
 * @throws {OSError} `[Errno 22] Invalid argument: '/a/b'`
 */
function pathOf(name: string): string {
  if (name.includes("\0")) throw new ValueError("embedded null character");
  const plain = name.replace(/^\/+/, ""); // as glibc reads it
  if (plain === "" || plain.includes("/")) {
    throw osError("EINVAL", { filename: `/${name}` });
  }
  if (plain.length > LONGEST) throw osError("EINVAL", { filename: `/${name}` });
  if (lengthOf(plain) > LONGEST) {
    throw osError("ENAMETOOLONG", { filename: `/${name}` });
  }
  return `${asPython(name, segmentsPlace)}/${plain}`;
}

/**
 * Makes a segment, filled with zeros.
 *
 * @param name Null for a name that no segment has.
 * @param isTracked Whether it is removed at the end of the program.
 * @throws {FileExistsError} if there is one of that name
 */
export function createSegment(
  name: string | null,
  size: number,
  isTracked: boolean,
): { name: string; mapping: Mapping } {
  if (name !== null) return { name, mapping: create(name, size, isTracked) };
  for (;;) {
    const made = naming.make();
    try {
      return { name: made, mapping: create(made, size, isTracked) };
    } catch (error) {
      if (!(error instanceof FileExistsError)) throw error;
    }
  }
}

/**
 * It is made under another name, so that no process sees it before it is whole, and if this
 * process is killed meanwhile, it is known whose it is.
 */
function create(name: string, size: number, isTracked: boolean): Mapping {
  const path = pathOf(name);
  return asPython(name, () => {
    if (typeOfFile(path) !== undefined) {
      throw osError("EEXIST", { filename: `/${name}` });
    }
    const folder = programFolder();
    // There is not always a folder, and not always room for more than the name itself.
    const plain = path.slice(path.lastIndexOf("/") + 1);
    if (folder === undefined || lengthOf(plain) > LONGEST - MARK) {
      return mapFile(path, size, { create: true });
    }
    const hidden = `${folder}/new${randomHex()}-${plain}`;
    const mapping = mapFile(hidden, size, { create: true });
    try {
      linkFile(hidden, path);
      if (isTracked) track(plain);
    } catch (error) {
      mapping.close();
      throw error;
    } finally {
      removeFile(hidden);
    }
    return mapping;
  });
}

/**
 * Opens a segment.
 *
 * @throws {FileNotFoundError} if there is none of that name
 * @throws {ValueError} if there is nothing in it
 */
export function attachSegment(name: string): Mapping {
  const path = pathOf(name);
  return asPython(name, () => {
    const type = typeOfFile(path);
    if (type === "link") throw osError("ELOOP", { filename: `/${name}` });
    if (type === "other") throw osError("EINVAL", { filename: `/${name}` });
    if (type === undefined && here.host !== null) {
      const text =
        `No such file or directory on ${here.host}, which has memory of its own`;
      throw new OSError(2, text, `/${name}`);
    }
    const mapping = mapFile(path, undefined, { create: false });
    if (mapping.size > 0) return mapping;
    mapping.close();
    throw new ValueError("cannot mmap an empty file");
  });
}

/**
 * Removes the name of a segment; the processes that have it open go on with it.
 *
 * @throws {FileNotFoundError} if there is none
 */
export function unlinkSegment(name: string, isTracked: boolean): void {
  const path = pathOf(name);
  asPython(name, () => {
    if (typeOfFile(path) === undefined) {
      throw osError("ENOENT", { filename: `/${name}` });
    }
    if (!removeFile(path)) throw osError("EACCES", { filename: `/${name}` });
    if (isTracked) untrack(path.slice(path.lastIndexOf("/") + 1));
  });
}

/** Has a segment removed at the end of the program. */
function track(plain: string): void {
  recordSegment(plain);
  watch();
}

function untrack(plain: string): void {
  forgetSegment(plain);
  watch();
}

function watch(): void {
  if (identity.parent !== null) return; // the root does, at the latest at our end
  currentPeer(); // with which the root can listen
  watchShared();
}

/** Has a segment removed at the end of the program. Its name may begin with `/`. */
export function register(name: string): void {
  track(name.replace(/^\/+/, ""));
}

/** Takes that back. */
export function unregister(name: string): void {
  untrack(name.replace(/^\/+/, ""));
}

// --- for the servers of managers

/**
 * Has a segment removed at the end of this process, which keeps it from now on; the program
 * that has made it is to {@linkcode unregister} it.
 *
 * @returns Its file's number, by which it is known again; undefined if there is none.
 * @throws {OSError} if it can be no segment
 */
export function keepSegment(name: string): number | undefined {
  const path = pathOf(name);
  return asPython(name, () => {
    const type = typeOfFile(path);
    if (type === undefined) return undefined;
    if (type !== "file") throw osError("EINVAL", { filename: `/${name}` });
    recordSegment(path.slice(path.lastIndexOf("/") + 1), currentPeer().id);
    watch();
    return fileNumber(path);
  });
}

/** Removes the name of a segment that this process has kept, unless it is another's now. */
export function removeKeptSegment(name: string, number: number | undefined): void {
  const path = pathOf(name);
  if (number !== undefined && fileNumber(path) === number) removeFile(path);
  forgetSegment(path.slice(path.lastIndexOf("/") + 1), currentPeer().id);
  watch();
}
