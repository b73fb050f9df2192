/**
 * Private temporary directories, for sockets that have a path; and the removal of those
 * that dead programs have left.
 *
 * @module
 */
import { builtin } from "./posix.ts";
import {
  isPrivateDir,
  isSafePlace,
  makePrivateDir,
  makerHasEnded,
  mayLook,
  notSafe,
  PREFIX,
  privateName,
} from "./private_dir.ts";
import { withDenial } from "./denial.ts";

/** Where directories are made if others could take them away in the place for them. */
const SUBSTITUTES = ["/tmp", "/var/tmp"];

/**
 * Makes a new directory (mode 0700) in the place for temporary files, or in another one
 * where others could put theirs in its stead; gives its path. The first time, what dead
 * programs have left there is removed.
 *
 * @param prefix What its name begins with; see {@linkcode privateName}.
 * @throws the runtime's own error if it cannot be made
 * @throws {Error} if there is no place that is safe
 */
export function makeTempDir(prefix: string = PREFIX): string {
  const path = "Deno" in globalThis ? makeOnDeno(prefix) : makeElsewhere(prefix);
  const place = path.slice(0, path.lastIndexOf("/"));
  if (mayLook(place)) sweep(place, removeDir); // never asks for a permission
  return path;
}

function makeElsewhere(prefix: string): string {
  const place = [builtin("node:os").tmpdir(), ...SUBSTITUTES].find(isSafePlace);
  if (place === undefined) throw noPlace();
  const path = `${place}/${privateName(prefix)}`;
  makePrivateDir(path);
  return path;
}

/** Only Deno itself may know its place for temporary files. */
function makeOnDeno(prefix: string): string {
  const path = makeAllowed(prefix);
  const place = path.replace(/[\\/][^\\/]*$/, "");
  // What this program may not look at it is not to ask for, either.
  if (!mayLook(place) || isSafePlace(place) && isPrivateDir(path)) return path;
  Deno.removeSync(path);
  const other = SUBSTITUTES.find(isSafePlace);
  if (other === undefined) throw noPlace();
  const instead = `${other}/${privateName(prefix)}`;
  makePrivateDir(instead);
  return instead;
}

function makeAllowed(prefix: string): string {
  try {
    return Deno.makeTempDirSync({ prefix: privateName(prefix) });
  } catch (error) {
    throw withDenial(error);
  }
}

function noPlace(): Error {
  return notSafe("no place for temporary files is safe from other users");
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

// --------------------------------------------------------- what dead programs have left
//
// What dead programs have left in folders that all programs share. A name there tells who
// has made it (see private_dir.ts), so that the next program can remove what nobody needs
// any more, and nothing else.

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
