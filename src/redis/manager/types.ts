/**
 * The types of a manager on a server: how their objects are made, what methods they have, and
 * which proxies stand for them.
 *
 * @module
 */
import {
  asInteger,
  asTimeout,
  parseArguments,
  signature,
  takes,
} from "../../python/arguments.ts";
import { NotImplementedError, ValueError } from "../../python/errors.ts";
import { SEM_VALUE_MAX } from "../../hub/semaphore.ts";
import { BaseProxy, type ProxyClass } from "../../managers/proxies/base_proxy.ts";
import { DictProxy } from "../../managers/proxies/dict_proxy.ts";
import { ListProxy } from "../../managers/proxies/list_proxy.ts";
import {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
} from "../../managers/proxies/lock_proxies.ts";
import { AutoProxy } from "../../managers/proxies/proxy_types.ts";
import { SetProxy } from "../../managers/proxies/set_proxy.ts";
import {
  ArrayProxy,
  IteratorProxy,
  NamespaceProxy,
  ValueProxy,
} from "../../managers/proxies/value_proxies.ts";
import { BARRIER, SEMAPHORE } from "../../managers/types/locks.ts";
import { VALUE } from "../../managers/types/namespace.ts";
import { INIT as QUEUE } from "../../managers/types/queue.ts";
import { RedisBarrier } from "../barrier.ts";
import type { Base } from "../base.ts";
import { RedisCondition } from "../condition.ts";
import { RedisEvent } from "../event.ts";
import {
  RedisBoundedSemaphore,
  RedisLock,
  RedisRLock,
  RedisSemaphore,
} from "../lock.ts";
import { makeObject, type ObjectClass } from "../making.ts";
import { idOfName, type RedisObject } from "../object.ts";
import { RedisJoinableQueue } from "../queue.ts";
import { RedisValue } from "../value.ts";
import { RedisArray } from "./array.ts";
import type { ContainerShape } from "./container.ts";
import { RedisDict } from "./dict.ts";
import { RedisList } from "./list.ts";
import {
  BarrierMethods,
  ConditionMethods,
  EventMethods,
  LockMethods,
  RLockMethods,
  SemaphoreMethods,
} from "./locks.ts";
import { RedisNamespace } from "./namespace.ts";
import { QUEUE_METHODS, QueueMethods, ValueMethods } from "./queue.ts";
import { RedisSet } from "./set.ts";

/** What makes an object of a type. */
export interface Order {
  readonly base: Base;
  readonly args: readonly unknown[];
  /** Its name; null for none. */
  readonly name: string | null;
  /** The object that a proxy of this context stands for, else the value as it is. */
  objectOf(value: unknown): unknown;
}

/** A type. */
export interface ManagedType {
  readonly Proxy: ProxyClass;
  /** The methods that proxies may call. */
  readonly exposed: readonly string[];
  /** Whether its methods are given the signal first, and wait themselves. */
  readonly isWaiting: boolean;
  /** Makes the object, or opens the one of that name. @throws what its class throws */
  make(order: Order): RedisObject;
  /** What has the methods. */
  methodsOf(object: RedisObject): object;
}

const CONDITION = signature<{ lock: unknown }>("Condition.__init__", { lock: null });

/** Makes an object of a class of the context, by its name if it has one. */
function made(
  { base, name }: Order,
  Class: unknown,
  ...args: unknown[]
): RedisObject {
  const all = name === null ? args : [...args, { name }];
  return makeObject(base, Class as ObjectClass, undefined, all);
}

/** A container: it has its methods itself. */
function container(
  Proxy: unknown,
  Class: unknown,
  shapeOf: (args: readonly unknown[], id: string | undefined) => ContainerShape,
  ...more: unknown[]
): ManagedType {
  return {
    Proxy: Proxy as ProxyClass,
    exposed: (Proxy as ProxyClass)._exposed_!,
    isWaiting: false,
    make: ({ base, args, name }) =>
      makeObject(base, Class as ObjectClass, undefined, [
        shapeOf(args, idOfName(name)),
        ...more.map((at) => args[at as number]),
      ]),
    methodsOf: (object) => object,
  };
}

/** An object of the context, with the methods of a manager's. */
function synchronizer<O extends RedisObject>(
  Proxy: unknown,
  Methods: new (object: O) => object,
  make: (order: Order) => RedisObject,
  exposed: readonly string[] = (Proxy as ProxyClass)._exposed_!,
): ManagedType {
  return {
    Proxy: Proxy as ProxyClass,
    exposed,
    isWaiting: true,
    make,
    methodsOf: (object) => new Methods(object as O),
  };
}

