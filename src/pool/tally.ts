/**
 * What a pool counts of its work: tasks and how long they took and waited, and what became
 * of its workers.
 *
 * The clock is not read for each task, but once for each message of a worker and once for
 * all calls of one turn of the event loop. How long a task ran is what its worker has
 * measured. When it began is reckoned: when its worker was handed it and had nothing else,
 * or when the task before had ended.
 *
 * @module
 */
import { observed } from "../link/observed.ts";
import { runtime } from "../runtime/mod.ts";
import { Histogram } from "./histogram.ts";
import type { Task } from "./job.ts";
import type { Turn } from "./turn.ts";

/** What one worker has done. */
export class WorkerTally {
  /** The worker's name. */
  readonly name: string;
  /** When its life began: when it was there. */
  since: number;
  /** Microseconds that it was busy with tasks that are over. */
  busy = 0;
  /** Tasks that are over. */
  done = 0;
  /** When its present task began, or its last one ended. */
  clock: number;
  /** When its last message came, and how many tasks were over before that. */
  heard = 0;
  known = 0;

  constructor(name: string, now: number) {
    this.name = name;
    this.since = this.clock = now;
  }
}

/** See the file's head. */
export class PoolTally {
  /** The number of the pool. */
  readonly #pool: number;
  /** Tasks that have given a result, and those that have failed. */
  done = 0;
  failed = 0;
  /** Calls of functions in the former. */
  calls = 0;
  /** Workers that have ended although nobody wanted that. */
  lost = 0;
  /** Workers that have taken the place of others. */
  restarts = 0;
  /** Workers whose place is to be taken. */
  #gone = 0;
  /** How long tasks ran, and how long they waited for that. */
  readonly run: Histogram = new Histogram();
  readonly wait: Histogram = new Histogram();
  readonly #clock: () => number;
  /** The clock, as it was read last. */
  now: number;
  #turn: Turn;

  constructor(pool: number, clock: () => number = () => runtime.now()) {
    this.#pool = pool;
    this.#clock = clock;
    this.now = clock();
    this.#turn = { at: this.now };
  }

  /** Reads the clock. */
  look(): void {
    this.now = this.#clock();
  }

  /** A message of a worker has come. */
  report(worker: WorkerTally): void {
    this.look();
    if (worker.done !== worker.known) {
      // The tasks of the message before had ended by then, and soon before.
      worker.clock = worker.heard;
      worker.known = worker.done;
    }
    worker.heard = this.now;
  }

  /** The present turn; a new one if `isNew`. */
  turn(isNew: boolean): Turn {
    if (isNew) {
      this.look();
      this.#turn = { at: this.now };
    }
    return this.#turn;
  }

  /** A worker is started. */
  started(name: string): WorkerTally {
    if (this.#gone > 0) {
      this.#gone--;
      this.restarts++;
    }
    return new WorkerTally(name, this.now);
  }

  /** A worker is there. */
  ready(worker: WorkerTally): void {
    this.look();
    worker.since = worker.clock = this.now;
  }

  /** A worker has nothing to do but what it is handed now. */
  begun(worker: WorkerTally): void {
    worker.clock = this.now;
    worker.known = worker.done;
  }

  /** A task is over. @param micros How long it ran. */
  finished(worker: WorkerTally, task: Task, micros: number, hasFailed: boolean): void {
    const begin = worker.clock;
    worker.clock = begin + micros / 1000;
    worker.busy += micros;
    worker.done++;
    if (hasFailed) this.failed++;
    else {
      this.done++;
      this.calls += task.count;
    }
    this.run.add(micros);
    const { turn } = task.job;
    if (turn !== undefined) {
      const waited = (begin - turn.at) * 1000;
      this.wait.add(waited > 0 ? waited : 0);
    }
    if (observed.tasks !== undefined) {
      this.#tell(worker, task, begin, micros, hasFailed);
    }
  }

  #tell(
    { name }: WorkerTally,
    task: Task,
    begin: number,
    micros: number,
    hasFailed: boolean,
  ): void {
    observed.tasks!({
      pool: this.#pool,
      worker: name,
      func: task.job.settings.func.name,
      count: task.count,
      begin,
      seconds: micros / 1e6,
      hasFailed,
    });
  }

  /** A task has failed of which its worker will tell no more. */
  gaveUp(): void {
    this.failed++;
  }

  /**
   * A worker has ended.
   *
   * @param isLost Nobody wanted that.
   * @param isReplaced Whether another one may take its place.
   */
  ended(isLost: boolean, isReplaced: boolean): void {
    if (isLost) this.lost++;
    if (isReplaced) this.#gone++;
  }
}
