/**
 * Proxies for what processes wait for: `AcquirerProxy` (locks and semaphores),
 * `ConditionProxy`, `EventProxy`, `BarrierProxy`, and `PoolProxy`.
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
import type { Target } from "../../process/arguments.ts";
import { runtime } from "../../runtime/mod.ts";
import { BaseProxy, registerProxyClass } from "./base_proxy.ts";
import { type AutoProxyType, defineCounted, defineMethods } from "./proxy_types.ts";
import type { IteratorProxy } from "./value_proxies.ts";

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

const ACQUIRER_METHODS = ["acquire", "release", "locked"];
const CONDITION_METHODS = [...ACQUIRER_METHODS, "wait", "notify", "notify_all"];
const EVENT_METHODS = ["is_set", "set", "clear", "wait"];
const BARRIER_METHODS = ["wait", "abort", "reset"];
const POOL_METHODS =
  ("apply apply_async close imap imap_unordered join map map_async " +
    "starmap starmap_async terminate").split(" ");

/** The methods of an acquirer proxy that only call the object's. */
export interface AcquirerProxy {
  /** Whether it could not be taken now. CPython (3.14): `AcquirerProxy.locked`. */
  locked(): Promise<boolean>;
}

/** Stands for a manager's lock or semaphore. CPython: `managers.AcquirerProxy`. */
export class AcquirerProxy extends BaseProxy {
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
export class ConditionProxy extends AcquirerProxy {
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

/** Keyword arguments of a pool proxy's methods that call a function once. */
export interface ProxyCallOptions {
  /** The function's arguments. */
  args?: readonly unknown[];
  /** Its keyword arguments, which are its last argument. */
  kwds?: object | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** Keyword arguments of a pool proxy's methods that call a function for each element. */
export interface ProxyMapOptions {
  /** How many elements a worker gets at once; null for what suits their number. */
  chunksize?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** Functions that the server calls with what came out. */
export interface ProxyCallbacks {
  /** Is called with the result; an exported function. */
  callback?: Target | null;
  /** Is called with the error; an exported function. */
  error_callback?: Target | null;
}

/** The methods of a pool proxy, besides those of BaseProxy: the server's pool has them. */
export interface PoolProxy {
  /** What the server's pool has beside them. */
  // deno-lint-ignore no-explicit-any -- functions and their arguments
  [method: string]: any;
  /** Calls a function in a worker, and waits for the result. CPython: `Pool.apply`. */
  apply(
    func: Target,
    args?: readonly unknown[],
    kwds?: object | null,
  ): Promise<unknown>;
  /** The same with `args` and `kwds` by name. */
  apply(func: Target, options: ProxyCallOptions): Promise<unknown>;
  /** Gives a proxy for the result at once. CPython: `Pool.apply_async`. */
  apply_async(
    func: Target,
    args?: readonly unknown[],
    kwds?: object | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  apply_async(
    func: Target,
    options: ProxyCallOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** Calls a function for each element, and waits for all. CPython: `Pool.map`. */
  map(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | null | ProxyMapOptions,
  ): Promise<unknown[]>;
  /** Gives a proxy for the results at once. CPython: `Pool.map_async`. */
  map_async(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  map_async(
    func: Target,
    iterable: Iterable<unknown>,
    options: ProxyMapOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** `map` of a function with several arguments. CPython: `Pool.starmap`. */
  starmap(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    chunksize?: number | null | ProxyMapOptions,
  ): Promise<unknown[]>;
  /** `map_async` of a function with several arguments. CPython: `Pool.starmap_async`. */
  starmap_async(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    chunksize?: number | null,
    callback?: Target | null,
    error_callback?: Target | null,
  ): Promise<AutoProxyType>;
  /** The same by keywords. */
  starmap_async(
    func: Target,
    iterable: Iterable<readonly unknown[]>,
    options: ProxyMapOptions & ProxyCallbacks,
  ): Promise<AutoProxyType>;
  /** Gives a proxy that iterates over the results in order. CPython: `Pool.imap`. */
  imap(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | ProxyMapOptions,
  ): Promise<IteratorProxy>;
  /** The same as they arrive. CPython: `Pool.imap_unordered`. */
  imap_unordered(
    func: Target,
    iterable: Iterable<unknown>,
    chunksize?: number | ProxyMapOptions,
  ): Promise<IteratorProxy>;
  /** Ends the taking of tasks. CPython: `Pool.close`. */
  close(): Promise<void>;
  /** Ends its workers, with what they do. CPython: `Pool.terminate`. */
  terminate(): Promise<void>;
  /** Waits for its workers to end, after `close` or `terminate`. CPython: `Pool.join`. */
  join(): Promise<void>;
}

/** Stands for a manager's pool. CPython: `multiprocessing.managers.PoolProxy`. */
export class PoolProxy extends BaseProxy {
  /** The methods of the referent that may be called. */
  static override readonly _exposed_: readonly string[] = POOL_METHODS;
  /**
   * The methods whose results stay in the server, and the types of the proxies that
   * stand for them.
   */
  static override readonly _method_to_typeid_: Readonly<Record<string, string>> = {
    apply_async: "AsyncResult",
    map_async: "AsyncResult",
    starmap_async: "AsyncResult",
    imap: "Iterator",
    imap_unordered: "Iterator",
  };

  /** The proxy. CPython: `PoolProxy.__enter__`. */
  __enter__(): this {
    return this;
  }

  /** Ends the pool, with what it still does. */
  async __exit__(..._exception: unknown[]): Promise<void> {
    await this._callmethod("terminate");
  }

  /** Terminates the pool, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.__exit__();
  }
}

defineCounted(AcquirerProxy, { locked: [] });
defineCounted(ConditionProxy, { notify_all: [] });
defineCounted(EventProxy, { is_set: [], set: [], clear: [] });
defineCounted(BarrierProxy, { abort: [], reset: [] });
defineMethods(PoolProxy, POOL_METHODS);

const LOCKS = ["Lock", "RLock", "Semaphore", "BoundedSemaphore"];
registerProxyClass("AcquirerProxy", AcquirerProxy, LOCKS);
registerProxyClass("ConditionProxy", ConditionProxy, ["Condition"]);
registerProxyClass("EventProxy", EventProxy, ["Event"]);
registerProxyClass("BarrierProxy", BarrierProxy, ["Barrier"]);
registerProxyClass("PoolProxy", PoolProxy as never, ["Pool"]);
