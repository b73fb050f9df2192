/**
 * Mirrors `multiprocessing/pool.py`: `Pool`, and what its methods return.
 *
 * ```
 *  apply, map, imap ─► Job ─ tasks ─► Scheduler ─► TellWriter ─┐ Tell    ┌─► TaskReader
 *         ▲             ▲                 ▲                    ▼         │       │
 *         │             │                 │               worker_process ┴─ hub ─┤
 *    AsyncResult        │                 │                    │         ┬─ hub ─┤
 *    IMapIterator ◄─────┴── Engine ◄──────┴────────────────────┘ Report  └── worker.ts
 * ```
 *
 * What differs: blocking calls are awaited. A worker that dies fails the one task that it
 * had begun, with `WorkerLostError`, and is replaced. An initializer that keeps failing
 * fails the pool. A callback that throws is told on stderr, and the result arrives all
 * the same. Leaving the pool's block rejects what is pending. `imap` reads its input as
 * it goes. Every call takes `timeout` and `signal`, which end a running task.
 *
 * The pieces are in `pool/`.
 *
 * @module
 */
import {
  asInteger,
  asTimeout,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
} from "./arguments.ts";
import { callable } from "./callable.ts";
import { NotImplementedError, ValueError } from "./errors.ts";
import { ApplyJob, type Callbacks } from "./pool/apply_job.ts";
import { CLOSE, Engine, type PoolState, RUN, TERMINATE } from "./pool/engine.ts";
import { FunctionTable } from "./pool/functions.ts";
import { IMapIterator, IMapUnorderedIterator } from "./pool/imap.ts";
import { ImapJob } from "./pool/imap_job.ts";
import type { Input } from "./pool/input.ts";
import type { Job, JobOptions, JobSettings, Progress } from "./pool/job.ts";
import { MapJob } from "./pool/map_job.ts";
import { Mode } from "./pool/protocol.ts";
import { AsyncResult, MapResult } from "./pool/results.ts";
import type { WorkerClass } from "./pool/worker_process.ts";
import type { WorkerProcess } from "./pool/worker_link.ts";
import { SpawnProcess, type Target } from "./process.ts";
import { REDUCE_SHARED } from "./reduction.ts";
import { runtime } from "./runtime/mod.ts";
import { debug, Finalize } from "./util.ts";

export { MaybeEncodingError, RemoteTraceback } from "./errors.ts";
export { CLOSE, INIT, type PoolState, RUN, TERMINATE } from "./pool/engine.ts";
export { IMapIterator, IMapUnorderedIterator } from "./pool/imap.ts";
export { AsyncResult, MapResult } from "./pool/results.ts";
export type { Input } from "./pool/input.ts";
export type { JobOptions, Progress } from "./pool/job.ts";
export type { ResultOptions } from "./pool/results.ts";

/** What arrives of what a function returns: a promise's value, and null for nothing. */
export type Delivered<R> = Awaited<R> extends infer T
  ? T extends undefined | void ? null : T
  : never;

type AllButLast<T extends unknown[]> = T extends [...infer Head, unknown?] ? Head : T;
type Last<T extends unknown[]> = Required<T> extends [...unknown[], infer L] ? L
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
}

/** What a pool needs of a context. */
export interface PoolContext {
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
  args?: Parameters<F> | AllButLast<Parameters<F>>;
  kwds?: Last<Parameters<F>> & object;
}

const INIT_POOL = signature<{
  processes: unknown;
  initializer: unknown;
  initargs: unknown;
  maxtasksperchild: unknown;
  context: unknown;
}>("BaseContext.Pool", {
  processes: null,
  initializer: null,
  initargs: [],
  maxtasksperchild: null,
  context: null,
});

interface Control {
  timeout: unknown;
  progress: unknown;
}

interface ApplyArguments extends Control {
  func: unknown;
  args: unknown;
  kwds: unknown;
  callback: unknown;
  error_callback: unknown;
}

interface MapArguments extends Control {
  func: unknown;
  iterable: unknown;
  chunksize: unknown;
  callback: unknown;
  error_callback: unknown;
}

interface ImapArguments extends Control {
  func: unknown;
  iterable: unknown;
  chunksize: unknown;
  buffersize: unknown;
}

const CONTROL = { timeout: null, progress: null };
const BY_NAME = ["timeout", "progress"] as const;

