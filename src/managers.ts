/**
 * Mirrors `multiprocessing/managers.py`: objects that live in a server process, and
 * proxies by which other processes use them, also those of other programs.
 *
 * What differs: one event loop serves all clients, so each operation is atomic. A process
 * has one connection to a server, on which many calls can be pending; they begin in order.
 * References are counted for each client, and end with it; a lock whose holder was killed
 * is released. CPython's programs can be clients of our servers, and our programs clients
 * of CPython's: then the messages are pickles, one request at a time.
 *
 * The parts are in `managers/`, the messages in managers/protocol/messages.ts.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";
import "./managers/deferred.ts"; // programs that import this file need them

export { BaseManager } from "./managers/manager.ts";
export type { ManagerOptions, RegisterOptions } from "./managers/options.ts";
export {
  BaseProxy,
  type ProxyClass,
  type ProxyManager,
  type ProxyOptions,
  type Trapped,
} from "./managers/proxies/base_proxy.ts";
export { DictProxy } from "./managers/proxies/dict_proxy.ts";
export { ListProxy, type SortOptions } from "./managers/proxies/list_proxy.ts";
export { SetProxy } from "./managers/proxies/set_proxy.ts";
export {
  ArrayProxy,
  IteratorProxy,
  NamespaceProxy,
  ValueProxy,
} from "./managers/proxies/value_proxies.ts";
export {
  type AcquireOptions,
  AcquirerProxy,
  type AcquirerStats,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  type TimeoutOptions,
} from "./managers/proxies/lock_proxies.ts";
export {
  PoolProxy,
  type ProxyCallbacks,
  type ProxyCallOptions,
  type ProxyMapOptions,
} from "./managers/proxies/pool_proxy.ts";
export type {
  BarrierStats,
  ConditionStats,
  EventStats,
  JoinableQueueStats,
  LockStats,
  PermitStats,
  QueueStats,
  SemaphoreStats,
  StatsOwner,
} from "./hub/stats.ts";
export type { StatsOptions } from "./link/stats.ts";
export { Namespace } from "./managers/types/namespace.ts";
export {
  AutoProxy,
  type AutoProxyType,
  MakeProxyType,
  type QueueProxy,
  type WaitOptions,
} from "./managers/proxies/proxy_types.ts";
export {
  all_methods,
  type Factory,
  public_methods,
} from "./managers/types/referent.ts";
export { Server } from "./managers/server.ts";
export { SharedMemoryManager } from "./managers/shared_memory_manager.ts";
export {
  type ManagedPoolOptions,
  Manager,
  SyncManager,
} from "./managers/sync_manager.ts";
export { Token } from "./managers/protocol/token.ts";
export { RemoteError } from "./python/errors.ts";
export { type PySlice, slice, type SliceConstructor } from "./python/slice.ts";
