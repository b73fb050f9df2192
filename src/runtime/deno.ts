/**
 * The Deno adapter.
 *
 * @module
 */
import { CHILD_VARIABLE } from "./evaluation.ts";
import { flagsFor } from "./permissions/deno_flags.ts";
import { mainModule } from "./permissions/deno_command_line.ts";
import { denoPermissions } from "./permissions/deno.ts";
import {
  connectChild,
  offerSocket,
  readPreamble,
  removePlace,
  SocketWriter,
} from "./speed/deno_socket.ts";
import * as locate from "./modules/deno.ts";
import * as signals from "./signals/deno.ts";
import { isWindows, signalName, signalNumber, writeAllSync } from "./posix.ts";
import { hasProcess, processOfNode, setArgvScript } from "./deno_process.ts";
import { writeLines } from "./output.ts";
import { argumentsForOther, runtimeOf } from "./other_runtime.ts";
import { countOperation, own } from "./own.ts";
import { pathOf } from "./paths.ts";
import type { Child, Runtime, SpawnOptions } from "./types.ts";

const isDeno = "Deno" in globalThis;

/** See before.ts, which cannot share the symbol. */
const IS_CHILD = Symbol.for("@pystd/multiprocessing: child");

/** Bytes that are read from a pipe at once. */
const READ_SIZE = 65536;

/** Taken now: becomeChild() replaces them, and user code may replace the writing one. */
const read = isDeno ? Deno.stdin.read.bind(Deno.stdin) : undefined!;
const readSync = isDeno ? Deno.stdin.readSync.bind(Deno.stdin) : undefined!;
const writeToStdout = isDeno ? Deno.stdout.writeSync.bind(Deno.stdout) : undefined!;

/** The script of the program whose child this is: `Deno.mainModule` is the child entry. */
let toldScript: string | undefined;
let isKeptAlive = false;
let isChild = false;
/** Makes reading keep the process alive, or not; undefined while nothing is read. */
let refInput: ((on: boolean) => void) | undefined;
/** The path of the socket that the root writes to after stdin; see speed/deno_socket.ts. */
let socketPath: string | undefined;
/** Whether nothing has been read yet. */
let isFirst = true;
/**
 * Keeps the process alive while nothing is read. It is made at once, as a leak check would
 * report a timer that a test starts. A child has none: the first timer takes 5 ms here.
 */
const timer = isDeno && !(IS_CHILD in globalThis) ? makeTimer() : undefined;

function makeTimer(): unknown {
  const timer = setInterval(() => {}, 0x7fffffff);
  holdTimer(timer, false);
  return timer;
}

/** Sets whether a timer keeps the process alive; in packages of npm timers are objects. */
function holdTimer(timer: unknown, on: boolean): void {
  if (typeof timer === "number") {
    if (on) Deno.refTimer(timer);
    else Deno.unrefTimer(timer);
    return;
  }
  const object = timer as { ref(): void; unref(): void };
  if (on) object.ref();
  else object.unref();
}

