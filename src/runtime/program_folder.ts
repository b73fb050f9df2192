/**
 * What a program has to remove at its end: arenas, and segments of shared memory. Segments
 * are files with names that any program may know, so the names do not tell whose they are.
 * The program, which is the root with all that comes of it, keeps a folder beside them, whose
 * name tells:
 *
 * ```
 * /dev/shm/psm_6eaba059                            a segment
 * /dev/shm/pymp-PLACE-PID-START-RANDOM.shared/     the program's folder, see privateName
 *     43-psm_6eaba059                              what it is to remove: file number, name
 *     at5.44-psm_01234567                          the same, when its process 5 ends: a
 *                                                  manager's server, which keeps the segment
 *     new5f0c1d2e-psm_77665544                     a segment that is being made
 *     heap-0123456789ab                            an arena
 *     words0                                       locks, see link/word_file.ts
 * ```
 *
 * What is there at the root's end is removed by the root; where it was killed, by the
 * children as they notice, or by the next program that makes a folder there. The file's
 * number keeps a segment of another program from being taken away that got the same name
 * later.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";
import {
  isPrivateDir,
  makePrivateDir,
  mayLook,
  ownDir,
  privateName,
} from "./private_dir.ts";
import { namesIn, removeDir, sweep } from "./temp.ts";

/** Where POSIX shared memory is on Linux: files that other programs map by their names. */
export const MEMORY = "/dev/shm";

/**
 * What the name of a program's folder ends with. The point keeps earlier versions of this
 * package from removing it, which would not remove the segments.
 */
const SUFFIX = ".shared";

/**
 * What names in a program's folder look like: the process that keeps the segment, if one
 * does; the file's number, or the mark of a new one; the segment's name.
 */
const ENTRY = /^(?:at(\d+)\.)?(new[0-9a-f]+|\d+)-(.+)$/s;

/** What the names of this program's folders begin with. */
let program: string | undefined;

/** Where this user's segments are. */
let place: string | undefined;

/** The path of a folder for the files of one process, of a name that tells the program. */
export function childFolder(process: number): string {
  program ??= privateName();
  return `${MEMORY}/${program}_${process}`;
}

/** In a child: which program this is, by what {@linkcode childFolder} has given. */
export function joinProgram(folder: string): void {
  program = /([^/]*?)(_\d+)?$/.exec(folder)![1]!;
}

/**
 * The folder that segments are in: `/dev/shm`, or a folder for temporary files where the
 * system has nothing of the kind.
 *
 * @throws {Error} if there is none
 */
export function segmentsPlace(): string {
  return place ??= isLinux() && isFolder(MEMORY) ? MEMORY : ownPlace();
}

function ownPlace(): string {
  const { tmpdir, userInfo } = builtin("node:os");
  const path = ownDir(tmpdir(), `pymp-shared-${userInfo().uid}`);
  if (path !== undefined) return path;
  const text = "there is no private folder for shared memory";
  throw Object.assign(new Error(text), { code: "ENOENT" });
}

/**
 * This program's folder, made if need be; undefined where there can be none. The first
 * time, what dead programs have left is removed.
 */
export function programFolder(): string | undefined {
  program ??= privateName();
  const parent = segmentsPlace();
  if (mayLook(parent)) sweep(parent, removeLeftover);
  const path = `${parent}/${program}${SUFFIX}`;
  if (isPrivateDir(path)) return path;
  try {
    makePrivateDir(path);
    return path;
  } catch {
    // Another process of the program may have made it at the same time.
    return isPrivateDir(path) ? path : undefined;
  }
}

/**
 * Has a segment that is there removed at the end of the program; or at that of one of its
 * processes, the keeper.
 */
export function recordSegment(name: string, keeper?: number): void {
  const folder = programFolder();
  const number = fileNumber(`${segmentsPlace()}/${name}`);
  if (folder === undefined || number === undefined) return;
  const path = `${folder}/${
    keeper === undefined ? "" : `at${keeper}.`
  }${number}-${name}`;
  try {
    if ("Deno" in globalThis) {
      Deno.writeFileSync(path, new Uint8Array(), { mode: 0o600 });
    } else builtin("node:fs").writeFileSync(path, "", { mode: 0o600 });
  } catch {
    // The name is too long, or there is no room: it stays when the program ends.
  }
}

