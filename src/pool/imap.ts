/**
 * What `imap` and `imap_unordered` return. Mirrors `IMapIterator` and
 * `IMapUnorderedIterator` of `multiprocessing/pool.py`.
 *
 * What differs: `for await` takes the place of `for`, and leaving such a loop early ends
 * the job. `next(timeout)` is Python's, whatever the chunk size is.
 *
 * @module
 */
import { asTimeout, parseArguments, signature } from "../python/arguments.ts";
import { StopIteration, TimeoutError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { ImapJob } from "./imap_job.ts";
import type { ResultOptions } from "./results.ts";

const NEXT = signature<{ timeout: unknown }>("IMapIterator.next", { timeout: null });

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
  readonly #job: ImapJob;

  /** Pools make them. */
  constructor(job: ImapJob) {
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
      const here = job.fetchNow();
      if (here !== undefined) return Promise.resolve(here.value as T);
      if (job.isExhausted) throw new StopIteration();
      const { timeout, signal } = parseArguments(NEXT, given);
      const limit = { timeout: asTimeout(timeout, "comparison"), signal };
      return limit.timeout === 0
        ? this.#nextNow()
        : job.fetch(limit, tooLate) as Promise<T>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** A loop that asks until there is a result must let it come. */
  async #nextNow(): Promise<T> {
    await new Promise<void>((resolve) => runtime.nextTurn(resolve));
    const here = this.#job.fetchNow();
    if (here !== undefined) return here.value as T;
    throw this.#job.isExhausted ? new StopIteration() : new TimeoutError();
  }

  /** The same as `next()`. CPython: `IMapIterator.__next__`. */
  __next__(): Promise<T> {
    return this.next();
  }

  /** JavaScript's iterator; to leave it early ends the job. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const last = (error: unknown): IteratorResult<T, undefined> => {
      if (!(error instanceof StopIteration)) throw error;
      return { value: undefined, done: true };
    };
    return {
      next: () => this.next().then((value) => ({ value, done: false }), last),
      return: () => {
        this.#job.leave();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  /** `<multiprocessing.pool.IMapIterator object at 0x…>`. */
  toString(): string {
    const address = this.#job.id.toString(16).padStart(12, "0");
    return `<multiprocessing.pool.${this.constructor.name} object at 0x${address}>`;
  }
}

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
