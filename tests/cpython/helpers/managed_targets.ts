/**
 * What the processes of the tests of a manager's locks, conditions, events and barriers
 * run. What happens is counted by items of managed queues.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { BrokenBarrierError } from "../../../mod.ts";
import type {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
  ListProxy,
  QueueProxy,
  ValueProxy,
} from "../../../src/managers.ts";

/** Acquires a lock, tells whether it is, and keeps it until something comes. */
export async function holdUntil(
  lock: AcquirerProxy,
  said: QueueProxy<boolean>,
  gate: QueueProxy<null>,
): Promise<void> {
  await lock.acquire();
  await said.put(await lock.locked());
  await gate.get();
  await lock.release();
}

/** Sleeps on a condition, and says so before and after. */
export async function sleepOn(
  condition: ConditionProxy,
  sleeping: QueueProxy<null>,
  woken: QueueProxy<boolean>,
  timeout: number | null = null,
): Promise<void> {
  await condition.acquire();
  await sleeping.put(null);
  await woken.put(await condition.wait(timeout));
  await condition.release();
}

/** Waits for state 0, makes it 1, waits for 4. */
export async function stepTo4(
  condition: ConditionProxy,
  state: ValueProxy<number>,
): Promise<void> {
  await condition.with(async () => {
    ok(await condition.wait_for(async () => await state.value === 0));
    state.value = 1;
    await condition.notify();
    ok(await condition.wait_for(async () => await state.value === 4));
  });
}

/** Waits a moment for a state that never comes. */
export async function waitInVain(
  condition: ConditionProxy,
  state: ValueProxy<number>,
  said: QueueProxy<boolean>,
): Promise<void> {
  await condition.with(async () => {
    await said.put(true);
    const start = performance.now();
    const result = await condition.wait_for(async () => await state.value === 4, 0.1);
    await said.put(result === false && performance.now() - start >= 99);
  });
}

/** Wakes up whoever sleeps. */
export async function notifyOnce(condition: ConditionProxy): Promise<void> {
  await condition.with(() => condition.notify());
}

/** Sets the event. */
export async function setEvent(event: EventProxy): Promise<void> {
  await event.set();
}

// --- barriers

/** How many take part. */
export const N = 5;

/** The one that behaves differently. */
const ODD_ONE = Math.floor(N / 2);

/** Passes so many times, in lockstep with all others. */
export async function multipass(
  barrier: BarrierProxy,
  before: ListProxy<boolean>,
  after: ListProxy<boolean>,
  times: number,
): Promise<void> {
  const m = await barrier.parties;
  strictEqual(m, N);
  for (let i = 0; i < times; i++) {
    await before.append(true);
    strictEqual(await after.__len__(), i * m);
    await barrier.wait();
    await after.append(true);
    strictEqual(await before.__len__(), (i + 1) * m);
    await barrier.wait();
  }
  strictEqual(await barrier.n_waiting, 0);
  strictEqual(await barrier.broken, false);
}

/** Tells in which place it came. */
export async function waitReturn(
  barrier: BarrierProxy,
  places: ListProxy<number>,
): Promise<void> {
  await places.append(await barrier.wait());
}

let actions = 0;

/** The action of a barrier: runs in the server. */
export function act(): void {
  actions++;
}

/** An object of the server's that tells how often the action has run. */
export class Actions {
  count(): number {
    return actions;
  }
}

/** Passes, and finds that the action has run once. */
export async function afterAction(
  barrier: BarrierProxy,
  counter: { count(): Promise<number> },
): Promise<void> {
  await barrier.wait();
  strictEqual(await counter.count(), 1);
}

/** Waits twice, but for one that aborts. */
export async function abortOnce(
  barrier: BarrierProxy,
  passed: ListProxy<boolean>,
  broken: ListProxy<boolean>,
): Promise<void> {
  try {
    if (await barrier.wait() === ODD_ONE) return await barrier.abort();
    await barrier.wait();
    await passed.append(true);
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.append(true);
  }
}

/** Waits again, but for one that resets; then all pass. */
export async function resetOnce(
  barrier: BarrierProxy,
  passed: ListProxy<boolean>,
  broken: ListProxy<boolean>,
  again: ListProxy<boolean>,
): Promise<void> {
  if (await barrier.wait() === ODD_ONE) {
    while (await barrier.n_waiting < N - 1);
    await barrier.reset();
  } else {
    try {
      await barrier.wait();
      await passed.append(true);
    } catch (error) {
      if (!(error instanceof BrokenBarrierError)) throw error;
      await broken.append(true);
    }
  }
  await barrier.wait();
  await again.append(true);
}

/** As `abortOnce`; then one resets, and all pass. */
export async function abortAndReset(
  barrier: BarrierProxy,
  other: BarrierProxy,
  passed: ListProxy<boolean>,
  broken: ListProxy<boolean>,
  again: ListProxy<boolean>,
): Promise<void> {
  await abortOnce(barrier, passed, broken);
  // All have left it when it is reset, and nobody comes before.
  if (await other.wait() === ODD_ONE) await barrier.reset();
  await other.wait();
  await barrier.wait();
  await again.append(true);
}

/** One comes when the others' time is over. Null as timeout is the barrier's own. */
export async function comeLate(
  barrier: BarrierProxy,
  broken: ListProxy<boolean>,
  timeout: number | null,
): Promise<void> {
  if (await barrier.wait(40) === ODD_ONE) { while (!await barrier.broken); }
  try {
    await barrier.wait(timeout);
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.append(true);
  }
}

/** Passes so many times, and tells each time. */
export async function passMany(
  barrier: BarrierProxy,
  times: number,
  q: QueueProxy<number>,
  lock: AcquirerProxy,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await barrier.wait();
    await lock.with(() => q.put(i));
  }
}
