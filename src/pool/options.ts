/**
 * What the methods of a pool may be given. Types only.
 *
 * @module
 */
import type { Target } from "../process/arguments.ts";
import type { PermissionsOption } from "../process/permissions.ts";
import type { JobOptions, Progress } from "./job.ts";
import type { WorkerProcess } from "./worker_link.ts";

/** What arrives of what a function returns: a promise's value, and null for nothing. */
export type Delivered<R> = Awaited<R> extends infer T
  ? T extends undefined | void ? null : T
  : never;

/** All elements of a tuple but the last. */
export type AllButLast<T extends unknown[]> = T extends [...infer Head, unknown?] ? Head
  : T;
/** The last element of a tuple. */
export type Last<T extends unknown[]> = Required<T> extends [...unknown[], infer L] ? L
  : unknown;

/** What a pool is made with. */
export interface PoolOptions<F extends Target = Target> {
  /** How many workers; by default as many as this process may use processors. */
  processes?: number | null;
  /** An exported function that each worker calls first. */
  initializer?: F | null;
  /** What it is called with. Locks, queues and the like are passed here. */
  initargs?: Parameters<F>;
  /** After so many tasks a worker makes room for a new one; null for never. */
  maxtasksperchild?: number | null;
  /** What has the `Process` that the workers are. */
  context?: PoolContext | null;
  /** What the workers may do; as of `Process`. Not in Python. */
  permissions?: PermissionsOption | null;
}

/** What a thread pool is made with. */
export interface ThreadPoolOptions<F extends Target = Target> {
  /** How many threads; by default as many as this process may use processors. */
  processes?: number | null;
  /** A function that each thread calls first. */
  initializer?: F | null;
  /** What it is called with. */
  initargs?: Parameters<F>;
}

/** What a pool needs of a context. */
export interface PoolContext {
  /** The class of the workers: `Process`, or what can do the same. */
  // deno-lint-ignore no-explicit-any -- any class that can do what `Process` does
  readonly Process: new (...args: any[]) => WorkerProcess;
}

/** Keywords of `apply`. */
export interface ApplyOptions extends JobOptions {
  /** Is told when the task is done. */
  progress?: Progress | null;
}

/** Keywords of `apply_async`. */
export interface ApplyAsyncOptions<R> extends ApplyOptions {
  /** Is called with the result, before `get` gives it. */
  callback?: ((value: Delivered<R>) => unknown) | null;
  /** Is called with the error, if there is one. */
  error_callback?: ((error: unknown) => unknown) | null;
}

/** Keywords of `map` and `starmap`. */
export interface MapOptions extends ApplyOptions {
  /** Elements that are handed to a worker together; null for a quarter of its share. */
  chunksize?: number | null;
}

/** Keywords of `map_async` and `starmap_async`. */
export interface MapAsyncOptions<R> extends MapOptions {
  /** Is called with the list of results, before `get` gives it. */
  callback?: ((values: Delivered<R>[]) => unknown) | null;
  /** Is called with the first error, if there is one. */
  error_callback?: ((error: unknown) => unknown) | null;
}

/** Keywords of `imap` and `imap_unordered`. */
export interface ImapOptions extends ApplyOptions {
  /** Elements that are handed to a worker together. */
  chunksize?: number;
  /** Elements that may be read from the input before their results are fetched. */
  buffersize?: number | null;
}

/** Arguments and keyword arguments as options; `kwds` becomes the last argument. */
export interface CallOptions<F extends Target> {
  /** The arguments of the function. */
  args?: Parameters<F> | AllButLast<Parameters<F>>;
  /** The last argument, if it is not empty. */
  kwds?: Last<Parameters<F>> & object;
}
