/**
 * A worker as its pool sees it, be it a process or a thread: what it can be asked, what it
 * reports, and what its end means for its task and for the pool.
 *
 * @module
 */
import type { Claims } from "../hub/claims.ts";
import { WorkerLostError } from "../python/errors.ts";
import { signalName } from "../runtime/mod.ts";
import type { Job, PoolFunction, Task } from "./job.ts";
import type { PoolSizes } from "./sizes.ts";

/** A worker's reports to its pool: none comes before the call that starts it has returned. */
export interface WorkerEvents {
  /** Some of the events that follow come now. */
  onReport(): void;
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
  /** That task, a stream, gives a value, or a promise of that. */
  onYield(value: unknown): void;
  /** So many of the calls that make up that task are done, and one begins. */
  onTick(done: number): void;
  /** Whether it claims the tasks that it begins, from now on: see `offerClaims`. */
  onClaiming(isClaiming: boolean): void;
  /** It has found that tasks were taken back. */
  onFree(): void;
  /** It holds too much memory: it does nothing more of what it was handed, and ends. */
  onFull(): void;
  /** It has ended, or could not be started for the reason given. The last event. */
  onEnd(reason?: unknown): void;
}

export interface WorkerLink<W extends PoolWorker = PoolWorker> {
  /** The worker's public object. */
  readonly process: W;
  /** The last lines that it wrote to stderr, once it has ended. */
  readonly stderrTail: string;
  /** The name of the host that it is on, if that is another. */
  readonly host?: string | null;
  /** Whether what it does can be ended without waiting for it. */
  readonly isKillable: boolean;
  /** Hands it tasks, to be done one after the other. */
  send(tasks: readonly Task[]): void;
  /**
   * It shall claim the tasks that it is handed from now on: see `SchedulerPort`.
   *
   * @returns Where it claims; undefined if that is not possible.
   */
  offerClaims?(): Claims | undefined;
  /** It may give so many values more of the stream that it runs. */
  grant(job: Job, count: number): void;
  /** It shall give no more values of the stream that it runs. */
  leave(job: Job): void;
  /** There will be no more tasks: it ends when all are done. */
  finish(): void;
  /** It shall forget a function that is not used any more, if it has a copy. */
  forget?(func: PoolFunction): void;
  /** Ends it now; what it has begun is done first only where it cannot be killed. */
  kill(): void;
}

/** The public object of every worker. */
export interface PoolWorker {
  /** Its name. */
  name: string;
  /** Whether it ends with its parent. */
  daemon: boolean;
  /** Its number in the system; null for a thread. */
  readonly pid: number | null;
  /** How it has ended; null before. */
  readonly exitcode: number | null;
  /** Starts it. */
  // deno-lint-ignore no-explicit-any -- a class of the user's may return what it likes
  start(): any;
  /** Waits for its end. */
  // deno-lint-ignore no-explicit-any -- as above
  join(): any;
}

/** The public object of a worker that is a process. */
export interface WorkerProcess extends PoolWorker {
  /** Ends it by SIGTERM. */
  terminate(): void;
  /** Ends it by SIGKILL. */
  kill(): void;
}

/** Makes a pool's workers, which are all of one kind. */
export interface WorkerFactory<W extends PoolWorker = PoolWorker> {
  /** How many workers there are. */
  readonly sizes: PoolSizes;
  /** After so many tasks a worker ends. */
  readonly maxtasks: number;
  /** Whether they are elsewhere: they are sent copies, and told of tasks ahead. */
  readonly isRemote: boolean;
  /**
   * Whether a worker's first task may be sent before the worker is there: nothing of the
   * user's comes before it in which the worker may fail, or which may take time.
   */
  readonly acceptsEarlyTasks: boolean;
  /** How many more starts may fail than there are workers. */
  readonly spareFailures?: number | undefined;
  /** Starts one. @throws if that fails at once */
  start(events: WorkerEvents): WorkerLink<W>;
}

