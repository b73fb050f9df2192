/**
 * The package's names for programs on many machines: what is shared is on a server, Redis or
 * Valkey, to which processes anywhere connect. Only the line that makes the context is
 * another one.
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
 * order, and its locks are free. `docs/redis.md` says what that promises, and what not.
 *
 * An entry of its own, so that other programs load nothing of it. It needs a client library,
 * `@redis/client`, `iovalkey` or `ioredis`, which is loaded when it is used. On Deno the first
 * needs `--allow-net` and `--allow-env=REDIS_DEBUG_MAINTENANCE`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export * from "./redis/mod.ts";
