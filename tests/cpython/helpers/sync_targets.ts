/**
 * What the processes of the tests of locks, semaphores, conditions and events run.
 *
 * @module
 */
import type { Condition, Event, Lock, Queue, RLock, Semaphore } from "../../../mod.ts";

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

/** Acquires a lock, sets the event, and keeps the lock until something comes. */
export async function holdUntil(
  lock: Lock | RLock,
  event: Event,
  gate: Queue<null>,
  said: Queue<unknown>,
): Promise<void> {
  await lock.acquire();
  await said.put(await lock.locked());
  await event.set();
  await gate.get();
}

/** Sleeps on a condition, and says so before and after. */
export async function sleepOn(
  condition: Condition,
  sleeping: Semaphore,
  woken: Semaphore,
  timeout: number | null = null,
): Promise<void> {
  await condition.acquire();
  await sleeping.release();
  await condition.wait(timeout);
  await woken.release();
  await condition.release();
}

/** Waits for state 0, makes it 1, waits for 4. */
export async function stepTo4(condition: Condition, state: Semaphore): Promise<void> {
  await condition.with(async () => {
    const isAt = (value: number) => async () => await state.get_value() === value;
    if (!await condition.wait_for(isAt(0))) throw new Error("never at 0");
    await state.release();
    await condition.notify();
    if (!await condition.wait_for(isAt(4))) throw new Error("never at 4");
  });
}

/** Waits a moment for a state that never comes. */
export async function waitInVain(
  condition: Condition,
  state: Semaphore,
  ready: Semaphore,
  said: Queue<boolean>,
): Promise<void> {
  await ready.release();
  await condition.with(async () => {
    const start = performance.now();
    const isAt4 = async () => await state.get_value() === 4;
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
