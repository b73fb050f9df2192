/**
 * Waiting for the first of several things: the part that `Connection.poll` and `wait` share.
 *
 * @module
 */
import { type Limit, waitHere } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { runtime } from "../runtime/mod.ts";
import type { Waitable } from "./transport.ts";

/** Waits until some are ready; gives all of these in their order, or none after the time. */
export async function waitFor<T>(
  objects: ReadonlyMap<T, Waitable>,
  { timeout, signal }: Limit,
): Promise<T[]> {
  signal?.throwIfAborted();
  if (timeout === 0) return await findReady(objects, true);
  const known = [...objects].some(([, { isReady }]) => isReady);
  if (known) return await findReady(objects, false);
  const deadline = timeout === null ? null : runtime.now() + timeout * 1000;
  for (;;) {
    const left = deadline === null
      ? null
      : Math.max(0, deadline - runtime.now()) / 1000;
    const isInTime = await watchAll([...objects.values()], { timeout: left, signal });
    const ready = await findReady(objects, !isInTime);
    if (ready.length > 0 || !isInTime) return ready;
  }
}

/** Waits until something may have become ready; false if time is over. */
async function watchAll(waitables: Waitable[], limit: Limit): Promise<boolean> {
  const cancels: (() => void)[] = [];
  try {
    return await waitHere<boolean>(
      currentPeer(),
      limit,
      (waiter) => {
        for (const waitable of waitables) {
          cancels.push(waitable.watch(() => waiter.resolve(true)));
        }
        return () => {};
      },
      () => false,
      ops.waitAny,
    );
  } finally {
    for (const cancel of cancels) cancel();
  }
}

/**
 * All that are ready. Those that do not know it for certain are asked; if none knows
 * itself to be ready, `asksAll` decides whether even all are asked.
 */
async function findReady<T>(
  objects: ReadonlyMap<T, Waitable>,
  asksAll: boolean,
): Promise<T[]> {
  const all = [...objects];
  const isKnown = all.some(([, { isReady }]) => isReady);
  const answers = await Promise.all(all.map(([, waitable]) => {
    if (waitable.isReady) return true;
    const mustAsk = !waitable.isCertain || (asksAll && !isKnown);
    return mustAsk ? waitable.ask() : false;
  }));
  return all.flatMap(([object, { isReady }], i) =>
    answers[i] || isReady ? [object] : []
  );
}
