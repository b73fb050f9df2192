/**
 * The Node adapter, and most of Bun's.
 *
 * @module
 */
import { CHILD_VARIABLE } from "./evaluation.ts";
import { cacheNow, cacheVariable, keepCompiled } from "./speed/compile_cache.ts";
import { LINK, linkDescriptor, takesLink } from "./link_fd.ts";
import * as locate from "./modules/node.ts";
import { nodePermissions, programFiles, startOptions } from "./permissions/node.ts";
import { spawnWith, takePipe } from "./speed/fifo.ts";
import {
  builtin,
  createKeepAlive,
  isAgain,
  nodeProcess as process,
  signalNumber,
  writeAllSync,
} from "./posix.ts";
import * as signals from "./signals/node.ts";
import { lineStream } from "./output.ts";
import { ownObjects } from "./own.ts";
import { argumentsForOther } from "./other_runtime.ts";
import type { Child, Runtime, SpawnOptions } from "./types.ts";

/** Whether the program is the text of a flag: what follows it are arguments. */
const isText: boolean | undefined = process?.execArgv.some((word: string) =>
  /^(-e|--eval|-p|--print|-pe)(=|$)/.test(word)
);

/** Taken now: setScript() replaces it by a script that need not be loaded here. */
const startedWith: string | undefined = isText ? undefined : process?.argv[1];

/**
 * Turns of the event loop before a child starts to read asynchronously. Loading the socket
 * for that takes several milliseconds: a pool worker's first result is sent before, and a
 * child that has nothing left to do by then never loads it.
 */
const TURNS = 8;

/** Starts to read stdin: set if nothing was left to do when that was due. */
let deferred: (() => void) | undefined;
let isKeptAlive = false;
const isBun = "Bun" in globalThis;
let isChild = false;
const keepAlive = process ? createKeepAlive() : () => {};

function readAfter(turns: number, begin: () => void): void {
  setImmediate(() => {
    if (turns > 1) return readAfter(turns - 1, begin);
    const isIdle = !isKeptAlive && process.getActiveResourcesInfo().length === 0;
    if (isIdle) deferred = begin;
    else begin();
  });
}

/** Bytes that are read from a descriptor at once. */
const READ_SIZE = 65536;

