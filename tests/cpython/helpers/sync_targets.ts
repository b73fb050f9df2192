/**
 * What the processes of the tests of locks, conditions, events and barriers run, with
 * objects of each kind. What happens is counted by items of queues.
 */
import { ok, strictEqual } from "node:assert/strict";
import {
  type Barrier,
  BrokenBarrierError,
  type Condition,
  type Event,
  type Lock,
  type Queue,
  type RLock,
} from "../../../mod.ts";

/** Something has happened, so many times. */
export type Count = Queue<null>;

/** Loads this module in a manager's server. */
export function beLoaded(): void {}

/** Acquires a lock so many times, tells how it looks, and releases it. */
export async function acquireRelease(
  lock: Lock | RLock,
  said: Queue<string>,
  times: number,
): Promise<void> {
  for (let n = 0; n < times; n++) await lock.acquire();
  await said.put(String(lock));
  for (let n = 0; n < times; n++) await lock.release();
}

/** Acquires a lock, tells whether it is, and keeps it until something comes. */
export async function holdUntil(
  lock: Lock | RLock,
  said: Queue<boolean>,
  gate: Queue<null>,
): Promise<void> {
  await lock.acquire();
  await said.put(await lock.locked());
  await gate.get();
  await lock.release();
}

/** Sleeps on a condition, says so before, and after that whether it was notified. */
export async function sleepOn(
  condition: Condition,
  sleeping: Count,
  woken: Queue<boolean>,
  timeout: number | null,
): Promise<void> {
  await condition.acquire();
  await sleeping.put(null);
  await woken.put(await condition.wait(timeout));
  await condition.release();
}

/** Waits for state 0, makes it 1, waits for 4. */
export async function stepTo4(condition: Condition, state: Count): Promise<void> {
  const isAt = (value: number) => async () => await state.qsize() === value;
  await condition.with(async () => {
    ok(await condition.wait_for(isAt(0)));
    await state.put(null);
    await condition.notify();
    ok(await condition.wait_for(isAt(4)));
  });
}

/** Waits a moment for a state that never comes; says when it begins, and that it did. */
export async function waitInVain(
  condition: Condition,
  state: Count,
  said: Queue<boolean>,
): Promise<void> {
  await condition.with(async () => {
    await said.put(true);
    const start = performance.now();
    const isAt4 = async () => await state.qsize() === 4;
    const result = await condition.wait_for(isAt4, 0.1);
    await said.put(result === false && performance.now() - start >= 99);
  });
}

/** Wakes up whoever sleeps. */
export async function notifyOnce(condition: Condition): Promise<void> {
  await condition.with(() => condition.notify());
}

/** Sets the event. */
export async function setEvent(event: Event): Promise<void> {
  await event.set();
}

// --- barriers

/** Number of participants. */
export const N = 5;

/** The one that behaves differently. */
const ODD_ONE = Math.floor(N / 2);

/** Passes so many times, in lockstep with all others. */
export async function multipass(
  barrier: Barrier,
  before: Count,
  after: Count,
  times: number,
): Promise<void> {
  const m = await barrier.parties;
  strictEqual(m, N);
  for (let i = 0; i < times; i++) {
    await before.put(null);
    strictEqual(await after.qsize(), i * m, "somebody is ahead");
    await barrier.wait();
    await after.put(null);
    strictEqual(await before.qsize(), (i + 1) * m, "somebody is behind");
    await barrier.wait();
  }
  strictEqual(await barrier.n_waiting, 0);
  strictEqual(await barrier.broken, false);
}

/** Tells in which place it came. */
export async function waitReturn(barrier: Barrier, q: Queue<number>): Promise<void> {
  await q.put(await barrier.wait());
}

/** An object whose method is an action. */
export class AppendTrue {
  results: Queue<boolean>;

  constructor(results: Queue<boolean>) {
    this.results = results;
  }

  async append(): Promise<void> {
    await this.results.put(true);
  }
}

/** Passes, and finds that the action has run once. */
export async function afterAction(
  barrier: Barrier,
  results: Queue<boolean>,
): Promise<void> {
  await barrier.wait();
  strictEqual(await results.qsize(), 1);
}

/** Runs what waits at a barrier, and counts if that is found broken. */
async function orBroken(broken: Count, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.put(null);
  }
}

/** Waits twice, but for one that aborts. */
export async function abortOnce(
  barrier: Barrier,
  passed: Count,
  broken: Count,
): Promise<void> {
  await orBroken(broken, async () => {
    if (await barrier.wait() === ODD_ONE) return await barrier.abort();
    await barrier.wait();
    await passed.put(null);
  });
}

/** Waits again, but for one that resets; then all pass. */
export async function resetOnce(
  barrier: Barrier,
  passed: Count,
  broken: Count,
  again: Count,
): Promise<void> {
  if (await barrier.wait() === ODD_ONE) {
    while (await barrier.n_waiting < N - 1);
    await barrier.reset();
  } else {
    await orBroken(broken, async () => {
      await barrier.wait();
      await passed.put(null);
    });
  }
  await barrier.wait();
  await again.put(null);
}

/** As `abortOnce`; then one resets, and all pass. */
export async function abortAndReset(
  barrier: Barrier,
  other: Barrier,
  passed: Count,
  broken: Count,
  again: Count,
): Promise<void> {
  await abortOnce(barrier, passed, broken);
  // All have left it when it is reset, and nobody comes before.
  if (await other.wait() === ODD_ONE) await barrier.reset();
  await other.wait();
  await barrier.wait();
  await again.put(null);
}

/** One comes when the others' time is over. Null as timeout is the barrier's own. */
export async function comeLate(
  barrier: Barrier,
  broken: Count,
  timeout: number | null,
): Promise<void> {
  if (await barrier.wait(40) === ODD_ONE) { while (!await barrier.broken); }
  await orBroken(broken, () => barrier.wait(timeout));
}

/** Passes so many times, and tells each time. */
export async function passMany(
  barrier: Barrier,
  times: number,
  q: Queue<number>,
  lock: Lock,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await barrier.wait();
    await lock.with(() => q.put(i));
  }
}
