/**
 * What the waits of threads are to their process: Ctrl-C ends those of the main thread, as in
 * Python; those of daemons do not keep the process alive. And calls that need not wait give
 * way to others now and then.
 *
 * @module
 */
import { currentPeer } from "../link/peer.ts";
import type { Limit } from "../link/waiting.ts";
import { current_thread } from "../python/thread.ts";
import { runtime } from "../runtime/mod.ts";

/** The limit of a wait of the present thread. */
export function limitHere(
  timeout: number | null,
  signal: AbortSignal | undefined,
): Limit {
  return { timeout, signal, isBackground: current_thread().id !== 0 };
}

/** Keeps the process alive for what the present thread waits for, unless it is a daemon. */
export function keepAliveFor<T>(wait: Promise<T>): Promise<T> {
  return current_thread().daemon ? wait : currentPeer().refWhile(wait);
}

/**
 * To be awaited, unless undefined, by calls that need not wait: a loop of them, such as one
 * that looks until an event is set, would keep timers from their turn. A daemon's does not
 * keep the process alive.
 */
export function giveWay(): Promise<void> | undefined {
  return currentPeer().yieldToLoop(current_thread().daemon ? quietly : undefined);
}

/** In a later turn, by a timer that does not keep the process alive. */
function quietly(callback: () => void): void {
  runtime.setTimer(callback, 0);
}
