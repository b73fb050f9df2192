/**
 * One call of `map`, `starmap` or their async forms.
 *
 * @module
 */
import { type Callbacks, ResultJob } from "./apply_job.ts";
import {
  type Job,
  type JobOwner,
  type JobSettings,
  NOTHING,
  scalarOf,
  Task,
} from "./job.ts";
import { Mode } from "./protocol.ts";
import type { Source } from "./scheduler.ts";

/** See the file's head. */
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

  /** @param elements Not to be changed by anybody. */
  constructor(
    id: number,
    settings: JobSettings,
    owner: JobOwner,
    callbacks: Callbacks<T[]>,
    elements: unknown[],
    chunksize: number,
  ) {
    super(id, settings, owner, callbacks);
    this.#elements = elements;
    this.#chunksize = chunksize;
    this.#left = elements.length === 0 ? 0 : Math.ceil(elements.length / chunksize);
    this.#values = new Array(elements.length);
    // As in Python, nobody is called back for nothing.
    if (this.#left === 0) this.finish(true, this.#values, true);
    this.tell(0, elements.length);
  }

  get isDone(): boolean {
    return this.isOver || (this.#at >= this.#elements.length && !this.hasComing);
  }

  get remaining(): number {
    return Math.ceil((this.#elements.length - this.#at) / this.#chunksize);
  }

  take(): Task | undefined {
    const coming = this.takeComing();
    if (coming !== undefined) return coming;
    while (!this.isDone && !this.isWaiting) {
      const start = this.#at;
      this.#at = Math.min(start + this.#chunksize, this.#elements.length);
      const elements = this.#elements.slice(start, this.#at);
      const task = makeTask(this, start, elements, this.settings.mode);
      try {
        const pending = task.fill(elements);
        if (pending === undefined) return task;
        this.postpone(task, pending);
      } catch (error) {
        this.fail(task, error);
      }
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
    task.isSettled = true;
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

/** A task of some elements. */
export function makeTask(
  job: Job,
  index: number,
  elements: readonly unknown[],
  mode: Mode,
): Task {
  const scalar = mode === Mode.Map ? scalarOf(job.settings, elements) : NOTHING;
  return new Task(job, index, elements.length, scalar);
}
