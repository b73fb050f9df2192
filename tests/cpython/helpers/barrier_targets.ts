/**
 * What the processes of test_barrier_test.ts run. Results are counted by semaphores: who
 * adds one releases, and the value is their number.
 *
 * @module
 */
import {
  type Barrier,
  BrokenBarrierError,
  type Lock,
  type Queue,
  type Semaphore,
} from "../../../mod.ts";

/** How many take part. */
export const N = 5;

/** The one that behaves differently. */
const ODD_ONE = Math.floor(N / 2);

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Passes so many times, in lockstep with all others. */
export async function multipass(
  barrier: Barrier,
  before: Semaphore,
  after: Semaphore,
  times: number,
): Promise<void> {
  const m = barrier.parties;
  check(m === N, "parties");
  for (let i = 0; i < times; i++) {
    await before.release();
    check(await after.get_value() === i * m, "somebody is ahead");
    await barrier.wait();
    await after.release();
    check(await before.get_value() === (i + 1) * m, "somebody is behind");
    await barrier.wait();
  }
  check(await barrier.n_waiting === 0, "n_waiting");
  check(!await barrier.broken, "broken");
}

/** Tells in which place it came. */
export async function waitReturn(barrier: Barrier, q: Queue<number>): Promise<void> {
  await q.put(await barrier.wait());
}

/** An object whose method is an action. */
export class AppendTrue {
  results: Semaphore;

  constructor(results: Semaphore) {
    this.results = results;
  }

  async append(): Promise<void> {
    await this.results.release();
  }
}

/** Passes, and finds that the action has run once. */
export async function afterAction(
  barrier: Barrier,
  results: Semaphore,
): Promise<void> {
  await barrier.wait();
  check(await results.get_value() === 1, "the action has not run once");
}

/** Waits twice, but for one that aborts. */
export async function abortOnce(
  barrier: Barrier,
  passed: Semaphore,
  broken: Semaphore,
): Promise<void> {
  try {
    if (await barrier.wait() === ODD_ONE) return await barrier.abort();
    await barrier.wait();
    await passed.release();
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.release();
  }
}

/** Waits again, but for one that resets; then all pass. */
export async function resetOnce(
  barrier: Barrier,
  passed: Semaphore,
  broken: Semaphore,
  again: Semaphore,
): Promise<void> {
  if (await barrier.wait() === ODD_ONE) {
    while (await barrier.n_waiting < N - 1);
    await barrier.reset();
  } else {
    await waitOrCount(barrier, passed, broken);
  }
  await barrier.wait();
  await again.release();
}

/** As `abortOnce`; then one resets, and all pass. */
export async function abortAndReset(
  barrier: Barrier,
  other: Barrier,
  passed: Semaphore,
  broken: Semaphore,
  again: Semaphore,
): Promise<void> {
  await abortOnce(barrier, passed, broken);
  // All have left it when it is reset, and nobody comes before.
  if (await other.wait() === ODD_ONE) await barrier.reset();
  await other.wait();
  await barrier.wait();
  await again.release();
}

/** One comes when the others' time is over. Null as timeout is the barrier's own. */
export async function comeLate(
  barrier: Barrier,
  broken: Semaphore,
  timeout: number | null,
): Promise<void> {
  if (await barrier.wait(40) === ODD_ONE) { while (!await barrier.broken); }
  try {
    await barrier.wait(timeout);
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.release();
  }
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

async function waitOrCount(
  barrier: Barrier,
  passed: Semaphore,
  broken: Semaphore,
): Promise<void> {
  try {
    await barrier.wait();
    await passed.release();
  } catch (error) {
    if (!(error instanceof BrokenBarrierError)) throw error;
    await broken.release();
  }
}
