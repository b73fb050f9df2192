/**
 * Jobs that have one result: `apply`, `map`, `starmap` and their async forms.
 *
 * @module
 */
import { type CallerContext, callerContext } from "../runtime/caller_context.ts";
import { type Limit, waitHere, whenInterrupted } from "../link/waiting.ts";
import { observed, type Op, ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { runtime } from "../runtime/mod.ts";
import {
  callBack,
  copyArguments,
  Job,
  type JobSettings,
  NOTHING,
  scalarOf,
  Task,
  taskOf,
} from "./job.ts";
import type { Source } from "./feed.ts";

/**
 * A result that is settled once, and that may be waited for, looked at, or left alone: a
 * failure that nobody asks for is no unhandled rejection.
 */
export class Outcome<T> {
  #isSettled = false;
  #isSuccess = false;
  /** The value, or the error. */
  #value: unknown;
  /** Called when it is settled, and forgotten then. */
  readonly #watchers = new Set<() => void>();
  /** What it is to wait for it, and the pool that settles it. */
  readonly #op: Op;
  readonly #pool: object;

  constructor(op: Op, pool: object) {
    this.#op = op;
    this.#pool = pool;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  get isSuccess(): boolean {
    return this.#isSuccess;
  }

  /** The value. @throws the error, if it is settled with one */
  get value(): T {
    if (!this.#isSuccess) throw this.#value;
    return this.#value as T;
  }

  settle(isSuccess: boolean, value: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#isSuccess = isSuccess;
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  /** The value, once it is there: `wait` without limits, at less cost. */
  result(): Promise<T> {
    const wait = this.#isSettled
      ? undefined
      : observed.by?.wait(this.#op, this.#pool, null, false);
    const result = new Promise<T>((resolve, reject) => {
      const tell = () => {
        if (this.#isSuccess) resolve(this.#value as T);
        else reject(this.#value);
      };
      if (this.#isSettled) return tell();
      const peer = currentPeer();
      peer.ref();
      const leave = () => {
        this.#watchers.delete(watcher);
        forget();
        peer.unref();
        wait?.end();
      };
      const watcher = () => {
        leave();
        tell();
      };
      const forget = whenInterrupted((error) => {
        leave();
        reject(error);
      });
      this.#watchers.add(watcher);
    });
    if (wait !== undefined) wait.promise = result;
    return result;
  }

  /** Waits until it is settled; false if it was not in time. */
  wait(limit: Limit): Promise<boolean> {
    if (this.#isSettled) return Promise.resolve(true);
    if (limit.timeout === 0) {
      // A loop that asks until it is settled must let that happen.
      return new Promise((resolve) => runtime.nextTurn(() => resolve(this.#isSettled)));
    }
    return waitHere<boolean>(
      currentPeer(),
      limit,
      ({ resolve }) => {
        const watcher = () => resolve(true);
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
      },
      () => false,
      this.#op,
      this.#pool,
    );
  }
}

export abstract class ResultJob<T> extends Job {
  readonly outcome: Outcome<T>;
  /** Whether the process stays alive until the job is over. */
  readonly #isHeld: boolean;
  /** Calls what the caller of the pool's method would call. */
  readonly #inContext: CallerContext | undefined;

  constructor(settings: JobSettings) {
    super(settings);
    this.outcome = new Outcome(ops.result, settings.owner);
    // The callback may be all that waits for it: the program must not end before.
    const { callback, error_callback } = settings;
    this.#isHeld = (callback ?? error_callback) !== null;
    this.#inContext = this.#isHeld ? callerContext() : undefined;
    if (this.#isHeld) currentPeer().ref();
  }

  override abort(error: unknown): void {
    this.finish(false, error);
  }

  /** Settles the result; as in Python, the callbacks are called first. */
  protected finish(isSuccess: boolean, value: unknown, isSilent = false): void {
    if (this.isOver) return;
    if (!isSuccess) this.told?.close(value);
    this.close();
    const { callback, error_callback } = this.settings;
    if (isSilent) {
      // there is nothing to call back for
    } else if (isSuccess && callback !== null) {
      callBack("a pool's callback", () => this.#inContext!(() => callback(value)));
    } else if (!isSuccess && error_callback !== null) {
      callBack(
        "a pool's error_callback",
        () => this.#inContext!(() => error_callback(value)),
      );
    }
    this.outcome.settle(isSuccess, value);
    if (this.#isHeld) currentPeer().unref();
  }
}

/** One call of `apply` or `apply_async`. */
export class ApplyJob<T> extends ResultJob<T> {
  readonly task: Task;
  /** Settles when the task has its copy, or there will be none. */
  readonly #copied: Promise<unknown> | undefined;

  /** Arguments are copied now, if at all: later changes do not show. */
  constructor(settings: JobSettings, args: readonly unknown[]) {
    super(settings);
    this.task = new Task(this, 0, 1, scalarOf(settings, args));
    this.#copied = copyArguments(this.task, args);
    this.tell(0, 1);
  }

  override get ready(): Promise<unknown> | undefined {
    const ready = super.ready;
    return ready === undefined ? this.#copied : Promise.all([ready, this.#copied]);
  }

  override succeed(_task: Task, value: unknown): void {
    this.tell(1, 1);
    this.finish(true, value);
  }

  override fail(_task: Task, error: unknown): void {
    this.finish(false, error);
  }
}

/** One call of `map`, `starmap` or their async forms. */
export class MapJob<T> extends ResultJob<T[]> implements Source<Task> {
  /** The elements that no task was made of yet are those from `#at` on. */
  readonly #elements: unknown[];
  readonly #chunksize: number;
  readonly #values: T[];
  #at = 0;
  /** Tasks that have not ended. */
  #left: number;
  /** Calls that are done, and those among them that belong to tasks that are not. */
  #done = 0;
  readonly #partly = new Map<Task, number>();
  /** The first failure that was heard of. */
  #failure: { error: unknown } | undefined;

  readonly yields = false;

  /** @param elements Must not change any more. */
  constructor(settings: JobSettings, elements: unknown[], chunksize: number) {
    super(settings);
    this.#elements = elements;
    this.#chunksize = chunksize;
    this.#left = elements.length === 0 ? 0 : Math.ceil(elements.length / chunksize);
    this.#values = new Array(elements.length);
    // As in Python, an empty list calls nothing back.
    if (this.#left === 0) this.finish(true, this.#values, true);
    this.tell(0, elements.length);
  }

  get isDone(): boolean {
    return this.isOver || (this.#at >= this.#elements.length && !this.hasPending);
  }

  get remaining(): number {
    return Math.ceil((this.#elements.length - this.#at) / this.#chunksize);
  }

  take(): Task | undefined {
    const pending = this.takePending();
    if (pending !== undefined) return pending;
    while (!this.isDone && !this.isWaiting) {
      const start = this.#at;
      this.#at = Math.min(start + this.#chunksize, this.#elements.length);
      const elements = this.#elements.slice(start, this.#at);
      const task = this.fill(taskOf(this, start, elements), elements);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  override succeed(task: Task, value: unknown): void {
    if (task.scalar !== NOTHING) {
      this.#values[task.index] = value as T;
    } else {
      const values = value as T[];
      for (let i = 0; i < values.length; i++) this.#values[task.index + i] = values[i]!;
    }
    this.#end(task);
  }

  override fail(task: Task, error: unknown): void {
    task.hasFailed = true;
    this.#failure ??= { error };
    this.#end(task);
  }

  override tick(task: Task, done: number): void {
    this.#done += done - (this.#partly.get(task) ?? 0);
    this.#partly.set(task, done);
    this.tell(this.#done, this.#elements.length);
  }

  #end(task: Task): void {
    this.#done += task.count - (this.#partly.get(task) ?? 0);
    this.#partly.delete(task);
    this.tell(this.#done, this.#elements.length);
    if (--this.#left > 0) return;
    if (this.#failure === undefined) this.finish(true, this.#values);
    else this.finish(false, this.#failure.error);
  }
}
