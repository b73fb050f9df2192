/** What processes of a context run in the tests of `src/redis/process/` and `agent/`. */
import process from "node:process";
import {
  get_context,
  type RedisEvent,
  type RedisLock,
  type RedisQueue,
} from "../../src/redis.ts";
import { current_process } from "../../mod.ts";

/** Puts its name, its pid and what it is told. */
export async function tell(q: RedisQueue<unknown>, ...args: unknown[]): Promise<void> {
  await q.put([current_process().name, process.pid, ...args]);
}

/** Prints, on both. */
export function speak(text: string): void {
  console.log(`said ${text}`);
  console.error(`complained ${text}`);
}

/** Prints so many lines. */
export function chatter(lines: number): void {
  for (let i = 0; i < lines; i++) console.log(`line ${i} ${"x".repeat(200)}`);
}

/** Fails. */
export function fail(text: string): never {
  throw new RangeError(text);
}

/** Exits. */
export function exit(code: number): never {
  process.exit(code);
}

/** Tells its pid, and waits for an event. */
export async function stay(q: RedisQueue<unknown>, event: RedisEvent): Promise<void> {
  await q.put(process.pid);
  await event.wait();
}

/** Tells its pid, and computes for ever. */
export async function compute(q: RedisQueue<unknown>): Promise<void> {
  await q.put(process.pid);
  await q.qsize();
  for (;;);
}

/** Holds a lock for so many seconds, in which it does not give way, and tells its token. */
export async function holdOn(
  q: RedisQueue<unknown>,
  lock: RedisLock,
  seconds: number,
): Promise<void> {
  await lock.acquire();
  await q.put(lock.token);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
  await lock.release();
}

/** Finds an object by the context that this process has, without an address. */
export async function answer(): Promise<void> {
  const mp = get_context("redis", { name: "test" });
  await mp.Queue({ name: "answers" }).put("by name");
}

/** Ends the server, and puts something by a context of its own. */
export async function killServerAndPut(url: string, server: number): Promise<void> {
  process.kill(server, "SIGKILL");
  const own = get_context("redis", { url, name: "own" });
  await own.Queue({ name: "late" }).put("put");
}
