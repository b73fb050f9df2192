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

/** Asks the system to kill this process when its parent dies, where that is possible. */
export function dieWithParent(): void {
  for (const library of LIBRARIES) {
    try {
      if ("Deno" in globalThis) return callByDeno(library);
      if ("Bun" in globalThis) return callByBun(library);
      return;
    } catch {
      // not this one
    }
  }
}

function callByDeno(library: string): void {
  if (Deno.build.os !== "linux") return;
  const isGranted = isAllowedAll() ||
    Deno.permissions.querySync({ name: "ffi" }).state === "granted";
  if (!isGranted) return;
  const { symbols } = Deno.dlopen(library, {
    prctl: { parameters: ["i32", "u64"], result: "i32" },
  });
  symbols.prctl(SET_SIGNAL, BigInt(SIGKILL));
}

function callByBun(library: string): void {
  if (builtin("node:process").platform !== "linux") return;
  const { symbols } = builtin("bun:ffi").dlopen(library, {
    prctl: { args: ["i32", "u64"], returns: "i32" },
  });
  symbols.prctl(SET_SIGNAL, SIGKILL);
}
