/**
 * Mirrors `multiprocessing/managers.py`: objects that live in a server process, and
 * proxies by which other processes use them, also those of other programs.
 *
 * What differs: one event loop serves all clients, so each operation is atomic. A
 * process has one connection to a server, on which many calls can be under way; what it
 * asks is begun in order. References are counted for each client, and go when it ends; a
 * lock whose holder was killed is released. CPython's programs can be clients of our
 * servers, and our programs clients of CPython's: then pickles are spoken, one request
 * at a time.
 *
 * The pieces are in `managers/`; managers/protocol.ts tells what is said.
 *
 * @module
 */
import { BaseManager } from "./managers/base_manager.ts";
import type { BaseProxy, ProxyClass } from "./managers/base_proxy.ts";
import type { DictProxy } from "./managers/dict_proxy.ts";
import type { ListProxy } from "./managers/list_proxy.ts";
import type { SetProxy } from "./managers/set_proxy.ts";
import type {
  ArrayProxy,
  NamespaceProxy,
  ValueProxy,
} from "./managers/value_proxies.ts";
import type {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  PoolProxy,
} from "./managers/lock_proxies.ts";
import type { QueueProxy } from "./managers/proxy_types.ts";
import { SYNC_TYPES } from "./managers/sync_types.ts";
import { callable } from "./callable.ts";
import { PySlice } from "./wire/pickle.ts";

export { BaseManager } from "./managers/base_manager.ts";
export type { ManagerOptions, RegisterOptions } from "./managers/base_manager.ts";
export { BaseProxy, type ProxyOptions } from "./managers/base_proxy.ts";
export { DictProxy } from "./managers/dict_proxy.ts";
export { IteratorProxy } from "./managers/iterator_proxy.ts";
export { ListProxy } from "./managers/list_proxy.ts";
export { SetProxy } from "./managers/set_proxy.ts";
export { ArrayProxy, NamespaceProxy, ValueProxy } from "./managers/value_proxies.ts";
export {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  PoolProxy,
} from "./managers/lock_proxies.ts";
export { Namespace } from "./managers/namespace.ts";
export { AutoProxy, MakeProxyType, type QueueProxy } from "./managers/proxy_types.ts";
export { public_methods } from "./managers/registry.ts";
export { Server } from "./managers/server.ts";
export { Token } from "./managers/token.ts";
export { RemoteError } from "./errors.ts";

/** The types that every `SyncManager` can make. */
export interface SyncManager {
  /** A list. CPython: `SyncManager.list`. */
  // deno-lint-ignore no-explicit-any -- an untyped list takes anything
  list<T = any>(sequence?: Iterable<NoInfer<T>> | BaseProxy): Promise<ListProxy<T>>;
  /** A dict, from an object, a Map, or pairs. CPython: `SyncManager.dict`. */
  // deno-lint-ignore no-explicit-any -- an untyped dict takes anything
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
  Lock(): Promise<AcquirerProxy>;
  /** Python's `threading.RLock`. CPython: `SyncManager.RLock`. */
  RLock(): Promise<AcquirerProxy>;
  /** Python's `threading.Semaphore`. CPython: `SyncManager.Semaphore`. */
  Semaphore(value?: number): Promise<AcquirerProxy>;
  /** Python's `threading.BoundedSemaphore`. CPython: `SyncManager.BoundedSemaphore`. */
  BoundedSemaphore(value?: number): Promise<AcquirerProxy>;
  /** Python's `threading.Condition`. CPython: `SyncManager.Condition`. */
  Condition(lock?: AcquirerProxy | null): Promise<ConditionProxy>;
  /** Python's `threading.Event`. CPython: `SyncManager.Event`. */
  Event(): Promise<EventProxy>;
  /** Python's `threading.Barrier`. CPython: `SyncManager.Barrier`. */
  Barrier(
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
  ): Promise<BarrierProxy>;
  /** A value of any type; the type code is kept. CPython: `SyncManager.Value`. */
  // deno-lint-ignore no-explicit-any -- as above
  Value<T = any>(typecode: unknown, value: NoInfer<T>): Promise<ValueProxy<T>>;
  /** Python's `array.array`. CPython: `SyncManager.Array`. */
  Array(typecode: string, sequence: Iterable<number | bigint>): Promise<ArrayProxy>;
  /** A pool whose workers are the server's. CPython: `SyncManager.Pool`. */
  Pool(...args: unknown[]): Promise<PoolProxy>;
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
export class SyncManager extends BaseManager {}

for (
  const [typeid, { callable, proxytype, create_method }] of Object.entries(SYNC_TYPES)
) {
  const options = { callable, proxytype: proxytype as ProxyClass, create_method };
  SyncManager.register(typeid, options);
}

/**
 * Starts a server process. CPython: `multiprocessing.Manager`.
 *
 * @returns A manager for it: at once, while the server is still being started. What it is
 * asked for waits until the server runs.
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
  const manager = new SyncManager();
  void manager.start();
  return manager;
}

/** `slice` as a value: a class that may be called without `new`. */
export interface SliceConstructor {
  /** A slice, as Python's `slice(start, stop, step)`. */
  new (start: number | null, stop: number | null, step?: number | null): PySlice;
  (start: number | null, stop: number | null, step?: number | null): PySlice;
}

/**
 * Python's `slice`: `l[1:3]` is `l.__getitem__(slice(1, 3))`.
 *
 * @example
 * ```ts
 * import { slice } from "@pystd/multiprocessing/managers";
 * console.log(slice(1, null).start); // 1
 * ```
 */
export const slice: SliceConstructor = callable("PySlice", PySlice);
