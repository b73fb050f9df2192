/**
 * Proxies for what processes wait for: `AcquirerProxy` (locks and semaphores),
 * `ConditionProxy`, `EventProxy` and `BarrierProxy`.
 *
 * Mirrors the classes of these names in `multiprocessing/managers.py`.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  REQUIRED,
  type Signature,
  signature,
} from "../../python/arguments.ts";
import type {
  BarrierStats,
  ConditionStats,
  EventStats,
  LockStats,
  SemaphoreStats,
} from "../../hub/stats.ts";
import { type StatsOptions, statsSignature } from "../../link/stats.ts";
import { runtime } from "../../runtime/mod.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { proxyStats } from "./proxy_stats.ts";
import { defineCounted } from "./proxy_types.ts";

/** The options of `AcquirerProxy.acquire`. */
export interface AcquireOptions {
  /** False to give up at once instead of waiting. */
  blocking?: boolean;
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** The options of a wait. */
export interface TimeoutOptions {
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

const ACQUIRE = signature<{ blocking: unknown; timeout: unknown }>(
  "AcquirerProxy.acquire",
  { blocking: true, timeout: null },
);
const RELEASE = signature<{ n: unknown }>("AcquirerProxy.release", { n: null });
const NOTIFY = signature<{ n: unknown }>("ConditionProxy.notify", { n: 1 });
type Wait = Signature<{ timeout: unknown }>;
const CONDITION_WAIT: Wait = signature("ConditionProxy.wait", { timeout: null });
const EVENT_WAIT: Wait = signature("EventProxy.wait", { timeout: null });
const BARRIER_WAIT: Wait = signature("BarrierProxy.wait", { timeout: null });
const WAIT_FOR = signature<{ predicate: unknown; timeout: unknown }>(
  "ConditionProxy.wait_for",
  { predicate: REQUIRED, timeout: null },
);

const STATS = {
  acquirer: statsSignature("AcquirerProxy.stats"),
  condition: statsSignature("ConditionProxy.stats"),
  event: statsSignature("EventProxy.stats"),
  barrier: statsSignature("BarrierProxy.stats"),
};

const ACQUIRER_METHODS = ["acquire", "release", "locked"];
const CONDITION_METHODS = [...ACQUIRER_METHODS, "wait", "notify", "notify_all"];
const EVENT_METHODS = ["is_set", "set", "clear", "wait"];
const BARRIER_METHODS = ["wait", "abort", "reset"];

/** What `AcquirerProxy.stats` gives where it is not known what is behind it. */
export type AcquirerStats = ConditionStats & Partial<LockStats & SemaphoreStats>;

/** The methods of an acquirer proxy that only call the object's. */
export interface AcquirerProxy<S extends ConditionStats = AcquirerStats> {
  /** Whether it could not be taken now. CPython (3.14): `AcquirerProxy.locked`. */
  locked(): Promise<boolean>;
}

/**
 * Stands for a manager's lock or semaphore; `S` is what `stats` gives. CPython:
 * `managers.AcquirerProxy`.
 */
export class AcquirerProxy<S extends ConditionStats = AcquirerStats> extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = ACQUIRER_METHODS;

