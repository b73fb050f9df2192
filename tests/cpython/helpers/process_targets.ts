/** Targets of test_process_test.ts. */
import { readdirSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers";
import {
  current_process,
  get_logger,
  parent_process,
  Process,
  type Queue,
  type SimpleQueue,
} from "../../../mod.ts";
import type { Connection } from "../../../src/connection.ts";
import * as dummy from "../../../src/dummy.ts";

export function nothing(): void {}

/** Hands back what it was given. */
export async function echo(q: Queue<unknown>, value: unknown): Promise<void> {
  await q.put(value);
}

/** Tells everything it knows about itself; the last argument are the keywords. */
export async function report(q: Queue<unknown>, ...rest: unknown[]): Promise<void> {
  const current = current_process();
  await q.put(rest.slice(0, -1));
  await q.put(rest.at(-1));
  await q.put(current.name);
  await q.put(Uint8Array.from(current.authkey));
  await q.put(current.pid);
}

/** The same of a thread, which has no key. */
export async function reportThread(
  q: Queue<unknown>,
  ...rest: unknown[]
): Promise<void> {
  const current = dummy.current_process();
  await q.put(rest.slice(0, -1));
  await q.put(rest.at(-1));
  await q.put(current.name);
  await q.put(current.ident);
}

/** Tells who its parent is. */
export async function reportParent(q: Queue<unknown>): Promise<void> {
  await q.put([parent_process()?.pid, parent_process()?.name]);
}

/** Starts a grandchild that watches us, then waits for ever. */
export async function parentOfWatcher(q: Queue<unknown>): Promise<void> {
  const watcher = new Process({ target: watchParent, args: [q] });
  await watcher.start();
  await q.put(watcher.pid);
  await forEver();
}

/** Says whether its parent lives, before and after the parent's death. */
export async function watchParent(q: Queue<unknown>): Promise<void> {
  const parent = parent_process();
  const say = () => q.put(parent?.is_alive() ? "alive" : "not alive");
  await say();
  await parent?.join(30);
  await say();
}

/** Waits for its parent, which lives; tells how many milliseconds. */
export async function joinParent(q: Queue<number>, timeout: number): Promise<void> {
  const start = performance.now();
  await parent_process()!.join(timeout);
  await q.put(performance.now() - start);
}

/** Says that it runs, then waits for a signal. */
export async function sleepSome(ready?: Queue<string>): Promise<void> {
  await ready?.put("ready");
  await forEver();
}

/** As {@linkcode sleepSome}, with nothing that handles SIGINT. */
export async function sleepWithoutHandler(ready: Queue<string>): Promise<void> {
  process.removeAllListeners("SIGINT");
  await sleepSome(ready);
}

/** Ends as soon as something comes. */
export async function waitFor(gate: Queue<unknown>): Promise<void> {
  await gate.get();
}

/** Three generations, each with two children. */
export async function recurse(q: Queue<number[]>, id: number[]): Promise<void> {
  for (const args of await branches(q, id)) {
    const child = new Process({ target: recurse, args });
    await child.start();
    await child.join();
  }
}

/** The same with threads. */
export async function recurseInThreads(
  q: Queue<number[]>,
  id: number[],
): Promise<void> {
  for (const args of await branches(q, id)) {
    const child = new dummy.Process({ target: recurseInThreads, args });
    await child.start();
    await child.join();
  }
}

/** Tells who it is; gives the arguments of its children. */
async function branches(
  q: Queue<number[]>,
  id: number[],
): Promise<[Queue<number[]>, number[]][]> {
  await q.put(id);
  return id.length >= 2 ? [] : [[q, [...id, 0]], [q, [...id, 1]]];
}

/** An object whose method is a target. */
export class DummyCallable {
  async __call__(q: Queue<number>, other: unknown): Promise<void> {
    if (!(other instanceof DummyCallable)) throw new TypeError("lost its class");
    await q.put(5);
  }
}

/**
 * Says how many files it has open, then waits. Not before it has talked with the root: on
 * Deno it has read its stdin to the end by then, and goes on by a socket.
 */
export async function countFiles(
  q: Queue<number>,
  gate: SimpleQueue<null>,
): Promise<void> {
  for (let i = 0; i < 10; i++) await q.qsize();
  await q.put(readdirSync("/proc/self/fd").length);
  await gate.get();
}

/** Tells the level of the package's log. */
export async function tellLevel(conn: Connection<number>): Promise<void> {
  await conn.send(get_logger().getEffectiveLevel());
}

/** Leaves a timer that counts and one that does not. */
export function leaveTimers(q: Queue<string>): void {
  setTimeout(() => void q.put("timer"), 100);
  setTimeout(() => void q.put("unref'd timer"), 20_000).unref();
}

/** Breaks a stream of its own, then goes on. */
export async function breakStream(
  q: Queue<string>,
  name: "stdout" | "stderr",
  action: "close" | "remove",
): Promise<void> {
  breakOwn(name, action);
  await q.put(action);
}

/** Destroys a stream of this process, or replaces it by null. */
export function breakOwn(name: "stdout" | "stderr", action: "close" | "remove"): void {
  if (action === "close") process[name].destroy();
  else Object.defineProperty(process, name, { value: null, configurable: true });
}

function forEver(): Promise<never> {
  return new Promise(() => setInterval(nothing, 60_000));
}
