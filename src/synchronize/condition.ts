/**
 * `Condition`. The other half is hub/condition.ts.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  pythonTypeName,
  signature,
} from "../python/arguments.ts";
import { AssertionError, AttributeError, KeyboardInterrupt } from "../python/errors.ts";
import { ConditionState } from "../hub/condition.ts";
import { ConditionMethod } from "../hub/object.ts";
import type { ConditionStats } from "../hub/stats.ts";
import { runtime } from "../runtime/mod.ts";
import { factory } from "../process/start_method.ts";
import { Handle, type HandleFields, inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { ops } from "../link/observed.ts";
import type { Limit } from "../link/waiting.ts";
import type { Scalar } from "../wire/message.ts";
import { RLock } from "./lock.ts";
import { type AcquireOptions, SemLock, type WithOptions } from "./semlock.ts";
import { CONDITION_WAIT, NOTIFY, NOTIFY_ALL, WAIT_FOR } from "./signatures.ts";

/** The limit of a wait. */
export interface WaitOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

const CONDITION = signature<{ lock: unknown }>("BaseContext.Condition", { lock: null });
const STATS = statsSignature("Condition.stats");

interface ConditionFields extends HandleFields {
  lock: SemLock;
}

/** Checks seconds that CPython first adds to the time of day, then gives to a semaphore. */
export function asDuration(timeout: unknown): number | null {
  return asTimeout(timeout, Number.isNaN(timeout) ? "semaphore" : "clock");
}

/** What `Condition` makes. CPython: `multiprocessing.synchronize.Condition`. */
export class ConditionClass extends Handle {
  readonly #lock: SemLock;
  /** Waits of this process that nobody has notified, and those that somebody has. */
  #sleeping = 0;
  #woken = 0;

  /**
   * Makes a condition.
   *
   * @param lock What the condition belongs to: a lock or semaphore of this module; an
   * RLock of its own if null.
   * @throws {AttributeError} if it is anything else
   */
  constructor(lock?: SemLock | { lock?: SemLock | null } | null);
  constructor(...given: unknown[]) {
    const fields = inherited<ConditionFields>(new.target);
    const lock = asLock(fields ?? parseArguments(CONDITION, given));
    super(fields?.id, "Condition", [lock._number]);
    this.#lock = lock;
  }

  /**
   * How many wait to be notified, and for how long, as a frozen object. Not in CPython.
   *
   * @param options There are no counters that `reset` would concern.
   */
  stats(options?: StatsOptions): Promise<ConditionStats>;
  stats(...given: unknown[]): Promise<ConditionStats> {
    return this._stats(STATS, given, STATS_MEMBERS.condition);
  }

  /** `acquire` of the lock. CPython: `Condition.acquire`. */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  acquire(...given: []): Promise<boolean> {
    return this.#lock.acquire(...given);
  }

  /** `release` of the lock. CPython: `Condition.release`. */
  release(...given: []): Promise<void> {
    return this.#lock.release(...given);
  }