  /**
   * Takes it. CPython: `AcquirerProxy.acquire`.
   *
   * @param blocking False to give up at once instead of waiting.
   * @param timeout Seconds; null for ever.
   * @returns Whether it was taken.
   * @throws {ValueError} for a timeout without blocking; a lock's must not be negative
   */
  acquire(blocking?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with `blocking` and `timeout` by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  async acquire(...given: unknown[]): Promise<boolean> {
    const { blocking, timeout, signal } = parseArguments(ACQUIRE, given);
    const args = timeout === null ? [blocking] : [blocking, timeout];
    const kwds = signal === undefined ? null : { signal };
    return await this._callmethod("acquire", args, kwds) as boolean;
  }

  /**
   * Gives it back. CPython: `AcquirerProxy.release`.
   *
   * @param n For semaphores: how many, 1 by default.
   * @throws {RuntimeError} if a lock is not taken, or an RLock is another's
   * @throws {ValueError} if a bounded semaphore would exceed its first value
   */
  release(n?: number): Promise<void>;
  /** The same with `n` by name. */
  release(options: { n?: number }): Promise<void>;
  async release(...given: unknown[]): Promise<void> {
    const { n } = parseArguments(RELEASE, given);
    await this._callmethod("release", n === null ? [] : [n]);
  }

  /**
   * Calls a function while it is taken: Python's `with lock:`.
   *
   * @param fn May be asynchronous.
   * @param options `signal` ends the wait for the lock.
   * @returns What the function gave.
   * @throws what the function throws; the lock is given back first
   */
  async with<T>(
    fn: () => T,
    options: { signal?: AbortSignal } = {},
  ): Promise<Awaited<T>> {
    await this.acquire(options);
    try {
      return await fn();
    } finally {
      await this.release();
    }
  }

  /**
   * Takes it for the rest of a block: `await using _ = await lock.__enter__()`. CPython:
   * `AcquirerProxy.__enter__`.
   */
  async __enter__(options: { signal?: AbortSignal } = {}): Promise<AsyncDisposable> {
    await this.acquire(options);
    let isTaken = true;
    return {
      [Symbol.asyncDispose]: async () => {
        if (!isTaken) return;
        isTaken = false;
        await this.release();
      },
    };
  }

  /** Gives it back. CPython: `AcquirerProxy.__exit__`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.release();
  }

  /**
   * How it is doing, as a frozen object: of a lock which client has it, of a semaphore how
   * many permits are free; who waits, and how often it was acquired. See `Lock.stats` and
   * `Semaphore.stats`. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this proxy;
   * `signal` ends the wait for the answer.
   * @throws {AttributeError} if it stands for something else that has no numbers
   * @throws {RemoteError} if the server is CPython's
   *
   * @example
   * ```ts
   * import { is_main, Manager } from "@pystd/multiprocessing";
   * if (is_main(import.meta)) {
   *   await using manager = await Manager();
   *   const lock = await manager.Lock();
   *   await lock.acquire();
   *   const { owner, grants, waiters } = await lock.stats();
   *   console.log(owner?.name, grants, waiters); // MainProcess 1 0
   * }
   * ```
   */
  stats(options?: StatsOptions): Promise<S>;
  stats(...given: unknown[]): Promise<S> {
    return proxyStats(this, STATS.acquirer, given);
  }
}

/** The methods of a condition proxy that only call the object's. */
export interface ConditionProxy {
  /**
   * Wakes all who wait. CPython: `ConditionProxy.notify_all`.
   *
   * @throws {RuntimeError} if the lock is not taken
   */
  notify_all(): Promise<void>;
}

/** Stands for a manager's condition. CPython: `multiprocessing.managers.ConditionProxy`. */
export class ConditionProxy extends AcquirerProxy<ConditionStats> {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = CONDITION_METHODS;

  /**
   * Lets go of the lock, sleeps, takes it again. CPython: `ConditionProxy.wait`.
   *
   * @param timeout Seconds; null for ever.
   * @returns False if nobody woke it in time.
   * @throws {RuntimeError} if the lock is not taken
   */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with `timeout`, in seconds, by name. */
  wait(options: TimeoutOptions): Promise<boolean>;
  wait(...given: unknown[]): Promise<boolean> {
    return waitFor(this, CONDITION_WAIT, given);
  }

  /**
   * Wakes some who wait. CPython: `ConditionProxy.notify`.
   *
   * @param n How many at most.
   * @throws {RuntimeError} if the lock is not taken
   */
  notify(n?: number): Promise<void>;
  /** The same with `n` by name. */
  notify(options: { n?: number }): Promise<void>;
  async notify(...given: unknown[]): Promise<void> {
    const { n } = parseArguments(NOTIFY, given);
    await this._callmethod("notify", [n]);
  }

  /**
   * Waits until something is so; asked in this process. CPython:
   * `ConditionProxy.wait_for`.
   *
   * @param predicate Asked first, and each time the condition is notified.
   * @param timeout Seconds; null for ever.
   * @returns What the predicate gave last: something false if the time is over.
   * @throws {RuntimeError} if it must wait and the lock is not taken
   */
  wait_for<T>(predicate: () => T, timeout?: number | null): Promise<Awaited<T>>;
  /** The same with `timeout`, in seconds, by name. */
  wait_for<T>(predicate: () => T, options: TimeoutOptions): Promise<Awaited<T>>;
  async wait_for<T>(...given: unknown[]): Promise<Awaited<T>> {
    const { predicate, timeout, signal } = parseArguments(WAIT_FOR, given);
    const seconds = asTimeout(timeout);
    const end = seconds === null ? null : runtime.now() + seconds * 1000;
    for (;;) {
      const result = await (predicate as () => T)();
      if (result) return result;
      const left = end === null ? null : (end - runtime.now()) / 1000;
      if (left !== null && left <= 0) return result;
      await this.wait({ timeout: left, ...(signal === undefined ? {} : { signal }) });
    }
  }

