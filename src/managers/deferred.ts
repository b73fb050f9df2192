/**
 * What is loaded when a manager is used for the first time, or a proxy arrives: proxies, the
 * ways to servers, servers, and the types that a `SyncManager` can make. Every process that
 * has loaded this knows these classes by name.
 *
 * @module
 */
import { Pool } from "../pool/pool.ts";
import { register, registerName } from "../reduction/mod.ts";
import { PySlice } from "../pickle/types.ts";
import { registeredType, standardTypes } from "./options.ts";
import { Token } from "./protocol/token.ts";
import type { ProxyClass } from "./proxies/base_proxy.ts";
import { DictProxy } from "./proxies/dict_proxy.ts";
import { ListProxy } from "./proxies/list_proxy.ts";
import {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  PoolProxy,
} from "./proxies/lock_proxies.ts";
import { AutoProxy } from "./proxies/proxy_types.ts";
import { SetProxy } from "./proxies/set_proxy.ts";
import {
  ArrayProxy,
  IteratorProxy,
  NamespaceProxy,
  ValueProxy,
} from "./proxies/value_proxies.ts";
import { ManagedArray } from "./types/array.ts";
import { ManagedDict } from "./types/dict.ts";
import { ManagedList } from "./types/list.ts";
import {
  ManagedBarrier,
  ManagedBoundedSemaphore,
  ManagedCondition,
  ManagedEvent,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "./types/locks.ts";
import { ManagedValue, Namespace } from "./types/namespace.ts";
import { referentOf } from "./types/python_values.ts";
import { ManagedQueue } from "./types/queue.ts";
import type { Factory } from "./types/referent.ts";
import { ManagedSet } from "./types/set.ts";

export { makeProxy } from "./proxies/base_proxy.ts";
export { findChannel, nativeChannel } from "./protocol/channels.ts";
export { AutoProxy } from "./proxies/proxy_types.ts";
export { serve } from "./server_process.ts";
export { Server } from "./server.ts";
export { firstWord, shutDown } from "./server_process.ts";

/** `Condition(lock)`, where the lock is another object of the server. */
function makeCondition(lock: unknown = null): ManagedCondition {
  return new ManagedCondition(referentOf(lock));
}

function makePool(...args: unknown[]): object {
  return Reflect.construct(Pool as never, args);
}

/** The factories and other classes, by the names that they travel under. */
const FACTORIES: Readonly<Record<string, Factory>> = {
  ManagedQueue,
  ManagedEvent,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
  ManagedBoundedSemaphore,
  makeCondition,
  ManagedBarrier,
  makePool,
  ManagedList,
  ManagedDict,
  ManagedSet,
  ManagedValue,
  ManagedArray,
  Namespace,
  PySlice,
  Token,
};

for (const [name, factory] of Object.entries(FACTORIES)) {
  registerName(`managers:${name}`, factory);
}

register(PySlice, ({ start, stop, step }) => [PySlice, [start, stop, step]]);
register(Token, ({ typeid, address, id }) => [Token, [typeid, address, id]]);
register(Namespace, (namespace) => [Namespace, [{ ...namespace }]]);

/** What makes the objects of the types, and their proxies. */
const SYNC_TYPES: Readonly<Record<string, [Factory | null, proxytype: unknown]>> = {
  Queue: [ManagedQueue, AutoProxy],
  JoinableQueue: [ManagedQueue, AutoProxy],
  Event: [ManagedEvent, EventProxy],
  Lock: [ManagedLock, AcquirerProxy],
  RLock: [ManagedRLock, AcquirerProxy],
  Semaphore: [ManagedSemaphore, AcquirerProxy],
  BoundedSemaphore: [ManagedBoundedSemaphore, AcquirerProxy],
  Condition: [makeCondition, ConditionProxy],
  Barrier: [ManagedBarrier, BarrierProxy],
  Pool: [makePool, PoolProxy],
  list: [ManagedList, ListProxy],
  dict: [ManagedDict, DictProxy],
  set: [ManagedSet, SetProxy],
  Value: [ManagedValue, ValueProxy],
  Array: [ManagedArray, ArrayProxy],
  Namespace: [Namespace, NamespaceProxy],
  Iterator: [null, IteratorProxy],
  AsyncResult: [null, AutoProxy],
};

for (const [typeid, type] of standardTypes) {
  const [callable, proxytype] = SYNC_TYPES[typeid]!;
  Object.assign(
    type,
    registeredType({ callable, proxytype: proxytype as ProxyClass }),
  );
}
