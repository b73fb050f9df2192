/**
 * What `apply_async`, `map_async` and `starmap_async` return. Mirrors `ApplyResult` and
 * `MapResult` of `multiprocessing/pool.py`.
 *
 * @module
 */
import type { Limit } from "../link/waiting.ts";
import { asTimeout, parseArguments, signature } from "../python/arguments.ts";
import { TimeoutError, ValueError } from "../python/errors.ts";
import type { ResultJob } from "./apply_job.ts";

/** How long to wait for a result. */
export interface ResultOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting, not the task. */
  signal?: AbortSignal;
}

const GET = signature<{ timeout: unknown }>("ApplyResult.get", { timeout: null });
const WAIT = signature<{ timeout: unknown }>("ApplyResult.wait", { timeout: null });

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
    if (given.length === 0) return outcome.result() as Promise<T>;
    const limit = limitOf(parseArguments(GET, given));
    if (!await outcome.wait(limit)) throw new TimeoutError();
    return outcome.value as T;
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
    return this.#job.outcome.isSettled;
  }

  /**
   * Whether the task went well. CPython: `AsyncResult.successful`.
   *
   * @throws {ValueError} if the result is not there
   */
  successful(): boolean {
    if (!this.ready()) throw new ValueError(`${this} not ready`);
    return this.#job.outcome.isSuccess;
  }

  /** `<multiprocessing.pool.ApplyResult object at 0x…>`. */
  toString(): string {
    const name = this.constructor === AsyncResult ? "ApplyResult" : "MapResult";
    const address = this.#job.id.toString(16).padStart(12, "0");
    return `<multiprocessing.pool.${name} object at 0x${address}>`;
  }

  /** For `console.log` on Node and Bun. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** For `console.log` on Deno. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

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