  /**
   * How many calls of `wait` nobody has notified, and for how long the first has waited: see
   * `Condition.stats`. Not in CPython.
   *
   * @param options As for {@linkcode AcquirerProxy.stats}.
   */
  override stats(options?: StatsOptions): Promise<ConditionStats>;
  override stats(...given: unknown[]): Promise<ConditionStats> {
    return proxyStats(this, STATS.condition, given);
  }
}

async function waitFor(
  proxy: BaseProxy,
  wait: Wait,
  given: unknown[],
): Promise<boolean> {
  const { timeout, signal } = parseArguments(wait, given);
  const kwds = signal === undefined ? null : { signal };
  return await proxy._callmethod("wait", [timeout], kwds) as boolean;
}

/** The methods of an event proxy that only call the object's. */
export interface EventProxy {
  /** Whether it is set. CPython: `EventProxy.is_set`. */
  is_set(): Promise<boolean>;
  /** Sets it, and wakes all who wait. CPython: `EventProxy.set`. */
  set(): Promise<void>;
  /** Takes back that it is set. CPython: `EventProxy.clear`. */
  clear(): Promise<void>;
}

/** Stands for a manager's event. CPython: `multiprocessing.managers.EventProxy`. */
export class EventProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = EVENT_METHODS;

  /**
   * Waits until it is set. CPython: `EventProxy.wait`.
   *
   * @param timeout Seconds; null for ever.
   * @returns False if it was not in time.
   */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with `timeout`, in seconds, by name. */
  wait(options: TimeoutOptions): Promise<boolean>;
  wait(...given: unknown[]): Promise<boolean> {
    return waitFor(this, EVENT_WAIT, given);
  }

  /**
   * Whether it is set, and who waits: see `Event.stats`. Not in CPython.
   *
   * @param options As for {@linkcode AcquirerProxy.stats}.
   */
  stats(options?: StatsOptions): Promise<EventStats>;
  stats(...given: unknown[]): Promise<EventStats> {
    return proxyStats(this, STATS.event, given);
  }
}

/** The methods of a barrier proxy that only call the object's. */
export interface BarrierProxy {
  /**
   * Breaks it: all who wait, and all who come later, get a BrokenBarrierError. CPython:
   * `BarrierProxy.abort`.
   */
  abort(): Promise<void>;
  /**
   * Makes it whole and empty; who waits gets a BrokenBarrierError. CPython:
   * `BarrierProxy.reset`.
   */
  reset(): Promise<void>;
}

/** Stands for a manager's barrier. CPython: `multiprocessing.managers.BarrierProxy`. */
export class BarrierProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = [
    "__getattribute__",
    ...BARRIER_METHODS,
  ];

  /**
   * Waits until all parties are here. CPython: `BarrierProxy.wait`.
   *
   * @param timeout Seconds; null for the barrier's own.
   * @returns The number of this party, from 0.
   * @throws {BrokenBarrierError} if it is broken or reset, or not all came in time
   */
  wait(timeout?: number | null): Promise<number>;
  /** The same with `timeout`, in seconds, by name. */
  wait(options: TimeoutOptions): Promise<number>;
  async wait(...given: unknown[]): Promise<number> {
    return await waitFor(this, BARRIER_WAIT, given) as unknown as number;
  }

  /**
   * How many it waits for, how many wait, and whether it is broken: see `Barrier.stats`. Not in
   * CPython.
   *
   * @param options As for {@linkcode AcquirerProxy.stats}.
   */
  stats(options?: StatsOptions): Promise<BarrierStats>;
  stats(...given: unknown[]): Promise<BarrierStats> {
    return proxyStats(this, STATS.barrier, given);
  }

  /** The number of parties that it waits for. CPython: `BarrierProxy.parties`. */
  get parties(): Promise<number> {
    return this._callmethod("__getattribute__", ["parties"]) as Promise<number>;
  }

  /** The number of parties that wait now. CPython: `BarrierProxy.n_waiting`. */
  get n_waiting(): Promise<number> {
    return this._callmethod("__getattribute__", ["n_waiting"]) as Promise<number>;
  }

  /** Whether it is broken. CPython: `BarrierProxy.broken`. */
  get broken(): Promise<boolean> {
    return this._callmethod("__getattribute__", ["broken"]) as Promise<boolean>;
  }
}

defineCounted(AcquirerProxy, { locked: [] });
defineCounted(ConditionProxy, { notify_all: [] });
defineCounted(EventProxy, { is_set: [], set: [], clear: [] });
defineCounted(BarrierProxy, { abort: [], reset: [] });

const LOCKS = ["Lock", "RLock", "Semaphore", "BoundedSemaphore"];
registerProxyClass("AcquirerProxy", AcquirerProxy, LOCKS);
registerProxyClass("ConditionProxy", ConditionProxy, ["Condition"]);
registerProxyClass("EventProxy", EventProxy, ["Event"]);
registerProxyClass("BarrierProxy", BarrierProxy, ["Barrier"]);