function makeQueue(order: Order): RedisObject {
  const { maxsize } = parseArguments(QUEUE, [...order.args]);
  const bound = Math.max(0, Math.min(2 ** 31 - 1, Number(asInteger(maxsize, "<="))));
  return made(order, RedisJoinableQueue, bound);
}

function makeSemaphore(order: Order, Class: unknown): RedisObject {
  const value = asInteger(parseArguments(SEMAPHORE, [...order.args]).value, "<");
  if (value < 0) throw new ValueError("semaphore initial value must be >= 0");
  if (value > SEM_VALUE_MAX) throw new ValueError("semaphore value is too large");
  return made(order, Class, value);
}

function makeBarrier(order: Order): RedisObject {
  const { parties, action, timeout } = parseArguments(BARRIER, [...order.args]);
  return made(
    order,
    RedisBarrier,
    parties,
    typeof action === "function" ? action : null,
    asTimeout(timeout),
  );
}

function makeCondition(order: Order): RedisObject {
  const lock = order.objectOf(parseArguments(CONDITION, [...order.args]).lock);
  return made(order, RedisCondition, lock);
}

function makeValue(order: Order): RedisObject {
  const { typecode, value } = parseArguments(VALUE, [...order.args]);
  const { base, name } = order;
  return makeObject(base, RedisValue as ObjectClass, undefined, [
    typecode,
    value,
    { lock: false, name },
  ]);
}

const QUEUE_TYPE = synchronizer(AutoProxy, QueueMethods, makeQueue, QUEUE_METHODS);

/** By the names that managers have them under. */
export const TYPES: Readonly<Record<string, ManagedType>> = {
  Queue: QUEUE_TYPE,
  JoinableQueue: QUEUE_TYPE,
  Event: synchronizer(EventProxy, EventMethods, (order) => {
    takes("Event.__init__", order.args);
    return made(order, RedisEvent);
  }),
  Lock: synchronizer(AcquirerProxy, LockMethods, (order) => {
    const { length } = order.args;
    if (length > 0) throw new TypeError(`lock expected 0 arguments, got ${length}`);
    return made(order, RedisLock);
  }),
  RLock: synchronizer(AcquirerProxy, RLockMethods, (order) => made(order, RedisRLock)),
  Semaphore: synchronizer(
    AcquirerProxy,
    SemaphoreMethods,
    (order) => makeSemaphore(order, RedisSemaphore),
  ),
  BoundedSemaphore: synchronizer(
    AcquirerProxy,
    SemaphoreMethods,
    (order) => makeSemaphore(order, RedisBoundedSemaphore),
  ),
  Condition: synchronizer(ConditionProxy, ConditionMethods, makeCondition),
  Barrier: synchronizer(BarrierProxy, BarrierMethods, makeBarrier),
  Value: synchronizer(ValueProxy, ValueMethods, makeValue),
  list: container(
    ListProxy,
    RedisList,
    ([sequence], id) => RedisList.shapeOf(sequence, id),
  ),
  dict: container(DictProxy, RedisDict, (args, id) => RedisDict.shapeOf(args, id)),
  set: container(
    SetProxy,
    RedisSet,
    ([iterable], id) => RedisSet.shapeOf(iterable, id),
  ),
  Array: container(
    ArrayProxy,
    RedisArray,
    (args, id) => RedisArray.shapeOf(args, id),
    0,
  ),
  Namespace: container(
    NamespaceProxy,
    RedisNamespace,
    (args, id) => RedisNamespace.shapeOf(args, id),
  ),
};

/** The proxies of the iterators that methods give. */
export const ITERATOR: {
  readonly Proxy: ProxyClass;
  readonly exposed: readonly string[];
} = { Proxy: IteratorProxy, exposed: IteratorProxy._exposed_ };

/** The type of a name. @throws {NotImplementedError} for those that a server has not */
export function typeOf(typeid: string): ManagedType {
  if (Object.hasOwn(TYPES, typeid)) return TYPES[typeid]!;
  throw new NotImplementedError(`a manager on a server has no ${typeid}`);
}

/** The copies of what proxies among the arguments stand for. */
export async function withCopies(args: readonly unknown[]): Promise<unknown[]> {
  return await Promise.all(
    args.map((arg) => arg instanceof BaseProxy ? arg._getvalue() : arg),
  );
}
