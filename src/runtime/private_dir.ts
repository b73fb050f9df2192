/**
 * Private folders in places that users share: the one file that makes and checks them.
 *
 * A folder with a random name is made anew with mode 0700 (`mkdir` follows no link and
 * accepts no existing folder), and checked afterwards. One with a name that others can guess
 * is used only if it is a real folder of this user, closed to others, and if no other user
 * can replace it. The contents of such folders need no further check.
 *
 * A name is no secret. It tells the maker, so that a later run can find the folders of dead
 * processes: see {@linkcode privateName}.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin, readTextSync } from "./posix.ts";
import { stateFields } from "./process_state.ts";

/** The beginning of the names of this package's folders. */
export const PREFIX = "pymp-";

const TYPE_AND_ACCESS = 0o777;
const PRIVATE = 0o700;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const SUPERUSER = 0;

/** The needed part of a file's status. */
interface Status {
  isDirectory: boolean;
  /** Null where users have no numbers. */
  uid: number | null;
  mode: number | null;
}

/** The process that has made a folder, by its name. */
interface Maker {
  /** The machine's boot and the PID namespace. */
  readonly place: string;
  readonly pid: number;
  /** The start of the process, in the system's ticks since the boot. */
  readonly start: string;
}

/**
 * A new name for a folder in a place that users share:
 *
 * ```
 * prefix  place - pid - start - random          on Linux, where /proc can be read
 * prefix  random                                elsewhere: the maker is unknown
 * ```
 *
 * Deno appends more to the name of a temporary folder.
 *
 * `place` is the boot's id and the number of the PID namespace, `pid` and `start` are the
 * making process and its start time (all in base 36 or hexadecimal digits). So a later run
 * knows by {@linkcode makerHasEnded} that the folder is left over, and never removes one of
 * a live process, even if its number was given to another process or a container cannot see
 * it. A sweep looks for {@linkcode PREFIX} only.
 */
