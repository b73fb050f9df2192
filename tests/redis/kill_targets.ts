/**
 * Processes that are killed at any moment: what they have done is on the server. Everything has
 * a name in the context `test`.
 */
import { mp } from "./targets.ts";

/** An item: who has put it, and its number. */
export type Numbered = readonly [producer: number, number: number];

/** Puts numbered items until it is killed, one after the other. */
export async function produce(producer: number): Promise<void> {
  const jobs = mp!.JoinableQueue<Numbered>({ name: "jobs", redeliver: 1000 });
  for (let i = 0;; i++) await jobs.put([producer, i]);
}

/** Takes items, and puts them into the queue of those that were dealt with. */
export async function consume(prefetch: number): Promise<void> {
  const jobs = mp!.JoinableQueue<Numbered>({ name: "jobs", redeliver: 1000, prefetch });
  const done = mp!.Queue<Numbered>({ name: "done" });
  for (;;) {
    await done.put(await jobs.get());
    await jobs.task_done();
  }
}

/** Takes a lock again and again, and tells its tokens while it holds it. */
export async function hold(): Promise<void> {
  const lock = mp!.Lock({ name: "door" });
  const tokens = mp!.Queue<number>({ name: "tokens" });
  for (;;) await lock.with(() => tokens.put(lock.token!));
}
