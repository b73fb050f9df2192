/**
 * The Deno adapter.
 *
 * @module
 */
import { flags } from "./deno_flags.ts";
import * as locate from "./locate_deno.ts";
import { signalName, signalNumber, writeAllSync } from "./posix.ts";
import type { Child, Runtime, SpawnOptions } from "./types.ts";

const isDeno = "Deno" in globalThis;

/** See before.ts, which cannot share the symbol. */
const IS_CHILD = Symbol.for("@pystd/multiprocessing: child");

/** How many bytes are read from stdin at once. */
const READ_SIZE = 65536;

/** Taken now: becomeChild() puts others in their place. */
const read = isDeno ? Deno.stdin.read.bind(Deno.stdin) : undefined!;
const readSync = isDeno ? Deno.stdin.readSync.bind(Deno.stdin) : undefined!;

let isKeptAlive = false;
/** Whether stdin is read: then that is what keeps the process alive, or does not. */
let isReading = false;
/**
 * What does where it is not. It is made at once, or a test that waits for the first time
 * would be told of a leak. A child has none: the first timer takes 5 ms here.
 */
const timer = isDeno && !(IS_CHILD in globalThis) ? makeTimer() : undefined;

function makeTimer(): number {
  const timer = setInterval(() => {}, 0x7fffffff) as unknown as number;
  Deno.unrefTimer(timer);
  return timer;
}

export const deno: Runtime = {
  name: "deno",
  ...locate,
  get pid() {
    return Deno.pid;
  },
  get ppid() {
    return Deno.ppid;
  },
  get mainModule() {
    return Deno.mainModule;
  },
  get cpuCount() {
    return navigator.hardwareConcurrency;
  },
  get usableCpuCount() {
    return navigator.hardwareConcurrency;
  },
  args: () => Deno.args,
  script: () => Deno.mainModule,
  setScript() {}, // Deno.args has no script; Deno.mainModule says what really runs
  cwd: () => Deno.cwd(),
  env: () =>
    Deno.permissions.querySync({ name: "env" }).state === "granted"
      ? Deno.env.toObject()
      : undefined,
  flags,
  spawn,

  readStdinSync: (into) => readSync(into) ?? 0,
  readStdin(onChunk, onEnd) {
    isReading = true;
    if (timer !== undefined) Deno.unrefTimer(timer);
    refStdin(isKeptAlive);
    const buffer = new Uint8Array(READ_SIZE);
    void (async () => {
      try {
        for (;;) {
          // One buffer for all reads: the quickest way to read here.
          const length = await read(buffer);
          if (length === null) break;
          onChunk(buffer.subarray(0, length));
        }
      } catch {
        // the pipe broke: its end all the same
      }
      isReading = false;
      deno.keepAlive(isKeptAlive);
      onEnd();
    })();
  },
  becomeChild() {
    Object.defineProperties(Deno.stdin, {
      read: { value: () => Promise.resolve(null) },
      readSync: { value: () => null },
      readable: { get: () => new ReadableStream({ start: (c) => c.close() }) },
    });
  },
  writeStdoutSync(bytes) {
    writeAllSync((rest) => Deno.stdout.writeSync(rest), isFull, bytes);
  },
  writeStderrSync(bytes) {
    writeAllSync((rest) => Deno.stderr.writeSync(rest), isFull, bytes);
  },
  stderrWidth() {
    if (!Deno.stderr.isTerminal()) return undefined;
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80; // a terminal that does not tell
    }
  },
  print(bytes) {
    writeAllSync((rest) => Deno.stdout.writeSync(rest), isFull, bytes);
  },

  exit: (code) => Deno.exit(code),
  setExitCode(code) {
    Deno.exitCode = code;
    // Whoever looks at process.stdin makes it keep the process alive again.
    refStdin(isKeptAlive);
  },
  onDrained: (handler) =>
    globalThis.addEventListener("beforeunload", (event) => {
      handler();
      // Only then does Deno look at its event loop again.
      if (isKeptAlive) event.preventDefault();
    }),
  onExit: (handler) => globalThis.addEventListener("unload", handler),
  onInterrupt: (handler) => Deno.addSignalListener("SIGINT", handler),

  nextTurn: (callback) => void setImmediate(callback),
  keepAlive(on) {
    isKeptAlive = on;
    if (isReading) refStdin(on);
    else if (timer !== undefined && on) Deno.refTimer(timer);
    else if (timer !== undefined) Deno.unrefTimer(timer);
  },
  setTimer(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    Deno.unrefTimer(timer as unknown as number);
    return timer;
  },
  clearTimer: (timer) => clearTimeout(timer as number),
};

function isFull(error: unknown): boolean {
  return error instanceof Deno.errors.WouldBlock;
}

/** Whether reading stdin keeps the process alive; Deno has no public name for this. */
function refStdin(on: boolean): void {
  const prototype = Object.getPrototypeOf(Deno.stdin);
  for (const symbol of Object.getOwnPropertySymbols(prototype)) {
    if (symbol.description !== (on ? "REF" : "UNREF")) continue;
    // deno-lint-ignore no-explicit-any -- not in Deno's types
    (Deno.stdin as any)[symbol]();
  }
}

function spawn(options: SpawnOptions): Child {
  const command = new Deno.Command(options.executable ?? Deno.execPath(), {
    args: ["run", ...options.flags, options.entry, ...options.args],
    stdin: "piped",
    stdout: "piped",
    stderr: options.pipesStderr ? "piped" : "inherit",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env, clearEnv: true }),
  });
  const child = command.spawn();
  child.unref();
  const writer = child.stdin.getWriter();
  writer.closed.catch(() => {}); // the child is gone: `exited` tells
  return {
    pid: child.pid,
    write: (bytes) => writer.write(bytes).catch(() => {}),
    closeStdin: () => void writer.close().catch(() => {}),
    read: (onChunk) => readAll(child.stdout, onChunk),
    ...(options.pipesStderr && {
      readStderr: (onChunk) => readAll(child.stderr, onChunk),
    }),
    exited: child.status.then(({ code, signal }) =>
      signal === null ? code : -signalNumber(signal)
    ),
    kill(signal) {
      try {
        child.kill(signalName(signal) as Deno.Signal);
      } catch (error) {
        // TypeError: "Child process has already terminated"
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) {
          throw error;
        }
      }
    },
  };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new Uint8Array(READ_SIZE);
  try {
    for (;;) {
      // One buffer for all reads: a fifth less work than a new one each time.
      const { value, done } = await reader.read(buffer);
      if (done) return;
      onChunk(value);
      buffer = new Uint8Array(value.buffer);
    }
  } catch {
    // the pipe broke: its end all the same
  }
}
