/**
 * A pool's state: its jobs, from their submission to their end, and the pool's own end.
 * The workers are in workers.ts. The pool's public object is another one, so that a pool
 * that nobody refers to can be collected.
 *
 * @module
 */
import { OrderedSender } from "../collections/ordered_sender.ts";
import type { Crew, PoolParts } from "./crew.ts";
import { ProcessError, ValueError } from "../python/errors.ts";
import { observed, ops } from "../link/observed.ts";
import { debug } from "../python/util.ts";
import type { Job, JobOwner, Task } from "./job.ts";
import { Outcome } from "./result_jobs.ts";
import { forgetPool } from "./live_pools.ts";
import type { Source } from "./feed.ts";
import { type PoolStats, type PoolStatsOptions, PoolStatsReader } from "./stats.ts";
import { PoolTally } from "./tally.ts";
import type { PoolWorker, WorkerFactory } from "./worker_link.ts";
import type { WorkersOwner } from "./worker_record.ts";
import { Workers } from "./workers.ts";

// The states of a pool; as in Python they are their own names.
/** The state of a pool that is being made. CPython: `pool.INIT`. */
export const INIT = "INIT";
/** The state of a pool that takes tasks. CPython: `pool.RUN`. */
export const RUN = "RUN";
/** The state of a pool that finishes what it was given. CPython: `pool.CLOSE`. */
export const CLOSE = "CLOSE";
/** The state of a pool whose workers are stopped. CPython: `pool.TERMINATE`. */
export const TERMINATE = "TERMINATE";

/** One of the states. */
export type PoolState = typeof INIT | typeof RUN | typeof CLOSE | typeof TERMINATE;

/** A pool without its public face. */
export class Engine<W extends PoolWorker = PoolWorker>
  implements JobOwner, WorkersOwner {
  state: PoolState = RUN;
  /** Jobs that are not over, by number. */
  readonly jobs: Map<number, Job> = new Map();
  /** Its number among the pools of this process. */
  readonly number: number;
  readonly #tally: PoolTally;
  readonly #stats: PoolStatsReader;
  readonly #workers: Crew<W>;
  readonly #isRemote: boolean;
  /** Jobs whose functions are being looked for, and those behind them. */
  readonly #order = new OrderedSender();
  /** Settles when the last worker is gone, after `close` or `terminate`. */
  readonly #end = new Outcome<void>(ops.joinPool, this);
  /** Why the pool has given up. */
  #failure: unknown;
  #lastJob = 0;
  /** Whether `join` was called: nothing may wait to be fetched. */
  #isJoined = false;

  /** @throws Whatever the start of a worker throws; those started before are ended. */
  constructor(factory: WorkerFactory<W> | PoolParts<W>, number = 0) {
    this.number = number;
    this.#isRemote = factory.isRemote;
    this.#tally = new PoolTally(number);
    this.#stats = new PoolStatsReader(this.#tally);
    this.#workers = "makeCrew" in factory
      ? factory.makeCrew(this, this.#tally)
      : new Workers(factory, this, this.#tally);
    try {
      this.#workers.startFirst();
    } catch (error) {
      this.state = TERMINATE;
      this.#workers.abandon();
      throw error;
    }
    observed.by?.madePool(this.number);
  }

  get workerCount(): number {
    return this.#workers.wanted;
  }

  /** The workers' public objects, in the order of their starts. */
  get processes(): W[] {
    return this.#workers.processes;
  }

  // --- jobs

  /** @throws {ValueError} `Pool not running` */
  checkRunning(): void {
    if (this.state === RUN) return;
    throw new ValueError(
      "Pool not running",
      this.#failure === undefined ? {} : { cause: this.#failure },
    );
  }

  /** A number for a new job. */
  newJob(): number {
    return ++this.#lastJob;
  }

  submit(job: Job, entry: Task | Source<Task>): void {
    const { signal } = job.settings;
    if (job.isOver) return;
    if (!job.isLazy) job.turn = this.#workers.turn();
    this.jobs.set(job.id, job);
    if (signal?.aborted) return job.abort(signal.reason);
    const { ready } = job;
    if (ready === undefined && this.#order.isClear) return this.#workers.add(entry);
    this.#order.enter(
      ready,
      () => {
        this.#workers.turn();
        if (!job.isOver) this.#workers.add(entry);
      },
      (error) => job.abort(error),
    );
  }

  wake(job: Job): void {
    if ("take" in job) this.#workers.wake(job as Job & Source<Task>);
  }

  forget(job: Job): void {
    this.jobs.delete(job.id);
    const { func } = job.settings;
    if (func.isTemporary) this.#workers.forget(func);
    if (job.isLazy) this.#workers.drop?.(job); // its caller may have left it
    this.finishSoon();
  }

  stop(job: Job): void {
    this.#workers.stop(job);
  }

  grant(job: Job, count: number): void {
    this.#workers.grant(job, count);
  }

  leave(job: Job): boolean {
    return this.#workers.leave(job);
  }

  /** How it is doing. */
  stats({ tasks, reset }: PoolStatsOptions): PoolStats {
    this.#tally.look();
    const workers = this.#workers.look(tasks === true);
    const running = workers.filter(({ isBusy }) => isBusy).length;
    const present = {
      state: this.state,
      queued: this.#workers.queued,
      running,
      workers,
    };
    const stats = this.#stats.read(present, this.#tally.now);
    if (reset) this.#stats.reset(present, this.#tally.now);
    return stats;
  }

  // --- the end

  get isWorking(): boolean {
    return this.state === RUN || (this.state === CLOSE && this.jobs.size > 0);
  }

  giveUp(reason: unknown): void {
    this.#failure = reason;
    void this.terminate(reason);
  }

  /** No new jobs; workers end when the present ones are over. */
  close(): void {
    if (this.state !== RUN) return;
    this.state = CLOSE;
    this.finishSoon();
  }

  finishSoon(): void {
    if (this.state === RUN) return;
    queueMicrotask(() => this.#finishIfDone());
  }

  #finishIfDone(): void {
    if (this.state === CLOSE && this.jobs.size > 0) {
      if (!this.#isJoined) return;
      for (const job of this.jobs.values()) job.liftLimits();
    } else if (this.#workers.isEmpty) {
      this.#workers.close();
      this.#end.settle(true, undefined);
      forgetPool(this.number);
    } else if (this.state === CLOSE) {
      this.#workers.finish();
    }
  }

  /**
   * Ends the workers now, with all they do; what is not done fails.
   *
   * @returns Settles when they are gone; at once where they cannot be killed: threads end when their code does.
   */
  terminate(reason?: unknown): Promise<void> {
    if (this.state !== TERMINATE) {
      debug("finalizing pool");
      this.state = TERMINATE;
      const error = reason ??
        new ProcessError("the pool was terminated before the task was done");
      for (const job of [...this.jobs.values()]) job.abort(error);
      this.#workers.terminate();
      this.finishSoon();
    }
    return this.#isRemote ? this.join() : Promise.resolve();
  }

  /** Waits until all workers are gone, after `close` or `terminate`. */
  async join(signal?: AbortSignal): Promise<void> {
    this.#isJoined = true;
    this.finishSoon();
    await this.#end.wait({ timeout: null, signal });
  }
}
