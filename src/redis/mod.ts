/**
 * What the entry `redis` gives, and objects that come from other processes need: see
 * `src/redis.ts`.
 *
 * @module
 */
import {
  parseArguments,
  REQUIRED,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { repr } from "../python/repr.ts";
import { ValueError } from "../python/errors.ts";
import { RedisContext } from "./context.ts";
import { inheritedContext, maker } from "./process/inherited.ts";
import { type RedisOptions, settingsOf } from "./settings.ts";

export { ImportError, ModuleNotFoundError } from "../python/errors/imports.ts";
export type { JoinableQueueOptions, TaskDoneOptions } from "../queues/joinable.ts";
export type { QueueOptions, ShutdownOptions } from "../queues/queue.ts";
export type { SignalOptions } from "../queues/simple.ts";
export type { BarrierOptions } from "../synchronize/barrier.ts";
export type { WaitOptions } from "../synchronize/condition.ts";
export type { AcquireOptions, WithOptions } from "../synchronize/lock_options.ts";
export type { RedisBarrier, RedisBarrierOptions } from "./barrier.ts";
export type { RedisCondition, RedisConditionOptions } from "./condition.ts";
export type {
  BarrierArguments,
  Factory,
  QueueFactory,
  RedisContext,
  SemaphoreArguments,
  SimpleQueueFactory,
  ValueFactory,
} from "./context.ts";
export type { AnyClient } from "./driver/open.ts";
export type { RedisEvent } from "./event.ts";
export type {
  NameOptions,
  RedisBoundedSemaphore,
  RedisLock,
  RedisRLock,
  RedisSemaphore,
} from "./lock.ts";
export type { RedisManager } from "./manager/manager.ts";
export type { RedisObject } from "./object.ts";
export type {
  RedisJoinableQueue,
  RedisJoinableQueueOptions,
  RedisQueue,
  RedisQueueOptions,
  RedisSimpleQueue,
} from "./queue.ts";
export type { RedisQueueBase } from "./queue_base.ts";
export type { RedisSemLock } from "./semlock.ts";
export type {
  PlacedOptions,
  RedisProcess,
  RedisProcessClass,
  RedisProcessOptions,
} from "./process/process.ts";
export type { RedisPool, RedisPoolFactory, RedisPoolOptions } from "./pool/pool.ts";
export type { RedisOptions } from "./settings.ts";
export type { RedisValue, RedisValueOptions } from "./value.ts";

type ContextOptions = Record<keyof RedisOptions, unknown>;
type ContextArguments = { method: unknown } & ContextOptions;

const GET_CONTEXT: Signature<ContextArguments> = signature<ContextArguments>(
  "get_context",
  {
    method: REQUIRED,
    url: null,
    client: null,
    name: "multiprocessing",
    lease: 10,
    expire: 3600,
    reconnect: 20,
    authkey: null,
    root: null,
  },
  {
    method: false,
    keywordOnly: [
      ...["url", "client", "name", "lease", "expire", "reconnect", "authkey"] as const,
      "root",
    ],
  },
);

/**
 * A context whose objects are on a server. It connects when it is used.
 *
 * In a process that `mp.Process` has started there is such a context already: it is had by its
 * name, without an address.
 *
 * @param method `redis`.
 * @param options Where the server is, and more: see {@linkcode RedisOptions}.
 * @throws {TypeError | ValueError} if an option is wrong
 */
export function get_context(method: "redis", options: RedisOptions): RedisContext;
export function get_context(...given: unknown[]): RedisContext {
  const { method, ...options } = parseArguments(GET_CONTEXT, given);
  if (method === "redis") return inherited(options) ?? make(options);
  throw new ValueError(`cannot find context for ${repr(method)}`);
}

/** In a process that a context has started: that context, which needs no address. */
function inherited({ url, client, name }: ContextOptions): RedisContext | undefined {
  const isAddressed = url !== null || client !== null;
  if (isAddressed) return undefined;
  return inheritedContext(String(name)) as RedisContext | undefined;
}

function make(options: ContextOptions): RedisContext {
  return new RedisContext(settingsOf(options));
}

maker.make = (options) => make(options as ContextOptions);
