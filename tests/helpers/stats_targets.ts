/** Processes whose queues, locks and pipes are looked at. */
import {
  type Barrier,
  type Condition,
  type Event,
  exported,
  type JoinableQueue,
  type Lock,
  type Queue,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** Takes one item, tells of it, and waits for another one. */
export async function takeTwo(q: Queue<number>, told: Queue<number>): Promise<void> {
  await told.put(await q.get());
  await told.put(await q.get());
}

/** Tells what it sees of a queue, after it has taken one item of it. */
export async function tellStats(q: Queue<number>, told: Queue<unknown>): Promise<void> {
  await q.get();
  await told.put([await q.stats(), await q.qsize()]);
}

/** Has a lock from the time at which it says so until `end` is set. */
export async function hold(lock: Lock, told: Queue<string>, end: Event): Promise<void> {
  await lock.with(async () => {
    await told.put("held");
    await end.wait();
  });
}

/** Takes a lock and gives it back, many times. */
export async function takeOften(lock: Lock, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await lock.acquire();
    await lock.release();
  }
}

/** Waits at all of these, each of which lets it go on. */
export async function waitAtAll(
  condition: Condition,
  event: Event,
  barrier: Barrier,
  tasks: JoinableQueue<number>,
): Promise<void> {
  await condition.with(() => condition.wait());
  await event.wait();
  await barrier.wait();
  await tasks.join();
}

/** Receives a message, tells of it, and has the end until it is told to go. */
export async function receiveOne(end: Connection, told: Queue<unknown>): Promise<void> {
  await told.put(await end.recv());
  await told.put(await end.stats());
  await end.recv();
}

exported(import.meta, {
  takeTwo,
  tellStats,
  hold,
  takeOften,
  waitAtAll,
  receiveOne,
});
