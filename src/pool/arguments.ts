/**
 * The arguments of the constructors and methods of pools: the types of their options, their
 * signatures, and the checks of single arguments.
 *
 * @module
 */
import {
  type AllButLast,
  type Last,
  START,
  type Target,
} from "../process/arguments.ts";
import type { PermissionsOption } from "../process/permissions.ts";
import type { StartOptionValues } from "../process/popen.ts";
import type { HostOption } from "../process/hosts.ts";
import type { PlaceOptions, StartOptions } from "../process/start_options.ts";
import {
  asInteger,
  asTimeout,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import type { JobOptions, Progress } from "./job.ts";
import { type SizeArguments, SIZES } from "./sizes.ts";
import type { WorkerProcess } from "./worker_link.ts";
import { iterated } from "../python/keys.ts";

/** The result that a function's caller gets: a promise's value, and null for nothing. */
export type Delivered<R> = Awaited<R> extends infer T
  ? T extends undefined | void ? null : T
  : never;

/** How many workers there are, where that is to follow the work. Not in Python. */
export interface PoolSizeOptions {
  /**
   * How many workers stay although there is no work; by default 0. This and the next two
   * stand in the place of `processes`: workers are started when tasks wait and all others are busy.
   */
  min?: number | null;
  /** How many workers there are at most; by default as many as processors may be used. */
  max?: number | null;
  /** Seconds without work after which a worker beyond `min` ends; by default 10. */
  idle?: number | null;
}

/** The options of `Pool`; those of `Process` hold for each worker. */
export interface PoolOptions<F extends Target = Target>
  extends StartOptions, PoolSizeOptions, PlaceOptions {
  /** The number of workers; by default as many as this process may use processors. */
  processes?: number | null;
  /** An exported function that each worker calls first. */
  initializer?: F | null;
  /** The initializer's arguments. Locks, queues and the like are passed here. */
  initargs?: Parameters<F>;
  /** After so many tasks a worker makes room for a new one; null for never. */
  maxtasksperchild?: number | null;
  /**
   * Bytes: a worker that holds more of the machine's memory at the end of a task makes room
   * for a new one; null for never. What counts is what the system has given the process (its
   * resident set: `process.memoryUsage.rss()`, on Deno `Deno.memoryUsage().rss`): a runtime's
   * own 50 to 110 MB, garbage that it has not collected or, as Node and Deno often, not given
   * back, and shared memory too. With a limit below what a worker begins with, each worker
   * does one task. Not in Python.
   */
  maxmemory?: number | null;
  /** The context whose `Process` is the class of the workers. */
  context?: PoolContext | null;
  /** The workers' permissions, as those of `Process`. Not in Python. */
  permissions?: PermissionsOption | null;
  /**
   * The machines that the workers are started on, with as many on each, or as their weights
   * say; null among them is this machine. One on which workers cannot be started is left out,
   * and others get its workers. Not in Python.
   */
  hosts?: Iterable<HostOption | null> | null;
}

/** The options of `ThreadPool`. */
export interface ThreadPoolOptions<F extends Target = Target> extends PoolSizeOptions {
  /** The number of threads; by default as many as this process may use processors. */
  processes?: number | null;
  /** A function that each thread calls first. */
  initializer?: F | null;
  /** The initializer's arguments. */
  initargs?: Parameters<F>;
}

/** The part of a context that a pool uses. */
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

/** Keywords of `stream`. */
export interface StreamOptions extends ApplyOptions {
  /** Values that may be made before they are fetched; by default 16. */
  buffersize?: number | null;
}

/** What a function of `stream` gives: a generator, or anything else with values. */
export type Streamed<T> =
  | Iterable<T>
  | AsyncIterable<T>
  | PromiseLike<Iterable<T> | AsyncIterable<T>>;

/** The values that the callers of `stream` get of a function. */
export type StreamedBy<F extends Target> = Awaited<ReturnType<F>> extends
  Iterable<infer T> | AsyncIterable<infer T> ? Delivered<T> : unknown;

/** Arguments and keyword arguments as options; `kwds` becomes the last argument. */
export interface CallOptions<F extends Target> {
  /** The arguments of the function. */
  args?: Parameters<F> | AllButLast<Parameters<F>>;
  /** The last argument, if it is not empty. */
  kwds?: Last<Parameters<F>> & object;
}

// --- signatures

/** The arguments of every submitting method. */
export type CallArguments = Record<"func" | "timeout" | "progress", unknown>;

/** Those of `apply` and `apply_async`. */
export type ApplyArguments = CallArguments & Record<"args" | "kwds", unknown>;

/** Those of `stream`. */
export type StreamArguments = ApplyArguments & Record<"buffersize", unknown>;

/** Those of `map`, `starmap` and their async forms. */
export type MapArguments = CallArguments & Record<"iterable" | "chunksize", unknown>;

/** Those of `imap` and `imap_unordered`. */
export type ImapArguments = MapArguments & Record<"buffersize", unknown>;

/** The further arguments of the methods that do not wait. */
export type CallbackArguments = Record<"callback" | "error_callback", unknown>;

const THREADS = { processes: null, initializer: null, initargs: [] };
const PROCESSES = { ...THREADS, maxtasksperchild: null, context: null };

export const INIT_POOL = signature<
  & Record<keyof typeof PROCESSES | "maxmemory" | "permissions" | "hosts", unknown>
  & SizeArguments
  & StartOptionValues
>("BaseContext.Pool", {
  ...PROCESSES,
  ...SIZES,
  maxmemory: null,
  permissions: null,
  ...START,
  hosts: null,
}, {
  keywordOnly: [
    ...["min", "max", "idle", "maxmemory"] as const,
    ...["permissions", "execArgv", "env", "cwd", "inspect", "host", "hosts"] as const,
  ],
});

export const INIT_THREAD_POOL = signature<
  Record<keyof typeof THREADS, unknown> & SizeArguments
>("ThreadPool.__init__", { ...THREADS, ...SIZES }, {
  keywordOnly: ["min", "max", "idle"],
});

const APPLIED = { func: REQUIRED, args: [], kwds: null };
const MAPPED = { func: REQUIRED, iterable: REQUIRED, chunksize: null };
const CALLBACKS = { callback: null, error_callback: null };
const CONTROL = { timeout: null, progress: null };

const keywordOnly = ["timeout", "progress"] as const;
const OF_APPLY = { keywordOnly, objects: ["kwds"] } as const;
const OF_MAP = { keywordOnly, positionalOnly: 2 };

export const POOL_JOIN = signature<Record<never, unknown>>("Pool.join", {});
export const POOL_STATS = signature<{ tasks: unknown; reset: unknown }>(
  "Pool.stats",
  { tasks: false, reset: false },
  { keywordOnly: ["tasks", "reset"] },
);
export const APPLY = signature<ApplyArguments>(
  "Pool.apply",
  { ...APPLIED, ...CONTROL },
  OF_APPLY,
);
export const APPLY_ASYNC = signature<ApplyArguments & CallbackArguments>(
  "Pool.apply_async",
  { ...APPLIED, ...CALLBACKS, ...CONTROL },
  OF_APPLY,
);

export const STREAM = signature<StreamArguments>(
  "Pool.stream",
  { ...APPLIED, buffersize: null, ...CONTROL },
  { ...OF_APPLY, keywordOnly: ["buffersize", ...keywordOnly] },
);

function mapSignature(name: string) {
  return signature<MapArguments>(name, { ...MAPPED, ...CONTROL }, OF_MAP);
}

function mapAsyncSignature(name: string) {
  return signature<MapArguments & CallbackArguments>(
    name,
    { ...MAPPED, ...CALLBACKS, ...CONTROL },
    OF_MAP,
  );
}

function imapSignature(name: string) {
  return signature<ImapArguments>(
    name,
    { ...MAPPED, chunksize: 1, buffersize: null, ...CONTROL },
    OF_MAP,
  );
}

export const MAP = mapSignature("Pool.map");
export const STARMAP = mapSignature("Pool.starmap");
export const MAP_ASYNC = mapAsyncSignature("Pool.map_async");
export const STARMAP_ASYNC = mapAsyncSignature("Pool.starmap_async");
export const IMAP = imapSignature("Pool.imap");
export const IMAP_UNORDERED = imapSignature("Pool.imap_unordered");

/**
 * The limit of a task's time; null for none.
 *
 * @throws {ValueError} for a negative number and NaN
 * @throws {TypeError} for what is no number
 */
export function asTaskTimeout(value: unknown): number | null {
  if (typeof value === "number" && !(value >= 0)) {
    throw new ValueError("timeout must be None or a number of seconds from 0 up");
  }
  return asTimeout(value, "comparison");
}

/** @throws {ValueError} `maxtasksperchild must be a positive int or None` */
export function asPositive(value: unknown, name: string): number | null {
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new ValueError(`${name} must be a positive int or None`);
}

/** @throws {TypeError} `initializer must be a callable` */
export function asInitializer(value: unknown): Target | null {
  if (value === null || typeof value === "function") return value as Target | null;
  throw new TypeError("initializer must be a callable");
}

/** @throws {TypeError} `progress must be a callable` */
export function asProgress(value: unknown): Progress | null {
  if (value === null || typeof value === "function") return value as Progress | null;
  throw new TypeError("progress must be a callable");
}

/** @throws {ValueError} `Chunksize must be 1+, not 0` */
export function asChunksize(value: unknown, operator: "<" | "<="): number {
  const chunksize = asInteger(value, operator);
  if (chunksize >= 1) return chunksize;
  throw new ValueError(`Chunksize must be 1+, not ${chunksize}`);
}

/** @throws {ValueError} `buffersize must be None or > 0` */
export function asBuffersize(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError("buffersize must be an integer or None");
  }
  if (value < 1) throw new ValueError("buffersize must be None or > 0");
  return value;
}

/** Reads the elements of a `map` now. @throws {TypeError} `'int' object is not iterable` */
export function asElements(value: unknown): unknown[] {
  return [...iterated(value)];
}

/** The arguments of a call, with `kwds` as the last one. */
export function asArguments({ args, kwds }: ApplyArguments, name: string): unknown[] {
  if (typeof (args as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(
      `${name}() argument after * must be an iterable, not ${pythonTypeName(args)}`,
    );
  }
  const list = [...args as Iterable<unknown>];
  const hasKeywords = kwds !== null && Object.keys(kwds as object).length > 0;
  return hasKeywords ? [...list, kwds] : list;
}