export const node: Runtime = {
  name: "node",
  get title() {
    return `Node ${process.versions.node}`;
  },
  ...locate,
  get pid() {
    return process.pid;
  },
  get ppid() {
    return process.ppid;
  },
  checksLeaks: false,
  get mainModule() {
    return mainModule(startedWith);
  },
  get cpuCount() {
    return builtin("node:os").cpus().length;
  },
  get usableCpuCount() {
    return builtin("node:os").availableParallelism();
  },
  args: () => process.argv.slice(isText && !process.versions.bun ? 1 : 2),
  script: () => isText ? undefined : process.argv[1],
  setScript(script) {
    process.argv[1] = script;
  },
  cwd: () => process.cwd(),
  env: () => ({ ...process.env }),
  permissions: nodePermissions,
  spawn,

  readStdinSync(into) {
    while (true) {
      try {
        return builtin("node:fs").readSync(linkDescriptor(), into);
      } catch (error) {
        // There is no link where the program is run by hand.
        if (/^(EOF|EBADF)$/.test((error as { code?: string }).code ?? "")) return 0;
        if (!isAgain(error)) throw error;
      }
    }
  },
  readStdin(onChunk, onEnd) {
    readAfter(TURNS, () => {
      readDescriptor(linkDescriptor(), (chunk) => void onChunk(chunk))
        .on("end", onEnd).on("error", onEnd);
    });
  },
  becomeChild() {
    isChild = true;
    keepCompiled();
    // Streams, made when they are first read.
    let empty: unknown, lines: unknown;
    Object.defineProperties(process, {
      stdin: {
        configurable: true,
        get: () => empty ??= builtin("node:stream").Readable.from([]),
      },
      stdout: {
        configurable: true,
        get: () => lines ??= lineStream(this.writeStdoutSync),
      },
    });
  },
  beforeWaiting: cacheNow,
  writeStdoutSync(bytes) {
    fs ??= builtin("node:fs");
    writeAllSync(writeToStdout, isAgain, bytes);
  },
  writeStderrSync(bytes) {
    const fs = builtin("node:fs");
    writeAllSync((rest) => fs.writeSync(2, rest), isAgain, bytes);
  },
  stdoutIsTerminal: () => builtin("node:tty").isatty(1),
  stderrWidth() {
    // `process.stderr` only for a terminal: making it for a pipe changes the pipe.
    if (!builtin("node:tty").isatty(2)) return undefined;
    return process.stderr.columns || 80;
  },
  print: (bytes) => writeQuietly(process.stdout, bytes),

  // An undefined argument is not the same as none.
  exit: (...code): never => process.exit(...code) as never,
  setExitCode(code) {
    if (code !== undefined) process.exitCode = code;
  },
  onDrained(handler) {
    const { emit } = process;
    let isDrained = false;
    process.emit = function (this: unknown, ...event: unknown[]) {
      if (event[0] === "beforeExit") {
        // What keeps the process alive may be over soon: Node must look again even so.
        const again = setImmediate(() => {});
        handler();
        if (isKeptAlive) return true; // to the program it is not the end yet
        clearImmediate(again);
        isDrained = true;
      }
      // Node prints an error that nobody has caught when the exit listeners have run.
      if (event[0] === "uncaughtExceptionMonitor") isDrained = false;
      const result = Reflect.apply(emit, this, event);
      // Nothing runs behind the listeners: the system takes the memory back at once.
      if (event[0] === "exit" && isDrained && isChild) {
        process.reallyExit(process.exitCode ?? event[1]);
      }
      return result;
    };
  },
  ...signals,

  nextTurn: (callback) => void setImmediate(callback),
  keepAlive(on) {
    isKeptAlive = on;
    keepAlive(on);
    if (!on || deferred === undefined) return;
    readAfter(1, deferred);
    deferred = undefined;
  },
  now() {
    // Node loads eleven files of its own for `performance`.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  residentBytes: () => process.memoryUsage.rss(),
  setTimer(callback, milliseconds) {
    // deno-lint-ignore no-explicit-any -- an object on Node and Bun
    const timer: any = setTimeout(callback, milliseconds);
    timer.unref();
    if (isBun) ownObjects.add(timer); // which lists those as well
    return timer;
  },
  clearTimer: (timer) => clearTimeout(timer as number),
};

// deno-lint-ignore no-explicit-any -- a module, looked up once: every message comes here
let fs: any;

function writeToStdout(bytes: Uint8Array): number {
  return fs.writeSync(1, bytes);
}

/** Writes that are under way. */
let quiet = 0;

function ignore(): void {}

/**
 * Writes to a stream. Only the caller gets the error: without a listener, a stream's error
 * would end the process.
 */
// deno-lint-ignore no-explicit-any -- a stream of Node's
function writeQuietly(stream: any, bytes: Uint8Array): Promise<void> {
  if (quiet++ === 0) stream.on("error", ignore);
  return new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error: unknown) => {
      // The stream emits its error in the next turn.
      setImmediate(() => --quiet === 0 && stream.off("error", ignore));
      if (error) reject(error);
      else resolve();
    });
  });
}

/** The URL of a script that was named on the command line. */
export function mainModule(script: string | undefined): string | undefined {
  if (script === undefined) return undefined;
  const { realpathSync } = builtin("node:fs");
  const { pathToFileURL } = builtin("node:url");
  try {
    return pathToFileURL(realpathSync(script)).href;
  } catch {
    return undefined; // `-`, `[eval]`, or a name without its extension
  }
}

