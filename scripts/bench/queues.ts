/**
 * The cases of the benchmark, for one JavaScript runtime: prints them as one line of JSON.
 * `queues.py` beside it is the same program in Python.
 *
 * @module
 */
import { is_main, Process, Queue } from "../../mod.ts";

/** Items in one run of a case that counts items. */
const ITEMS = 50_000;

/** Turns of the case that counts round trips, and processes started one by one. */
const TURNS = 3_000;
const STARTS = 10;

/** Every case is run this often; the best run counts. */
const RUNS = 3;

/** Says that it is there, then puts `n` items. */
export async function produce(q: Queue<number>, n: number): Promise<void> {
  await q.put(-1);
  for (let i = 0; i < n; i++) await q.put(i);
}

/** Says that it is there, takes an item and then `n` more, says how long those took. */
export async function consume(
  q: Queue<number>,
  done: Queue<number>,
  n: number,
): Promise<void> {
  await done.put(-1);
  await q.get();
  const start = performance.now();
  for (let i = 0; i < n; i++) await q.get();
  await done.put(performance.now() - start);
}

/** Says that it is there, then gives back `n` items. */
export async function echo(
  q: Queue<number>,
  back: Queue<number>,
  n: number,
): Promise<void> {
  await back.put(-1);
  for (let i = 0; i < n; i++) await back.put(await q.get());
}

/** Does nothing. */
export function nothing(): void {}

async function childToRoot(): Promise<number> {
  const q = Queue<number>();
  const p = new Process({ target: produce, args: [q, ITEMS] });
  p.start();
  await q.get();
  const start = performance.now();
  for (let i = 0; i < ITEMS; i++) await q.get();
  const took = performance.now() - start;
  await p.join();
  return perSecond(ITEMS, took);
}

async function rootToChild(): Promise<number> {
  const q = Queue<number>();
  const done = Queue<number>();
  const c = new Process({ target: consume, args: [q, done, ITEMS] });
  c.start();
  await done.get();
  await produce(q, ITEMS);
  const took = await done.get();
  await c.join();
  return perSecond(ITEMS, took);
}

async function childToChild(): Promise<number> {
  const q = Queue<number>();
  const done = Queue<number>();
  const c = new Process({ target: consume, args: [q, done, ITEMS] });
  const p = new Process({ target: produce, args: [q, ITEMS] });
  c.start();
  await done.get();
  p.start();
  const took = await done.get();
  await Promise.all([p.join(), c.join()]);
  return perSecond(ITEMS, took);
}

async function roundTrip(): Promise<number> {
  const q = Queue<number>();
  const back = Queue<number>();
  const p = new Process({ target: echo, args: [q, back, TURNS] });
  p.start();
  await back.get();
  const start = performance.now();
  for (let i = 0; i < TURNS; i++) {
    await q.put(i);
    await back.get();
  }
  const took = performance.now() - start;
  await p.join();
  return perSecond(TURNS, took);
}

async function startAndJoin(): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < STARTS; i++) {
    const p = new Process({ target: nothing });
    p.start();
    await p.join();
  }
  return perSecond(STARTS, performance.now() - start);
}

function perSecond(count: number, milliseconds: number): number {
  return count / milliseconds * 1000;
}

if (is_main(import.meta)) {
  const cases = { childToRoot, rootToChild, childToChild, roundTrip, startAndJoin };
  const results: Record<string, number> = {};
  for (const [name, measure] of Object.entries(cases)) {
    results[name] = 0;
    for (let run = 0; run < RUNS; run++) {
      results[name] = Math.max(results[name]!, await measure());
    }
  }
  console.log(JSON.stringify(results));
}
