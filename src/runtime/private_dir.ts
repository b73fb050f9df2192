/**
 * Folders of ours in places that users share: the one file that makes and checks them.
 *
 * A folder with a random name is made anew with mode 0700 (`mkdir` follows no link and
 * takes no folder that is there), and looked at afterwards. One with a name that others can
 * guess is used only if it is a real folder, ours, and open to nobody else, and if nobody
 * else can put another one in its place. What is in such folders needs no further check.
 *
 * No name holds a secret. It holds who has made it, so that a later run can tell what dead
 * ones have left behind: see {@linkcode privateName}.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";

/** What the names of our folders begin with. */
export const PREFIX = "pymp-";

const TYPE_AND_ACCESS = 0o777;
const PRIVATE = 0o700;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const SUPERUSER = 0;

/** What is asked of a file. */
interface Status {
  isDirectory: boolean;
  /** Null where users have no numbers. */
  uid: number | null;
  mode: number | null;
}

/** Who has made a folder, by its name. */
export interface Maker {
  /** The machine, since it was started, and the space in which its processes have numbers. */
  readonly place: string;
  readonly pid: number;
  /** When the process started, in the system's ticks since the machine did. */
  readonly start: string;
}

/**
 * A new name for a folder in a place that users share:
 *
 * ```
 * prefix  place - pid - start - random          on Linux, where /proc can be read
 * prefix  random                                elsewhere: nobody can tell whose it is
 * ```
 *
 * Deno puts more behind the name of a temporary folder.
 *
 * `place` is the boot's id and the number of the PID namespace, `pid` and `start` are the
 * making process and its start time (all in base 36 or hexadecimal digits). So a later run
 * knows by {@linkcode makerHasEnded} that the folder is left over, and never takes away one
 * of a process that lives: not where its number was given to another process, nor where a
 * container cannot see it.
 *
 * @param prefix What it begins with; a sweep looks for {@linkcode PREFIX} only.
 */
export function privateName(prefix: string = PREFIX): string {
  const random = [...crypto.getRandomValues(new Uint8Array(6))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { place, pid, start } = self() ?? {};
  if (pid === undefined) return prefix + random;
  return `${prefix}${place}-${pid.toString(36)}-${start}-${random}`;
}

/** Who has made the folder of a name; undefined if the name does not tell. */
export function makerOf(name: string): Maker | undefined {
  const parts = /^pymp-([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-f]{12}\w*$/.exec(name);
  if (parts === null) return undefined;
  return { place: parts[1]!, pid: parseInt(parts[2]!, 36), start: parts[3]! };
}

/**
 * Whether a folder is left over, by its name: it was made here, since the machine was
 * started, by a process that has ended. False where that is not certain. Whether the folder
 * is ours is another question ({@linkcode isPrivateDir}).
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

/** This process as a maker; undefined where that cannot be told. */
function self(): Maker | undefined {
  if (known === undefined) known = findSelf();
  return known ?? undefined;
}

function findSelf(): Maker | null {
  try {
    // Deno lets nobody else look into /proc, and might ask the user for a permission.
    if ("Deno" in globalThis && !isAllowedAll()) return null;
    const boot = readText("/proc/sys/kernel/random/boot_id").slice(0, 8);
    const space = /\d+/.exec(readLink("/proc/self/ns/pid"))![0];
    const pid = "Deno" in globalThis ? Deno.pid : builtin("node:process").pid;
    const place = boot + Number(space).toString(36);
    return { place, pid, start: readProcess("self").start };
  } catch {
    return null; // not Linux, or no /proc
  }
}

/** When a process started, and whether it is dead and only not waited for. */
function readProcess(pid: string): { start: string; isDead: boolean } {
  const text = readText(`/proc/${pid}/stat`);
  // Behind the name, which may hold anything: the state is the third field.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    start: Number(fields[19]).toString(36),
    isDead: fields[0] === "Z" || fields[0] === "X",
  };
}

function readText(path: string): string {
  return "Deno" in globalThis
    ? Deno.readTextFileSync(path)
    : builtin("node:fs").readFileSync(path, "latin1");
}

function readLink(path: string): string {
  return "Deno" in globalThis
    ? Deno.readLinkSync(path)
    : builtin("node:fs").readlinkSync(path);
}

// --- folders

/**
 * Makes a folder that there was not, for this user only.
 *
 * @throws the runtime's own error if it cannot be made
 * @throws {Error} if what is there then is not what was made
 */
export function makePrivateDir(path: string): void {
  if ("Deno" in globalThis) Deno.mkdirSync(path, { mode: PRIVATE });
  else builtin("node:fs").mkdirSync(path, PRIVATE);
  if (mayLook(path) && !isPrivateDir(path)) {
    throw notSafe(`${path} is not private: it may be another user's`);
  }
}

/** An error as the system would give it. */
export function notSafe(text: string): Error {
  return Object.assign(new Error(text), { code: "EPERM" });
}

/** Whether there is a real folder of this user's, which nobody else may open. */
export function isPrivateDir(path: string): boolean {
  const status = statusOf(path, false);
  if (status === undefined || !status.isDirectory) return false;
  if (!hasUsers()) return true;
  const uid = ownUid();
  return (uid === undefined || status.uid === uid) &&
    (status.mode! & TYPE_AND_ACCESS) === PRIVATE;
}

/**
 * Whether nobody else can take away what is made in a folder: only its owner may write
 * there, or it is "sticky", as /tmp is.
 */
export function isSafePlace(path: string): boolean {
  const status = statusOf(path, true);
  if (status === undefined || !status.isDirectory) return false;
  return !hasUsers() || (status.mode! & OTHERS_WRITE) === 0 ||
    (status.mode! & STICKY) !== 0;
}

/** Places that were found to be nobody else's to change, up to the root of all files. */
const trusted = new Set<string>();

/**
 * A folder whose name others can guess, made if it is not there.
 *
 * @param parent Where it lies; it and all that it lies in must belong to this user or to
 * the superuser, and be a safe place.
 * @returns Its path; undefined if it cannot be had, or is not to be trusted.
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
    // Another process of ours may have made it at the same time.
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

/** This user's number; undefined where it may not be known. */
function ownUid(): number | undefined {
  if (!("Deno" in globalThis)) return builtin("node:process").geteuid?.();
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() ?? undefined : undefined;
}

/** Whether a path may be looked at without asking the user. */
export function mayLook(path: string): boolean {
  return !("Deno" in globalThis) ||
    Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** What is at a path; undefined if nothing is, or if it may not be looked at. */
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
