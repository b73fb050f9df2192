/**
 * The works of a pool: its workers, its jobs, and what goes on between them. The pool's
 * public object is another one, so that a pool that nobody refers to can be collected.
 *
 * @module
 */
import { ProcessError, TimeoutError, ValueError } from "../python/errors.ts";
import { runtime, signalName } from "../runtime/mod.ts";
import { switches } from "../runtime/switches.ts";
import { after } from "../link/waiting.ts";
import { putOff } from "../process/current.ts";
import { OrderedSender } from "../collections/ordered_sender.ts";
import { debug } from "../python/util.ts";
import { type Job, type JobOwner, lostError, type Task } from "./job.ts";
import { ImapJob } from "./imap_job.ts";
import { Outcome } from "./outcome.ts";
import { Scheduler, type Source } from "./scheduler.ts";
import { StartFailures } from "./start_failures.ts";
import type { PoolWorker, WorkerEvents, WorkerLink } from "./worker_link.ts";

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

/** Milliseconds between two looks whether workers begin what they were handed. */
const LOOK = 10;

/** Milliseconds that the other workers wait once the first is there. */
const PATIENCE = 10;

/** The kind of a pool's workers. */
export interface Crew<W extends PoolWorker = PoolWorker> {
  /** How many there shall be. */
  readonly count: number;
  /** After so many tasks a worker ends. */
  readonly maxtasks: number;
  /** Whether they are elsewhere: they are sent copies, and told of tasks ahead. */
  readonly isRemote: boolean;
  /**
   * Whether nothing of the user's comes before a worker's first task, in which it may fail,
   * or which may take time. The task may be sent before the worker is there, then.
   */
  readonly isPlain: boolean;
  /** Starts one. @throws if that fails at once */
  start(events: WorkerEvents): WorkerLink<W>;
}

interface Worker<W extends PoolWorker> {
  readonly id: number;
  readonly link: WorkerLink<W>;
  /** It is there, and its initializer has run. */
  isReady: boolean;
  /** It has ended a task. */
  isProven: boolean;
  /** It was told to end, in one way or another. */
  isLeaving: boolean;
  /** Ends the watch over its first task's time. */
  stopWatch: (() => void) | undefined;
}

/** See the file's head. */
export class Engine<W extends PoolWorker = PoolWorker> implements JobOwner {
  state: PoolState = RUN;
  /** Jobs that are not over, by number. */
  readonly jobs: Map<number, Job> = new Map();
  readonly #crew: Crew<W>;
  readonly #workers = new Map<number, Worker<W>>();
  readonly #scheduler: Scheduler<Task>;
  readonly #failures: StartFailures;
  /** Jobs whose functions are being looked for, and those behind them. */
  readonly #order = new OrderedSender();
  /** Settles when the last worker is gone, after `close` or `terminate`. */
  readonly #end = new Outcome<void>();
  /** Why the pool has given up. */
  #ruin: unknown;
  /**
   * How many workers there shall be now. The first one is there sooner if no others are
   * started beside it: they are when there is work for them, or soon after it is there, or
   * when somebody looks.
   */
  #size: number;
  /** Nobody's look starts the others any more. */
  #unwatch: (() => void) | undefined;
  #lastWorker = 0;
  #lastJob = 0;
  /** Whether `join` was called: nothing may wait to be fetched. */
  #isJoined = false;
  #isRefilling = false;
  #lookTimer: unknown;
  /** Starts the workers whose start was put off. */
  #startTimer: unknown;