function spawn(options: SpawnOptions): Child {
  const { spawn } = builtin("node:child_process");
  const file = options.command?.[0] ?? options.executable ?? process.execPath;
  const entry = entryPath(options);
  const { flags, env } = startOptions(
    options.grants,
    [...options.flags ?? []],
    ownEnv(options),
    () => {
      const main = mainModule(startedWith);
      return programFiles(main && toPath(main), entry ?? file);
    },
  );
  const first = argumentsForOther("node", options) ??
    [...flags, entry!];
  const args = [...first, ...options.args];
  const pipe = takePipe();
  const hasLink = takesLink(options);
  const child = spawnWith(pipe, () => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env,
      stdio: [
        hasLink ? "ignore" : "pipe",
        pipe?.writing ?? "pipe",
        options.pipesStderr ? "pipe" : "inherit",
        ...(hasLink ? ["pipe"] : []),
      ],
    });
    child.on("error", () => {}); // thrown here, at the call
    if (child.pid === undefined) throw spawnError(file, options);
    return child;
  });
  const link = child.stdio[hasLink ? LINK : 0];
  for (const part of [child, link, child.stdout, child.stderr]) part?.unref();
  link.on("error", () => {}); // the child is gone: `exited` tells
  return {
    pid: child.pid,
    write(bytes) {
      if (link.write(bytes)) return undefined;
      return new Promise((resolve) => {
        const done = () => {
          link.off("drain", done).off("close", done);
          resolve();
        };
        link.on("drain", done).on("close", done);
      });
    },
    closeStdin: () => link.destroy(),
    read: (onChunk) =>
      pipe === undefined
        ? readAll(child.stdout, onChunk)
        : ended(readDescriptor(pipe.reading, onChunk)),
    ...(options.pipesStderr && {
      readStderr: (onChunk) => ended(child.stderr.on("data", onChunk)),
    }),
    exited: new Promise((resolve) => {
      child.on("exit", (code: number | null, signal: string | null) => {
        resolve(code ?? -signalNumber(signal!));
      });
    }),
    kill: (signal) => void child.kill(signal),
  };
}

/**
 * A child with limited permissions gets no compile cache. Nor does any get the variable by
 * which `node --test` has a process report to it, in bytes on stdout.
 */
function ownEnv({ env, grants, executable }: SpawnOptions): Record<string, string> {
  const own = env ?? process.env;
  const cache = grants === undefined && cacheVariable(own);
  // Electron's program is Node if it is told so, or else the whole application.
  const asNode = process.versions.electron !== undefined && executable === undefined;
  const electron = asNode && { ELECTRON_RUN_AS_NODE: "1" };
  const made = { ...own, ...cache, ...electron, [CHILD_VARIABLE]: "1" };
  delete made["NODE_TEST_CONTEXT"];
  return made;
}

/** See `Child.read`. */
type OnChunk = (chunk: Uint8Array) => Promise<void> | undefined;

// deno-lint-ignore no-explicit-any -- a stream of Node's
export function readAll(stream: any, onChunk: OnChunk): Promise<void> {
  return ended(stream.on("data", (chunk: Uint8Array) => {
    const wait = onChunk(chunk);
    if (wait === undefined) return;
    stream.pause();
    void wait.then(() => stream.resume());
  }));
}

// deno-lint-ignore no-explicit-any -- as above
function ended(stream: any): Promise<void> {
  return new Promise((resolve) => {
    stream.on("close", resolve).on("error", () => {});
  });
}

/** Reads a pipe or socket to its end, and closes it; keeps nothing alive. */
function readDescriptor(
  fd: number,
  onChunk: (chunk: Uint8Array) => Promise<void> | void,
) {
  const { Socket } = builtin("node:net");
  // `onread` hands bytes over without the machinery of streams.
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: new Uint8Array(READ_SIZE),
      callback(length: number, buffer: Uint8Array) {
        const wait = onChunk(buffer.subarray(0, length));
        void wait?.then(() => socket.resume());
        return wait === undefined; // else it pauses
      },
    },
  });
  socket.unref();
  return socket;
}

/** The child entry; the npm package has one for Node beside the other runtimes'. */
function entryPath({ entry, executable }: SpawnOptions): string | null {
  if (entry === null) return null;
  const path = toPath(entry);
  if (executable !== undefined) return path; // it may be another runtime
  const own = path.replace(/\.js$/, ".cjs");
  return builtin("node:fs").existsSync(own) ? own : path;
}

/** Node gives the error only in the next turn; trying again synchronously gives it at once. */
function spawnError(file: string, options: SpawnOptions): Error {
  const { spawnSync } = builtin("node:child_process");
  const again = spawnSync(file, ["--version"], { cwd: options.cwd });
  return again.error ??
    Object.assign(new TypeError(`cannot run ${file}`), { code: "EAGAIN" });
}

/** The path of a file URL, as users should see it in a process list. */
export function toPath(url: string): string {
  return url.startsWith("file:") ? builtin("node:url").fileURLToPath(url) : url;
}
