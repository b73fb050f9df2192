/**
 * Values that a piece of code sees, and all that it awaits or starts. A file of its own, as
 * few processes need it, and Deno starts later for it.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** A value that a piece of code sees. */
export interface AsyncContext<T> {
  /** The value; undefined outside of `run`. */
  get(): T | undefined;
  /** Calls `fn`, which sees `value`. */
  run<R>(value: T, fn: () => R): R;
}

/** A new one. */
export function asyncContext<T>(): AsyncContext<T> {
  const storage = new AsyncLocalStorage<T>();
  return {
    get: () => storage.getStore(),
    run: (value, fn) => storage.run(value, fn),
  };
}
