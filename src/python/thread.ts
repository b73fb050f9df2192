/**
 * Logical threads: who runs the present piece of code, where that matters. Ownership of
 * a lock is a process's and a thread's, as in Python.
 *
 * A process has one thread unless it makes others: all its code, however many promises
 * are under way, is the main thread. Code that `asThread` runs, and all that it awaits
 * or starts, is another one.
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
}

const MAIN: Thread = { id: 0, name: "MainThread" };

/** Made with the first thread: until then there is nothing to look up. */
let context: AsyncContext<Thread> | undefined;
let lastId = 0;

/** The thread that runs this. CPython: `threading.current_thread`. */
export function current_thread(): Thread {
  return context?.get() ?? MAIN;
}

/** The number of the thread that runs this; 0 in the main one. CPython: `threading.get_ident`. */
export function current_thread_id(): number {
  return context === undefined ? 0 : current_thread().id;
}

/** A new thread that nothing runs in yet; its name says what it is for. */
export function newThread(target: string | null): Thread {
  const id = ++lastId;
  return { id, name: target === null ? `Thread-${id}` : `Thread-${id} (${target})` };
}

/** Runs a function in a thread; all that it awaits or starts belongs to it too. */
export function inThread<T>(thread: Thread, fn: () => T): T {
  context ??= asyncContext<Thread>();
  return context.run(thread, fn);
}

/**
 * Runs a function as a new thread.
 *
 * @param name The thread's name; null for `Thread-1` and so on.
 * @param fn What it runs. It begins at once, and where it waits others go on.
 * @returns What the function returns.
 */
export function asThread<T>(name: string | null, fn: () => T): T {
  const thread = newThread(null);
  return inThread(name === null ? thread : { ...thread, name }, fn);
}
