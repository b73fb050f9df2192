/**
 * The end of a child whose root was killed. A child that waits sees the end of its link, but
 * one that computes does not: Linux kills it on request, where the runtime can call C
 * functions, as Bun can, and Deno with `--allow-ffi`.
 *
 * For Linux the parent is the thread that has started a process. The three runtimes start
 * processes on the thread that runs JavaScript, which ends with its program.
 *
 * @module
 */
import { isAllowedAll } from "./permissions/deno.ts";
import { builtin } from "./posix.ts";

/** `PR_SET_PDEATHSIG` and its argument. */
const SET_SIGNAL = 1;
const SIGKILL = 9;

/** Names of the C library of Linux: glibc's, and musl's. */
const LIBRARIES = ["libc.so.6", "libc.so"];

/** Whether the system was asked: a process that was started ahead asks before it has work. */
let isAsked = false;

/** Asks the system to kill this process when its parent dies, where that is possible. */
export function dieWithParent(): void {
  if (!isAsked) setSignal(SIGKILL);
  isAsked = true;
}

/** Takes that back, for a process that has something to do when its parent has died. */
export function outliveParent(): void {
  setSignal(0);
}

/** Milliseconds between two looks at the parent. */
const LOOK = 500;

/** What a thread does that looks whether the parent is still the same. */
const WATCHER = `
const { workerData } = require("node:worker_threads");
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, "SIGKILL");
}, ${LOOK});
`;

/**
 * Has this process end when its parent has, also while it computes: on Node, which cannot ask
 * the system, by a thread that looks from time to time. It costs a few milliseconds and MB, so
 * only who needs it calls this.
 */
export function watchParent(): void {
  dieWithParent();
  if ("Deno" in globalThis || "Bun" in globalThis) return;
  const { ppid } = builtin("node:process");
  const { Worker } = builtin("node:worker_threads");
  const options = { eval: true, workerData: ppid, execArgv: [], env: {} };
  new Worker(WATCHER, options).unref();
}

/** Says which signal the parent's death is to send; 0 for none. */
function setSignal(signal: number): void {
  for (const library of LIBRARIES) {
    try {
      if ("Deno" in globalThis) return callByDeno(library, signal);
      if ("Bun" in globalThis) return callByBun(library, signal);
      return;
    } catch {
      // not this one
    }
  }
}

function callByDeno(library: string, signal: number): void {
  if (Deno.build.os !== "linux") return;
  const isGranted = isAllowedAll() ||
    Deno.permissions.querySync({ name: "ffi" }).state === "granted";
  if (!isGranted) return;
  const { symbols } = Deno.dlopen(library, {
    prctl: { parameters: ["i32", "u64"], result: "i32" },
  });
  symbols.prctl(SET_SIGNAL, BigInt(signal));
}

function callByBun(library: string, signal: number): void {
  if (builtin("node:process").platform !== "linux") return;
  const { symbols } = builtin("bun:ffi").dlopen(library, {
    prctl: { args: ["i32", "u64"], returns: "i32" },
  });
  symbols.prctl(SET_SIGNAL, signal);
}
