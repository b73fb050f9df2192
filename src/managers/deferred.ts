/**
 * What a `SyncManager` can make: the types' objects and proxies. Every process knows
 * these classes by name.
 *
 * @module
 */
import { Pool } from "../pool/pool.ts";
import { register, registerName } from "../reduction/mod.ts";
import { PySlice } from "../wire/pickle/types.ts";
import { ManagedArray } from "./types/array.ts";
import type { ProxyClass } from "./proxies/base_proxy.ts";
import { ManagedBarrier, ManagedCondition, ManagedEvent } from "./condition.ts";
import { DictProxy } from "./proxies/dict_proxy.ts";
import { IteratorProxy } from "./iterator_proxy.ts";
import { ListProxy } from "./proxies/list_proxy.ts";
import { SetProxy } from "./proxies/set_proxy.ts";
import { ArrayProxy, NamespaceProxy, ValueProxy } from "./proxies/value_proxies.ts";
import { ManagedDict } from "./types/dict.ts";
import { ManagedList } from "./types/list.ts";
import {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  PoolProxy,
} from "./proxies/lock_proxies.ts";
import {
  ManagedBoundedSemaphore,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "./locks.ts";
import { ManagedValue, Namespace } from "./types/namespace.ts";
import { registeredType } from "./options.ts";
import { AutoProxy } from "./proxies/proxy_types.ts";
import { referentOf } from "./types/python_values.ts";
import { ManagedQueue } from "./types/queue.ts";
import type { Factory } from "./registry.ts";
import { ManagedSet } from "./types/set.ts";
import { standardTypes } from "./standard_types.ts";
import { Token } from "./protocol/token.ts";

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
