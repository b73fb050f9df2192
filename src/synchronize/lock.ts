/**
 * `Lock` and `RLock`.
 *
 * @module
 */
import { parseArguments, signature } from "../python/arguments.ts";
import { factory } from "../process/start_method.ts";
import type { LockStats } from "../hub/stats.ts";
import { inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { SemLock, type SemLockFields } from "./semlock.ts";

const LOCK = signature<object>("BaseContext.Lock", {});
const RLOCK = signature<object>("BaseContext.RLock", {});
const LOCK_STATS = statsSignature("Lock.stats");
const RLOCK_STATS = statsSignature("RLock.stats");

/** What `Lock` makes. CPython: `multiprocessing.synchronize.Lock`. */
export class LockClass extends SemLock {
  /** Made without arguments. */
  constructor();
  constructor(...given: unknown[]) {
    const fields = inherited<SemLockFields>(new.target);
    if (fields === undefined) parseArguments(LOCK, given);
    super(fields, 1, 1, "lock");
  }

  /**
   * How the lock is doing, as a frozen object: which process has it, who waits, how often it
   * was acquired. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   *
   * @example
   * ```ts
   * import { Lock } from "@pystd/multiprocessing";
   * const lock = Lock();
   * await lock.acquire();
   * const { owner, grants, waiters } = await lock.stats();
   * console.log(owner?.name, grants, waiters); // MainProcess 1 0
   * ```
   */
  stats(options?: StatsOptions): Promise<LockStats>;
  stats(...given: unknown[]): Promise<LockStats> {
    return this._stats(LOCK_STATS, given, STATS_MEMBERS.lock);
  }

  /**
   * `<Lock(owner=MainProcess)>`; the owner is `unknown` in a child that has not got it now,
   * if other processes have it too, unless it lies in memory.
   */
  override toString(): string {
    return `<${this.constructor.name}(owner=${this._owner})>`;
  }
}

/** What `RLock` makes. CPython: `multiprocessing.synchronize.RLock`. */
export class RLockClass extends SemLock {
  /** Made without arguments. */
  constructor();
  constructor(...given: unknown[]) {
    const fields = inherited<SemLockFields>(new.target);
    if (fields === undefined) parseArguments(RLOCK, given);
    super(fields, 1, 1, "recursive");
  }

  /**
   * As `Lock.stats`. To acquire it again where it is held is not counted. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   */
  stats(options?: StatsOptions): Promise<LockStats>;
  stats(...given: unknown[]): Promise<LockStats> {
    return this._stats(RLOCK_STATS, given, STATS_MEMBERS.lock);
  }

  /** `<RLock(MainProcess, 2)>`: owner and count; `unknown` as of a lock. */
  override toString(): string {
    const owner = this._owner;
    const counts: Record<string, string> = {
      None: "0",
      SomeOtherThread: "nonzero",
      SomeOtherProcess: "nonzero",
      unknown: "unknown",
    };
    const count = this._isMine() ? this._held : counts[owner];
    return `<${this.constructor.name}(${owner}, ${count})>`;
  }
}

/** A lock; made by the function of the same name. */
export type Lock = LockClass;

/** A lock that its owner may acquire again. */
export type RLock = RLockClass;

/** `Lock` as a value: a class that may be called without `new`. */
export interface LockConstructor {
  /** With `new`, as in JavaScript. */
  new (): LockClass;
  /** Without, as in Python. */
  (): LockClass;
  /** The members that all of them have. */
  readonly prototype: LockClass;
}

/** `RLock` as a value: a class that may be called without `new`. */
export interface RLockConstructor {
  /** With `new`, as in JavaScript. */
  new (): RLockClass;
  /** Without, as in Python. */
  (): RLockClass;
  /** The members that all of them have. */
  readonly prototype: RLockClass;
}

/**
 * A lock between processes: one may hold it, and any may release it. If its holder
 * dies, it is released. CPython: `multiprocessing.Lock`.
 *
 * @example
 * ```ts
 * import { Lock } from "@pystd/multiprocessing";
 * const lock = Lock();
 * await lock.with(() => console.log("nobody else is here"));
 * ```
 */
export const Lock: LockConstructor = factory("Lock", LockClass, "synchronize");

/**
 * A lock that its owner, a process and thread, may acquire again, and only it release.
 * CPython: `multiprocessing.RLock`.
 *
 * All asynchronous tasks of a process are one thread, so they may hold it together; what
 * keeps them apart is a `Lock`.
 *
 * @example
 * ```ts
 * import { RLock } from "@pystd/multiprocessing";
 * const lock = RLock();
 * await lock.with(() => lock.with(() => console.log(String(lock))));
 * // <RLock(MainProcess, 2)>
 * ```
 */
export const RLock: RLockConstructor = factory("RLock", RLockClass, "synchronize");
