/**
 * One call of `apply` or `apply_async`, and what it shares with `map`: a result.
 *
 * @module
 */
import {
  callBack,
  Job,
  type JobOwner,
  type JobSettings,
  scalarOf,
  Task,
} from "./job.ts";
import { currentPeer } from "../peer.ts";
import { Outcome } from "./outcome.ts";

/** What is called when a result is there. */
export interface Callbacks<T> {
  readonly callback: ((value: T) => unknown) | null;
  readonly error_callback: ((error: unknown) => unknown) | null;
}

/** A job that has one result. */
export abstract class ResultJob<T> extends Job {
  readonly outcome: Outcome<T> = new Outcome();
  readonly #callbacks: Callbacks<T>;
  /** Whether the process stays alive until the job is over. */
  readonly #isHeld: boolean;

  constructor(
    id: number,
    settings: JobSettings,
    owner: JobOwner,
    callbacks: Callbacks<T>,
  ) {
    super(id, settings, owner);
    this.#callbacks = callbacks;
    // Perhaps nobody else waits for it: the program must not end before it is told.
    const { callback, error_callback } = callbacks;
    this.#isHeld = (callback ?? error_callback) !== null;
    if (this.#isHeld) currentPeer().retain();
  }

  override abort(error: unknown): void {
    this.finish(false, error);
  }

  /** Settles the result; those who wait see it after the callbacks, as in Python. */
  protected finish(isSuccess: boolean, value: unknown, isSilent = false): void {
    if (this.isOver) return;
    this.close();
    const { callback, error_callback } = this.#callbacks;
    if (isSilent) {
      // nobody is told
    } else if (isSuccess && callback !== null) {
      callBack("a pool's callback", () => callback(value as T));
    } else if (!isSuccess && error_callback !== null) {
      callBack("a pool's error_callback", () => error_callback(value));
    }
    this.outcome.settle(isSuccess, value);
    if (this.#isHeld) currentPeer().release();
  }
}

/** See the file's head. */
export class ApplyJob<T> extends ResultJob<T> {
  readonly task: Task;
  /** Settles when the task has its copy, or there will be none. */
  readonly #copied: Promise<unknown> | undefined;

  /** Arguments are copied now, if at all: later changes do not show. */
  constructor(
    id: number,
    settings: JobSettings,
    owner: JobOwner,
    callbacks: Callbacks<T>,
    args: readonly unknown[],
  ) {
    super(id, settings, owner, callbacks);
    this.task = new Task(this, 0, 1, scalarOf(settings, args));
    this.#copied = this.#encode(args);
    this.#copied?.catch(() => {}); // the pool tells
    this.tell(0, 1);
  }

  override get ready(): Promise<unknown> | undefined {
    const ready = super.ready;
    return ready === undefined ? this.#copied : Promise.all([ready, this.#copied]);
  }

  #encode(args: readonly unknown[]): Promise<unknown> | undefined {
    try {
      const pending = this.task.fill(args);
      return pending?.resolve().then((payload) => this.task.payload = payload);
    } catch (error) {
      // Not told before the caller has the result, or a callback would be early.
      return Promise.reject(error);
    }
  }

  override succeed(_task: Task, value: unknown): void {
    this.tell(1, 1);
    this.finish(true, value);
  }

  override fail(_task: Task, error: unknown): void {
    this.finish(false, error);
  }
}
