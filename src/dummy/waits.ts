/**
 * What the waits of threads are to their process: Ctrl-C ends those of the main thread, as in
 * Python; those of daemons do not keep the process alive.
 *
 * @module
 */
import { currentPeer } from "../link/peer.ts";
import type { Limit } from "../link/waiting.ts";
import { current_thread } from "../python/thread.ts";

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