export const deno: Runtime = {
  name: "deno",
  get title() {
    return `Deno ${Deno.version.deno}`;
  },
  ...locate,
  get pid() {
    return Deno.pid;
  },
  get ppid() {
    return Deno.ppid;
  },
  // Outside of `deno test` the function does nothing, and is called so.
  checksLeaks: isDeno && typeof Deno.test === "function" && Deno.test.name === "test",
  get mainModule() {
    return mainModule();
  },
  get cpuCount() {
    return navigator.hardwareConcurrency;
  },
  get usableCpuCount() {
    return navigator.hardwareConcurrency;
  },
  args: () => Deno.args,
  script: () => toldScript ?? scriptAt(mainModule()),
  setScript(script) {
    toldScript = script;
    setArgvScript(script);
  },
  cwd: () => Deno.cwd(),
  env: () =>
    Deno.permissions.querySync({ name: "env" }).state === "granted"
      ? Deno.env.toObject()
      : undefined,
  permissions: denoPermissions,
  spawn,

  readStdinSync(into) {
    const length = afterPreamble(into, readSync(into) ?? 0) ?? readSync(into) ?? 0;
    if (length === 0 && socketPath !== undefined) removePlace(socketPath);
    return length;
  },
  readStdin(onChunk, onEnd) {
    if (timer !== undefined) holdTimer(timer, false);
    keepBy(refStdin);
    void countOperation(readInput(onChunk)).then(() => {
      keepBy(undefined);
      onEnd();
    });
  },
  becomeChild() {
    isChild = true;
    Object.defineProperties(Deno.stdin, {
      read: { value: () => Promise.resolve(null) },
      readSync: { value: () => null },
      readable: { get: () => new ReadableStream({ start: (c) => c.close() }) },
    });
    if (socketPath === undefined) keepStdin();
  },
  beforeWaiting() {},
  writeStdoutSync(bytes) {
    writeAllSync(writeToStdout, isFull, bytes);
  },
  writeStderrSync(bytes) {
    writeAllSync((rest) => Deno.stderr.writeSync(rest), isFull, bytes);
  },
  stdoutIsTerminal: () => Deno.stdout.isTerminal(),
  stderrWidth() {
    if (!Deno.stderr.isTerminal()) return undefined;
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80; // a terminal that does not tell
    }
  },
  // By a thread, which waits for the reader if there is none.
  print: (bytes) => writeLines(bytes, (rest) => Deno.stdout.write(rest), isFull),

  exit(code) {
    // Only Node's part of Deno calls the listeners of `process`.
    if (hasProcess()) processOfNode().exit(code);
    Deno.exit(code);
  },
  setExitCode(code) {
    if (code !== undefined) Deno.exitCode = code;
    if (code !== undefined && hasProcess()) processOfNode().exitCode = code;
    // A program that reads `process.stdin` makes it keep the process alive again.
    refInput?.(isKeptAlive);
  },
  onDrained: (handler) =>
    globalThis.addEventListener("beforeunload", (event) => {
      handler();
      // Only then does Deno look at its event loop again.
      if (isKeptAlive) event.preventDefault();
      else if (isChild) exitLast();
    }),
  ...signals,

  nextTurn: (callback) => void setImmediate(callback),
  keepAlive(on) {
    isKeptAlive = on;
    if (refInput !== undefined) refInput(on);
    else if (timer !== undefined) {
      own.held = on ? 1 : 0;
      holdTimer(timer, on);
    }
  },
  now: () => performance.now(),
  residentBytes: () => Deno.memoryUsage().rss,
  setTimer(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    holdTimer(timer, false);
    return timer;
  },
  clearTimer: (timer) => clearTimeout(timer as number),
};

/** What `process.argv[1]` is, by the module that the program was started with. */
function scriptAt(url: string | undefined): string | undefined {
  return url?.startsWith("file:") ? pathOf(url) : url;
}

/** Without a socket, stdin stays the link: programs that this process starts must not read it. */
function keepStdin(): void {
  Deno.Command = class extends Deno.Command {
    constructor(command: string | URL, options: Deno.CommandOptions = {}) {
      const { stdin = "inherit" } = options;
      super(command, { ...options, stdin: stdin === "inherit" ? "null" : stdin });
    }
  };
}

/** Has the listeners of the end followed by it: to tidy up its memory takes Deno a while. */
function exitLast(): void {
  globalThis.removeEventListener("unload", exitAtOnce);
  globalThis.addEventListener("unload", exitAtOnce);
}

function exitAtOnce(): void {
  // Deno's part of Node has listeners of its own, which come behind these.
  if (hasProcess()) processOfNode().on("exit", () => Deno.exit());
  else Deno.exit();
}

function isFull(error: unknown): boolean {
  return error instanceof Deno.errors.WouldBlock;
}

/** Sets whether reading stdin keeps the process alive; Deno has no public name for this. */
function refStdin(on: boolean): void {
  const prototype = Object.getPrototypeOf(Deno.stdin);
  for (const symbol of Object.getOwnPropertySymbols(prototype)) {
    if (symbol.description !== (on ? "REF" : "UNREF")) continue;
    // deno-lint-ignore no-explicit-any -- not in Deno's types
    (Deno.stdin as any)[symbol]();
  }
}

function keepBy(ref: typeof refInput): void {
  refInput = ref;
  deno.keepAlive(isKeptAlive);
}

/** Removes the preamble from the first bytes; undefined if these hold nothing else. */
function afterPreamble(bytes: Uint8Array, length: number): number | undefined {
  if (!isFirst) return length;
  isFirst = false;
  const preamble = readPreamble(bytes.subarray(0, length));
  if (preamble === undefined) return length;
  socketPath = preamble.path;
  bytes.copyWithin(0, preamble.length, length);
  return length - preamble.length || undefined;
}

/** Reads stdin to its end, and then the socket, if there is one. */
async function readInput(onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const buffer = new Uint8Array(READ_SIZE);
  const connect = () => socketPath === undefined ? undefined : connectChild(socketPath);
  // At once: what the program starts may read this stdin as well, and must find its end.
  let connecting = connect();
  await readTo(buffer, read, (length) => {
    const rest = afterPreamble(buffer, length) ?? 0;
    connecting ??= connect();
    if (rest > 0) onChunk(buffer.subarray(0, rest));
  });
  const conn = await connecting;
  if (conn === undefined) return;
  keepBy((on) => on ? conn.ref() : conn.unref());
  await readTo(
    buffer,
    (into) => conn.read(into),
    (length) => onChunk(buffer.subarray(0, length)),
  );
}

