/**
 * What a `SyncManager` can make: the types, their objects and their proxies. Every
 * process knows these classes by name.
 *
 * @module
 */
import { Pool } from "../pool.ts";
import { register, registerName } from "../reduction.ts";
import { PySlice } from "../wire/pickle/types.ts";
import { ManagedArray } from "./array.ts";
import type { ProxyClass } from "./base_proxy.ts";
import { ManagedBarrier, ManagedCondition, ManagedEvent } from "./condition.ts";
import { DictProxy } from "./dict_proxy.ts";
import { IteratorProxy } from "./iterator_proxy.ts";
import { ListProxy } from "./list_proxy.ts";
import { SetProxy } from "./set_proxy.ts";
import { ArrayProxy, NamespaceProxy, ValueProxy } from "./value_proxies.ts";
import { ManagedDict } from "./dict.ts";
import { ManagedList } from "./list.ts";
import {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  PoolProxy,
} from "./lock_proxies.ts";
import {
  ManagedBoundedSemaphore,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "./locks.ts";
import { ManagedValue, Namespace } from "./namespace.ts";
import { AutoProxy } from "./proxy_types.ts";
import { referentOf } from "./python_values.ts";
import { ManagedQueue } from "./queue.ts";
import type { Factory } from "./registry.ts";
import { ManagedSet } from "./set.ts";

/** A type: what makes its objects, and its proxies. */
export interface SyncType {
  callable: Factory | null;
  proxytype: ProxyClass;
  create_method: boolean;
}

/** `Condition(lock)`, where the lock is another object of the server. */
function makeCondition(lock: unknown = null): ManagedCondition {
  return new ManagedCondition(referentOf(lock));
}

function makePool(...args: unknown[]): object {
  return Reflect.construct(Pool as never, args);
}

/** The factories, by the names that they travel under. */
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
};

for (const [name, factory] of Object.entries(FACTORIES)) {
  registerName(`managers:${name}`, factory);
}

register(PySlice, ({ start, stop, step }) => [PySlice, [start, stop, step]]);
register(Namespace, (namespace) => [Namespace, [{ ...namespace }]]);

function type(
  callable: Factory | null,
  proxytype: unknown,
  create_method = true,
): SyncType {
  return { callable, proxytype: proxytype as ProxyClass, create_method };
}

/** By typeid, as in CPython. */
export const SYNC_TYPES: Readonly<Record<string, SyncType>> = {
  Queue: type(ManagedQueue, AutoProxy),
  JoinableQueue: type(ManagedQueue, AutoProxy),
  Event: type(ManagedEvent, EventProxy),
  Lock: type(ManagedLock, AcquirerProxy),
  RLock: type(ManagedRLock, AcquirerProxy),
  Semaphore: type(ManagedSemaphore, AcquirerProxy),
  BoundedSemaphore: type(ManagedBoundedSemaphore, AcquirerProxy),
  Condition: type(makeCondition, ConditionProxy),
  Barrier: type(ManagedBarrier, BarrierProxy),
  Pool: type(makePool, PoolProxy),
  list: type(ManagedList, ListProxy),
  dict: type(ManagedDict, DictProxy),
  set: type(ManagedSet, SetProxy),
  Value: type(ManagedValue, ValueProxy),
  Array: type(ManagedArray, ArrayProxy),
  Namespace: type(Namespace, NamespaceProxy),
  Iterator: type(null, IteratorProxy, false),
  AsyncResult: type(null, AutoProxy, false),
};
