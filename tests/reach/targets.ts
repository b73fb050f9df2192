/** Targets of queues_test.ts and pool_test.ts. */
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers";
import type { Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** The fate of the process that has the long item. */
export type Fate = "computes" | "hangs" | "is stopped" | "is killed";

/** A taker's note: its number, and the item that it has taken. */
export type Note = [by: number, item: number];

/** Stands for the long item. */
export const LONG = -1;

/** Takes items and notes each; the long one is not over before the file `over` is there. */
export async function take(
  by: number,
  q: Queue<number>,
  notes: Queue<Note>,
  fate: Fate,
  over: string,
): Promise<void> {
  await notes.put([by, NaN]);
  for (;;) {
    const item = await q.get();
    await notes.put([by, item]);
    if (item === LONG) await endure(fate, over);
  }
}

/** Goes on when a file is there, if ever. */
export async function endure(fate: Fate, over: string): Promise<void> {
  if (fate === "is stopped") process.kill(process.pid, "SIGSTOP");
  if (fate === "is killed") process.kill(process.pid, "SIGKILL");
  if (fate === "computes") {
    while (!existsSync(over)) { /* nobody else gets a turn */ }
  } else {
    await new Promise(() => {});
  }
}

/** As {@linkcode take}, from a pipe. */
export async function receive(
  by: number,
  end: Connection,
  notes: Queue<Note>,
  fate: Fate,
  over: string,
): Promise<void> {
  for (;;) {
    const item = await end.recv() as number;
    await notes.put([by, item]);
    if (item === LONG) await endure(fate, over);
  }
}

/** As {@linkcode take}, where who takes does not wait: the queue must never be said empty. */
export async function takeHastily(
  q: Queue<number>,
  notes: Queue<Note>,
  count: number,
  timeout: number,
): Promise<void> {
  for (let n = 0; n < count; n++) {
    try {
      await notes.put([2, await q.get({ timeout })]);
    } catch (error) {
      await notes.put([2, NaN]);
      throw error;
    }
  }
}

/** Waits for an item for so many seconds; says that it waits, and what came of it. */
export async function waitAWhile(
  q: Queue<number>,
  notes: Queue<string>,
  timeout: number,
): Promise<void> {
  const waiting = q.get({ timeout });
  await notes.put("waits");
  await notes.put(await waiting.then(String, ({ name }) => name));
}

/** A task: the long one is not over before a file is there, if ever. */
export async function work(x: number, fate: Fate, over: string): Promise<number> {
  if (x === LONG) await endure(fate, over);
  return x;
}

/** The same for elements that are lists of arguments. */
export function workOnAll(args: [number, Fate, string]): Promise<number> {
  return work(...args);
}

/** Does nothing. */
export function same(x: number): number {
  return x;
}

/** Is done, and endures something right after its report, before anything else is read. */
export function endureAfter(fate: Fate, over: string): void {
  void (async () => {
    for (let i = 0; i < 20; i++) await null;
    await endure(fate, over);
  })();
}

/** Ends the process a little later, in a task that has ended: as an unhandled rejection does. */
export function endSoon(): void {
  setImmediate(() => process.exit(5));
}

/** Notes on disk that it was called, as the very first thing. */
export function note(path: string): string {
  writeFileSync(path, "begun", { flag: "a" });
  return path;
}

/** Puts an item into each queue, and then says so by a file. */
export async function putAndTell(
  queues: { put(item: number): Promise<void> }[],
  notes: Queue<string>,
  path: string,
): Promise<void> {
  await notes.put("puts");
  for (const [n, q] of queues.entries()) await q.put(n);
  writeFileSync(path, "");
}

/** Puts numbers without giving way until a file is there; says how many when it is refused. */
export async function feedHastily(
  q: Queue<number>,
  said: Queue<number>,
  over: string,
): Promise<void> {
  await q.put(0);
  await said.put(-1);
  void said.put(0); // from now on it gives way no more
  let n = 1;
  while (!existsSync(over)) {
    void q.put(n++);
    for (const end = performance.now() + 0.2; performance.now() < end;);
  }
  await said.put(await putUntilRefused(q, n));
}

/** Puts numbers until it hears of the shutdown, at the latest when `put` gives way. */
async function putUntilRefused(q: Queue<number>, from: number): Promise<number> {
  for (let n = from;; n++) {
    try {
      await q.put(n);
    } catch (error) {
      if ((error as Error).name === "ShutDown") return n;
      throw error;
    }
  }
}

/** Puts numbers, and goes on when it is told to. */
export async function feedAndWait(
  q: Queue<number>,
  said: Queue<number>,
  go: Queue<null>,
): Promise<void> {
  for (let n = 0; n < 5; n++) await q.put(n);
  await said.put(process.pid);
  await go.get();
  await said.put(await putUntilRefused(q, 5));
}
