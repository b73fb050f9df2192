/**
 * Parts of the adapters: access to Node's modules, signal numbers, and writing that waits
 * for a full pipe.
 *
 * The modules of Node are fetched when first needed, not imported: importing them, or only
 * reading `process`, costs Deno ten milliseconds and more in each child, and Deno loads this
 * file too.
 *
 * @module
 */

import { own, ownObjects } from "./own.ts";
import type { SignalName } from "./types.ts";

// deno-lint-ignore no-explicit-any -- present on Node and Bun, which alone use it
export const nodeProcess: any = "Deno" in globalThis
  ? undefined
  // deno-lint-ignore no-explicit-any -- as above
  : (globalThis as any).process;

// deno-lint-ignore no-explicit-any -- the type of a module depends on its name
export function builtin(name: string): any {
  // deno-lint-ignore no-explicit-any -- Deno's types lack it in some versions
  return (globalThis as any).process.getBuiltinModule(name);
}

/** The system, by the names that Deno and Node have for it. */
export function system(): string {
  return "Deno" in globalThis ? Deno.build.os : builtin("node:process").platform;
}

/** Whether this is Windows, where `long` has 32 bits and a wide character 16. */
export function isWindows(name: string = system()): boolean {
  return name === "windows" || name === "win32";
}

/** Whether this is a kind of Linux. */
export function isLinux(name: string = system()): boolean {
  return name === "linux" || name === "android";
}

/** Bytes that a pipe takes undivided: `PIPE_BUF`. */
export function pipeBuffer(name: string = system()): number {
  // What POSIX asks for at least is what macOS and the BSDs have.
  return isLinux(name) || isWindows(name) ? 4096 : 512;
}

type Signals = Readonly<Record<string, number>>;

/** Signal numbers that all systems share. */
const COMMON: Signals = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** Those that the systems of POSIX share. */
const POSIX: Signals = {
  ...COMMON,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
};

/** The numbers of Linux; on few processors they are others. */
const LINUX: Signals = {
  ...POSIX,
  SIGBUS: 7,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGURG: 23,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

/** The numbers of macOS and the BSDs. */
const BSD: Signals = {
  ...POSIX,
  SIGBUS: 10,
  SIGSYS: 12,
  SIGURG: 16,
  SIGSTOP: 17,
  SIGTSTP: 18,
  SIGCONT: 19,
  SIGCHLD: 20,
  SIGIO: 23,
  SIGINFO: 29,
  SIGUSR1: 30,
  SIGUSR2: 31,
};

/** The numbers of Windows. */
const WINDOWS: Signals = { ...COMMON, SIGBREAK: 21, SIGABRT: 22, SIGWINCH: 28 };

/** The signal numbers of a system, by name. */
export function signalsOf(name: string): Signals {
  if (isWindows(name)) return WINDOWS;
  return isLinux(name) ? LINUX : BSD;
}

/** The signals by which users and systems end a program. */
export function endSignals(name: string = system()): SignalName[] {
  const all: SignalName[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  // Ctrl-Break, and there is no SIGQUIT that could be listened to.
  return isWindows(name) ? ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] : all;
}

let signals: Signals | undefined;

/** The number of a signal; 0 if there is none of this name. */
export function signalNumber(name: string): number {
  return (signals ??= signalsOf(system()))[name] ?? 0;
}

/** The name of a signal; undefined if there is none of this number. */
export function signalName(number: number): string | undefined {
  const known = signals ??= signalsOf(system());
  return Object.keys(known).find((name) => known[name] === number);
}

const neverChanged = new Int32Array(new SharedArrayBuffer(4));

/** Milliseconds of a pause while a pipe is full, at first and at most. */
const FIRST_PAUSE = 0.02;
const LONGEST_PAUSE = 1;

/** Blocks the thread for some milliseconds, or a part of one. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(neverChanged, 0, 0, milliseconds);
}

/**
 * Writes all of `bytes` to a descriptor, waiting while it is full: shortly at first, as the
 * reader usually empties it in a moment, and longer if that does not help.
 */
export function writeAllSync(
  write: (bytes: Uint8Array) => number,
  isFull: (error: unknown) => boolean,
  bytes: Uint8Array,
): void {
  let rest = bytes;
  let pause = FIRST_PAUSE;
  while (rest.length > 0) {
    try {
      const written = write(rest);
      if (written === rest.length) return;
      rest = rest.subarray(written);
      pause = FIRST_PAUSE;
    } catch (error) {
      if (!isFull(error)) throw error;
      sleepSync(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }
}

/** Whether an error of `fs.writeSync` or `fs.readSync` says "try again". */
export function isAgain(error: unknown): boolean {
  return (error as { code?: string }).code === "EAGAIN";
}

/** The text of a file; throws the runtime's own error. */
export function readTextSync(path: string): string {
  return "Deno" in globalThis
    ? Deno.readTextFileSync(path)
    : builtin("node:fs").readFileSync(path, "utf8");
}

/** Makes a timer that lives as long as the process; the result sets whether it keeps it alive. */
export function createKeepAlive(): (on: boolean) => void {
  // deno-lint-ignore no-explicit-any -- a number on Deno, an object elsewhere
  const timer: any = setInterval(() => {}, 0x7fffffff);
  timer.unref();
  ownObjects.add(timer);
  return (on) => {
    own.held = on ? 1 : 0;
    if (on) timer.ref();
    else timer.unref();
  };
}