/** Reads to the end. One buffer for all reads: the quickest way to read here. */
async function readTo(
  buffer: Uint8Array,
  read: (into: Uint8Array) => Promise<number | null>,
  onRead: (length: number) => void,
): Promise<void> {
  try {
    for (;;) {
      const length = await read(buffer);
      if (length === null) return;
      onRead(length);
    }
  } catch {
    // it broke: that is its end, too
  }
}

function spawn(options: SpawnOptions): Child {
  const { grants, entry } = options;
  const first = argumentsForOther("deno", options) ??
    ["run", ...flagsFor(grants, entry!, options.flags), entry!];
  // A child that may not change its environment would hand the mark on.
  const mayRunItself = options.executable !== undefined && grants === undefined &&
    options.command === undefined;
  const [program = options.executable ?? Deno.execPath()] = options.command ?? [];
  const command = new Deno.Command(program, {
    args: [...first, ...options.args],
    stdin: "piped",
    stdout: "piped",
    stderr: options.pipesStderr ? "piped" : "inherit",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env, ...mayRunItself && { [CHILD_VARIABLE]: "1" } },
    clearEnv: options.env !== undefined,
  });
  const child = command.spawn();
  child.unref();
  let endedBy: number | undefined;
  const { write, close } = inputOf(child, options);
  return {
    pid: child.pid,
    write,
    closeStdin: close,
    read: (onChunk) => countOperation(readAll(child.stdout, onChunk)),
    ...(options.pipesStderr && {
      readStderr: (onChunk) =>
        countOperation(readAll(child.stderr, (chunk) => void onChunk(chunk))),
    }),
    exited: countOperation(child.status).then((status) => {
      close();
      return exitCode(status, endedBy);
    }),
    kill(signal) {
      if (killChild(child, signal)) endedBy = signal;
    },
  };
}

/**
 * The exit code by a status, or minus the signal's number. On Windows, where a signal is no
 * more than an end, `endedBy` is the one that this process has sent.
 */
export function exitCode(
  { code, signal }: Pick<Deno.CommandStatus, "code" | "signal">,
  endedBy: number | undefined,
  windows: boolean = isWindows(),
): number {
  if (signal !== null) return -signalNumber(signal);
  if (windows && endedBy !== undefined && code === ENDED) return -endedBy;
  return code >>> 0; // codes of Windows have 32 bits, and Deno takes the first for a sign
}

/** The code of a process that another one has ended, on Windows. */
const ENDED = 1;

/** Signals that end a process on Windows, where there are no others. */
const ENDS = ["SIGINT", "SIGTERM", "SIGKILL", "SIGQUIT", "SIGHUP"];

/** Sends a signal; whether the child was still there. */
export function killChild(
  child: Pick<Deno.ChildProcess, "kill">,
  signal: number,
  windows: boolean = isWindows(),
): boolean {
  const name = signalName(signal) as Deno.Signal;
  try {
    child.kill(windows && ENDS.includes(name) ? "SIGKILL" : name);
    return true;
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound ||
      error instanceof TypeError && /already terminated/.test(error.message);
    if (isGone) return false;
    throw error; // there is no such signal here
  }
}

/** The way to write to a child: its stdin, and its socket once that is connected. */
function inputOf(
  { stdin }: Deno.ChildProcess,
  { executable, grants, command }: SpawnOptions,
): { write: (bytes: Uint8Array) => Promise<void>; close: () => void } {
  const writer = stdin.getWriter();
  writer.closed.catch(() => {}); // the child is gone: `exited` tells
  const write = (bytes: Uint8Array) => writer.write(bytes).catch(() => {});
  const end = () => void writer.close().catch(() => {});
  // Another program may be another runtime, which knows nothing of sockets.
  const isDeno = command === undefined &&
    (executable === undefined || runtimeOf(executable) === "deno");
  const offered = isDeno && grants === undefined ? offerSocket() : undefined;
  let socket: SocketWriter | undefined;
  if (offered !== undefined) {
    void write(offered.preamble);
    offered.accepted.then((conn) => {
      offered.close();
      socket = new SocketWriter(conn);
      end();
    }, () => {}); // the child has ended before
  }
  return {
    write: (bytes) => socket === undefined ? write(bytes) : socket.write(bytes),
    close() {
      offered?.close();
      if (socket === undefined) end();
      else socket.close();
    },
  };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onChunk: Parameters<Child["read"]>[0],
): Promise<void> {
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new Uint8Array(READ_SIZE);
  try {
    for (;;) {
      // One buffer for all reads: a fifth less work than a new one each time.
      const { value, done } = await reader.read(buffer);
      if (done) return;
      const wait = onChunk(value);
      if (wait !== undefined) await wait;
      buffer = new Uint8Array(value.buffer);
    }
  } catch {
    // the pipe broke: that is its end, too
  }
}
