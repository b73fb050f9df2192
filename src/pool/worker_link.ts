/**
 * A worker as its pool sees it. Types only: a worker need not be a process.
 *
 * @module
 */
import type { Claims } from "../hub/claims.ts";
import type { PoolFunction } from "./functions.ts";
import type { Task } from "./job.ts";

/** What a worker's pool hears of it: never before the call that starts it has returned. */
export interface WorkerEvents {
  /** It is there, and its initializer has run. */
  onReady(): void;
  /** The initializer failed; the worker ends. */
  onNotReady(error: unknown): void;
  /**
   * The first task that it has said nothing about is done.
   *
   * @param value What it gives, or a promise of that.
   * @param bytes How large that is, as far as it is known.
   */
  onDone(micros: number, value: unknown, bytes: number): void;
  /** That task has failed; the error may be a promise of it. */
  onFailed(micros: number, error: unknown): void;
  /** So many of the calls that make up that task are done, and one begins. */
  onTick(done: number): void;
  /** Whether it claims the tasks that it begins, from now on: see `claims`. */
  onClaiming(isClaiming: boolean): void;
  /** It has found that tasks were taken back. */
  onFree(): void;
  /** It has ended, or could not be started for the reason given. The last event. */
  onEnd(reason?: unknown): void;
}

/** See the file's head. */
export interface WorkerLink<W extends PoolWorker = PoolWorker> {
  /** What users see of it. */
  readonly process: W;
  /** The last lines that it wrote to stderr, once it has ended. */
  readonly lastWords: string;
  /** Whether what it does can be ended without waiting for it. */
  readonly isKillable: boolean;
  /** Hands it tasks, to be done one after the other. */
  give(tasks: readonly Task[]): void;
  /** Where it claims the tasks that it begins; undefined if it does not, or not yet. */
  readonly claims: Claims | undefined;
  /** It shall claim the tasks that it is handed from now on, if that is possible. */
  offerClaims(): void;
  /** There will be no more tasks: it ends when all are done. */
  finish(): void;
  /** It shall forget a function that is not used any more. */
  forget(func: PoolFunction): void;
  /** Ends it now; what it has begun is done first only where it cannot be killed. */
  kill(): void;
}

/** What there is of every worker. */
export interface PoolWorker {
  name: string;
  daemon: boolean;
  readonly pid: number | null;
  readonly exitcode: number | null;
  // deno-lint-ignore no-explicit-any -- a class of the user's may return what it likes
  start(): any;
  // deno-lint-ignore no-explicit-any -- as above
  join(): any;
}

/** What a pool asks of a process. */
export interface WorkerProcess extends PoolWorker {
  terminate(): void;
  kill(): void;
}
