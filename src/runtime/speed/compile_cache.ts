/**
 * The compile cache on Node, where most of a process's start is compiling.
 *
 * Node caches the code that it compiles when it loads a module, if it is told where. But V8
 * compiles a function when it is first called, so that saves little where there are many
 * functions. So the packages run their two main parts as scripts on Node
 * (`scripts/bundle_node.ts`), and {@linkcode runKept} caches all of them that a process has
 * compiled in its first moments: until one has lived that long, what a shorter one had.
 *
 * Children are told of Node's own cache too. A root has no such cache, unless its user
 * wants one: it caches the two parts alone, under names of their own, as it calls other
 * functions of them than a child does.
 *
 * V8 checks that cached code is of its own version and flags, but crashes on a damaged file.
 * So each file is written beside its place and moved there, holds everything twice, and is
 * used if both halves are the same and no other user could have written it.
 *
 * @module
 */
import "../versions.ts"; // the first file that Node runs of a package
import type { Buffer } from "node:buffer";
import { builtin, nodeProcess as process } from "../posix.ts";
import { ownDir } from "../private_dir.ts";
import { switches } from "../switches.ts";

/** The variable that names the folder of Node's compile cache. */
const VARIABLE = "NODE_COMPILE_CACHE";

/** The variable by which a user can turn that cache off. */
const DISABLED = "NODE_DISABLE_COMPILE_CACHE";

/** The name of this package's folder for it. The slash tells a child that the root set it. */
const NAME = "node-compile-cache";
const OURS = /[\\/]node-compile-cache(-\d+)?\/$/;

/** Milliseconds of a process's first moments. */
const DELAY = 200;

/**
 * What is to be cached after a process's first moments. The script of a child has this file
 * twice, once within: they share the symbol.
 */
const DUE = Symbol.for("@pystd/multiprocessing: to be cached");

/** What follows the name of a file that a process has written whose life was shorter. */
const SHORT = "-short";

/** Bits of a file's mode by which others may write it. */
const OTHERS_WRITE = 0o022;

/**
 * The variable that turns the cache on in a child with this environment; none if the
 * environment names a folder itself, or turns the cache off.
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
 * This user's folder, checked each time, as Node runs all code that it finds there. Undefined
 * if other users have, or could have, made it.
 */
function ownFolder(): string | undefined {
  const place = builtin("node:os").tmpdir();
  // Where users have no numbers, each has a temporary folder of its own.
  if (process.geteuid === undefined) return `${place}/${NAME}`;
  return ownDir(place, `${NAME}-${process.geteuid()}`);
}

/** In a child: writes the cache, and removes the variable if the user has not set it. */
export function keepCompiled(): void {
  if (!OURS.test(process.env[VARIABLE] ?? "")) return;
  delete process.env[VARIABLE];
  // Node writes it when a process ends by itself, but children are often killed.
  cacheLater(() => builtin("node:module").flushCompileCache?.(), DELAY);
}

function due(): Set<() => void> {
  const shared = globalThis as { [DUE]?: Set<() => void> };
  return shared[DUE] ??= new Set();
}

function cacheLater(cache: () => void, delay: number): void {
  due().add(cache);
  setTimeout(() => due().delete(cache) && cache(), delay).unref();
}

/** Caches now what is due later: in a process that is about to wait for its work. */
export function cacheNow(): void {
  for (const cache of due()) cache();
  due().clear();
}

/** How a script is kept. */
export interface KeepOptions {
  /** Whether the process is a root, and no child. */
  isRoot?: boolean;
  /** Milliseconds after which what V8 has compiled is cached. */
  delay?: number;
}

/**
 * Runs the script that `toScript` makes of the file at `path` (ASCII only, and without
 * `import()`), and gives the value of its last expression. After `delay` milliseconds the
 * code that V8 has compiled is cached under `name`, which must change with the file's text.
 */
export function runKept(
  path: string,
  name: string,
  toScript: (text: string) => string,
  { isRoot = false, delay = DELAY }: KeepOptions = {},
): unknown {
  const { pathToFileURL } = builtin("node:url");
  const { Script } = builtin("node:vm");
  const text = toScript(builtin("node:fs").readFileSync(path, "latin1"));
  const filename = pathToFileURL(path).href;
  if (!(Script instanceof Function)) return runHere(text, filename);
  const file = isRoot
    ? keptFile(`${name}-root`, path, folderOfRoot)
    : keptFile(name, path);
  if (file === undefined) return new Script(text, { filename }).runInThisContext();
  const kept = readKept(file);
  const short = kept === undefined ? readKept(file + SHORT) : undefined;
  const script = new Script(text, { filename, cachedData: kept ?? short });
  const isUsed = !script.cachedDataRejected;
  if (kept === undefined || !isUsed) {
    const cache = () => {
      keep(file, kept, script);
      builtin("node:fs").rm(file + SHORT, () => {}); // if it is there
    };
    cacheLater(cache, delay);
    // A process that ends before helps the next ones, once.
    if (short === undefined || !isUsed) {
      process.once("exit", () => due().has(cache) && keep(file + SHORT, short, script));
    }
  }
  return script.runInThisContext();
}

/**
 * Runs a script among the globals of this module, and not the process's own: a tool such as
 * Jest loads modules in contexts of their own, where one package would have two `Map`s.
 */
function runHere(script: string, url: string): unknown {
  // deno-lint-ignore no-eval -- the package's own script; `node:vm` knows no such context
  return (0, eval)(`${script}\n//# sourceURL=${url}`);
}

/** The file for it, in the folder of Node's own cache, or else in what `other` gives. */
function keptFile(
  name: string,
  path: string,
  other?: () => string | undefined,
): string | undefined {
  const { getCompileCacheDir = folderOfOldNode } = builtin("node:module");
  const folder = getCompileCacheDir() ?? other?.();
  // On Node 20 cached code has the script's path in it, which stack traces show.
  const place = getCompileCacheDir === folderOfOldNode ? `-${hashOf(path)}` : "";
  return folder ? `${folder}/${name}${place}-${process.version}` : undefined;
}

/** The folder in a root whose user has named none: where its children will cache. */
function folderOfRoot(): string | undefined {
  return cacheVariable(process.env)[VARIABLE];
}

/** A number of 32 bits for a text (FNV-1a). */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

/** The folder that was named at first: a child removes the variable. */
const named: string | undefined = process?.env[VARIABLE];

/** The folder on Node 20, which has no cache of its own. */
function folderOfOldNode(): string | undefined {
  return process.env[DISABLED] ? undefined : named;
}

/** Caches the code that V8 has compiled of a script, in place of what was `before`. */
function keep(
  file: string,
  before: Uint8Array | undefined,
  script: { createCachedData(): Uint8Array },
): void {
  const now = readKept(file);
  // One of several processes that start together is enough.
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

/** Reads a file; undefined if another user may have written it. */
function readOwn(file: string): Buffer | undefined {
  const fs = builtin("node:fs");
  const descriptor = fs.openSync(file, "r");
  try {
    const { uid, mode } = fs.fstatSync(descriptor);
    // Where users have no numbers, they share no folder.
    const isOwn = process.getuid === undefined ||
      uid === process.getuid() && (mode & OTHERS_WRITE) === 0;
    return isOwn ? fs.readFileSync(descriptor) : undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Writes a file for {@linkcode readKept}; where that fails, nothing is cached. */
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
