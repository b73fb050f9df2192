/**
 * The results of those methods of a pool that do not wait. Mirrors `ApplyResult`, `MapResult`,
 * `IMapIterator` and `IMapUnorderedIterator` of `multiprocessing/pool.py`.
 *
 * What differs: `for await` takes the place of `for`, and leaving such a loop early ends
 * the job. `next(timeout)` of an iterator is Python's, whatever the chunk size is.
 *
 * @module
 */
import type { Limit } from "../link/waiting.ts";
import { asTimeout, parseArguments, signature, takes } from "../python/arguments.ts";
import { StopIteration, TimeoutError, ValueError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { ResultJob } from "./result_jobs.ts";
import type { StreamJob } from "./stream_job.ts";
import { address, printAsText } from "../python/printing.ts";
import { endAtCaller } from "../python/stack.ts";

/** The limits of a wait for a result. */
export interface ResultOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting, not the task. */
  signal?: AbortSignal;
}

const GET = signature<{ timeout: unknown }>("ApplyResult.get", { timeout: null });
const WAIT = signature<{ timeout: unknown }>("ApplyResult.wait", { timeout: null });
const NEXT = signature<{ timeout: unknown }>("IMapIterator.next", { timeout: null });

/**
 * A result that will be there some time. It is no promise: `await` leaves it as it is.
 * CPython: `multiprocessing.pool.AsyncResult`.
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) {
 *   const pool = Pool(2);
 *   const result = pool.apply_async(Math.sqrt, [9]);
 *   console.log(await result.get(10)); // 3
 *   await pool.terminate();
 * }
 * ```
 */
export class AsyncResult<T> {
  /** Not of `T`: a result of something is a result of anything. */
  readonly #job: ResultJob<unknown>;

  /** Pools make them. */
  constructor(job: ResultJob<T>) {
    this.#job = job as ResultJob<unknown>;
  }

  /**
   * The result, once it is there. CPython: `AsyncResult.get`.
   *
   * @param timeout Seconds to wait; null for ever.
   * @throws {TimeoutError} if it is not there in time; it may be asked for again
   * @throws Whatever the task threw; `cause` is a `RemoteTraceback`.
   * @throws {WorkerLostError} if the worker ended before the task did
   */
  get(timeout?: number | null): Promise<T>;
  /** The same with `timeout` and `signal` by name. */
  get(options: ResultOptions): Promise<T>;
  async get(...given: unknown[]): Promise<T> {
    const { outcome } = this.#job;
    const limit = given.length === 0 ? undefined : limitOf(parseArguments(GET, given));
    try {
      if (limit === undefined) return await outcome.result() as T;
      if (!await outcome.wait(limit)) throw new TimeoutError();
      return outcome.value as T;
    } catch (error) {
      throw endAtCaller(error);
    }
  }

  /** Waits until the result is there, or for `timeout` seconds. CPython: `AsyncResult.wait`. */
  wait(timeout?: number | null): Promise<void>;
  /** The same with `timeout` and `signal` by name. */
  wait(options: ResultOptions): Promise<void>;
  async wait(...given: unknown[]): Promise<void> {
    await this.#job.outcome.wait(limitOf(parseArguments(WAIT, given)));
  }

  /** Whether the result is there. CPython: `AsyncResult.ready`. */
  ready(): boolean {
    takes("ApplyResult.ready", arguments);
    return this.#job.outcome.isSettled;
  }

  /**
   * Whether the task went well. CPython: `AsyncResult.successful`.
   *
   * @throws {ValueError} if the result is not there
   */
  successful(): boolean {
    takes("ApplyResult.successful", arguments);
    if (!this.ready()) throw new ValueError(`${this} not ready`);
    return this.#job.outcome.isSuccess;
  }

  /** `<multiprocessing.pool.ApplyResult object at 0x…>`. */
  toString(): string {
    const name = this.constructor === AsyncResult ? "ApplyResult" : "MapResult";
    return `<multiprocessing.pool.${name} object at ${address(this.#job.id)}>`;
  }
}

printAsText(AsyncResult);

function limitOf(
  { timeout, signal }: { timeout: unknown; signal: AbortSignal | undefined },
): Limit {
  return { timeout: asTimeout(timeout, "comparison"), signal };
}

/**
 * The list of results of `map_async`. CPython: `multiprocessing.pool.MapResult`.
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) {
 *   const pool = Pool(2);
 *   const result = pool.map_async(Math.sqrt, [4, 9]);
 *   console.log(await result.get()); // [ 2, 3 ]
 *   await pool.terminate();
 * }
 * ```
 */
export class MapResult<T> extends AsyncResult<T[]> {}

/** A job whose results are fetched one by one. */
export interface ResultSource {
  /** Its number in its pool. */
  readonly id: number;
  /** Whether all results were fetched. */
  readonly isExhausted: boolean;
  /** A result that is there; undefined if there is none. @throws it, if it is an error */
  fetchNow(): { value: unknown } | undefined;
  /** Waits for a result. @throws {StopIteration} when there are no more */
  fetch(limit: Limit, onTime: () => never): Promise<unknown>;
  /** The caller wants no more results. */
  leave(): void;
}

