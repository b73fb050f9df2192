/**
 * The works of a pool: its workers, its jobs, and what goes on between them. The pool's
 * public object is another one, so that a pool that nobody refers to can be collected.
 *
 * @module
 */
import { ProcessError, TimeoutError, ValueError } from "../errors.ts";
import { loadError, loads } from "../reduction.ts";
import { runtime, signalName } from "../runtime/mod.ts";
import { after } from "../waiting.ts";
import { debug } from "../util.ts";
import type { Payload } from "../wire/message.ts";
import { type Job, type JobOwner, lostError, type Task } from "./job.ts";
import { ImapJob } from "./imap_job.ts";
import { unpackNumbers } from "./numbers.ts";
import { Outcome } from "./outcome.ts";
import { Form, Reported, Told } from "./protocol.ts";
import { Scheduler, type Source } from "./scheduler.ts";
import { StartFailures } from "./start_failures.ts";
import { TellWriter } from "./tell_writer.ts";
import { startWorker, type WorkerPlan } from "./worker_process.ts";
import type { WorkerLink, WorkerProcess } from "./worker_link.ts";

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

/** Milliseconds that a worker has for ending on SIGTERM before it is killed. */
const TERMINATION = 1000;

/** Milliseconds that one worker may idle while others hold tasks back. */
const HOARDING = 5;

interface Worker {
  readonly id: number;
  readonly link: WorkerLink;
  readonly writer: TellWriter;
  /** It has ended a task. */
  isProven: boolean;
  /** It was told to end, in one way or another. */
  isLeaving: boolean;
  /** Ends the watch over its first task's time. */
  stopWatch: (() => void) | undefined;
  /** Kills it, if it has not ended by then. */
  killTimer: unknown;
}

/** See the file's head. */
export class Engine implements JobOwner {
  state: PoolState = RUN;
  /** Jobs that are not over, by number. */
  readonly jobs: Map<number, Job> = new Map();
  readonly #plan: WorkerPlan;
  readonly #count: number;
  readonly #workers = new Map<number, Worker>();
  readonly #scheduler: Scheduler<Task>;
  readonly #failures: StartFailures;
  /** Settles when the last worker is gone, after `close` or `terminate`. */
  readonly #end = new Outcome<void>();
  /** Why the pool has given up. */
  #ruin: unknown;
  #lastWorker = 0;
  #lastJob = 0;
  /** Whether `join` was called: nothing may wait to be fetched. */
  #isJoined = false;
  #isRefilling = false;
  #recallTimer: unknown;

  /**
   * @param count How many workers there shall be.
   * @throws Whatever the start of a worker throws; those started before are ended.
   */
  constructor(plan: WorkerPlan, count: number) {
    this.#plan = plan;
    this.#count = count;
    this.#failures = new StartFailures(count);
    this.#scheduler = new Scheduler((worker, tasks) => this.#send(worker, tasks));
    try {
      for (let i = 0; i < count; i++) this.#start();
    } catch (error) {
      this.state = TERMINATE;
      for (const { link } of this.#workers.values()) {
        link.process.terminate();
        void Promise.resolve(link.process.join()).catch(() => {});
      }
      throw error;
    }
  }

  /** How many workers there shall be. */
  get workerCount(): number {
    return this.#count;
  }