const APPLY = signature<Omit<ApplyArguments, "callback" | "error_callback">>(
  "Pool.apply",
  { func: REQUIRED, args: [], kwds: null, ...CONTROL },
  { keywordOnly: BY_NAME, objects: ["kwds"] },
);

const APPLY_ASYNC = signature<ApplyArguments>("Pool.apply_async", {
  func: REQUIRED,
  args: [],
  kwds: null,
  callback: null,
  error_callback: null,
  ...CONTROL,
}, { keywordOnly: BY_NAME, objects: ["kwds"] });

function mapSignature(name: string) {
  return signature<Omit<MapArguments, "callback" | "error_callback">>(
    name,
    { func: REQUIRED, iterable: REQUIRED, chunksize: null, ...CONTROL },
    { keywordOnly: BY_NAME, positionalOnly: 2 },
  );
}

function mapAsyncSignature(name: string) {
  return signature<MapArguments>(name, {
    func: REQUIRED,
    iterable: REQUIRED,
    chunksize: null,
    callback: null,
    error_callback: null,
    ...CONTROL,
  }, { keywordOnly: BY_NAME, positionalOnly: 2 });
}

function imapSignature(name: string) {
  return signature<ImapArguments>(name, {
    func: REQUIRED,
    iterable: REQUIRED,
    chunksize: 1,
    buffersize: null,
    ...CONTROL,
  }, { keywordOnly: BY_NAME, positionalOnly: 2 });
}

const MAP = mapSignature("Pool.map");
const STARMAP = mapSignature("Pool.starmap");
const MAP_ASYNC = mapAsyncSignature("Pool.map_async");
const STARMAP_ASYNC = mapAsyncSignature("Pool.starmap_async");
const IMAP = imapSignature("Pool.imap");
const IMAP_UNORDERED = imapSignature("Pool.imap_unordered");

/** The order in which finalizers run, as in Python. */
const EXIT_PRIORITY = 15;

class PoolClass {
  readonly #engine: Engine;
  readonly #functions = new FunctionTable();
  readonly #finalizer: Finalize;

