/**
 * The wish of an agent that its processes end: it has been told to take no more, and ends with
 * the last. Who works on task after task, as a worker of a pool, ends between two.
 *
 * @module
 */
import { listenToParent } from "../../link/control_channel.ts";
import { popenOf } from "../../process/base.ts";

/** What the agent tells. */
const DRAIN = 1;

const wish = { isThere: false, callbacks: new Set<() => void>() };

/** In a process of an agent: listens to it. */
export function listenToAgent(): void {
  listenToParent(([what]) => {
    if (what !== DRAIN || wish.isThere) return;
    wish.isThere = true;
    for (const callback of [...wish.callbacks]) callback();
    wish.callbacks.clear();
  });
}

/**
 * Calls back, once, when the agent of this process would like it to end; at once, if it would
 * already. Elsewhere never. The result takes that back.
 */
export function whenDrained(callback: () => void): () => void {
  if (wish.isThere) callback();
  else wish.callbacks.add(callback);
  return () => void wish.callbacks.delete(callback);
}

/** In the agent: tells one of its processes. */
export function tellToEnd(process: object): void {
  popenOf(process)?.tell([DRAIN], []);
}
