/**
 * Mirrors `SyncManager` of `multiprocessing/managers.py`, and `Manager` of
 * `multiprocessing/context.py`, which gives one that is being started.
 *
 * @module
 */
import { takes } from "../python/arguments.ts";
import { BaseManager } from "./manager.ts";
import { MAKEABLE, type RegisteredType, standardTypes } from "./options.ts";
import type { BaseProxy } from "./proxies/base_proxy.ts";
import type { DictProxy } from "./proxies/dict_proxy.ts";
import type { ListProxy } from "./proxies/list_proxy.ts";
import type {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
} from "./proxies/lock_proxies.ts";
import type { PoolProxy } from "./proxies/pool_proxy.ts";
import type { Target } from "../process/arguments.ts";
import type { LockStats, SemaphoreStats } from "../hub/stats.ts";
import type { QueueProxy } from "./proxies/proxy_types.ts";
import type { SetProxy } from "./proxies/set_proxy.ts";
import type {
  ArrayProxy,
  NamespaceProxy,
  ValueProxy,
} from "./proxies/value_proxies.ts";

/** Keyword arguments of a manager's pool. */
export interface ManagedPoolOptions {
  /** Number of workers; null for as many as the machine has processors. */
  processes?: number | null;
  /** A function that each worker calls first. */
  initializer?: Target | null;
  /** Its arguments. */
  initargs?: readonly unknown[];
  /** How many tasks a worker does before it is replaced; null for any number. */
  maxtasksperchild?: number | null;
}

/** The types that every `SyncManager` can make. */
export interface SyncManager {
  /** A list. CPython: `SyncManager.list`. */
  // deno-lint-ignore no-explicit-any -- an untyped list takes anything
  list<T = any>(sequence?: Iterable<NoInfer<T>> | BaseProxy): Promise<ListProxy<T>>;
  /** A dict, from a Map or pairs. CPython: `SyncManager.dict`. */
  // deno-lint-ignore no-explicit-any -- an untyped dict takes anything
  dict<K = any, V = any>(items: Iterable<readonly [K, V]>): Promise<DictProxy<K, V>>;
  /** From an object, whose names are the keys. */
  // deno-lint-ignore no-explicit-any -- as above
  dict<K = string, V = any>(
    fields: { readonly [name: string]: V },
  ): Promise<DictProxy<K, V>>;
  /** An empty one; or from any of these, or another dict's proxy, and then an object. */
  // deno-lint-ignore no-explicit-any -- as above
  dict<K = any, V = any>(...sources: unknown[]): Promise<DictProxy<K, V>>;
  /** A set. CPython 3.14: `SyncManager.set`. */
  // deno-lint-ignore no-explicit-any -- an untyped set takes anything
  set<T = any>(iterable?: Iterable<NoInfer<T>>): Promise<SetProxy<T>>;
  /** A namespace with the fields. CPython: `SyncManager.Namespace`. */
  Namespace(fields?: Record<string, unknown>): Promise<NamespaceProxy>;
  /** Python's `queue.Queue`. CPython: `SyncManager.Queue`. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  Queue<T = any>(maxsize?: number | { maxsize?: number }): Promise<QueueProxy<T>>;
  /** The same as `Queue`. CPython: `SyncManager.JoinableQueue`. */
  // deno-lint-ignore no-explicit-any -- as above
  JoinableQueue<T = any>(
    maxsize?: number | { maxsize?: number },
  ): Promise<QueueProxy<T>>;
  /** Python's `threading.Lock`. CPython: `SyncManager.Lock`. */
  Lock(): Promise<AcquirerProxy<LockStats>>;
  /** Python's `threading.RLock`. CPython: `SyncManager.RLock`. */
  RLock(): Promise<AcquirerProxy<LockStats>>;
  /** Python's `threading.Semaphore`. CPython: `SyncManager.Semaphore`. */
  Semaphore(
    value?: number | { value?: number },
  ): Promise<AcquirerProxy<SemaphoreStats>>;
  /** Python's `threading.BoundedSemaphore`. CPython: `SyncManager.BoundedSemaphore`. */
  BoundedSemaphore(
    value?: number | { value?: number },
  ): Promise<AcquirerProxy<SemaphoreStats>>;
  /** Python's `threading.Condition`. CPython: `SyncManager.Condition`. */
  Condition(
    lock?: AcquirerProxy | null | { lock?: AcquirerProxy | null },
  ): Promise<ConditionProxy>;
  /** Python's `threading.Event`. CPython: `SyncManager.Event`. */
  Event(): Promise<EventProxy>;
  /** Python's `threading.Barrier`. CPython: `SyncManager.Barrier`. */
  Barrier(
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
  ): Promise<BarrierProxy>;
  /** The same with `action` and `timeout` by name. */
  Barrier(
    parties: number,
    options: { action?: (() => unknown) | null; timeout?: number | null },
  ): Promise<BarrierProxy>;
  /**
   * A value of any type; the type code is kept, and `lock` is ignored, as in Python. CPython:
   * `SyncManager.Value`.
   */
  // deno-lint-ignore no-explicit-any -- as above
  Value<T = any>(
    typecode: unknown,
    value: NoInfer<T>,
    lock?: boolean,
  ): Promise<ValueProxy<T>>;
  /** Python's `array.array`; `lock` is ignored, as there. CPython: `SyncManager.Array`. */
  Array(
    typecode: string,
    sequence: Iterable<number | bigint>,
    lock?: boolean | { lock?: boolean },
  ): Promise<ArrayProxy>;
  /** A pool whose workers are the server's. CPython: `SyncManager.Pool`. */
  Pool(
    processes?: number | null,
    initializer?: Target | null,
    initargs?: readonly unknown[],
    maxtasksperchild?: number | null,
  ): Promise<PoolProxy>;
  /** The same by keywords. */
  Pool(options: ManagedPoolOptions): Promise<PoolProxy>;
  /** The same with the number of workers first. */
  Pool(processes: number | null, options: ManagedPoolOptions): Promise<PoolProxy>;
}

/**
 * A manager for what processes usually share. CPython:
 * `multiprocessing.managers.SyncManager`; `Manager()` gives one that is started.
 *
 * @example
 * ```ts
 * import { SyncManager } from "@pystd/multiprocessing/managers";
 * await using manager = new SyncManager();
 * await manager.start();
 * const l = await manager.list([1, 2, 3]);
 * await l.append(4);
 * console.log(await l.__str__()); // [1, 2, 3, 4]
 * ```
 */
export class SyncManager extends BaseManager {
  /** The registered types: the standard ones, to begin with. */
  static override _registry: Map<string, RegisteredType> = new Map(standardTypes);
}

for (const typeid of MAKEABLE) SyncManager._addMethod(typeid);

/**
 * Starts a server process. CPython: `multiprocessing.Manager`.
 *
 * @returns A manager for it: at once, while the server is still being started. What it is
 * asked for waits until the server runs; if it cannot be started, it rejects with the reason.
 *
 * @example
 * ```ts
 * import { is_main, Manager } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) {
 *   await using manager = Manager();
 *   const d = await manager.dict();
 *   d.a = 1;
 *   console.log(await d.__str__()); // {'a': 1}
 * }
 * ```
 */
export function Manager(): SyncManager {
  takes("BaseContext.Manager", arguments);
  const manager = new SyncManager();
  manager._startUnawaited();
  return manager;
}
