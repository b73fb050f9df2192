/**
 * Private temporary directories: for sockets that have a path.
 *
 * @module
 */
import { withDenial } from "./denial.ts";
import { builtin } from "./posix.ts";
import {
  isPrivateDir,
  isSafePlace,
  makePrivateDir,
  mayLook,
  notSafe,
  PREFIX,
  privateName,
} from "./private_dir.ts";
import { sweep } from "./sweep.ts";

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