  constructor(...given: unknown[]) {
    const { processes, initializer, initargs, maxtasksperchild, context } =
      parseArguments(INIT_POOL, given);
    const count = asProcessCount(processes);
    const maxtasks = asMaxTasks(maxtasksperchild);
    if (initializer !== null && typeof initializer !== "function") {
      throw new TypeError("initializer must be a callable");
    }
    const { Process } = context as PoolContext ?? { Process: SpawnProcess };
    const engine = new Engine({
      Process: Process as WorkerClass,
      initializer: initializer as Target | null,
      initargs: [...initargs as Iterable<unknown>],
      maxtasksperchild: maxtasks,
    }, count);
    this.#engine = engine;
    this.#finalizer = new Finalize(this, () => engine.terminate(), {
      exitpriority: EXIT_PRIORITY,
    });
  }

  /**
   * Calls a function in a worker. CPython: `Pool.apply`.
   *
   * @param func An exported function.
   * @param args Its arguments. They are copied now.
   * @param kwds Becomes its last argument, if it is not empty.
   * @returns What it returns, or what its promise gives.
   * @throws {ValueError} `Pool not running`
   * @throws {PicklingError} if function or arguments cannot be sent
   * @throws {MaybeEncodingError} if the result cannot be sent
   * @throws {WorkerLostError} if the worker ended before the function did
   * @throws {TimeoutError} if the function ran longer than `timeout`
   * @throws Whatever the function throws; `cause` is a `RemoteTraceback`.
   */
  apply<F extends Target>(
    func: F,
    args: Parameters<F>,
    options?: ApplyOptions,
  ): Promise<Delivered<ReturnType<F>>>;
  apply<F extends Target>(
    func: F,
    args: AllButLast<Parameters<F>>,
    kwds: Last<Parameters<F>> & object,
    options?: ApplyOptions,
  ): Promise<Delivered<ReturnType<F>>>;
  apply<R>(func: () => R, options?: ApplyOptions): Promise<Delivered<R>>;
  apply<F extends Target>(
    func: F,
    options: ApplyOptions & CallOptions<F>,
  ): Promise<Delivered<ReturnType<F>>>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async apply(...given: unknown[]): Promise<unknown> {
    const call = parseArguments(APPLY, given);
    return this.#apply({ ...call, callback: null, error_callback: null }).get();
  }

  /**
   * As `apply`, without waiting. CPython: `Pool.apply_async`.
   *
   * What cannot be sent is told by the result.
   *
   * @throws {ValueError} `Pool not running`
   */
  apply_async<F extends Target>(
    func: F,
    args: Parameters<F>,
    options?: ApplyAsyncOptions<ReturnType<F>>,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  apply_async<F extends Target>(
    func: F,
    args: AllButLast<Parameters<F>>,
    kwds: Last<Parameters<F>> & object,
    callback?: ((value: Delivered<ReturnType<F>>) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: ApplyOptions,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  apply_async<F extends Target>(
    func: F,
    args: Parameters<F>,
    kwds: Record<never, never> | null,
    callback?: ((value: Delivered<ReturnType<F>>) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: ApplyOptions,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  apply_async<R>(
    func: () => R,
    options?: ApplyAsyncOptions<R>,
  ): AsyncResult<Delivered<R>>;
  apply_async<F extends Target>(
    func: F,
    options: ApplyAsyncOptions<ReturnType<F>> & CallOptions<F>,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  apply_async(...given: unknown[]): AsyncResult<unknown> {
    return this.#apply(parseArguments(APPLY_ASYNC, given));
  }

  #apply(
    call: ApplyArguments & { signal: AbortSignal | undefined },
  ): AsyncResult<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const settings = this.#settings(call, Mode.Apply);
    const args = asArguments(call, settings.func.name);
    const job = new ApplyJob(
      engine.newJob(),
      settings,
      engine,
      call as Callbacks<unknown>,
      args,
    );
    engine.submit(job, job.isReady ? job.task : undefined);
    return new AsyncResult(job);
  }

  /**
   * Calls a function with each element. CPython: `Pool.map`.
   *
   * All chunks are worked on, even if one fails. In a chunk that fails the elements
   * behind the failure are left out. An element is copied when a worker is free for it.
   *
   * @param func An exported function of one argument.
   * @param iterable The elements; read now.
   * @param chunksize Elements that are handed to a worker together; null for a quarter
   * of its share.
   * @returns The results, in the order of the elements.
   * @throws {ValueError} `Pool not running`, `Chunksize must be 1+, not 0`
   * @throws {TypeError} `'int' object is not iterable`
   * @throws As `apply`: the failure that was heard of first.
   */
  map<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    chunksize?: number | null,
    options?: MapOptions,
  ): Promise<Delivered<R>[]>;
  map<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    options: MapOptions,
  ): Promise<Delivered<R>[]>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async map(...given: unknown[]): Promise<unknown[]> {
    const call = parseArguments(MAP, given);
    return this.#map({ ...call, callback: null, error_callback: null }, Mode.Map).get();
  }

  /** As `map`, without waiting. CPython: `Pool.map_async`. */
  map_async<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    chunksize?: number | null,
    callback?: ((values: Delivered<R>[]) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  map_async<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  map_async<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    chunksize: number | null,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  map_async(...given: unknown[]): MapResult<unknown> {
    return this.#map(parseArguments(MAP_ASYNC, given), Mode.Map);
  }

  /**
   * As `map`, for a function of several arguments: each element is a list of them.
   * CPython: `Pool.starmap`.
   */
  starmap<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    chunksize?: number | null,
    options?: MapOptions,
  ): Promise<Delivered<R>[]>;
  starmap<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    options: MapOptions,
  ): Promise<Delivered<R>[]>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async starmap(...given: unknown[]): Promise<unknown[]> {
    const call = parseArguments(STARMAP, given);
    return this.#map({ ...call, callback: null, error_callback: null }, Mode.Starmap)
      .get();
  }

  /** As `starmap`, without waiting. CPython: `Pool.starmap_async`. */
  starmap_async<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    chunksize?: number | null,
    callback?: ((values: Delivered<R>[]) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  starmap_async<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  starmap_async<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    chunksize: number | null,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  starmap_async(...given: unknown[]): MapResult<unknown> {
    return this.#map(parseArguments(STARMAP_ASYNC, given), Mode.Starmap);
  }

  #map(
    call: MapArguments & { signal: AbortSignal | undefined },
    mode: Mode,
  ): MapResult<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const elements = asElements(call.iterable);
    const chunksize = call.chunksize === null
      ? Math.ceil(elements.length / (4 * engine.workerCount))
      : asChunksize(call.chunksize, "<=");
    const job = new MapJob(
      engine.newJob(),
      this.#settings(call, mode),
      engine,
      call as Callbacks<unknown[]>,
      elements,
      chunksize,
    );
    engine.submit(job, job);
    return new MapResult(job);
  }

  /**
   * Calls a function with each element, and gives the results in order as they come.
   * CPython: `Pool.imap`.
   *
   * The input, which may be asynchronous and without end, is read as workers become
   * free, and no further than `buffersize` elements beyond what was fetched.
   *
   * @param func An exported function of one argument.
   * @param iterable The elements.
   * @param chunksize Elements that are handed to a worker together. With more than one,
   * the iterator ends with the first failure.
   * @throws {ValueError} `Pool not running`, `Chunksize must be 1+, not 0`
   * @throws {TypeError} `'int' object is not iterable`
   */
  imap<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    chunksize?: number,
    options?: ImapOptions,
  ): IMapIterator<Delivered<R>>;
  imap<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    options: ImapOptions,
  ): IMapIterator<Delivered<R>>;
  imap(...given: unknown[]): IMapIterator<unknown> {
    return new IMapIterator(this.#imap(parseArguments(IMAP, given), true));
  }

  /** As `imap`, in the order in which the results come. CPython: `Pool.imap_unordered`. */
  imap_unordered<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    chunksize?: number,
    options?: ImapOptions,
  ): IMapUnorderedIterator<Delivered<R>>;
  imap_unordered<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    options: ImapOptions,
  ): IMapUnorderedIterator<Delivered<R>>;
  imap_unordered(...given: unknown[]): IMapUnorderedIterator<unknown> {
    const call = parseArguments(IMAP_UNORDERED, given);
    return new IMapUnorderedIterator(this.#imap(call, false));
  }

  #imap(
    call: ImapArguments & { signal: AbortSignal | undefined },
    isOrdered: boolean,
  ): ImapJob {
    const engine = this.#engine;
    engine.checkRunning();
    const plan = {
      chunksize: asChunksize(call.chunksize, "<"),
      buffersize: asBuffersize(call.buffersize),
      isOrdered,
      workers: engine.workerCount,
    };
    const job: ImapJob = new ImapJob(
      engine.newJob(),
      this.#settings(call, Mode.Map),
      engine,
      call.iterable,
      plan,
      () => engine.wake(job),
    );
    engine.submit(job, job);
    return job;
  }

  #settings(
    call: Control & { func: unknown; signal: AbortSignal | undefined },
    mode: Mode,
  ): JobSettings {
    const { progress, timeout, signal } = call;
    if (progress !== null && typeof progress !== "function") {
      throw new TypeError("progress must be a callable");
    }
    return {
      pool: this,
      func: this.#functions.get(call.func),
      mode,
      timeout: asTimeout(timeout, "comparison"),
      signal,
      progress: progress as Progress | null,
    };
  }

  /** No new tasks; the workers end when all are done. CPython: `Pool.close`. */
  close(): void {
    this.#engine.close();
  }

  /**
   * Ends the workers now; what is not done fails. CPython: `Pool.terminate`.
   *
   * @returns Settles when the workers are gone.
   */
  async terminate(): Promise<void> {
    this.#finalizer.cancel();
    await this.#engine.terminate();
  }

  /**
   * Waits until all tasks are done and the workers gone, after `close` or `terminate`.
   * CPython: `Pool.join`.
   *
   * @throws {ValueError} `Pool is still running`
   */
  async join(options: { signal?: AbortSignal } = {}): Promise<void> {
    debug("joining pool");
    const { state } = this.#engine;
    if (state === RUN) throw new ValueError("Pool is still running");
    if (state !== CLOSE && state !== TERMINATE) {
      throw new ValueError("In unknown state");
    }
    await this.#engine.join(options.signal);
    this.#finalizer.cancel();
  }

  /** The pool itself. CPython: `Pool.__enter__`. @throws {ValueError} `Pool not running` */
  __enter__(): this {
    this.#engine.checkRunning();
    return this;
  }

  /** Ends the workers, as `terminate`. CPython: `Pool.__exit__`. */
  __exit__(): Promise<void> {
    return this.terminate();
  }

  /** Ends the workers, as `terminate`: what `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  /** How many workers there shall be. CPython: `Pool._processes`. */
  get _processes(): number {
    return this.#engine.workerCount;
  }

  /** The workers' processes. CPython: `Pool._pool`. */
  get _pool(): WorkerProcess[] {
    return this.#engine.processes;
  }

  /** `RUN`, `CLOSE` or `TERMINATE`. CPython: `Pool._state`. */
  get _state(): PoolState {
    return this.#engine.state;
  }

  /** What is not done yet, by number. CPython: `Pool._cache`. */
  get _cache(): ReadonlyMap<number, Job> {
    return this.#engine.jobs;
  }

  /** A pool belongs to the process that made it. */
  [REDUCE_SHARED](): never {
    throw new NotImplementedError(
      "pool objects cannot be passed between processes or pickled",
    );
  }

  /** `<multiprocessing.pool.Pool state=RUN pool_size=4>`. */
  toString(): string {
    const name = `multiprocessing.pool.${this.constructor.name}`;
    return `<${name} state=${this._state} pool_size=${this._pool.length}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

function asProcessCount(value: unknown): number {
  if (value === null) return Math.max(1, runtime.usableCpuCount || 1);
  if (typeof value === "number" && value < 1) {
    throw new ValueError("Number of processes must be at least 1");
  }
  const count = asInteger(value, "<");
  if (count < 1) throw new ValueError("Number of processes must be at least 1");
  return count;
}

function asMaxTasks(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new ValueError("maxtasksperchild must be a positive int or None");
}

function asChunksize(value: unknown, operator: "<" | "<="): number {
  const chunksize = asInteger(value, operator);
  if (chunksize >= 1) return chunksize;
  throw new ValueError(`Chunksize must be 1+, not ${chunksize}`);
}

function asBuffersize(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError("buffersize must be an integer or None");
  }
  if (value < 1) throw new ValueError("buffersize must be None or > 0");
  return value;
}

function asElements(value: unknown): unknown[] {
  if (typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`'${pythonTypeName(value)}' object is not iterable`);
  }
  return [...value as Iterable<unknown>];
}

/** The arguments of a call, with `kwds` as the last one. */
function asArguments({ args, kwds }: ApplyArguments, name: string): unknown[] {
  if (typeof (args as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    throw new TypeError(
      `${name}() argument after * must be an iterable, not ${pythonTypeName(args)}`,
    );
  }
  const list = [...args as Iterable<unknown>];
  const hasKeywords = kwds !== null && Object.keys(kwds as object).length > 0;
  return hasKeywords ? [...list, kwds] : list;
}

/** Worker processes that call functions; made by the function of the same name. */
export type Pool = PoolClass;

/** `Pool` as a value: a class that may be called without `new`. */
export interface PoolConstructor {
  new <F extends Target = Target>(options: PoolOptions<F>): PoolClass;
  new <F extends Target = Target>(
    processes: number | null,
    options: PoolOptions<F>,
  ): PoolClass;
  new <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    context?: PoolContext | null,
  ): PoolClass;
  <F extends Target = Target>(options: PoolOptions<F>): PoolClass;
  <F extends Target = Target>(
    processes: number | null,
    options: PoolOptions<F>,
  ): PoolClass;
  <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    context?: PoolContext | null,
  ): PoolClass;
  readonly prototype: PoolClass;
}

/**
 * Worker processes that call functions. CPython: `multiprocessing.Pool`.
 *
 * @param processes How many workers; by default as many as this process may use
 * processors.
 * @param initializer An exported function that each worker calls first, with `initargs`.
 * @param maxtasksperchild After so many tasks a worker makes room for a new one.
 * @throws {ValueError} `Number of processes must be at least 1`,
 * `maxtasksperchild must be a positive int or None`
 * @throws {TypeError} `initializer must be a callable`
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * export function f(x: number): number {
 *   return x * x;
 * }
 * if (is_main(import.meta)) {
 *   await using pool = Pool(5);
 *   console.log(await pool.map(f, [1, 2, 3])); // [ 1, 4, 9 ]
 * }
 * ```
 */
export const Pool: PoolConstructor = callable("Pool", PoolClass);