  /** @throws Whatever the start of a worker throws; those started before are ended. */
  constructor(crew: Crew<W>) {
    this.#crew = crew;
    this.#failures = new StartFailures(crew.count);
    const foresight = crew.count === 1 ? "free" : "claimed";
    this.#scheduler = new Scheduler({
      send: (worker, tasks) => this.#send(worker, tasks),
      claims: (worker) => this.#workers.get(worker)?.link.claims,
      offerClaims: (worker) => this.#workers.get(worker)?.link.offerClaims(),
    }, crew.isRemote && switches.prefetch ? foresight : "none");
    this.#size = crew.isPlain ? 1 : crew.count;
    try {
      for (let i = 0; i < this.#size; i++) this.#start();
    } catch (error) {
      this.state = TERMINATE;
      for (const { link } of this.#workers.values()) {
        link.kill();
        void Promise.resolve(link.process.join()).catch(() => {});
      }
      throw error;
    }
    if (this.#size < crew.count) this.#unwatch = putOff(() => this.#startAll());
  }

  /** How many workers there shall be. */
  get workerCount(): number {
    return this.#crew.count;
  }

  /** What users see of the workers, in the order of their starts. */
  get processes(): W[] {
    this.#startAll();
    return [...this.#workers.values()].map(({ link }) => link.process);
  }

  // --- jobs

  /** @throws {ValueError} `Pool not running` */
  checkRunning(): void {
    if (this.state === RUN) return;
    throw new ValueError(
      "Pool not running",
      this.#ruin === undefined ? {} : { cause: this.#ruin },
    );
  }

  /** A number for a new job. */
  newJob(): number {
    return ++this.#lastJob;
  }

  /** Works on a job from now on. */
  submit(job: Job, entry: Task | Source<Task>): void {
    const { signal } = job.settings;
    if (job.isOver) return;
    this.jobs.set(job.id, job);
    if (signal?.aborted) return job.abort(signal.reason);
    const { ready } = job;
    if (ready === undefined && this.#order.isClear) return this.#add(entry);
    this.#order.enter(
      ready,
      () => job.isOver || this.#add(entry),
      (error) => job.abort(error),
    );
  }

  #add(entry: Task | Source<Task>): void {
    this.#scheduler.add(entry);
    this.#refillSoon();
  }

  /** A source has tasks again, or no more. */
  wake(source: Job | Source<Task>): void {
    if (!("take" in source)) return;
    this.#scheduler.wake(source);
    this.#refillSoon();
  }

  forget(job: Job): void {
    this.jobs.delete(job.id);
    const { func } = job.settings;
    if (func.isTemporary) {
      for (const { link } of this.#workers.values()) link.forget(func);
    }
    this.#finishSoon();
  }

  stop(job: Job): void {
    for (const worker of this.#workers.values()) {
      if (this.#scheduler.running(worker.id)?.job === job) this.#interrupt(worker);
    }
  }

  /** Ends what a worker does; one that cannot be killed is left to end it. */
  #interrupt(worker: Worker<W>): void {
    if (worker.link.isKillable) this.#kill(worker);
  }

  /** Hands more tasks to busy workers, once for many new ones. */
  #refillSoon(): void {
    if (this.#isRefilling) return;
    this.#isRefilling = true;
    queueMicrotask(() => {
      this.#isRefilling = false;
      if (this.#scheduler.hasWaiting) this.#startAll();
      this.#scheduler.refillAll();
      this.#watchOthers();
    });
  }

  /** Has what a worker does not begin for a while given to one that idles. */
  #watchOthers(): void {
    if (this.#lookTimer !== undefined || !this.#scheduler.isWaitingForOthers) return;
    this.#lookTimer = runtime.setTimer(() => {
      this.#lookTimer = undefined;
      this.#scheduler.look();
      this.#watchOthers();
    }, LOOK);
  }

  // --- workers

  #start(): void {
    const id = ++this.#lastWorker;
    const link = this.#crew.start({
      onReady: () => this.#onReady(worker),
      onNotReady: (error) => this.#failures.explain(error),
      onDone: (micros, value, bytes) => this.#onDone(worker, micros, value, bytes),
      onFailed: (micros, error) => this.#onFailed(worker, micros, error),
      onTick: (done) => this.#onTick(worker, done),
      onClaiming: (isClaiming) => {
        if (isClaiming) this.#scheduler.refill(id);
        else this.#scheduler.endClaims(id);
      },
      onFree: () => this.#scheduler.present(id),
      onEnd: (reason) => this.#onEnd(worker, reason),
    });
    const worker: Worker<W> = {
      id,
      link,
      isReady: false,
      isProven: false,
      isLeaving: false,
      stopWatch: undefined,
    };
    this.#workers.set(id, worker);
    debug("added worker");
    if (this.#crew.isPlain) this.#scheduler.addStarting(id, this.#crew.maxtasks);
  }

  #send(id: number, tasks: Task[]): void {
    const worker = this.#workers.get(id)!;
    worker.link.give(tasks);
    this.#watch(worker);
  }

  /** A task's time begins when the worker is there and has nothing else to do. */
  #watch(worker: Worker<W>): void {
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    const task = this.#scheduler.running(worker.id);
    const timeout = task?.job.settings.timeout ?? null;
    if (task === undefined || timeout === null) return;
    if (!worker.isReady || worker.isLeaving) return;
    worker.stopWatch = after(timeout, () => {
      const text = `${task.job.describe(task)} took longer than ${timeout} s`;
      this.#interrupt(worker);
      if (!task.isDropped) task.job.fail(task, new TimeoutError(text));
      task.isSettled = true;
    });
  }

  #onReady(worker: Worker<W>): void {
    if (worker.isReady || worker.isLeaving) return;
    worker.isReady = true;
    // Not now: its first result may be on its way, and to start a process takes a while.
    if (this.#unwatch !== undefined) {
      this.#startTimer = runtime.setTimer(() => this.#startAll(), PATIENCE);
    }
    this.#scheduler.addWorker(worker.id, this.#crew.maxtasks);
    this.#watch(worker);
    this.#refillSoon();
  }

  #onDone(worker: Worker<W>, micros: number, value: unknown, bytes: number): void {
    const task = this.#finish(worker, micros);
    if (task !== undefined && value instanceof Promise) {
      value.then(
        (value) => task.isDropped || task.job.succeed(task, value, bytes),
        (error) => task.isDropped || task.job.fail(task, error),
      );
    } else {
      task?.job.succeed(task, value, bytes);
    }
    this.#goOn(worker);
  }

  #onFailed(worker: Worker<W>, micros: number, error: unknown): void {
    const task = this.#finish(worker, micros);
    if (task !== undefined && error instanceof Promise) {
      const fail = (error: unknown) => task.isDropped || task.job.fail(task, error);
      void error.then(fail, fail);
    } else {
      task?.job.fail(task, error);
    }
    this.#goOn(worker);
  }

  /** The task that a worker is done with, if anybody waits for it. */
  #finish(worker: Worker<W>, micros: number): Task | undefined {
    const task = this.#scheduler.finish(worker.id, micros);
    if (!worker.isProven) {
      worker.isProven = true;
      this.#failures.reset();
    }
    if (worker.stopWatch !== undefined) this.#watch(worker);
    task?.release();
    return task === undefined || task.isDropped ? undefined : task;
  }

  #goOn(worker: Worker<W>): void {
    this.#scheduler.offerClaims(worker.id);
    this.#scheduler.refill(worker.id);
    this.#watchOthers();
  }

  #onTick(worker: Worker<W>, done: number): void {
    const task = this.#scheduler.running(worker.id);
    if (task === undefined || task.isDropped) return;
    task.job.tick(task, done);
    this.#watch(worker); // the next call's time begins
  }

  /** Ends a worker, with what it does. */
  #kill(worker: Worker<W>): void {
    worker.isLeaving = true;
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    this.#scheduler.retire(worker.id);
    worker.link.kill();
  }

  #onEnd(worker: Worker<W>, reason: unknown): void {
    worker.stopWatch?.();
    debug("cleaning up worker %d", worker.id);
    const { process, lastWords } = worker.link;
    const { name, pid, exitcode } = process;
    const signal = exitcode !== null && exitcode < 0
      ? signalName(-exitcode) ?? null
      : null;
    const { running } = this.#scheduler.removeWorker(worker.id);
    this.#workers.delete(worker.id); // not before: what it has begun is told by its claims
    if (running !== undefined && !running.isDropped) {
      const departure = { name, pid, exitcode, signal, lastWords };
      running.job.fail(running, lostError(departure, running));
    }
    const didNothing = !worker.isProven && running === undefined;
    if (didNothing && !worker.isLeaving && this.state !== TERMINATE) {
      const ruin = this.#failures.add({ name, exitcode, signal, lastWords }, reason);
      if (ruin !== undefined) return this.#giveUp(ruin);
    }
    this.#startAll();
    this.#startMissing();
    this.#finishSoon();
  }

  /** Starts those whose start was put off; where they are not wanted, that is forgotten. */
  #startAll(): void {
    if (this.#unwatch === undefined) return;
    this.#unwatch();
    this.#unwatch = undefined;
    runtime.clearTimer(this.#startTimer);
    this.#size = this.#crew.count;
    this.#startMissing();
  }

  /** Starts as many workers as are missing, if there is work for them. */
  #startMissing(): void {
    const isWanted = this.state === RUN || (this.state === CLOSE && this.jobs.size > 0);
    while (isWanted && this.#workers.size < this.#size) {
      try {
        this.#start();
      } catch (error) {
        const ruin = this.#failures.add(undefined, error);
        if (ruin !== undefined) return this.#giveUp(ruin);
        // Others may make room for it; if there is nobody else, later.
        if (this.#workers.size === 0) runtime.setTimer(() => this.#startMissing(), 100);
        return;
      }
    }
  }

  // --- the end

  /** No worker can be started: nothing that waits for one shall wait for ever. */
  #giveUp(ruin: unknown): void {
    this.#ruin = ruin;
    void this.terminate(ruin);
  }

  /** No new jobs; workers end when the present ones are over. */
  close(): void {
    if (this.state !== RUN) return;
    debug("closing pool");
    this.state = CLOSE;
    this.#finishSoon();
  }

  #finishSoon(): void {
    if (this.state === RUN) return;
    queueMicrotask(() => this.#finishIfDone());
  }

  #finishIfDone(): void {
    if (this.state === CLOSE && this.jobs.size > 0) {
      if (this.#isJoined) this.#hurry();
      return;
    }
    if (this.#workers.size === 0) {
      runtime.clearTimer(this.#lookTimer);
      return this.#end.settle(true, undefined);
    }
    if (this.state !== CLOSE) return;
    this.#startAll();
    for (const worker of this.#workers.values()) {
      if (worker.isLeaving) continue;
      worker.isLeaving = true;
      worker.link.finish();
    }
  }

  #hurry(): void {
    for (const job of this.jobs.values()) {
      if (job instanceof ImapJob) job.hurry();
    }
  }

  /**
   * Ends the workers now, with all they do; what is not done fails.
   *
   * @returns Settles when they are gone; at once if nobody can tell when that will be.
   */
  terminate(reason?: unknown): Promise<void> {
    if (this.state !== TERMINATE) {
      debug("terminating pool");
      this.state = TERMINATE;
      this.#startAll();
      const error = reason ??
        new ProcessError("the pool was terminated before the task was done");
      for (const job of [...this.jobs.values()]) job.abort(error);
      this.#scheduler.clear();
      for (const worker of this.#workers.values()) this.#kill(worker);
      this.#finishSoon();
    }
    return this.#crew.isRemote ? this.join() : Promise.resolve();
  }

  /** Waits until all workers are gone, after `close` or `terminate`. */
  async join(signal?: AbortSignal): Promise<void> {
    this.#isJoined = true;
    this.#finishSoon();
    await this.#end.wait({ timeout: null, signal });
  }
}
