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
import { parseArguments } from "./arguments.ts";
import { callable } from "./callable.ts";
import { NotImplementedError, ValueError } from "./errors.ts";
import * as call from "./pool/call_arguments.ts";
import { CLOSE, Engine, type PoolState, RUN, TERMINATE } from "./pool/engine.ts";
import { IMapIterator, IMapUnorderedIterator } from "./pool/imap.ts";
import type { Input } from "./pool/input.ts";
import type { Job } from "./pool/job.ts";
import type {
  AllButLast,
  ApplyAsyncOptions,
  ApplyOptions,
  CallOptions,
  Delivered,
  ImapOptions,
  Last,
  MapAsyncOptions,
  MapOptions,
  PoolContext,
  PoolOptions,
} from "./pool/options.ts";
import { Mode } from "./pool/protocol.ts";
import type { AsyncResult, MapResult } from "./pool/results.ts";
import { Submitter } from "./pool/submit.ts";
import type { WorkerProcess } from "./pool/worker_link.ts";
import type { WorkerClass } from "./pool/worker_process.ts";
import { SpawnProcess, type Target } from "./process.ts";
import { REDUCE_SHARED } from "./reduction.ts";
import { debug, Finalize } from "./util.ts";

export { MaybeEncodingError, RemoteTraceback } from "./errors.ts";
export { CLOSE, INIT, type PoolState, RUN, TERMINATE } from "./pool/engine.ts";
export { IMapIterator, IMapUnorderedIterator } from "./pool/imap.ts";
export { AsyncResult, AsyncResult as ApplyResult, MapResult } from "./pool/results.ts";
export type { Input } from "./pool/input.ts";
export type { JobOptions, Progress } from "./pool/job.ts";
export type {
  AllButLast,
  ApplyAsyncOptions,
  ApplyOptions,
  CallOptions,
  Delivered,
  ImapOptions,
  Last,
  MapAsyncOptions,
  MapOptions,
  PoolContext,
  PoolOptions,
} from "./pool/options.ts";
export type { ResultOptions } from "./pool/results.ts";

/** The order in which finalizers run, as in Python. */
const EXIT_PRIORITY = 15;

class PoolClass {
  readonly #engine: Engine;
  readonly #submitter: Submitter;
  readonly #finalizer: Finalize;

  constructor(...given: unknown[]) {
    const { processes, initializer, initargs, maxtasksperchild, context } =
      parseArguments(call.INIT_POOL, given);
    const count = call.asProcessCount(processes);
    const maxtasks = call.asMaxTasks(maxtasksperchild);
    const { Process } = context as PoolContext ?? { Process: SpawnProcess };
    const engine = new Engine({
      Process: Process as WorkerClass,
      initializer: call.asInitializer(initializer),
      initargs: [...initargs as Iterable<unknown>],
      maxtasksperchild: maxtasks,
    }, count);
    this.#submitter = new Submitter(engine, this);
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
   * @param kwds Becomes its last argument, if it is not empty. An object in its place
   * whose keys are all names of options (`timeout`, `signal`, `progress`, …) is taken for
   * the options; behind both there is no such doubt.
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
    return this.#submitter.apply(parseArguments(call.APPLY, given)).get();
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
    return this.#submitter.apply(parseArguments(call.APPLY_ASYNC, given));
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
    return this.#submitter.map(parseArguments(call.MAP, given), Mode.Map).get();
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
    return this.#submitter.map(parseArguments(call.MAP_ASYNC, given), Mode.Map);
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
    return this.#submitter.map(parseArguments(call.STARMAP, given), Mode.Starmap).get();
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
    return this.#submitter.map(parseArguments(call.STARMAP_ASYNC, given), Mode.Starmap);
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
    return new IMapIterator(
      this.#submitter.imap(parseArguments(call.IMAP, given), true),
    );
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
    const job = this.#submitter.imap(parseArguments(call.IMAP_UNORDERED, given), false);
    return new IMapUnorderedIterator(job);
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

/** Worker processes that call functions; made by the function of the same name. */
export type Pool = PoolClass;

/** `Pool` as a value: a class that may be called without `new`. */
export interface PoolConstructor {
  /** With everything by name. */
  new <F extends Target = Target>(options: PoolOptions<F>): PoolClass;
  /** With the number of workers, and the rest by name. */
  new <F extends Target = Target>(
    processes: number | null,
    options: PoolOptions<F>,
  ): PoolClass;
  /** With everything in Python's order. */
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
  /** What all pools have. */
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
