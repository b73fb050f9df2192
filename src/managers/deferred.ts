/**
 * The modules that are loaded when a manager is used for the first time, or a proxy arrives:
 * proxies, channels to servers, servers, and the types that a `SyncManager` can make. Every
 * process that has loaded this knows these classes by name.
 *
 * @module
 */
import { Pool } from "../pool/pool.ts";
import { parseArguments, signature } from "../python/arguments.ts";
import { register, registerName } from "../reduction/mod.ts";
import { PySlice } from "../python/slice.ts";
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
} from "./proxies/lock_proxies.ts";
import { PoolProxy } from "./proxies/pool_proxy.ts";
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

const CONDITION = signature<{ lock: unknown }>("Condition.__init__", { lock: null });

/** `Condition(lock)`, where the lock is another object of the server. */
function makeCondition(...given: unknown[]): ManagedCondition {
  return new ManagedCondition(referentOf(parseArguments(CONDITION, given).lock));
}

function makePool(...args: unknown[]): object {
  return Reflect.construct(Pool as never, args);
}

registerName("managers:PySlice", PySlice);
registerName("managers:Token", Token);
register(PySlice, ({ start, stop, step }) => [PySlice, [start, stop, step]]);
register(Token, ({ typeid, address, id }) => [Token, [typeid, address, id]]);
register(Namespace, (namespace) => [Namespace, [{ ...namespace }]]);

/** Makers of the objects of each type, and the classes of its proxies. */
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
  if (callable !== null) registerName(`managers:${typeid}`, callable);
  Object.assign(
    type,
    registeredType({ callable, proxytype: proxytype as ProxyClass }),
  );
}
