/**
 * Logical threads: a lock is owned by a process and a thread, as in Python.
 *
 * All code of a process belongs to the main thread, however many promises are pending.
 * Code that `asThread` runs, and everything that it awaits or starts, is another thread.
 *
 * Mirrors what CPython asks of `threading.current_thread()` and `threading.get_ident()`.
 *
 * @module
 */
import { type AsyncContext, asyncContext } from "../runtime/async_context.ts";

/** A logical thread. */
export interface Thread {
  /** 0 for the main thread. */
  readonly id: number;
  readonly name: string;
  /** Whether the process need not stay alive for what it waits for. */
  readonly daemon?: boolean;
}

const MAIN: Thread = { id: 0, name: "MainThread" };

/** The present thread; undefined until the first thread is made. */
let context: AsyncContext<Thread> | undefined;
let lastId = 0;
/** The number in the last name: a thread that is given its name takes none. */
let lastNumber = 0;

/** The thread of the caller. CPython: `threading.current_thread`. */
export function current_thread(): Thread {
  return context?.get() ?? MAIN;
}

/** The caller's thread's number; 0 for the main one. CPython: `threading.get_ident`. */
export function current_thread_id(): number {
  return context === undefined ? 0 : current_thread().id;
}

/**
 * A new thread without code in it yet.
 *
 * @param target The name of the function that it runs, for the thread's own name.
 * @param name That name; null for `Thread-1 (target)` and so on.
 */
export function newThread(target: string | null, name: string | null = null): Thread {
  return { id: ++lastId, name: name ?? nextName(target) };
}

function nextName(target: string | null): string {
  const number = ++lastNumber;
  return target === null ? `Thread-${number}` : `Thread-${number} (${target})`;
}

/** Runs a function in a thread; all that it awaits or starts belongs to that thread. */
export function inThread<T>(thread: Thread, fn: () => T): T {
  context ??= asyncContext<Thread>();
  return context.run(thread, fn);
}

/**
 * Runs a function as a new thread; it begins at once. `name` is the thread's name, null for
 * `Thread-1` and so on.
 */
export function asThread<T>(name: string | null, fn: () => T): T {
  return inThread(newThread(null, name), fn);
}