/**
 * Results in the order of the input. CPython: `multiprocessing.pool.IMapIterator`.
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) {
 *   const pool = Pool(2);
 *   const it = pool.imap(Math.sqrt, [1, 4, 9]);
 *   console.log(await it.next()); // 1
 *   console.log(await it.next(10)); // 2
 *   for await (const root of it) console.log(root); // 3
 *   await pool.terminate();
 * }
 * ```
 */
export class IMapIterator<T> implements AsyncIterable<T> {
  readonly #job: ResultSource;

  /** Pools make them. */
  constructor(job: ResultSource) {
    this.#job = job;
  }

  /**
   * The next result, as Python's `next(it)`: the value itself. CPython:
   * `IMapIterator.next`.
   *
   * @param timeout Seconds to wait for it; null for ever.
   * @throws {StopIteration} when there are no more
   * @throws {TimeoutError} if it is not there in time; it comes with the next call
   * @throws Whatever the task threw; the next call gives the next result.
   */
  next(timeout?: number | null): Promise<T>;
  /** The same with `timeout` and `signal` by name. */
  next(options: ResultOptions): Promise<T>;
  next(...given: unknown[]): Promise<T> {
    const job = this.#job;
    try {
      if (given.length > 1) takes("IMapIterator.next", given, { least: 0, most: 1 });
      const here = job.fetchNow();
      if (here !== undefined) return Promise.resolve(here.value as T);
      if (job.isExhausted) throw new StopIteration();
      const limit = limitOf(parseArguments(NEXT, given));
      return limit.timeout === 0 ? this.#nextNow() : this.#fetch(limit);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #fetch(limit: Limit): Promise<T> {
    try {
      return await this.#job.fetch(limit, tooLate) as T;
    } catch (error) {
      throw endAtCaller(error);
    }
  }

  /** A loop that asks until there is a result must let it come. */
  async #nextNow(): Promise<T> {
    await new Promise<void>((resolve) => runtime.nextTurn(resolve));
    const here = this.#job.fetchNow();
    if (here !== undefined) return here.value as T;
    throw this.#job.isExhausted ? new StopIteration() : new TimeoutError();
  }

  /** The same as `next`. CPython: `IMapIterator.__next__`. */
  __next__(timeout?: number | null): Promise<T> {
    return this.next(timeout);
  }

  /** JavaScript's iterator; to leave it early ends the job. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: async () => {
        try {
          return { value: await this.next(), done: false };
        } catch (error) {
          if (!(error instanceof StopIteration)) throw endAtCaller(error);
          return { value: undefined, done: true };
        }
      },
      return: () => {
        this.#job.leave();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  /** `<multiprocessing.pool.IMapIterator object at 0x…>`. */
  toString(): string {
    const { name } = this.constructor;
    return `<multiprocessing.pool.${name} object at ${address(this.#job.id)}>`;
  }
}

printAsText(IMapIterator);

function tooLate(): never {
  throw new TimeoutError();
}

/**
 * Results as they come. CPython: `multiprocessing.pool.IMapUnorderedIterator`.
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) {
 *   const pool = Pool(2);
 *   let sum = 0;
 *   for await (const root of pool.imap_unordered(Math.sqrt, [1, 4, 9])) sum += root;
 *   console.log(sum); // 6
 *   await pool.terminate();
 * }
 * ```
 */
export class IMapUnorderedIterator<T> extends IMapIterator<T> {}

/** Streams that nobody can fetch from any more shall not hold their workers. */
const abandoned = new FinalizationRegistry<StreamJob>((job) => job.leaveAll());

/**
 * The values of a generator in a worker, as they come. Not in Python.
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * export function* countdown(from: number) {
 *   for (let n = from; n > 0; n--) yield n;
 * }
 * if (is_main(import.meta)) {
 *   await using pool = Pool(1);
 *   for await (const n of pool.stream(countdown, [3])) console.log(n); // 3, 2, 1
 * }
 * ```
 */
export class StreamIterator<T> extends IMapIterator<T> {
  readonly #job: StreamJob;

  /** Pools make them. */
  constructor(job: StreamJob) {
    super(job);
    this.#job = job;
    abandoned.register(this, job);
  }

  /**
   * Ends the generator, which gets to its `finally`: what leaving a `for await` loop calls.
   * As of Python's asynchronous generators.
   *
   * @returns Settles when the generator has ended, or, if it does not within 5 s, its worker
   * is being ended.
   * @throws Whatever the generator throws on its way out.
   * @throws {WorkerLostError} if the worker has ended before
   */
  async aclose(): Promise<void> {
    takes("StreamIterator.aclose", arguments);
    this.#job.leaveAll();
    await this.#job.ended.result();
  }

  /** The same as `aclose`: what `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.aclose();
  }

  /** JavaScript's iterator; to leave it early ends the generator. */
  override [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const { next } = super[Symbol.asyncIterator]();
    return {
      next,
      return: async () => {
        await this.aclose();
        return { value: undefined, done: true };
      },
    };
  }
}
