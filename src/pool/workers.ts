/**
 * A pool's workers: their starts and replacements, the tasks that they are given, and what
 * becomes of those. Which worker gets which task is up to the scheduler.
 *
 * @module
 */
import { after } from "../link/waiting.ts";
import { defer } from "../process/current.ts";
import { TimeoutError } from "../python/errors.ts";
import { debug } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";
import { switches } from "../runtime/switches.ts";
import { IdleWatch } from "./idle_watch.ts";
import type { Job, PoolFunction, Task } from "./job.ts";
import type { Source } from "./feed.ts";
import { Scheduler } from "./scheduler.ts";
import { type WorkerNow, workerNow } from "./stats.ts";
import type { PoolTally } from "./tally.ts";
import type { Turn } from "./turn.ts";
import { newWorker, type Worker, type WorkersOwner } from "./worker_record.ts";
import { tellLost } from "./told_task.ts";
import {
  exitReport,
  lostError,
  type PoolWorker,
  StartFailures,
  type WorkerFactory,
} from "./worker_link.ts";

/** Milliseconds between two checks whether workers begin what they were handed. */
const STALL_CHECK_INTERVAL = 10;

/** Milliseconds from the first worker's being there to the start of the others. */
const DEFERRED_START_DELAY = 10;

/** Milliseconds until a start is tried again that failed while there is no worker. */
const RETRY_DELAY = 100;

/** Seconds that a worker has for ending by itself, once it has nothing more to do. */
const LEAVE_TIMEOUT = 5;

export class Workers<W extends PoolWorker> {
  readonly #factory: WorkerFactory<W>;
  readonly #owner: WorkersOwner;
  readonly #tally: PoolTally;
  readonly #workers = new Map<number, Worker<W>>();
  readonly #scheduler: Scheduler<Task>;
  readonly #failures: StartFailures;
  /** The workers that may end when they have idled long enough; undefined if none may. */
  readonly #idle: IdleWatch | undefined;
  /**
   * The number of workers that there shall be now at least. The first one is there sooner if no others are
   * started beside it: they are when there is work for them, or soon after it is there, or
   * when their processes are asked for.
   */
  #size: number;
  /** Takes back that the others are started when the process's children are asked for. */
  #cancelDeferredStart: (() => void) | undefined;
  #startTimer: unknown;
  #lastWorker = 0;
  #isRefilling = false;
  #stallTimer: unknown;