  /** The workers' processes, in the order of their starts. */
  get processes(): WorkerProcess[] {
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
  submit(job: Job, entry: Task | Source<Task> | undefined): void {
    const { func, signal } = job.settings;
    if (job.isOver) return;
    this.jobs.set(job.id, job);
    if (signal?.aborted) return job.abort(signal.reason);
    if (entry === undefined) return;
    if (func.ready === undefined) return this.#add(entry);
    func.ready.then(() => this.#add(entry), (error) => job.abort(error));
  }

  #add(entry: Task | Source<Task>): void {
    this.#scheduler.add(entry);
    this.#refillSoon();
  }

  /** A source has tasks again. */
  wake(source: Source<Task>): void {
    this.#scheduler.wake(source);
    this.#refillSoon();
  }

  requeue(task: Task): void {
    const { func } = task.job.settings;
    // Its function may be looked for still.
    void Promise.resolve(func.ready).then(() => {
      if (!task.isDropped) this.#scheduler.addFirst(task);
    }, () => {});
  }

  forget(job: Job): void {
    this.jobs.delete(job.id);
    const { func } = job.settings;
    if (func.isTemporary) {
      for (const { writer } of this.#workers.values()) writer.forget(func);
    }
    this.#finishSoon();
  }

  stop(job: Job): void {
    for (const worker of this.#workers.values()) {
      if (this.#scheduler.running(worker.id)?.job === job) this.#kill(worker);
    }
  }

  /** Hands more tasks to busy workers, once for many new ones. */
  #refillSoon(): void {
    if (this.#isRefilling) return;
    this.#isRefilling = true;
    queueMicrotask(() => {
      this.#isRefilling = false;
      this.#scheduler.refillAll();
      this.#watchHoarders();
    });
  }

  /** Has tasks given back that wait behind a long one while somebody idles. */
  #watchHoarders(): void {
    if (this.#recallTimer !== undefined || !this.#scheduler.hasHoarders) return;
    this.#recallTimer = runtime.setTimer(() => {
      this.#recallTimer = undefined;
      for (const id of this.#scheduler.recall()) {
        this.#workers.get(id)?.link.tell([Told.GiveBack], []);
      }
    }, HOARDING);
  }

  // --- workers

  #start(): void {
    const id = ++this.#lastWorker;
    const link = startWorker(this.#plan, {
      onReport: (heads, items) => this.#receive(worker, heads, items),
      onEnd: (reason) => this.#onEnd(worker, reason),
    });
    const worker: Worker = {
      id,
      link,
      writer: new TellWriter(),
      isProven: false,
      isLeaving: false,
      stopWatch: undefined,
      killTimer: undefined,
    };
    this.#workers.set(id, worker);
    debug("added worker");
  }

  #send(id: number, tasks: Task[]): void {
    const worker = this.#workers.get(id)!;
    const { heads, items } = worker.writer.write(tasks);
    worker.link.tell(heads, items);
    this.#watch(worker);
  }

  /** A task's time begins when the worker has nothing else to do. */
  #watch(worker: Worker): void {
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    const task = this.#scheduler.running(worker.id);
    const timeout = task?.job.settings.timeout ?? null;
    if (task === undefined || timeout === null || worker.isLeaving) return;
    worker.stopWatch = after(timeout, () => {
      const text = `${task.job.describe(task)} took longer than ${timeout} s`;
      this.#kill(worker);
      if (!task.isDropped) task.job.fail(task, new TimeoutError(text));
      task.isSettled = true;
    });
  }

  #receive(
    worker: Worker,
    heads: readonly number[],
    items: readonly Payload[],
  ): void {
    let at = 0;
    let item = 0;
    while (at < heads.length) {
      switch (heads[at++]) {
        case Reported.Ready:
          this.#onReady(worker);
          break;
        case Reported.Done: {
          const micros = heads[at++]!;
          const form = heads[at++]!;
          const value = form === Form.Head ? heads[at++]! : items[item++]!;
          this.#onDone(worker, micros, form, value);
          break;
        }
        case Reported.Failed:
          this.#onFailed(worker, heads[at++]!, heads[at++] === 1, items[item++]!);
          break;
        case Reported.Tick:
          this.#onTick(worker, heads[at++]!);
          break;
        case Reported.GivenBack:
          this.#scheduler.giveBack(worker.id, heads[at++]!);
          break;
        case Reported.NotReady:
          this.#failures.explain(loadError(items[item++]!, { withTraceback: true }));
      }
    }
  }

  #onReady(worker: Worker): void {
    if (worker.isLeaving) return;
    this.#scheduler.addWorker(worker.id, this.#plan.maxtasksperchild ?? Infinity);
    this.#refillSoon();
  }

  #onDone(
    worker: Worker,
    micros: number,
    form: number,
    value: number | Payload,
  ): void {
    const task = this.#finish(worker, micros);
    if (task !== undefined) this.#succeed(task, form, value);
    this.#scheduler.refill(worker.id);
    this.#watchHoarders();
  }

  #finish(worker: Worker, micros: number): Task | undefined {
    const task = this.#scheduler.finish(worker.id, micros);
    if (!worker.isProven) {
      worker.isProven = true;
      this.#failures.reset();
    }
    if (worker.stopWatch !== undefined) this.#watch(worker);
    return task === undefined || task.isDropped ? undefined : task;
  }

  #succeed(task: Task, form: number, value: number | Payload): void {
    if (typeof value === "number") return task.job.succeed(task, value, 8);
    try {
      const loaded = form === Form.Payload ? loads(value) : unpackNumbers(form, value);
      if (!(loaded instanceof Promise)) {
        return task.job.succeed(task, loaded, value.length);
      }
      loaded.then(
        (loaded) => task.isDropped || task.job.succeed(task, loaded, value.length),
        (error) => task.isDropped || task.job.fail(task, error),
      );
    } catch (error) {
      task.job.fail(task, error);
    }
  }

  #onFailed(
    worker: Worker,
    micros: number,
    hasStack: boolean,
    payload: Payload,
  ): void {
    const task = this.#finish(worker, micros);
    if (task !== undefined) {
      const fail = (error: unknown) => {
        if (!task.isDropped) task.job.fail(task, error);
      };
      const error = loadError(payload, { withTraceback: hasStack });
      if (error instanceof Promise) void error.then(fail, fail);
      else fail(error);
    }
    this.#scheduler.refill(worker.id);
    this.#watchHoarders();
  }

  #onTick(worker: Worker, done: number): void {
    const task = this.#scheduler.running(worker.id);
    if (task === undefined || task.isDropped) return;
    task.job.tick(task, done);
    this.#watch(worker); // the next call's time begins
  }

  /** Ends a worker, with what it does. */
  #kill(worker: Worker): void {
    worker.isLeaving = true;
    worker.stopWatch?.();
    worker.stopWatch = undefined;
    this.#scheduler.retire(worker.id);
    if (worker.killTimer !== undefined || worker.link.hasEnded) return;
    const { process } = worker.link;
    process.terminate();
    worker.killTimer = runtime.setTimer(() => process.kill(), TERMINATION);
  }

  #onEnd(worker: Worker, reason: unknown): void {
    worker.stopWatch?.();
    runtime.clearTimer(worker.killTimer);
    this.#workers.delete(worker.id);
    debug("cleaning up worker %d", worker.id);
    const { process, lastWords } = worker.link;
    const { name, pid, exitcode } = process;
    const signal = exitcode !== null && exitcode < 0
      ? signalName(-exitcode) ?? null
      : null;
    const { running } = this.#scheduler.removeWorker(worker.id);
    if (running !== undefined && !running.isDropped) {
      const departure = { name, pid, exitcode, signal, lastWords };
      running.job.fail(running, lostError(departure, running));
    }
    const didNothing = !worker.isProven && running === undefined;
    if (didNothing && !worker.isLeaving && this.state !== TERMINATE) {
      const ruin = this.#failures.add({ name, exitcode, signal, lastWords }, reason);
      if (ruin !== undefined) return this.#giveUp(ruin);
    }
    this.#replace();
    this.#finishSoon();
  }

  /** Starts as many workers as are missing, if there is work for them. */
  #replace(): void {
    const isWanted = this.state === RUN || (this.state === CLOSE && this.jobs.size > 0);
    while (isWanted && this.#workers.size < this.#count) {
      try {
        this.#start();
      } catch (error) {
        const ruin = this.#failures.add(undefined, error);
        if (ruin !== undefined) return this.#giveUp(ruin);
        // Others may make room for it; if there is nobody else, later.
        if (this.#workers.size === 0) runtime.setTimer(() => this.#replace(), 100);
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
      runtime.clearTimer(this.#recallTimer);
      return this.#end.settle(true, undefined);
    }
    if (this.state !== CLOSE) return;
    for (const worker of this.#workers.values()) {
      if (worker.isLeaving) continue;
      worker.isLeaving = true;
      worker.link.tell([Told.Stop], []);
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
   * @returns Settles when they are gone.
   */
  terminate(reason?: unknown): Promise<void> {
    if (this.state !== TERMINATE) {
      debug("terminating pool");
      this.state = TERMINATE;
      const error = reason ??
        new ProcessError("the pool was terminated before the task was done");
      for (const job of [...this.jobs.values()]) job.abort(error);
      this.#scheduler.clear();
      for (const worker of this.#workers.values()) this.#kill(worker);
      this.#finishSoon();
    }
    return this.join();
  }

  /** Waits until all workers are gone, after `close` or `terminate`. */
  async join(signal?: AbortSignal): Promise<void> {
    this.#isJoined = true;
    this.#finishSoon();
    await this.#end.wait({ timeout: null, signal });
  }
}
