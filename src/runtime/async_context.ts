/**
 * Values that a piece of code sees, and all code that it awaits or starts. A file of its own:
 * few processes need it, and loading it delays Deno's start.
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

/** Makes an async context. */
export function asyncContext<T>(): AsyncContext<T> {
  const storage = new AsyncLocalStorage<T>();
  return {
    get: () => storage.getStore(),
    run: (value, fn) => storage.run(value, fn),
  };
}
