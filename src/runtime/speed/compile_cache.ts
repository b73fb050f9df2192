/**
 * What children of Node need not compile, because another process has: most of a child's
 * start is compiling.
 *
 * Node keeps what it compiles when it loads a module, if it is told where. V8 compiles a
 * function when it is first called, though, so that spares little where there are many
 * functions. The packages therefore hold what every process runs as a script for Node
 * (`scripts/bundle_node.ts`), and {@linkcode runKept} keeps of it all that a process has
 * compiled in its first moments.
 *
 * V8 looks whether what was kept is of its own version and flags, but dies of a file that
 * is damaged. So each file is written beside its place and moved there, holds everything
 * twice, and is used if both halves are the same and nobody else could have written it.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import { builtin } from "../posix.ts";
import { ownDir } from "../private_dir.ts";
import { switches } from "../switches.ts";

// deno-lint-ignore no-explicit-any -- present on Node, which alone uses this file
const process: any = "Deno" in globalThis ? undefined : (globalThis as any).process;

/** The variable that tells Node where it shall keep what it compiles. */
const VARIABLE = "NODE_COMPILE_CACHE";

/** The one by which a user can have it keep nothing. */
const DISABLED = "NODE_DISABLE_COMPILE_CACHE";

/** What our place for it is called. By the slash a child knows that we have said so. */
const NAME = "node-compile-cache";
const OURS = /[\\/]node-compile-cache(-\d+)?\/$/;

/** Milliseconds after which a process's first moments are over. */
const DELAY = 200;

/** Bits of a file's mode by which others may write it. */
const OTHERS_WRITE = 0o022;

/**
 * What has a child keep what it compiles, added to its environment. Where that says itself
 * where to keep it, or not to, nothing is.
 */
export function cacheVariable(
  environment: Record<string, string | undefined>,
): Record<string, string> {
  if (!switches.cache) return {};
  if (environment[VARIABLE] !== undefined || environment[DISABLED]) return {};
  const folder = ownFolder();
  return folder === undefined ? {} : { [VARIABLE]: `${folder}/` };
}

/**
 * A folder of this user's, looked at each time: Node runs whatever it finds there. Undefined
 * if others have, or could have, put it there.
 */
function ownFolder(): string | undefined {
  const place = builtin("node:os").tmpdir();
  // Where users have no numbers each has his own place.
  if (process.geteuid === undefined) return `${place}/${NAME}`;
  return ownDir(place, `${NAME}-${process.geteuid()}`);
}

/** In a child: sees to that, and takes the variable back if the user has not set it. */
export function keepCompiled(): void {
  if (!OURS.test(process.env[VARIABLE] ?? "")) return;
  delete process.env[VARIABLE];
  // Node does it when a process ends by itself, but those that start often are killed.
  setTimeout(() => builtin("node:module").flushCompileCache?.(), DELAY).unref();
}

/**
 * Runs a script, and keeps what it has made V8 compile.
 *
 * @param path Its file; ASCII only, and without `import()`.
 * @param name What that is kept under: another one for another text.
 * @param delay Milliseconds until then.
 * @returns What the script's last expression gives.
 */
export function runKept(path: string, name: string, delay: number = DELAY): unknown {
  const { pathToFileURL } = builtin("node:url");
  const { Script } = builtin("node:vm");
  const file = keptFile(name);
  const kept = file === undefined ? undefined : readKept(file);
  const script = new Script(builtin("node:fs").readFileSync(path, "latin1"), {
    filename: pathToFileURL(path).href,
    cachedData: kept,
  });
  if (file !== undefined && (kept === undefined || script.cachedDataRejected)) {
    setTimeout(() => keep(file, kept, script), delay).unref();
  }
  return script.runInThisContext();
}

/** Where it is kept: where Node keeps the rest, if anywhere. */
function keptFile(name: string): string | undefined {
  const { getCompileCacheDir = folderOfOldNode } = builtin("node:module");
  const folder = getCompileCacheDir();
  return folder ? `${folder}/${name}-${process.version}` : undefined;
}

/** Node 20 keeps nothing itself, and knows of no folder. */
function folderOfOldNode(): string | undefined {
  return process.env[DISABLED] ? undefined : process.env[VARIABLE];
}

/** Keeps what V8 has compiled of a script, in the place of what was found there before. */
function keep(
  file: string,
  before: Uint8Array | undefined,
  script: { createCachedData(): Uint8Array },
): void {
  const now = readKept(file);
  // Of many processes that start together one is enough.
  const isDone = now !== undefined && (before === undefined || !now.equals(before));
  if (!isDone) writeKept(file, script.createCachedData());
}

function readKept(file: string): Buffer | undefined {
  try {
    const bytes = readOwn(file);
    if (bytes === undefined || bytes.length === 0) return undefined;
    const half = bytes.length / 2;
    const data = bytes.subarray(0, half);
    return data.equals(bytes.subarray(half)) ? data : undefined;
  } catch {
    return undefined; // there is none yet
  }
}

/** Reads a file; undefined if somebody else than this user may have written it. */
function readOwn(file: string): Buffer | undefined {
  const fs = builtin("node:fs");
  const descriptor = fs.openSync(file, "r");
  try {
    const { uid, mode } = fs.fstatSync(descriptor);
    // Where users have no numbers there is no folder that they share.
    const isOwn = process.getuid === undefined ||
      uid === process.getuid() && (mode & OTHERS_WRITE) === 0;
    return isOwn ? fs.readFileSync(descriptor) : undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Keeping is no part of what the program does: where it fails, nothing is kept. */
function writeKept(file: string, data: Uint8Array): void {
  const fs = builtin("node:fs");
  const temporary = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(file.slice(0, file.lastIndexOf("/")), {
      recursive: true,
      mode: 0o700,
    });
    fs.writeFileSync(temporary, data, { flag: "wx", mode: 0o600 });
    fs.appendFileSync(temporary, data);
    fs.renameSync(temporary, file);
  } catch {
    fs.rm(temporary, () => {}); // if it is there
  }
}
