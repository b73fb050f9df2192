/**
 * The methods of all pools, whatever their workers are. Mirrors the methods of `Pool` in
 * `multiprocessing/pool.py`.
 *
 * @module
 */
import { parseArguments, takes } from "../python/arguments.ts";
import { NotImplementedError, ValueError } from "../python/errors.ts";
import type { AllButLast, Last, Target } from "../process/arguments.ts";
import { REDUCE_SHARED } from "../reduction/mod.ts";
import { debug, Finalize } from "../python/util.ts";
import { CLOSE, Engine, type PoolState, RUN, TERMINATE } from "./engine.ts";
import type { Input } from "./input.ts";
import { Calls } from "./calls.ts";
import type { PoolParts } from "./crew.ts";
import type { Job } from "./job.ts";
import {
  APPLY,
  APPLY_ASYNC,
  type ApplyAsyncOptions,
  type ApplyOptions,
  type CallOptions,
  type Delivered,
  IMAP,
  IMAP_UNORDERED,
  type ImapOptions,
  MAP,
  MAP_ASYNC,
  type MapAsyncOptions,
  type MapOptions,
  POOL_JOIN,
  POOL_STATS,
  STARMAP,
  STARMAP_ASYNC,
  STREAM,
  type Streamed,
  type StreamedBy,
  type StreamOptions,
} from "./arguments.ts";
import { newPool, rememberPool } from "./live_pools.ts";
import { Mode } from "./protocol.ts";
import {
  AsyncResult,
  IMapIterator,
  IMapUnorderedIterator,
  MapResult,
  StreamIterator,
} from "./results.ts";
import type { PoolStats, PoolStatsOptions } from "./stats.ts";
import type { PoolWorker, WorkerFactory } from "./worker_link.ts";
import { printAsText } from "../python/printing.ts";

/** The order in which finalizers run, as in Python. */
const EXIT_PRIORITY = 15;

/** The common base of `Pool` and `ThreadPool`; `W` is the class of the workers. */
export class BasePool<W extends PoolWorker> {
  readonly #engine: Engine<W>;
  readonly #calls: Calls;
  readonly #finalizer: Finalize;

