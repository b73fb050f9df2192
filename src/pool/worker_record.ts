/**
 * What a pool knows of each of its workers, and what these know of their pool.
 *
 * @module
 */
import type { WorkerTally } from "./tally.ts";
import type { PoolWorker, WorkerLink } from "./worker_link.ts";

/** The workers' pool, as they see it. */
export interface WorkersOwner {
  /** Whether workers that are missing are to be started. */
  readonly isWorking: boolean;
  /** No worker can be started: nothing that waits for one shall wait for ever. */
  giveUp(reason: unknown): void;
  /** A worker has ended: if there is nothing left to do, the pool ends, too. */
  finishSoon(): void;
}

/** What a pool knows of one of its workers. */
export interface Worker<W extends PoolWorker> {
  readonly id: number;
  readonly link: WorkerLink<W>;
  readonly tally: WorkerTally;
  /** It is there, and its initializer has run. */
  isReady: boolean;
  /** It has ended a task, well or not. */
  hasCompletedTask: boolean;
  /** It was told to end, in one way or another; and that it is not wanted. */
  isLeaving: boolean;
  isSpare: boolean;
  /** Ends the watch over its first task's time, or over that of its end. */
  stopWatch: (() => void) | undefined;
}

/** A worker that has just been started. */
export function newWorker<W extends PoolWorker>(
  id: number,
  link: WorkerLink<W>,
  tally: WorkerTally,
): Worker<W> {
  return {
    ...{ id, link, tally },
    isReady: false,
    hasCompletedTask: false,
    isLeaving: false,
    isSpare: false,
    stopWatch: undefined,
  };
}
