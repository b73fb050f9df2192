/**
 * `Pool.stats`: how a pool is doing.
 *
 * @module
 */
import type { Histogram, HistogramStats } from "./histogram.ts";
import type { Task } from "./job.ts";
import type { PoolTally, WorkerTally } from "./tally.ts";

/** Options of `Pool.stats`. */
export interface PoolStatsOptions {
  /** True to tell also what the workers run now. */
  tasks?: boolean;
  /** True to have all that is counted and measured begin anew with the next call. */
  reset?: boolean;
}

/** A task that a worker runs. */
export interface RunningTask {
  /** The function's name. */
  readonly func: string;
  /** The arguments, shortened; null if there are several calls, or they cannot be shown. */
  readonly args: string | null;
  /** The calls that the task is made of. */
  readonly count: number;
  /** Seconds since it began. */
  readonly age: number;
}

/** A worker. */
export interface PoolWorkerStats {
  /** Its name. */
  readonly name: string;
  /** Its number in its system; null for a thread. */
  readonly pid: number | null;
  /** Whether it has a task. */
  readonly isBusy: boolean;
  /** The share of its life, or of the time since the reset, that it had one: 0 to 1. */
  readonly share: number;
  /** Tasks that it is done with. */
  readonly done: number;
  /** What it runs; null if it idles, or if that was not asked for. */
  readonly task: RunningTask | null;
}

/** What `Pool.stats` gives. */
export interface PoolStats {
  /** Whether it takes tasks, finishes what it has, or is ended. */
  readonly state: "INIT" | "RUN" | "CLOSE" | "TERMINATE";
  /** Tasks that no worker has begun. */
  readonly queued: number;
  /** Tasks that workers run. */
  readonly running: number;
  /** Tasks that have given a result. */
  readonly done: number;
  /** Tasks that have failed. */
  readonly failed: number;
  /** Calls of functions in the tasks that are done: a task of `map` is of several. */
  readonly calls: number;
  /** Workers that have ended although nobody wanted that. */
  readonly lost: number;
  /** Workers that were started in the place of others. */
  readonly restarts: number;
  /** How long tasks ran, as their workers have measured it. */
  readonly run: HistogramStats;
  /** How long they had waited for that since they were submitted, to about a millisecond. */
  readonly wait: HistogramStats;
  /** The workers, in the order of their starts. */
  readonly workers: readonly PoolWorkerStats[];
}

/** What a worker is doing. */
export interface WorkerNow {
  readonly tally: WorkerTally;
  readonly pid: number | null;
  readonly isBusy: boolean;
  /** What it runs, as far as that is wanted. */
  readonly task: Omit<RunningTask, "age"> | undefined;
}

/** What a pool is doing. */
export interface PoolNow {
  readonly state: PoolStats["state"];
  readonly queued: number;
  readonly running: number;
  readonly workers: readonly WorkerNow[];
}

/** Where counting began anew. */
interface Base {
  readonly at: number;
  readonly counts: Record<Counter, number>;
  readonly run: Histogram;
  readonly wait: Histogram;
  readonly workers: WeakMap<WorkerTally, { busy: number; done: number }>;
}

/** Characters of a function's name. */
const NAME_LENGTH = 100;

type Counter = "done" | "failed" | "calls" | "lost" | "restarts";

const COUNTERS: readonly Counter[] = ["done", "failed", "calls", "lost", "restarts"];

/** What a worker does that runs a task, or none. */
export function workerNow(
  tally: WorkerTally,
  pid: number | null,
  task: Task | undefined,
  showsTask: boolean,
): WorkerNow {
  const isBusy = task !== undefined;
  if (task === undefined || !showsTask) return { tally, pid, isBusy, task: undefined };
  const { job, count } = task;
  const func = job.settings.func.name.slice(0, NAME_LENGTH);
  return { tally, pid, isBusy, task: { func, args: job.briefArguments(task), count } };
}

/** Makes a pool's numbers, which may begin anew. */
export class PoolStatsReader {
  readonly #tally: PoolTally;
  #base: Base | undefined;

  constructor(tally: PoolTally) {
    this.#tally = tally;
  }

  /** @param now The time, on the clock of the tally. */
  read({ workers, ...pool }: PoolNow, now: number): PoolStats {
    const { run, wait } = this.#tally;
    const base = this.#base;
    const counts = {} as Record<Counter, number>;
    for (const name of COUNTERS) {
      counts[name] = this.#tally[name] - (base?.counts[name] ?? 0);
    }
    return Object.freeze({
      ...pool,
      ...counts,
      run: run.since(base?.run),
      wait: wait.since(base?.wait),
      workers: Object.freeze(workers.map((worker) => this.#worker(worker, now))),
    });
  }

  #worker({ tally, pid, isBusy, task }: WorkerNow, now: number): PoolWorkerStats {
    const before = this.#base?.workers.get(tally) ?? { busy: 0, done: 0 };
    const since = Math.max(tally.since, this.#base?.at ?? 0);
    const age = Math.max(0, now - tally.clock) / 1000;
    // Of a task that began before the reset, that part is in `before`.
    const present = isBusy ? Math.max(0, now - tally.clock) : 0;
    const busy = (tally.busy - before.busy) / 1000 + present;
    const life = now - since;
    return Object.freeze({
      name: tally.name,
      pid,
      isBusy,
      share: life > 0 ? Math.min(1, Math.max(0, busy / life)) : 0,
      done: tally.done - before.done,
      task: task === undefined ? null : Object.freeze({ ...task, age }),
    });
  }

  /** All that is counted begins anew. */
  reset({ workers }: PoolNow, now: number): void {
    const { run, wait } = this.#tally;
    const counts = {} as Record<Counter, number>;
    for (const name of COUNTERS) counts[name] = this.#tally[name];
    const known: Base["workers"] = new WeakMap();
    for (const { tally, isBusy } of workers) {
      // What it has done of its present task does not count either.
      const present = isBusy ? Math.max(0, now - tally.clock) * 1000 : 0;
      known.set(tally, { busy: tally.busy + present, done: tally.done });
    }
    this.#base = {
      at: now,
      counts,
      run: run.copy(),
      wait: wait.copy(),
      workers: known,
    };
  }
}
