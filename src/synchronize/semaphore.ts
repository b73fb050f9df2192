/**
 * `Semaphore` and `BoundedSemaphore`.
 *
 * @module
 */
import { asCInt, parseArguments, signature } from "../python/arguments.ts";
import { osError } from "../python/errors.ts";
import { SEM_VALUE_MAX } from "../hub/semaphore.ts";
import type { SemaphoreStats } from "../hub/stats.ts";
import { factory } from "../process/start_method.ts";
import { inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { SemLock, type SemLockFields } from "./semlock.ts";
import { GET_VALUE } from "./signatures.ts";

const SEMAPHORE = signature<{ value: unknown }>("BaseContext.Semaphore", { value: 1 });
const BOUNDED = signature<{ value: unknown }>("BaseContext.BoundedSemaphore", {
  value: 1,
});

const STATS = statsSignature("Semaphore.stats");

/** Checks the value that a semaphore begins with. */
export function asValue(value: unknown): number {
  const permits = asCInt(value);
  if (permits < 0) throw osError("EINVAL");
  return permits;
}

/** What `Semaphore` makes. CPython: `multiprocessing.synchronize.Semaphore`. */
export class SemaphoreClass extends SemLock {
  /**
   * Makes a semaphore.
   *
   * @param value How many may hold it at once.
   * @throws {TypeError} if it is no integer
   * @throws {OverflowError} if it is more than 2147483647
   * @throws {OSError} if it is negative
   */
  constructor(value?: number | { value?: number });
  constructor(...given: unknown[]) {
    const { _isBounded } = new.target.prototype as SemaphoreClass;
    const fields = inherited<SemLockFields>(new.target);
    const value = fields?.value ??
      asValue(parseArguments(_isBounded ? BOUNDED : SEMAPHORE, given).value);
    super(fields, value, _isBounded ? value : SEM_VALUE_MAX);
  }

  /** @internal Whether it can never have more permits than at the beginning. */
  get _isBounded(): boolean {
    return false;
  }

  /** The number of permits that are free now. CPython: `Semaphore.get_value`. */
  get_value(): Promise<number>;
  async get_value(...given: unknown[]): Promise<number> {
    if (given.length > 0) parseArguments(GET_VALUE, given);
    return await this._value();
  }

  /**
   * How the semaphore is doing, as a frozen object: free permits, who waits, how often one was
   * acquired. Where several processes use it much, at the same moment, some may be missed in
   * that. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   */
  stats(options?: StatsOptions): Promise<SemaphoreStats>;
  stats(...given: unknown[]): Promise<SemaphoreStats> {
    return this._stats(STATS, given, STATS_MEMBERS.semaphore);
  }

  /**
   * `<Semaphore(value=2)>`; `unknown` in a child, if other processes have it too, unless it
   * lies in memory.
   */
  override toString(): string {
    return `<${this.constructor.name}(value=${this._knownValue})>`;
  }
}

/** What `BoundedSemaphore` makes. CPython: `multiprocessing.synchronize.BoundedSemaphore`. */
export class BoundedSemaphoreClass extends SemaphoreClass {
  /** @internal */
  override get _isBounded(): boolean {
    return true;
  }

  /** `<BoundedSemaphore(value=1, maxvalue=1)>`. */
  override toString(): string {
    const { name } = this.constructor;
    return `<${name}(value=${this._knownValue}, maxvalue=${this._max})>`;
  }
}

/** A number of permits. */
export type Semaphore = SemaphoreClass;

/** A number of permits that cannot grow. */
export type BoundedSemaphore = BoundedSemaphoreClass;

/** `Semaphore` as a value: a class that may be called without `new`. */
export interface SemaphoreConstructor {
  /** With `new`, as in JavaScript. */
  new (value?: number): SemaphoreClass;
  /** With Python's keywords. */
  new (options: { value?: number }): SemaphoreClass;
  /** Without, as in Python. */
  (value?: number): SemaphoreClass;
  /** With Python's keywords. */
  (options: { value?: number }): SemaphoreClass;
  /** The members that all of them have. */
  readonly prototype: SemaphoreClass;
}

/** `BoundedSemaphore` as a value: a class that may be called without `new`. */
export interface BoundedSemaphoreConstructor {
  /** With `new`, as in JavaScript. */
  new (value?: number): BoundedSemaphoreClass;
  /** With Python's keywords. */
  new (options: { value?: number }): BoundedSemaphoreClass;
  /** Without, as in Python. */
  (value?: number): BoundedSemaphoreClass;
  /** With Python's keywords. */
  (options: { value?: number }): BoundedSemaphoreClass;
  /** The members that all of them have. */
  readonly prototype: BoundedSemaphoreClass;
}

/**
 * As many may hold it at once as it has permits; anybody may add one. CPython:
 * `multiprocessing.Semaphore`.
 *
 * @param value How many permits there are at the beginning.
 *
 * @example
 * ```ts
 * import { Semaphore } from "@pystd/multiprocessing";
 * const places = Semaphore(2);
 * await places.acquire();
 * console.log(await places.get_value()); // 1
 * ```
 */
export const Semaphore: SemaphoreConstructor = factory(
  "Semaphore",
  SemaphoreClass,
  "synchronize",
);

/**
 * A semaphore that never has more permits than at the beginning: to release it too
 * often is an error. CPython: `multiprocessing.BoundedSemaphore`.
 *
 * @param value How many permits there are.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from "@pystd/multiprocessing";
 * const places = BoundedSemaphore(2);
 * await places.release().catch(({ message }) => console.log(message));
 * // semaphore or lock released too many times
 * ```
 */
export const BoundedSemaphore: BoundedSemaphoreConstructor = factory(
  "BoundedSemaphore",
  BoundedSemaphoreClass,
  "synchronize",
);
