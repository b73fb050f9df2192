/**
 * A worker that is a thread of this process: asynchronous code that runs beside other
 * such code. Mirrors what `ThreadPool` of `multiprocessing/pool.py` makes of its workers.
 *
 * What differs: threads take turns where they wait for something; what computes without
 * a pause holds up the whole process.
 *
 * @module
 */
import type { Target } from "../process/arguments.ts";
import { RuntimeError } from "../python/errors.ts";
import { inThread, newThread } from "../python/thread.ts";
import { Flow } from "./flow.ts";
import { type Job, NOTHING, type Task } from "./job.ts";
import { Mode } from "./protocol.ts";
import { type ReceivedTask, Runner, traced } from "./runner.ts";
import type { PoolWorker, WorkerEvents, WorkerLink } from "./worker_link.ts";
import { printAsText } from "../python/printing.ts";

/** The parameters of all workers of a pool. */
export interface ThreadPlan {
  readonly initializer: Target | null;
  readonly initargs: readonly unknown[];
}

/**
 * The public object of a thread. CPython: `multiprocessing.dummy.DummyProcess`, as
 * far as a pool's workers go. It cannot be killed, and has no number of its own.
 */
export class WorkerThread implements PoolWorker {
  name: string;
  daemon = true;
  readonly pid = null;
  readonly #end: Promise<unknown>;
  #hasEnded = false;

  /** @internal @param end Settles when it has ended, and never rejects. */
  constructor(name: string, end: Promise<unknown>) {
    this.name = name;
    this.#end = end.then(() => this.#hasEnded = true);
  }

  /** Null while it runs, then 0, as Python's is however the thread has ended. */
  get exitcode(): number | null {
    return this.#hasEnded ? 0 : null;
  }

  /** Whether it runs. */
  is_alive(): boolean {
    return !this.#hasEnded;
  }

  /** It has been started: as in Python, a thread is started once. */
  start(): never {
    throw new RuntimeError("threads can only be started once");
  }

  /** Waits until it has ended. */
  async join(): Promise<void> {
    await this.#end;
  }

  /** `<DummyProcess(Thread-1 (worker), started daemon)>`. */
  toString(): string {
    const state = this.#hasEnded ? "stopped" : "started";
    return `<DummyProcess(${this.name}, ${state} daemon)>`;
  }
}

printAsText(WorkerThread);

/** Starts a worker. */
export function startThread(
  plan: ThreadPlan,
  events: WorkerEvents,
): WorkerLink<WorkerThread> {
  return new ThreadLink(plan, events);
}

class ThreadLink extends Runner implements WorkerLink<WorkerThread> {
  readonly process: WorkerThread;
  readonly stderrTail = "";
  readonly isKillable = false;
  readonly #thread = newThread("worker");
  readonly #events: WorkerEvents;
  /** What was asked for of the stream that it holds. */
  #flow: Flow | undefined;

  constructor(plan: ThreadPlan, events: WorkerEvents) {
    super(Infinity);
    this.#events = events;
    const end = this.#run(plan);
    this.process = new WorkerThread(this.#thread.name, end);
    void this.process.join().then(() => events.onEnd());
  }

  async #run({ initializer, initargs }: ThreadPlan): Promise<void> {
    await undefined; // the caller must have the link before the first event
    try {
      if (initializer !== null) await this.around(() => initializer(...initargs));
    } catch (error) {
      return this.#events.onNotReady(error);
    }
    this.#events.onReady();
    await this.end.catch(() => {}); // `SystemExit` ends a thread without a word
  }

  protected override around<T>(call: () => T): T {
    return inThread(this.#thread, call);
  }

  protected override succeed(_task: ReceivedTask, value: unknown): undefined {
    this.#events.onReport();
    this.#events.onDone(this.elapsed(), value ?? null, 0);
  }

  protected override fail(error: unknown): undefined {
    this.#events.onReport();
    this.#events.onFailed(this.elapsed(), error);
  }

  protected override give(value: unknown): undefined {
    this.#events.onYield(value ?? null);
  }

  protected override tick(done: number): void {
    this.#events.onTick(done);
  }

  send(tasks: readonly Task[]): void {
    for (const task of tasks) {
      const { job } = task;
      const isStream = job.settings.mode === Mode.Stream;
      this.#flow = isStream ? new Flow(job.credit) : undefined;
      const { told } = task;
      const place = { worker: this.#thread.name, pid: null };
      const given = received(task, this.#flow);
      this.push(
        told === undefined ? given : traced(given, { ...told.facts, ...place }),
      );
    }
    // The caller of `apply_async` has the result before the function is called.
    queueMicrotask(() => this.wake());
  }

  override finish(): void {
    super.finish();
    this.wake();
  }

  grant(_job: Job, count: number): void {
    this.#flow?.grant(count);
  }

  leave(): void {
    this.#flow?.leave();
  }

  kill(): void {
    this.dropAll();
    this.#flow?.leave();
    this.finish();
  }
}

function received(task: Task, flow: Flow | undefined): ReceivedTask {
  const { func, mode } = task.job.settings;
  const isSingle = task.scalar !== NOTHING;
  return {
    func: func.target,
    mode,
    ticks: task.ticks,
    flow,
    isSingle,
    values: isSingle ? task.scalar : task.values,
    get isDropped() {
      return task.isDropped;
    },
  };
}