export function privateName(prefix: string = PREFIX): string {
  const random = [...crypto.getRandomValues(new Uint8Array(6))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { place, pid, start } = self() ?? {};
  if (pid === undefined) return prefix + random;
  return `${prefix}${place}-${pid.toString(36)}-${start}-${random}`;
}

/** The maker of the folder of a name; undefined if the name does not tell it. */
export function makerOf(name: string): Maker | undefined {
  const parts = /^pymp-([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-f]{12}[\w.]*$/.exec(
    name,
  );
  if (parts === null) return undefined;
  return { place: parts[1]!, pid: parseInt(parts[2]!, 36), start: parts[3]! };
}

/**
 * Whether a folder is left over, by its name: it was made since the boot, in this PID
 * namespace, by a process that has ended. False where that is not certain. It may still be
 * another user's ({@linkcode isPrivateDir}).
 */
export function makerHasEnded(name: string): boolean {
  const maker = makerOf(name);
  if (maker === undefined || maker.place !== self()?.place) return false;
  try {
    const { start, isDead } = readProcess(String(maker.pid));
    return isDead || start !== maker.start;
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    return name === "NotFound" || code === "ENOENT" || code === "ESRCH";
  }
}

let known: Maker | null | undefined;

/** This process as a maker; undefined where that is unknown. */
function self(): Maker | undefined {
  if (known === undefined) known = findSelf();
  return known ?? undefined;
}

function findSelf(): Maker | null {
  try {
    // With less Deno does not read /proc, and might ask the user for a permission.
    if ("Deno" in globalThis && !isAllowedAll()) return null;
    const boot = readTextSync("/proc/sys/kernel/random/boot_id").slice(0, 8);
    const space = /\d+/.exec(readLink("/proc/self/ns/pid"))![0];
    const pid = "Deno" in globalThis ? Deno.pid : builtin("node:process").pid;
    const place = boot + Number(space).toString(36);
    return { place, pid, start: readProcess("self").start };
  } catch {
    return null; // not Linux, or no /proc
  }
}

/** The start of a process, and whether it is a zombie. */
function readProcess(pid: string): { start: string; isDead: boolean } {
  const fields = stateFields(pid);
  return {
    start: Number(fields[19]).toString(36),
    isDead: fields[0] === "Z" || fields[0] === "X",
  };
}

function readLink(path: string): string {
  return "Deno" in globalThis
    ? Deno.readLinkSync(path)
    : builtin("node:fs").readlinkSync(path);
}

// --- folders

/**
 * Makes a new folder, for this user only. Throws the runtime's own error, or one if the path
 * is no private folder afterwards.
 */
export function makePrivateDir(path: string): void {
  if ("Deno" in globalThis) Deno.mkdirSync(path, { mode: PRIVATE });
  else builtin("node:fs").mkdirSync(path, PRIVATE);
  if (mayLook(path) && !isPrivateDir(path)) {
    throw notSafe(`${path} is not private: it may be another user's`);
  }
}

/** An error with the code of a refusal by the system. */
export function notSafe(text: string): Error {
  return Object.assign(new Error(text), { code: "EPERM" });
}

/** Whether a path is a real folder of this user, which no other user may open. */
export function isPrivateDir(path: string): boolean {
  const status = statusOf(path, false);
  if (status === undefined || !status.isDirectory) return false;
  if (!hasUsers()) return true;
  const uid = ownUid();
  return (uid === undefined || status.uid === uid) &&
    (status.mode! & TYPE_AND_ACCESS) === PRIVATE;
}

/**
 * Whether no other user can remove what is made in a folder: only its owner may write there,
 * or it is "sticky", as /tmp is.
 */
export function isSafePlace(path: string): boolean {
  const status = statusOf(path, true);
  if (status === undefined || !status.isDirectory) return false;
  return !hasUsers() || (status.mode! & OTHERS_WRITE) === 0 ||
    (status.mode! & STICKY) !== 0;
}

/** Places that no other user can change, up to the root of the file system. */
const trusted = new Set<string>();

/**
 * The path of a folder whose name others can guess, made if it does not exist; undefined if
 * it is impossible or not to be trusted. `parent` and all folders above it must belong to
 * this user or to the superuser, and be safe places.
 */
export function ownDir(parent: string, name: string): string | undefined {
  const path = `${parent}/${name}`;
  try {
    if (!trusted.has(parent)) {
      if (!isTrusted(parent)) return undefined;
      trusted.add(parent);
    }
    if (statusOf(path, false) === undefined) makePrivateDir(path);
  } catch {
    // Another process of this user may have made it at the same time.
  }
  return isPrivateDir(path) ? path : undefined;
}

/** For `ownDir`, which only Node and Bun use. */
function isTrusted(parent: string): boolean {
  let path: string = builtin("node:fs").realpathSync(parent);
  for (;; path = path.slice(0, path.lastIndexOf("/"))) {
    const { uid } = statusOf(path || "/", true) ?? {};
    if (uid !== SUPERUSER && uid !== ownUid() || !isSafePlace(path || "/")) {
      return false;
    }
    if (path === "" || path === "/") return true;
  }
}

// --- the runtimes

/** Whether files belong to users by number here. */
function hasUsers(): boolean {
  return "Deno" in globalThis
    ? Deno.build.os !== "windows"
    : builtin("node:process").platform !== "win32";
}

/** This user's number; undefined without the permission to know it. */
function ownUid(): number | undefined {
  if (!("Deno" in globalThis)) return builtin("node:process").geteuid?.();
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() ?? undefined : undefined;
}

/** Whether a path may be read without asking the user. */
export function mayLook(path: string): boolean {
  return !("Deno" in globalThis) ||
    Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** The status of a path; undefined if it does not exist, or may not be read. */
function statusOf(path: string, followsLinks: boolean): Status | undefined {
  try {
    if ("Deno" in globalThis) {
      if (!mayLook(path)) return undefined;
      return followsLinks ? Deno.statSync(path) : Deno.lstatSync(path);
    }
    const fs = builtin("node:fs");
    const status = followsLinks ? fs.statSync(path) : fs.lstatSync(path);
    return { isDirectory: status.isDirectory(), uid: status.uid, mode: status.mode };
  } catch {
    return undefined;
  }
}
