/**
 * Jobs, each one call of `apply`, `map` or `imap` of a pool; the tasks that they are made
 * of, and the functions that those call.
 *
 * @module
 */
import { isPromise } from "../runtime/brands.ts";
import { boundParts } from "../reduction/kinds.ts";
import { dumps, loads, PendingPayload } from "../reduction/mod.ts";
import { lostReference } from "../functions/references.ts";
import { repr } from "../python/repr.ts";
import { runtime } from "../runtime/mod.ts";
import { formatException } from "../python/traceback.ts";
import { copyToRoom, reuseBuffer } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { Form, Mode, pack, Ticks, unpack } from "./protocol.ts";
import type { Pace, Schedulable } from "./assigned_tasks.ts";
import { isBrief, textOf } from "./brief.ts";
import type { Turn } from "./turn.ts";
import { type ToldTask, type ToldTasks, toldTasks } from "./told_task.ts";

/**
 * Is told how far a job is: when it begins, and each time that more of it is done. A bar
 * for the terminal is made by `bar` of the entry point `./progress`.
 */
export interface Progress {
  /**
   * @param done Elements that are done.
   * @param total Elements that there are; null while that is not known.
   */
  (done: number, total: number | null): void;
  /** Is called once when the job is over, however it went. */
  close?(): void;
}

/** The options of every submitting call. */
export interface JobOptions {
  /**
   * Seconds that one call of the function may run; null for ever. A call that takes
   * longer is ended, with its worker, and fails with `TimeoutError`.
   */
  timeout?: number | null;
  /** Aborts the job: what waits is dropped, what runs is ended with its worker. */
  signal?: AbortSignal;
}

/** One function. */
export interface PoolFunction {
  readonly id: number;
  /** For texts. */
  readonly name: string;
  /** The time that a call takes. */
  readonly pace: Pace;
  /** Whether it is used for one job only: it carries an object, as it was then. */
  readonly isTemporary: boolean;
  /** The function itself, where workers need no copy. */
  readonly target: unknown;
  /** The copy; undefined where there is none, and while the module is being looked for. */
  payload: Payload | undefined;
  /** Settles when `payload` is there, or cannot be; undefined if it was there at once. */
  readonly ready: Promise<void> | undefined;
}

/**
 * The functions that a pool's tasks call: each is encoded once, if at all, and then
 * known by a number.
 */
export class FunctionTable {
  readonly #isCopying: boolean;
  readonly #known = new WeakMap<object, PoolFunction>();
  #lastId = 0;

  /** @param isCopying Whether the workers are elsewhere, and must be sent functions. */
  constructor(isCopying: boolean) {
    this.#isCopying = isCopying;
  }