// --- its end

export interface ExitReport {
  readonly name: string;
  /** Its number in the system; null for a thread. */
  readonly pid: number | null;
  /** How it has ended; null before. */
  readonly exitcode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;
  readonly host: string | null;
}

export function exitReport(
  { process, stderrTail, host = null }: Pick<
    WorkerLink,
    "process" | "stderrTail" | "host"
  >,
): ExitReport {
  const { name, pid, exitcode } = process;
  const number = exitcode !== null && exitcode < 0 ? -exitcode : undefined;
  const signal = number === undefined ? null : signalName(number) ?? null;
  return { name, pid, exitcode, signal, stderrTail, host };
}

function quoted(stderrTail: string): string {
  return stderrTail === "" ? "" : `; it wrote last:\n${stderrTail}`;
}

/** The error of a task whose worker has ended. */
export function lostError(report: ExitReport, task: string): WorkerLostError {
  const { name, exitcode, signal, pid, stderrTail, host } = report;
  const how = signal === null
    ? `ended with exit code ${exitcode}`
    : `was killed by ${signal}${
      signal === "SIGKILL" ? " (the system may have been out of memory)" : ""
    }`;
  const place = host === null ? "" : ` on ${host}`;
  const who = pid === null ? `${name}${place}` : `${name} (pid ${pid}${place})`;
  return new WorkerLostError(
    `${who} ${how} while it worked on ${task}${quoted(stderrTail)}`,
    { pid, exitcode, signal, task, stderr: stderrTail || null, host },
  );
}

/** The number of failures in a row that a pool bears, beyond one for each worker. */
const EXTRA_FAILURES = 2;

/**
 * The same for those that were killed from outside, which says little about the pool; it
 * must end all the same, if it is for want of memory.
 */
const OUTSIDE_KILLS = 100;

/** Signals that do not come from what a process itself does. */
const FROM_OUTSIDE: ReadonlySet<string | null> = new Set(["SIGKILL", "SIGTERM"]);

/**
 * Counts workers that end before they have done anything, so that a pool whose
 * initializer fails gives up instead of starting workers for ever.
 */
export class StartFailures {
  readonly #workers: number;
  #own = 0;
  #outside = 0;
  /** The initializer's error, where that was told. */
  #cause: unknown;

  /** @param workers The number of workers that the pool starts at once. */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /** A worker has done something: it can be done. */
  reset(): void {
    this.#own = this.#outside = 0;
    this.#cause = undefined;
  }

  /** Why the next one fails that is added. */
  explain(cause: unknown): void {
    this.#cause = cause;
    // A class that had to be looked for.
    if (cause instanceof Promise) void cause.then((error) => this.#cause = error);
  }

  /**
   * A worker has failed.
   *
   * @param report How it ended; undefined if it could not even be started.
   * @param reason Why it could not be started.
   * @returns What the pool fails with, if it is time for that.
   */
  add(report: ExitReport | undefined, reason?: unknown): unknown {
    const isOutside = report !== undefined && FROM_OUTSIDE.has(report.signal);
    if (isOutside) this.#outside++;
    else this.#own++;
    if (
      this.#own <= this.#workers - 1 + EXTRA_FAILURES && this.#outside < OUTSIDE_KILLS
    ) {
      return undefined;
    }
    if (reason !== undefined || report === undefined) return reason;
    const { name, exitcode, signal, stderrTail, host } = report;
    const how = signal === null ? `exit code ${exitcode}` : signal;
    const count = this.#own + this.#outside;
    const cause = this.#cause === undefined ? {} : { cause: this.#cause };
    return new WorkerLostError(
      `the pool gives up: ${count} workers in a row ended before they had done anything, ` +
        `the last one, ${name}, with ${how}${quoted(stderrTail)}`,
      { exitcode, signal, stderr: stderrTail || null, host, ...cause },
    );
  }
}
