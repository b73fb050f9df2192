/**
 * Private temporary directories, as for sockets that have a path; and the removal of those
 * that dead programs have left. A directory's name tells its maker (see private_dir.ts), so
 * that the next program can remove those of dead ones, and no others.
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

/** The places for directories if the place for temporary files is not safe. */
const SUBSTITUTES = ["/tmp", "/var/tmp"];

/**
 * Makes a new directory (mode 0700) in the place for temporary files, or in a substitute
 * if other users could replace it there; gives its path. The first time, directories of dead
 * programs are removed there. Throws the runtime's own error, or one if no place is safe.
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

/** By Deno itself, as only it may know the place for temporary files. */
function makeOnDeno(prefix: string): string {
  const path = makeAllowed(prefix);
  const place = path.replace(/[\\/][^\\/]*$/, "");
  // A place that this program may not read must not cause a permission prompt, either.
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

/** Removes a directory if it is empty. */
export function removeEmptyDir(path: string): void {
  try {
    builtin("node:fs").rmdirSync(path);
  } catch {
    // something is in it, or it is gone
  }
}

/** Removes a directory with its contents, if it is there. */
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

/** Folders that have been swept. */
const swept = new Set<string>();

/** Removes the directories of dead processes of this user in a folder; once for each folder. */
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

/** The names in a folder; none if it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return "Deno" in globalThis
      ? [...Deno.readDirSync(folder)].map(({ name }) => name)
      : builtin("node:fs").readdirSync(folder);
  } catch {
    return []; // it may not be read
  }
}