  /** Calls a function while the lock is held: Python's `with condition:`. */
  with<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    return this.#lock.with(fn, options);
  }

  /** `await using _ = await condition.__enter__()` acquires the lock for a block. */
  __enter__(options?: WithOptions): Promise<AsyncDisposable> {
    return this.#lock.__enter__(options);
  }

  /** Releases the lock. CPython: `Condition.__exit__`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.#lock.release();
  }

  /**
   * Gives up the lock, whatever the count, waits for a notification, and takes the lock
   * back. CPython: `Condition.wait`.
   *
   * @param timeout Seconds to wait for a notification; null for ever. To get the lock
   * back may take longer.
   * @returns Whether there was a notification.
   * @throws {AssertionError} if the lock is not held by this process and thread
   * @throws the signal's reason, with the lock held
   *
   * @example
   * ```ts
   * import { Condition } from "@pystd/multiprocessing";
   * const condition = Condition();
   * await condition.with(async () => {
   *   console.log(await condition.wait(0.01)); // false
   * });
   * ```
   */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<boolean>;
  async wait(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(CONDITION_WAIT, given);
    if (!this.#lock._isMine()) {
      throw new AssertionError("must acquire() condition before using wait()");
    }
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    signal?.throwIfAborted();
    const suspended = this.#lock._suspend();
    try {
      const notified = await this.#sleep(limit);
      await this.#lock._resume(suspended);
      return notified === true;
    } catch (error) {
      const isGivenUp = error === signal?.reason || error instanceof KeyboardInterrupt;
      if (isGivenUp) await this.#lock._resume(suspended);
      throw error;
    }
  }

  /** Waits to be notified; true if that was it. */
  async #sleep(limit: Limit): Promise<Scalar> {
    this.#sleeping++;
    try {
      return await this._waitFor(limit, ConditionMethod.Wait, ops.wait);
    } finally {
      if (this.#woken > 0) this.#woken--;
      else this.#sleeping--;
    }
  }

  /**
   * Waits until something is so: after every notification the predicate is asked again,
   * with the lock held. CPython: `Condition.wait_for`.
   *
   * @param predicate Gives something truthy when the wait is over; may be asynchronous.
   * @param timeout Seconds to wait at most; null for ever.
   * @returns What the predicate gave last.
   * @throws {AssertionError} if it is not so at once and the lock is not held
   *
   * @example
   * ```ts
   * import { Condition, Lock } from "@pystd/multiprocessing";
   * const condition = Condition(Lock());
   * let ready = false;
   * const waiting = condition.with(() => condition.wait_for(() => ready));
   * await condition.with(() => {
   *   ready = true;
   *   return condition.notify_all();
   * });
   * console.log(await waiting); // true
   * ```
   */
  wait_for<T>(
    predicate: () => T,
    timeout?: number | null,
    options?: WithOptions,
  ): Promise<Awaited<T>>;
  /** The same, with what limits the wait by name. */
  wait_for<T>(predicate: () => T, options: WaitOptions): Promise<Awaited<T>>;
  async wait_for(...given: unknown[]): Promise<unknown> {
    const { predicate, timeout, signal } = parseArguments(WAIT_FOR, given);
    if (typeof predicate !== "function") {
      throw new TypeError(`'${pythonTypeName(predicate)}' object is not callable`);
    }
    let result = await predicate();
    if (result) return result;
    const duration = asDuration(timeout);
    const end = duration === null ? null : runtime.now() + duration * 1000;
    while (!result) {
      const left = end === null ? null : (end - runtime.now()) / 1000;
      if (left !== null && left <= 0) break;
      await this.wait(signal ? { timeout: left, signal } : { timeout: left });
      result = await predicate();
    }
    return result;
  }

  /**
   * Wakes sleepers up, those first who have slept longest; without sleepers nothing
   * happens. They go on when the lock is released. CPython: `Condition.notify`.
   *
   * @param n How many at most.
   * @throws {AssertionError} if the lock is not held by this process and thread
   */
  notify(n?: number): Promise<void>;
  /** The same with everything by name. */
  notify(options: { n?: number }): Promise<void>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async notify(...given: unknown[]): Promise<void> {
    const { n } = parseArguments(NOTIFY, given);
    this.#notify(n);
  }

  /** Wakes all sleepers up. CPython: `Condition.notify_all`. @throws {AssertionError} as `notify` */
  notify_all(): Promise<void>;
  // deno-lint-ignore require-await -- as above
  async notify_all(...given: unknown[]): Promise<void> {
    parseArguments(NOTIFY_ALL, given);
    this.#notify(Infinity);
  }

  #notify(n: unknown): void {
    if (!this.#lock._isMine()) throw new AssertionError("lock is not owned");
    const count = asCount(n);
    // Needs no answer: nobody can see a difference before the lock is released.
    if (count <= 0) return;
    this._tell(ConditionMethod.Notify, [count]);
    const woken = Math.min(count, this.#sleeping);
    this.#sleeping -= woken;
    this.#woken += woken;
  }

  /** @internal */
  protected override _fields(): Omit<ConditionFields, keyof HandleFields> {
    return { lock: this.#lock };
  }

  /**
   * `<Condition(<RLock(None, 0)>, 0)>`: lock and number of sleepers, which is `unknown` in a
   * child, if other processes have it too.
   */
  override toString(): string {
    const { _state: state } = this;
    const sleepers = state instanceof ConditionState
      ? state.sleepers
      : this._isPrivate
      ? this.#sleeping
      : "unknown";
    return `<${this.constructor.name}(${this.#lock}, ${sleepers})>`;
  }
}

function asLock({ lock }: { lock: unknown }): SemLock {
  if (lock instanceof SemLock) return lock;
  if (!lock) return RLock();
  const { acquire } = lock as { acquire?: unknown };
  const missing = typeof acquire === "function" ? "_semlock" : "acquire";
  throw new AttributeError(
    `'${pythonTypeName(lock)}' object has no attribute '${missing}'`,
  );
}

/** The number of sleepers to wake up: as in CPython the least that is not less than `n`. */
export function asCount(n: unknown): number {
  if (!["number", "bigint", "boolean"].includes(typeof n)) {
    const type = pythonTypeName(n);
    throw new TypeError(
      `'<' not supported between instances of 'int' and '${type}'`,
    );
  }
  return Math.min(Math.ceil(Number(n)) || 0, Number.MAX_SAFE_INTEGER);
}

/** A condition; made by the function of the same name. */
export type Condition = ConditionClass;

/** `Condition` as a value: a class that may be called without `new`. */
export interface ConditionConstructor {
  /** With `new`, as in JavaScript. */
  new (lock?: SemLock | null): ConditionClass;
  /** With Python's keywords. */
  new (options: { lock?: SemLock | null }): ConditionClass;
  /** Without, as in Python. */
  (lock?: SemLock | null): ConditionClass;
  /** With Python's keywords. */
  (options: { lock?: SemLock | null }): ConditionClass;
  /** The members that all of them have. */
  readonly prototype: ConditionClass;
}

/**
 * What processes wait for that hold a lock, until another one says that it may be so.
 * CPython: `multiprocessing.Condition`.
 *
 * @param lock A lock or semaphore; a new RLock if null, which tasks of one process may
 * hold together.
 *
 * @example
 * ```ts
 * import { Condition } from "@pystd/multiprocessing";
 * const condition = Condition();
 * console.log(String(condition)); // <Condition(<RLock(None, 0)>, 0)>
 * ```
 */
export const Condition: ConditionConstructor = factory(
  "Condition",
  ConditionClass,
  "synchronize",
);
