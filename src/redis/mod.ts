/**
 * The package's objects on a server, Redis or Valkey: for programs that have outgrown one
 * machine. Only the line that makes the context is another one.
 *
 * ```ts ignore
 * import { get_context } from "@pystd/multiprocessing/redis";
 *
 * const mp = get_context("redis", { url: "redis://localhost", name: "shop" });
 * const jobs = mp.Queue<string>({ name: "jobs" });
 * await jobs.put("order 1");
 * console.log(await jobs.get()); // order 1
 * await mp.shutdown();
 * ```
 *
 * Every change of an object is one step on the server. A process has a lease there, which it
 * renews; if it dies or cannot be reached for longer, its items go back to their queues, in
 * order, and its locks are free. ARCHITECTURE.md says what that promises, and what not.
 *
 * An entry of its own, so that other programs load nothing of it. It needs a client library,
 * `@redis/client`, `iovalkey` or `ioredis`, which is loaded when it is used. On Deno the first
 * needs `--allow-net` and `--allow-env=REDIS_DEBUG_MAINTENANCE`.
 *
 * @module
 */
import "../link/root.ts";
import {
  parseArguments,
  REQUIRED,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { repr } from "../python/repr.ts";
import { ValueError } from "../python/errors.ts";
import { RedisContext } from "./context.ts";
import { type RedisOptions, settingsOf } from "./settings.ts";

export type { RedisContext } from "./context.ts";
export type { RedisBarrier } from "./barrier.ts";
export type { RedisCondition } from "./condition.ts";
export type { RedisEvent } from "./event.ts";
export type {
  RedisBoundedSemaphore,
  RedisLock,
  RedisRLock,
  RedisSemaphore,
} from "./lock.ts";
export type { RedisObject } from "./object.ts";
export type {
  RedisJoinableQueue,
  RedisJoinableQueueOptions,
  RedisQueue,
  RedisQueueOptions,
  RedisSimpleQueue,
} from "./queue.ts";
export type { RedisOptions } from "./settings.ts";
export type { RedisValue, RedisValueOptions } from "./value.ts";

type ContextArguments = { method: unknown } & Record<keyof RedisOptions, unknown>;

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
  },
  {
    method: false,
    keywordOnly: ["url", "client", "name", "lease", "expire", "reconnect", "authkey"],
  },
);

/**
 * A context whose objects are on a server. It connects when it is used.
 *
 * @param method `redis`.
 * @param options Where the server is, and more: see {@linkcode RedisOptions}.
 * @throws {TypeError | ValueError} if an option is wrong
 */
export function get_context(method: "redis", options: RedisOptions): RedisContext;
export function get_context(...given: unknown[]): RedisContext {
  const { method, ...options } = parseArguments(GET_CONTEXT, given);
  if (method === "redis") return new RedisContext(settingsOf(options));
  throw new ValueError(`cannot find context for ${repr(method)}`);
}