  /** Subclasses say how their workers are made. */
  constructor(factory: WorkerFactory<W> | PoolParts<W>) {
    const number = newPool();
    const engine = new Engine(factory, number);
    this.#engine = engine;
    this.#calls = new Calls(engine as unknown as Engine, factory.isRemote);
    this.#finalizer = new Finalize(this, () => engine.terminate(), {
      exitpriority: EXIT_PRIORITY,
    });
    rememberPool(number, this);
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
  apply<A extends readonly unknown[], R>(
    func: (...args: A) => R,
    args: readonly [...A],
    options?: ApplyOptions,
  ): Promise<Delivered<R>>;
  /** The same, for a function with overloads or type parameters. */
  apply<F extends Target>(
    func: F,
    args: Parameters<F>,
    options?: ApplyOptions,
  ): Promise<Delivered<ReturnType<F>>>;
  /** With keyword arguments, which are the last argument. */
  apply<F extends Target>(
    func: F,
    args: AllButLast<Parameters<F>>,
    kwds: Last<Parameters<F>> & object,
    options?: ApplyOptions,
  ): Promise<Delivered<ReturnType<F>>>;
  /** A function without arguments. */
  apply<R>(func: () => R, options?: ApplyOptions): Promise<Delivered<R>>;
  /** The same with everything by name. */
  apply<F extends Target>(
    func: F,
    options: ApplyOptions & CallOptions<F>,
  ): Promise<Delivered<ReturnType<F>>>;
  async apply(...given: unknown[]): Promise<unknown> {
    return await new AsyncResult(this.#calls.apply(this, parseArguments(APPLY, given)))
      .get();
  }

  /**
   * As `apply`, without waiting. CPython: `Pool.apply_async`.
   *
   * What cannot be sent is told by the result.
   *
   * @throws {ValueError} `Pool not running`
   */
  apply_async<A extends readonly unknown[], R>(
    func: (...args: A) => R,
    args: readonly [...A],
    options?: ApplyAsyncOptions<R>,
  ): AsyncResult<Delivered<R>>;
  /** The same, for a function with overloads or type parameters. */
  apply_async<F extends Target>(
    func: F,
    args: Parameters<F>,
    options?: ApplyAsyncOptions<ReturnType<F>>,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  /** With keyword arguments, which are the last argument, and callbacks by position. */
  apply_async<F extends Target>(
    func: F,
    args: AllButLast<Parameters<F>>,
    kwds: Last<Parameters<F>> & object,
    callback?: ((value: Delivered<ReturnType<F>>) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: ApplyOptions,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  /** Callbacks by position, without keyword arguments. */
  apply_async<F extends Target>(
    func: F,
    args: Parameters<F>,
    kwds: Record<never, never> | null,
    callback?: ((value: Delivered<ReturnType<F>>) => unknown) | null,
    error_callback?: ((error: unknown) => unknown) | null,
    options?: ApplyOptions,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  /** A function without arguments. */
  apply_async<R>(
    func: () => R,
    options?: ApplyAsyncOptions<R>,
  ): AsyncResult<Delivered<R>>;
  /** The same with everything by name. */
  apply_async<F extends Target>(
    func: F,
    options: ApplyAsyncOptions<ReturnType<F>> & CallOptions<F>,
  ): AsyncResult<Delivered<ReturnType<F>>>;
  apply_async(...given: unknown[]): AsyncResult<unknown> {
    return new AsyncResult(this.#calls.apply(this, parseArguments(APPLY_ASYNC, given)));
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
  /** The same, with all but the function and the elements by name. */
  map<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    options: MapOptions,
  ): Promise<Delivered<R>[]>;
  async map(...given: unknown[]): Promise<unknown[]> {
    const job = this.#calls.map(this, parseArguments(MAP, given), Mode.Map);
    return await new MapResult(job).get();
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
  /** The same, with all but the function and the elements by name. */
  map_async<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  /** The same, with callbacks by name. */
  map_async<A, R>(
    func: (element: A) => R,
    iterable: Iterable<A>,
    chunksize: number | null,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  map_async(...given: unknown[]): MapResult<unknown> {
    const job = this.#calls.map(this, parseArguments(MAP_ASYNC, given), Mode.Map);
    return new MapResult(job);
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
  /** The same, with all but the function and the elements by name. */
  starmap<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    options: MapOptions,
  ): Promise<Delivered<R>[]>;
  async starmap(...given: unknown[]): Promise<unknown[]> {
    const job = this.#calls.map(this, parseArguments(STARMAP, given), Mode.Starmap);
    return await new MapResult(job).get();
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
  /** The same, with all but the function and the elements by name. */
  starmap_async<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  /** The same, with callbacks by name. */
  starmap_async<A extends readonly unknown[], R>(
    func: (...args: [...A]) => R,
    iterable: Iterable<A>,
    chunksize: number | null,
    options: MapAsyncOptions<R>,
  ): MapResult<Delivered<R>>;
  starmap_async(...given: unknown[]): MapResult<unknown> {
    const job = this.#calls.map(
      this,
      parseArguments(STARMAP_ASYNC, given),
      Mode.Starmap,
    );
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
  /** The same, with all but the function and the elements by name. */
  imap<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    options: ImapOptions,
  ): IMapIterator<Delivered<R>>;
  imap(...given: unknown[]): IMapIterator<unknown> {
    return new IMapIterator(this.#calls.imap(this, parseArguments(IMAP, given), true));
  }

  /** As `imap`, in the order in which the results come. CPython: `Pool.imap_unordered`. */
  imap_unordered<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    chunksize?: number,
    options?: ImapOptions,
  ): IMapUnorderedIterator<Delivered<R>>;
  /** The same, with all but the function and the elements by name. */
  imap_unordered<A, R>(
    func: (element: A) => R,
    iterable: Input<A>,
    options: ImapOptions,
  ): IMapUnorderedIterator<Delivered<R>>;
  imap_unordered(...given: unknown[]): IMapUnorderedIterator<unknown> {
    const job = this.#calls.imap(this, parseArguments(IMAP_UNORDERED, given), false);
    return new IMapUnorderedIterator(job);
  }

  /**
   * Calls a generator function in a worker, and gives its values as they are yielded. Not in
   * Python.
   *
   * The worker is busy with it until the generator ends, and computes no further than
   * `buffersize` values beyond what was fetched: a loop that calls the same pool for each
   * value needs a second worker. To leave a `for await` loop ends the
   * generator, which gets to its `finally`; the loop is left when that is done. One that
   * has not ended 5 s later is ended with its worker.
   *
   * @param func An exported generator function, synchronous or asynchronous, or a function
   * that gives something else with values.
   * @param args Its arguments. They are copied now.
   * @param kwds Becomes its last argument, as of `apply`.
   * @param options `timeout` is for each value. `signal` ends the worker.
   * @throws {ValueError} `Pool not running`, `buffersize must be None or > 0`
   *
   * What else can fail is told by the iterator, after the values that came before.
   */
  stream<A extends readonly unknown[], T>(
    func: (...args: A) => Streamed<T>,
    args: readonly [...A],
    options?: StreamOptions,
  ): StreamIterator<Delivered<T>>;
  /** The same without arguments. */
  stream<T>(
    func: () => Streamed<T>,
    options?: StreamOptions,
  ): StreamIterator<Delivered<T>>;
  /** The same with a last argument of named values. */
  stream<F extends Target>(
    func: F,
    args: AllButLast<Parameters<F>>,
    kwds: Last<Parameters<F>> & object,
    options?: StreamOptions,
  ): StreamIterator<StreamedBy<F>>;
  /** The same with the arguments among the options. */
  stream<F extends Target>(
    func: F,
    options: StreamOptions & CallOptions<F>,
  ): StreamIterator<StreamedBy<F>>;
  stream(...given: unknown[]): StreamIterator<unknown> {
    return new StreamIterator(this.#calls.stream(this, parseArguments(STREAM, given)));
  }

  /**
   * How the pool is doing, as a frozen object: tasks that wait, run, are done and have failed,
   * what share of its life each worker was busy, and how long tasks ran and waited. Always
   * there: to count costs some nanoseconds a task. A task is what a worker is handed as a
   * whole: a call, or a chunk of `map`. Not in Python.
   *
   * Counts are exact, and how long tasks ran is what the workers have measured. When a task
   * began is reckoned from that, so `wait` and `age` are right to about a millisecond. The
   * input of `imap` is read when a worker is free, so it neither counts as `queued` nor waits.
   *
   * @param options `tasks` has each worker tell what it runs: function, arguments, age. `reset`
   * has all that is counted and measured begin anew with the next call.
   *
   * @example
   * ```ts
   * import { ThreadPool } from "@pystd/multiprocessing/pool";
   * await using pool = ThreadPool(2);
   * await pool.map((x: number) => x * x, [1, 2, 3, 4], 1);
   * const { done, queued, run } = pool.stats();
   * console.log(done, queued, run.count); // 4 0 4
   * ```
   */
  stats(options?: PoolStatsOptions): PoolStats;
  stats(...given: unknown[]): PoolStats {
    const { tasks, reset } = parseArguments(POOL_STATS, given);
    return this.#engine.stats({ tasks: Boolean(tasks), reset: Boolean(reset) });
  }

  /** No new tasks; the workers end when all are done. CPython: `Pool.close`. */
  close(): void {
    takes("Pool.close", arguments);
    debug("closing pool");
    this.#engine.close();
  }

  /**
   * Ends the workers now; what is not done fails. CPython: `Pool.terminate`.
   *
   * @returns Settles when the workers are gone.
   */
  async terminate(): Promise<void> {
    takes("Pool.terminate", arguments);
    debug("terminating pool");
    this.#finalizer.cancel();
    await this.#engine.terminate();
  }

  /**
   * Waits until all tasks are done and the workers gone, after `close` or `terminate`.
   * CPython: `Pool.join`.
   *
   * @throws {ValueError} `Pool is still running`
   */
  join(options?: { signal?: AbortSignal }): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { signal } = parseArguments(POOL_JOIN, given);
    debug("joining pool");
    const { state } = this.#engine;
    if (state === RUN) throw new ValueError("Pool is still running");
    if (state !== CLOSE && state !== TERMINATE) {
      throw new ValueError("In unknown state");
    }
    await this.#engine.join(signal);
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

  /** The number of workers. CPython: `Pool._processes`. */
  get _processes(): number {
    return this.#engine.workerCount;
  }

  /** The workers' processes, or threads. CPython: `Pool._pool`. */
  get _pool(): W[] {
    return this.#engine.processes;
  }

  /** The number of calls that are not done yet: under load, more can be refused. Not in Python. */
  get pending(): number {
    return this.#engine.jobs.size;
  }

  /** `RUN`, `CLOSE` or `TERMINATE`. CPython: `Pool._state`. */
  get _state(): PoolState {
    return this.#engine.state;
  }

  /** @internal The jobs that are not done yet, by number. CPython: `Pool._cache`. */
  get _cache(): ReadonlyMap<number, Job> {
    return this.#engine.jobs;
  }

  /** @internal A pool belongs to the process that made it. */
  [REDUCE_SHARED](): never {
    throw new NotImplementedError(
      "pool objects cannot be passed between processes or pickled",
    );
  }

  /** `<multiprocessing.pool.Pool state=RUN pool_size=4>`. */
  toString(): string {
    const name = `multiprocessing.pool.${this.constructor.name}`;
    return `<${name} state=${this._state} pool_size=${this._processes}>`;
  }
}

printAsText(BasePool);
