/**
 * The cases of processes and queues, for one JavaScript runtime; `queues.py` beside it is
 * the same program in Python. Prints one line of JSON.
 *
 * @module
 */
import { is_main, Process, Queue } from "../../mod.ts";
import { inFlight, perSecond, rate, report } from "./report.ts";

/** Items in one run of a case that counts items. */
const ITEMS = 200_000;

/** Consumers of the case that has several, and their items. */
const TAKERS = 4;
const SHARED_ITEMS = 50_000;

/** Turns of the case that counts round trips, and processes started one by one. */
const TURNS = 3_000;
const STARTS = 10;

/** Puts or takes `n` items: one after the other, or a hundred at a time. */
type Mover = (n: number, call: (i: number) => Promise<unknown>) => Promise<void>;

async function oneByOne(
  n: number,
  call: (i: number) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < n; i++) await call(i);
}

function mover(many: boolean): Mover {
  return many ? inFlight : oneByOne;
}

/** Says that it is there, then puts `n` items. */
export async function produce(
  q: Queue<number>,
  n: number,
  many: boolean,
): Promise<void> {
  await q.put(-1);
  await mover(many)(n, (i) => q.put(i));
}

/** Says that it is there, takes an item and then `n` more, says how long those took. */
export async function consume(
  q: Queue<number>,
  done: Queue<number>,
  n: number,
  many: boolean,
): Promise<void> {
  await done.put(-1);
  await q.get();
  const start = performance.now();
  await mover(many)(n, () => q.get());
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

async function childToRoot(many: boolean): Promise<number> {
  const q = Queue<number>();
  const p = new Process({ target: produce, args: [q, ITEMS, many] });
  p.start();
  await q.get();
  const result = await rate(ITEMS, () => mover(many)(ITEMS, () => q.get()));
  await p.join();
  return result;
}

async function rootToChild(many: boolean): Promise<number> {
  const q = Queue<number>();
  const done = Queue<number>();
  const c = new Process({ target: consume, args: [q, done, ITEMS, many] });
  c.start();
  await done.get();
  await produce(q, ITEMS, many);
  const took = await done.get();
  await c.join();
  return perSecond(ITEMS, took);
}

async function childToChild(many: boolean): Promise<number> {
  const q = Queue<number>();
  const done = Queue<number>();
  const c = new Process({ target: consume, args: [q, done, ITEMS, many] });
  const p = new Process({ target: produce, args: [q, ITEMS, many] });
  c.start();
  await done.get();
  p.start();
  const took = await done.get();
  await Promise.all([p.join(), c.join()]);
  return perSecond(ITEMS, took);
}

/** Takes items until it gets a negative one; says how many it has taken. */
export async function takeShare(
  q: Queue<number>,
  done: Queue<number>,
): Promise<void> {
  await done.put(-1);
  let count = 0;
  while (await q.get() >= 0) count++;
  await done.put(count);
}

async function rootToFour(): Promise<number> {
  const q = Queue<number>();
  const done = Queue<number>();
  const takers = Array.from(
    { length: TAKERS },
    () => new Process({ target: takeShare, args: [q, done] }),
  );
  for (const taker of takers) taker.start();
  for (const _ of takers) await done.get();
  const result = await rate(SHARED_ITEMS, async () => {
    for (let i = 0; i < SHARED_ITEMS; i++) await q.put(i);
    for (const _ of takers) await q.put(-1);
    for (const _ of takers) await done.get();
  });
  for (const taker of takers) await taker.join();
  return result;
}

async function roundTrip(): Promise<number> {
  const q = Queue<number>();
  const back = Queue<number>();
  const p = new Process({ target: echo, args: [q, back, TURNS] });
  p.start();
  await back.get();
  const result = await rate(TURNS, async () => {
    for (let i = 0; i < TURNS; i++) {
      await q.put(i);
      await back.get();
    }
  });
  await p.join();
  return result;
}

function startAndJoin(): Promise<number> {
  return rate(STARTS, async () => {
    for (let i = 0; i < STARTS; i++) {
      const p = new Process({ target: nothing });
      p.start();
      await p.join();
    }
  });
}

/** Says that it is there, and then waits. */
export async function idle(ready: Queue<number>, over: Queue<number>): Promise<void> {
  await ready.put(-1);
  await over.get();
}

/** What a child that waits has in memory, in MB. */
async function idleMemory(
  readFileSync: (path: string, encoding: "utf8") => string,
): Promise<number> {
  const ready = Queue<number>();
  const over = Queue<number>();
  const p = new Process({ target: idle, args: [ready, over] });
  p.start();
  await ready.get();
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(
    readFileSync(`/proc/${p.pid}/status`, "utf8"),
  )!;
  await over.put(-1);
  await p.join();
  return Number(kilobytes) * 1024 / 1e6;
}

if (is_main(import.meta)) {
  // Not imported above: on Deno each child would load it too.
  const { existsSync, readFileSync } = await import("node:fs");
  await report({
    childToRoot: () => childToRoot(false),
    rootToChild: () => rootToChild(false),
    childToChild: () => childToChild(false),
    childToRootInFlight: () => childToRoot(true),
    rootToChildInFlight: () => rootToChild(true),
    childToChildInFlight: () => childToChild(true),
    rootToFour,
    roundTrip,
    startAndJoin,
    ...(existsSync("/proc/self/status") && {
      idleMemory: () => idleMemory(readFileSync),
    }),
  });
}