  /** A function for a new job. If it cannot be sent, `ready` tells. */
  get(func: unknown): PoolFunction {
    const known = typeof func === "function" ? this.#known.get(func) : undefined;
    const isLost = this.#isCopying && lostReference(func as never) !== undefined;
    if (known !== undefined && !isLost) return known;
    const isLasting = typeof func === "function" && boundParts(func) === undefined;
    const payload = this.#isCopying ? dumpLater(func) : undefined;
    const isPending = isPromise(payload);
    const made: PoolFunction = {
      id: ++this.#lastId,
      name: typeof func === "function" ? func.name || "<lambda>" : repr(func),
      pace: { micros: Infinity, samples: 0 },
      isTemporary: !isLasting,
      target: this.#isCopying ? undefined : func,
      payload: isPending ? undefined : payload,
      ready: isPending
        ? payload.then((payload) => void (made.payload = payload))
        : undefined,
    };
    if (isLasting) this.#known.set(func, made);
    // It may be exported next time.
    made.ready?.catch(() => isLasting && this.#known.delete(func));
    return made;
  }
}

/** What workers are sent: they import functions' modules, and only inherit queues and locks. */
export const FOR_WORKERS = {
  isImported: true,
  cure: "give it to the pool's `initializer`, in `initargs`",
};

function dumpLater(func: unknown): Payload | Promise<Payload> {
  try {
    const payload = dumps(func, FOR_WORKERS);
    return payload instanceof PendingPayload ? payload.resolve() : payload;
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The parameters of every job. */
export interface JobSettings {
  readonly id: number;
  readonly owner: JobOwner;
  /** Held while the job goes on: a pool that is collected would be ended. */
  readonly pool: object;
  readonly func: PoolFunction;
  /** Whether the workers get copies of arguments, and not the arguments themselves. */
  readonly isCopying: boolean;
  readonly mode: Mode;
  readonly timeout: number | null;
  readonly signal: AbortSignal | undefined;
  readonly progress: Progress | null;
  /** Is called when the one result is there, if there is one. */
  readonly callback: ((value: unknown) => unknown) | null;
  readonly error_callback: ((error: unknown) => unknown) | null;
}

/** A job's pool, as the job sees it. */
export interface JobOwner {
  /** The pool's number in this process. */
  readonly number: number;
  /** The job has tasks again, or no more. */
  wake(job: Job): void;
  /** The job is over; nothing of it is kept. */
  forget(job: Job): void;
  /** Running tasks of the job are ended. */
  stop(job: Job): void;
  /** The worker of a stream may give so many values more. */
  grant(job: Job, count: number): void;
  /** It shall give no more. False if no worker has the job's task. */
  leave(job: Job): boolean;
}

/** Stands for no value. */
export const NOTHING: unique symbol = Symbol("nothing");

/** Characters of a text that is sent along with other things. */
const SHORT_TEXT = 1000;

/**
 * The argument of a call, if it is the only one and can be sent along with that of other
 * calls: it neither changes nor is shared, and the call needs no time limit of its own.
 */
export function scalarOf({ timeout }: JobSettings, args: readonly unknown[]): unknown {
  if (args.length !== 1 || timeout !== null) return NOTHING;
  const [only] = args;
  switch (typeof only) {
    case "number":
    case "boolean":
    case "bigint":
      return only;
    case "string":
      return only.length <= SHORT_TEXT ? only : NOTHING;
    default:
      return only === null ? only : NOTHING;
  }
}

/** A piece of a job that a worker does as a whole. */
export class Task implements Schedulable {
  readonly job: Job;
  /** Its place in the job. */
  readonly index: number;
  /** The number of calls. */
  readonly count: number;
  /** The argument, where that is a single number, text or the like. */
  readonly scalar: unknown;
  /** The arguments, or the elements, where no copy is made of them. */
  values: readonly unknown[] | undefined;
  form: Form = Form.Payload;
  /** The copy; undefined where there is a `scalar`, or none, or while it is made. */
  payload: Payload | undefined;
  cost = 0;
  place = 0;
  /** It has failed, though a worker may not know it. */
  hasFailed = false;

  constructor(job: Job, index: number, count: number, scalar: unknown = NOTHING) {
    this.job = job;
    this.index = index;
    this.count = count;
    this.scalar = scalar;
    job.told?.begin(this, count);
  }

  /** It is told of to those who listen; undefined if nobody does. */
  get told(): ToldTask | undefined {
    return this.job.told?.of(this);
  }

  /** It is done: its value, or the list of its values if it is of several calls. */
  succeed(value: unknown, bytes: number): void {
    this.told?.succeed();
    this.job.succeed(this, value, bytes);
  }

  /** It has failed. */
  fail(error: unknown): void {
    this.told?.fail(error);
    this.job.fail(this, error);
  }

  /**
   * Gives it the values that it is made for. If its copy must be waited for, that is
   * returned.
   *
   * @throws Whatever {@linkcode dumps} throws.
   */
  fill(values: readonly unknown[]): PendingPayload | undefined {
    if (this.scalar !== NOTHING) return undefined;
    if (!this.job.settings.isCopying) {
      this.values = values;
      return undefined;
    }
    const packed = pack(values);
    if (packed !== undefined) {
      this.form = packed.form;
      // Now, as later changes do not show.
      const isOwn = packed.isView !== true;
      this.payload = isOwn ? packed.bytes : copyToRoom(packed.bytes);
      return undefined;
    }
    const { mode } = this.job.settings;
    const name = mode === Mode.Apply || mode === Mode.Stream ? "args" : "items";
    const payload = dumps(values, { name, ...FOR_WORKERS });
    if (payload instanceof PendingPayload) return payload;
    this.payload = payload;
    return undefined;
  }

  /** A worker has done it: its arguments are not needed any more. */
  release(): void {
    if (this.payload !== undefined) reuseBuffer(this.payload);
    this.payload = this.values = undefined;
  }

  get pace(): Pace {
    return this.job.settings.func.pace;
  }

  get bytes(): number {
    return this.payload?.length ?? 8;
  }

  /**
   * A worker that may be ended because of a task holds no task of another group; nor does one
   * that may be busy with a task for as long as somebody else likes.
   */
  get group(): unknown {
    const { timeout, signal, mode } = this.job.settings;
    return timeout !== null || mode === Mode.Stream
      ? this
      : signal !== undefined
      ? this.job
      : null;
  }

  get isDropped(): boolean {
    return this.hasFailed || this.job.isOver;
  }

  get ticks(): Ticks {
    const { timeout, progress } = this.job.settings;
    if (timeout !== null) return Ticks.Always;
    return progress === null || this.count === 1 ? Ticks.Never : Ticks.Sometimes;
  }
}

/**
 * Copies the arguments of a task's call now, if at all. If that takes time, or fails, what is
 * returned tells: not before the caller has the result, or a callback would be early.
 */
export function copyArguments(
  task: Task,
  args: readonly unknown[],
): Promise<unknown> | undefined {
  let copied: Promise<unknown> | undefined;
  try {
    copied = task.fill(args)?.resolve().then((payload) => task.payload = payload);
  } catch (error) {
    copied = Promise.reject(error);
  }
  copied?.catch(() => {}); // the pool tells
  return copied;
}

/** A task of some elements of a job. */
export function taskOf(job: Job, index: number, elements: readonly unknown[]): Task {
  const isMap = job.settings.mode === Mode.Map;
  const scalar = isMap ? scalarOf(job.settings, elements) : NOTHING;
  return new Task(job, index, elements.length, scalar);
}

/** A job: whatever is done by some tasks. */
export abstract class Job {
  readonly settings: JobSettings;
  /** Tells of its tasks; undefined if nobody listened when it was made. */
  readonly told: ToldTasks | undefined;
  /** When its tasks began to wait; undefined if they do not, as they are made one by one. */
  turn: Turn | undefined;
  #isOver = false;
  /** A task whose copy is being made: those behind it wait. */
  #pending: Task | undefined;
  readonly #abort = () => {
    this.abort(this.settings.signal!.reason);
    this.settings.owner.stop(this);
  };

  constructor(settings: JobSettings) {
    this.settings = settings;
    this.told = toldTasks(settings);
    settings.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Its number in its pool. */
  get id(): number {
    return this.settings.id;
  }

  /** Whether none of its tasks is wanted any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Settles before its tasks may be handed out; undefined if they may be now. */
  get ready(): Promise<unknown> | undefined {
    const { payload, ready } = this.settings.func;
    return payload === undefined ? ready : undefined;
  }

  /** Whether its tasks are made when workers are free for them: they do not wait. */
  get isLazy(): boolean {
    return false;
  }

  /** Whether it waits for a task's copy. */
  get isWaiting(): boolean {
    return !this.#isOver && this.hasPending && this.#pending!.payload === undefined;
  }

  /** Whether there is a task that was, or is, waited for. */
  protected get hasPending(): boolean {
    return this.#pending !== undefined;
  }

  /** A task is done: its value, or the list of its values if it is of several calls. */
  abstract succeed(task: Task, value: unknown, bytes: number): void;

  /** A task has failed. */
  abstract fail(task: Task, error: unknown): void;

  /** All of it fails. */
  abstract abort(error: unknown): void;

  /** Reports `done` elements out of `total` to `progress`, if there is one. */
  tell(done: number, total: number | null): void {
    const { progress, signal } = this.settings;
    // What was aborted before it began does not begin.
    if (progress === null || this.#isOver || signal?.aborted) return;
    callBack("a pool's progress", () => progress(done, total));
  }

  /** Some of a task's calls are done. */
  tick(_task: Task, _done: number): void {}

  /** A worker gives one value of a stream. */
  give(_value: unknown): void {}

  /** The number of values of a stream that a worker may give before it is granted more. */
  get credit(): number {
    return 0;
  }

  /** Whether its worker rests, as it may give no more. */
  get isPaused(): boolean {
    return false;
  }

  /** The pool is joined: results that are not fetched must not hold up the job. */
  liftLimits(): void {}

  /** For texts: what a task does. */
  describe(task: Task): string {
    const { func, mode } = this.settings;
    if (task.count > 1) return `${task.count} calls of ${func.name}`;
    const args = argumentsOf(task, mode);
    return args === undefined ? func.name : `${func.name}(${textOf(args)})`;
  }

  /** What a task is called with, if that is one call and there is not much of it. */
  briefArguments(task: Task): string | null {
    const { mode } = this.settings;
    const args = task.count > 1 ? undefined : argumentsOf(task, mode);
    return args === undefined || !isBrief(args) ? null : textOf(args);
  }

  /** Nothing of it is to be done any more. */
  protected close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.told?.close(undefined);
    const { signal, progress } = this.settings;
    signal?.removeEventListener("abort", this.#abort);
    if (progress?.close !== undefined) {
      callBack("a pool's progress", () => progress.close!());
    }
    this.settings.owner.forget(this);
  }

  /**
   * Gives a task its elements. Undefined if it cannot be handed out: it has failed, or it
   * waits for its copy, and all behind it do.
   */
  protected fill(task: Task, elements: readonly unknown[]): Task | undefined {
    try {
      const payload = task.fill(elements);
      if (payload === undefined) return task;
      this.#defer(task, payload);
    } catch (error) {
      task.fail(error);
    }
    return undefined;
  }

  /** Has its pool ask it for tasks again. */
  protected wake(): void {
    this.settings.owner.wake(this);
  }

  #defer(task: Task, payload: PendingPayload): void {
    this.#pending = task;
    payload.resolve().then((payload) => task.payload = payload, (error) => {
      this.#pending = undefined;
      if (!task.isDropped) task.fail(error);
    }).then(() => this.wake());
  }

  /** The task that was waited for, once. */
  protected takePending(): Task | undefined {
    if (this.isWaiting) return undefined;
    const task = this.#pending;
    this.#pending = undefined;
    return task;
  }
}

/** Bytes of arguments that are not worth a look for a text. */
const TOO_LONG = 10_000;

/** The arguments of a task of one call, if they can be had easily. */
function argumentsOf(task: Task, mode: Mode): unknown[] | undefined {
  if (task.scalar !== NOTHING) return [task.scalar];
  const { form, payload } = task;
  if (payload !== undefined && payload.length > TOO_LONG) return undefined;
  try {
    const values = payload === undefined
      ? task.values
      : form === Form.Payload
      ? loads(payload)
      : unpack(form, payload);
    if (!Array.isArray(values)) return undefined;
    return mode === Mode.Starmap ? [...values[0]] : values;
  } catch {
    return undefined; // this process need not know all that it passes on
  }
}

/** Calls a function of the user's; that it throws is told on stderr and stops nothing. */
export function callBack(what: string, callback: () => unknown): void {
  const complain = (error: unknown) => {
    const text = `Exception ignored in ${what}:\n${formatException(error)}`;
    runtime.writeStderrSync(new TextEncoder().encode(text));
  };
  try {
    const result = callback();
    if (isPromise(result)) result.catch(complain);
  } catch (error) {
    complain(error);
  }
}
