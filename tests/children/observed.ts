/** What processes run that tests look at. Lines are found by their comments. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../src/connection.ts";
import type { QueueProxy } from "../../src/managers.ts";
import { type Event, type Lock, Pool, Process, Queue } from "../../mod.ts";

/** Takes what comes, for ever. */
export async function consumer(queue: Queue<number>): Promise<void> {
  for (;;) await queue.get(); // consumer waits
}

/** Takes one lock, says so, and waits for the other. */
export async function locker(
  first: Lock,
  second: Lock,
  ready: Queue<string>,
): Promise<void> {
  await first.acquire(); // locker holds
  await ready.put("ready");
  await second.acquire(); // locker waits
}

/** Starts a process that waits, and waits for it. */
export async function parent(ready: Queue<string>): Promise<void> {
  const inner = Queue<number>(); // inner is made
  const child = new Process({ target: consumer, args: [inner], name: "inner" });
  await child.start();
  await ready.put("ready");
  await child.join(); // parent waits
}

/** A task without end. */
export function consumeForever(_number: number): Promise<void> {
  return new Promise(() => setInterval(() => {}, 2 ** 30));
}

/** A task that takes so many milliseconds. */
export async function rest(milliseconds: number): Promise<void> {
  await sleep(milliseconds);
}

/** Has a pool of its own, whose work is soon over, until it is told to end. */
export async function poolOwner(done: Queue<null>): Promise<void> {
  await using pool = Pool(1);
  await pool.map(rest, [20, 20, 20], 1);
  await done.get();
}

/** Sends more than a pipe takes. */
export async function sender(connection: Connection): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await connection.send(new Uint8Array(50_000)); // sender waits
  }
}

/** Waits for an item of a manager's queue, first for a minute, then for ever as well. */
export async function patient(
  queue: QueueProxy<number>,
  ready: Queue<string>,
  next: Event,
): Promise<void> {
  const first = queue.get({ timeout: 60 }); // patient waits
  await ready.put("ready");
  await next.wait();
  await Promise.all([first, queue.get()]);
}