  constructor(factory: WorkerFactory<W>, owner: WorkersOwner, tally: PoolTally) {
    this.#factory = factory;
    this.#owner = owner;
    this.#tally = tally;
    const { min, max, idle } = factory.sizes;
    this.#failures = new StartFailures(max + (factory.spareFailures ?? 0));
    if (min < max && idle < Infinity) {
      this.#idle = new IdleWatch(idle, (worker) => this.#endIdle(worker));
    }
    const prefetch = max === 1 ? "free" : "claimed";
    this.#scheduler = new Scheduler({
      send: (worker, tasks) => this.#send(worker, tasks),
      offerClaims: (worker) => this.#workers.get(worker)?.link.offerClaims?.(),
    }, factory.isRemote && switches.prefetch ? prefetch : "none");
    this.#size = factory.acceptsEarlyTasks ? Math.min(1, min) : min;
  }

  /** The number of workers, once all are started that there may be. */
  get wanted(): number {
    return this.#factory.sizes.max;
  }

  get isEmpty(): boolean {
    return this.#workers.size === 0;
  }

  /** The workers' public objects, in the order of their starts. */
  get processes(): W[] {
    this.#startDeferred();
    return [...this.#workers.values()].map(({ link }) => link.process);
  }

  // --- starts

  /** Starts those that are to be there from the beginning. @throws if one cannot start */
  startFirst(): void {
    for (let i = 0; i < this.#size; i++) this.#start();
    if (this.#size < this.#factory.sizes.min) {
      this.#cancelDeferredStart = defer(() => this.#startDeferred());
    }
  }

  /** Ends those that have been started, of a pool that could not be made. */
  abandon(): void {
    for (const worker of this.#workers.values()) {
      worker.isLeaving = true;
      worker.link.kill();
      void Promise.resolve(worker.link.process.join()).catch(() => {});
    }
  }

  #start(): void {
    const id = ++this.#lastWorker;
    const link = this.#factory.start({
      onReport: () => this.#tally.report(worker.tally),
      onReady: () => this.#onReady(worker),
      onNotReady: (error) => this.#failures.explain(error),
      onDone: (micros, value, bytes) => this.#onDone(worker, micros, value, bytes),
      onFailed: (micros, error) => this.#onFailed(worker, micros, error),
      onYield: (value) => this.#onYield(worker, value),
      onTick: (done) => this.#onTick(worker, done),
      onClaiming: (isClaiming) => {
        if (isClaiming) this.#scheduler.refill(id);
        else this.#scheduler.endClaims(id);
        this.#rest(worker);
      },
      onFree: () => {
        this.#scheduler.present(id);
        this.#rest(worker);
      },
      onFull: () => this.#onFull(worker),
      onEnd: (reason) => this.#onEnd(worker, reason),
    });
    const tally = this.#tally.started(link.process.name);
    const worker: Worker<W> = newWorker(id, link, tally);
    this.#workers.set(id, worker);
    debug("added worker");
    if (this.#factory.acceptsEarlyTasks) {
      this.#scheduler.addStarting(id, this.#factory.maxtasks);
    }
  }

  /** Starts those whose start was deferred; where they are not wanted, that is forgotten. */
  #startDeferred(): void {
    if (this.#cancelDeferredStart === undefined) return;
    this.#cancelDeferredStart();
    this.#cancelDeferredStart = undefined;
    runtime.clearTimer(this.#startTimer);
    this.#size = this.#factory.sizes.min;
    this.#startMissing();
  }

  /** Whether there are fewer workers than there shall be, or than tasks need. */
  get #isAnyMissing(): boolean {
    const { size } = this.#workers;
    return size < this.#size ||
      (size < this.#factory.sizes.max && this.#areTasksWaiting);
  }

  /** Whether there is a task beyond those that workers will take which are being started. */
  get #areTasksWaiting(): boolean {
    let coming = 0;
    for (const { id, isReady, isLeaving } of this.#workers.values()) {
      if (!isReady && !isLeaving && this.#scheduler.running(id) === undefined) coming++;
    }
    return this.#scheduler.stock(coming + 1) > coming;
  }

  /** Starts as many workers as are missing, if there is work for them. */
  #startMissing(): void {
    const { isWorking } = this.#owner;
    while (isWorking && this.#isAnyMissing) {
      try {
        this.#start();
      } catch (error) {
        // One more would be of use, and no more than that: the next task tries again.
        if (!this.isEmpty && this.#workers.size >= this.#size) return;
        const failure = this.#failures.add(undefined, error);
        if (failure !== undefined) return this.#owner.giveUp(failure);
        // When another worker ends, it is tried again; if there is none, later.
        if (this.isEmpty) runtime.setTimer(() => this.#startMissing(), RETRY_DELAY);
        return;
      }
    }
  }

  // --- tasks

  /** The calls of this moment: there will be something to `add`. */
  turn(): Turn {
    return this.#tally.turn(!this.#isRefilling);
  }

  /** There is a new task, or something that has tasks. */
  add(entry: Task | Source<Task>): void {
    this.#scheduler.add(entry);
    this.#refillSoon();
  }

  /** A source has tasks again, or no more. */
  wake(source: Source<Task>): void {
    this.turn();
    this.#scheduler.wake(source);
    this.#refillSoon();
  }

  forget(func: PoolFunction): void {
    for (const { link } of this.#workers.values()) link.forget?.(func);
  }

  /** Ends what runs for a job. */
  stop(job: Job): void {
    for (const worker of this.#workers.values()) {
      if (this.#scheduler.running(worker.id)?.job === job) this.#interrupt(worker);
    }
  }

  /** Lets the worker of a stream give so many values more. */
  grant(job: Job, count: number): void {
    const worker = this.#workerOf(job);
    if (worker === undefined) return;
    worker.link.grant(job, count);
    if (worker.stopWatch === undefined) this.#watch(worker); // it rested
  }

  /** Has the worker of a stream give no more values; false if there is none. */
  leave(job: Job): boolean {
    const worker = this.#workerOf(job);
    worker?.link.leave(job);
    return worker !== undefined;
  }

  /** The worker that has the only task of a job. */
  #workerOf(job: Job): Worker<W> | undefined {
    for (const worker of this.#workers.values()) {
      if (this.#scheduler.running(worker.id)?.job === job) return worker;
    }
    return undefined;
  }

  /** Hands more tasks to busy workers, once for many new ones. */
  #refillSoon(): void {
    if (this.#isRefilling) return;
    this.#isRefilling = true;
    queueMicrotask(() => {
      this.#isRefilling = false;
      if (this.#scheduler.hasWaiting) this.#startDeferred();
      this.#scheduler.refillAll();
      if (this.#workers.size >= this.#size) this.#startMissing(); // those that tasks need
      this.#checkStallsLater();
    });
  }

  /** Has what a worker does not begin for a while given to one that idles. */
  #checkStallsLater(): void {
    if (this.#stallTimer !== undefined || !this.#scheduler.mayHaveStalled) return;
    this.#stallTimer = runtime.setTimer(() => {
      this.#stallTimer = undefined;
      this.#tally.look();
      this.#scheduler.reassignStalled();
      this.#checkStallsLater();
    }, STALL_CHECK_INTERVAL);
  }

  #send(id: number, tasks: Task[]): void {
    const worker = this.#workers.get(id)!;
    this.#idle?.leave(id);
    if (this.#scheduler.running(id) === tasks[0]) this.#tally.begun(worker.tally);
    worker.link.send(tasks);
    this.#watch(worker);
  }

  /** A task's time begins when the worker is there and has nothing else to do. */
  #watch(worker: Worker<W>): void {
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    const task = this.#scheduler.running(worker.id);
    const timeout = task?.job.settings.timeout ?? null;
    if (task === undefined || timeout === null || task.job.isPaused) return;
    if (!worker.isReady || worker.isLeaving) return;
    worker.stopWatch = after(timeout, () => {
      const text = `${task.job.describe(task)} took longer than ${timeout} s`;
      this.#interrupt(worker);
      if (!task.isDropped) {
        this.#tally.gaveUp();
        task.fail(new TimeoutError(text));
      }
      task.hasFailed = true;
    });
  }

  // --- what workers report

  #onReady(worker: Worker<W>): void {
    if (worker.isReady || worker.isLeaving) return;
    worker.isReady = true;
    this.#tally.ready(worker.tally);
    // Not now: its first result may be on its way, and to start a process takes a while.
    if (this.#cancelDeferredStart !== undefined) {
      const start = () => this.#startDeferred();
      this.#startTimer = runtime.setTimer(start, DEFERRED_START_DELAY);
    }
    this.#scheduler.addWorker(worker.id, this.#factory.maxtasks);
    this.#watch(worker);
    this.#rest(worker);
    this.#refillSoon();
  }

  #onDone(worker: Worker<W>, micros: number, value: unknown, bytes: number): void {
    const task = this.#takeCompleted(worker, micros, false);
    if (task !== undefined && value instanceof Promise) {
      value.then(
        (value) => task.isDropped || task.succeed(value, bytes),
        (error) => task.isDropped || task.fail(error),
      );
    } else {
      task?.succeed(value, bytes);
    }
    this.#goOn(worker);
  }

  #onFailed(worker: Worker<W>, micros: number, error: unknown): void {
    const task = this.#takeCompleted(worker, micros, true);
    if (task !== undefined && error instanceof Promise) {
      const fail = (error: unknown) => task.isDropped || task.fail(error);
      void error.then(fail, fail);
    } else {
      task?.fail(error);
    }
    this.#goOn(worker);
  }

  /** The task that a worker is done with, if its result is wanted. */
  #takeCompleted(
    worker: Worker<W>,
    micros: number,
    hasFailed: boolean,
  ): Task | undefined {
    const task = this.#scheduler.finish(worker.id, micros);
    if (task) this.#tally.finished(worker.tally, task, micros, hasFailed);
    if (!worker.hasCompletedTask) {
      worker.hasCompletedTask = true;
      this.#failures.reset();
    }
    if (worker.stopWatch !== undefined) this.#watch(worker);
    task?.release();
    task?.told?.ranBy(worker.link.process);
    return task === undefined || task.isDropped ? undefined : task;
  }

  #goOn(worker: Worker<W>): void {
    this.#scheduler.refill(worker.id);
    this.#rest(worker);
    this.#checkStallsLater();
  }

  /** If a worker has nothing to do, it idles from now on. */
  #rest({ id, isReady, isLeaving }: Worker<W>): void {
    if (this.#idle === undefined || !isReady || isLeaving) return;
    if (this.#scheduler.running(id) === undefined) this.#idle.enter(id);
  }

  #onYield(worker: Worker<W>, value: unknown): void {
    const task = this.#scheduler.running(worker.id);
    if (task === undefined || task.isDropped) return;
    task.job.give(value);
    if (worker.stopWatch !== undefined) this.#watch(worker); // the next value's time begins
  }

  #onTick(worker: Worker<W>, done: number): void {
    const task = this.#scheduler.running(worker.id);
    if (task === undefined || task.isDropped) return;
    task.job.tick(task, done);
    this.#watch(worker); // the next call's time begins
  }

  /** A worker makes room for another one. */
  #onFull(worker: Worker<W>): void {
    // One that has done nothing yet, and says so, is one that fails.
    if (!worker.hasCompletedTask || worker.isLeaving) return;
    this.#scheduler.giveUp(worker.id);
    this.#awaitEnd(worker);
  }

  #onEnd(worker: Worker<W>, reason: unknown): void {
    worker.stopWatch?.();
    this.#idle?.leave(worker.id);
    if (this.#owner.isWorking) {
      debug("cleaning up worker %d", [...this.#workers.keys()].indexOf(worker.id));
    }
    const report = exitReport(worker.link);
    const running = this.#scheduler.removeWorker(worker.id);
    this.#workers.delete(worker.id); // not before: what it has begun is told by its claims
    const isLost = !worker.isLeaving &&
      (running !== undefined || report.exitcode !== 0);
    this.#tally.ended(isLost, this.#owner.isWorking && !worker.isSpare);
    if (running !== undefined && !running.isDropped) {
      this.#tally.gaveUp();
      running.told?.ranBy(report);
      running.fail(lostError(report, running.job.describe(running)));
    }
    if (isLost) {
      tellLost(report, running?.job.settings.func.name ?? null);
    }
    const didNothing = !worker.hasCompletedTask && running === undefined;
    if (didNothing && !worker.isLeaving) {
      const failure = this.#failures.add(report, reason);
      if (failure !== undefined) return this.#owner.giveUp(failure);
    }
    this.#startDeferred();
    this.#startMissing();
    this.#owner.finishSoon();
  }

  // --- looks

  /** The number of tasks that no worker has begun. */
  get queued(): number {
    return this.#scheduler.unbegun;
  }

  /** What each worker does; with what it runs if `showsTasks`. */
  look(showsTasks: boolean): WorkerNow[] {
    return Array.from(this.#workers.values(), ({ id, isReady, link, tally }) => {
      const task = isReady ? this.#scheduler.running(id) : undefined;
      return workerNow(tally, link.process.pid, task, showsTasks);
    });
  }

  // --- ends

  /** Ends what a worker does; one that cannot be killed is left to end it. */
  #interrupt(worker: Worker<W>): void {
    if (worker.link.isKillable) this.#kill(worker);
  }

  /** Ends a worker that has had nothing to do for a while, if there are others enough. */
  #endIdle(id: number): boolean {
    const worker = this.#workers.get(id);
    if (worker === undefined || worker.isLeaving) return true;
    let staying = 0;
    for (const { isLeaving } of this.#workers.values()) if (!isLeaving) staying++;
    if (staying <= this.#factory.sizes.min) return false;
    this.#scheduler.retire(id);
    worker.isSpare = true;
    worker.link.finish();
    this.#awaitEnd(worker);
    return true;
  }

  /** A worker ends by itself. If it hangs or is stopped, it is killed: it takes another's place. */
  #awaitEnd(worker: Worker<W>): void {
    worker.isLeaving = true;
    this.#idle?.leave(worker.id);
    worker.stopWatch?.();
    worker.stopWatch = after(LEAVE_TIMEOUT, () => this.#kill(worker));
  }

  /** Ends a worker, with what it does. */
  #kill(worker: Worker<W>): void {
    worker.isLeaving = true;
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    this.#scheduler.retire(worker.id);
    worker.link.kill();
  }

  /** All workers end when they have done what they were handed. */
  finish(): void {
    this.#startDeferred();
    for (const worker of this.#workers.values()) {
      if (worker.isLeaving) continue;
      worker.isLeaving = true;
      worker.link.finish();
    }
  }

  /** All workers end now; nothing is handed out any more. */
  terminate(): void {
    this.#startDeferred();
    this.#scheduler.clear();
    const isRemote = this.#factory.isRemote && this.#workers.size > 0;
    if (isRemote) debug("terminating workers");
    for (const worker of this.#workers.values()) this.#kill(worker);
    if (!isRemote) return;
    debug("joining pool workers");
    for (const { link } of this.#workers.values()) {
      debug("cleaning up worker %d", link.process.pid ?? 0);
    }
  }

  /** The last worker has ended, and there will be no other. */
  close(): void {
    runtime.clearTimer(this.#stallTimer);
    this.#idle?.stop();
  }
}