/** Takes that back, for the same keeper. */
export function forgetSegment(name: string, keeper?: number): void {
  const folder = `${segmentsPlace()}/${program}${SUFFIX}`;
  for (const entry of namesIn(folder)) {
    const [, keptBy, , segment] = ENTRY.exec(entry) ?? [];
    if (segment !== name || keptBy !== keeper?.toString()) continue;
    removeFile(`${folder}/${entry}`);
  }
}

/** Removes the segments that a process has kept, which has ended. */
export function removeKept(keeper: number): void {
  const folder = presentFolder();
  if (folder === undefined) return;
  const parent = segmentsPlace();
  for (const entry of namesIn(folder)) {
    if (!entry.startsWith(`at${keeper}.`)) continue;
    removeEntry(parent, folder, entry);
    removeFile(`${folder}/${entry}`);
  }
}

/**
 * The path of a file of the program's own, in the program's folder; undefined where there can
 * be none.
 */
export function programFile(name: string): string | undefined {
  // Else Deno might ask the user for a permission.
  const mayMake = !("Deno" in globalThis) || isAllowedAll();
  const folder = mayMake ? programFolder() : undefined;
  return folder && `${folder}/${name}`;
}

/** The path of an arena's file, by its number; undefined as above. */
export function arenaPath(arena: number): string | undefined {
  return programFile(arenaName(arena));
}

/** Removes the file of an arena, if it is there. */
export function removeArena(arena: number): void {
  const folder = presentFolder();
  if (folder !== undefined) removeFile(`${folder}/${arenaName(arena)}`);
}

function arenaName(arena: number): string {
  return `heap-${arena.toString(16).padStart(12, "0")}`;
}

/** Whether this program may have something to remove. */
export function hasShared(): boolean {
  const folder = presentFolder();
  return folder !== undefined && namesIn(folder).length > 0;
}

/** Removes all that this program shares; gives the names of segments that nothing has kept. */
export function removeShared(): string[] {
  const folder = presentFolder();
  return folder === undefined ? [] : removeProgramFolder(folder);
}

/** The program's folder, if it is there. */
function presentFolder(): string | undefined {
  try {
    if (program === undefined || !mayLook(segmentsPlace())) return undefined;
    const folder = `${segmentsPlace()}/${program}${SUFFIX}`;
    return isPrivateDir(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Removes a folder that a dead program has left; with its segments, if it is for those. */
export function removeLeftover(path: string): void {
  if (path.endsWith(SUFFIX)) removeProgramFolder(path);
  else removeDir(path);
}

function removeProgramFolder(folder: string): string[] {
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  const removed: string[] = [];
  for (const entry of namesIn(folder)) {
    const name = removeEntry(parent, folder, entry);
    if (name !== undefined) removed.push(name);
  }
  try {
    removeDir(folder);
  } catch {
    // another process was quicker, or the system does not let go of what is open
  }
  return removed;
}

/** Removes the segment of an entry; gives its name if it was there and nothing has kept it. */
function removeEntry(
  parent: string,
  folder: string,
  entry: string,
): string | undefined {
  const [, keeper, mark, name] = ENTRY.exec(entry) ?? [];
  if (mark === undefined || name === undefined) return undefined;
  const number = mark.startsWith("new")
    ? fileNumber(`${folder}/${entry}`)
    : Number(mark);
  if (number === undefined || fileNumber(`${parent}/${name}`) !== number) {
    return undefined;
  }
  return removeFile(`${parent}/${name}`) && keeper === undefined ? name : undefined;
}

// --- the runtimes

function isLinux(): boolean {
  return "Deno" in globalThis
    ? Deno.build.os === "linux"
    : builtin("node:process").platform === "linux";
}

/** Whether there is a folder at the path, as far as can be told. */
export function isFolder(path: string): boolean {
  try {
    return "Deno" in globalThis
      ? Deno.statSync(path).isDirectory
      : builtin("node:fs").statSync(path).isDirectory();
  } catch (error) {
    return (error as Error).name === "NotCapable"; // it is there, but not for this program
  }
}

/** The number of the file that has a name; undefined if there is none. */
export function fileNumber(path: string): number | undefined {
  try {
    const { ino } = "Deno" in globalThis
      ? Deno.lstatSync(path)
      : builtin("node:fs").lstatSync(path);
    return ino || undefined;
  } catch {
    return undefined;
  }
}

/** Removes a name; whether it was there. */
export function removeFile(path: string): boolean {
  try {
    if ("Deno" in globalThis) Deno.removeSync(path);
    else builtin("node:fs").unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
