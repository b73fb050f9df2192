/**
 * Runs a worker's tasks, one after the other, wherever the worker is.
 *
 * A task whose function is async is awaited: a worker does one thing at a time.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Target } from "../process/arguments.ts";
import type { CurrentTask } from "../link/observed.ts";
import { KeyboardInterrupt, SystemExit } from "../python/errors.ts";
import { iterated } from "../python/keys.ts";
import { pythonTypeName } from "../python/repr.ts";
import { isThenable } from "../python/util.ts";
import { channelsSoon } from "../runtime/channels.ts";
import { runtime } from "../runtime/mod.ts";
import { type Flow, pump } from "./flow.ts";
import { Mode, Ticks } from "./protocol.ts";
import type { TaskFacts, WorkerPlace } from "./told_task.ts";

/** A task as a worker has it. */
export interface ReceivedTask {
  /** The function; a promise while its module is being loaded. */
  readonly func: unknown;
  readonly mode: Mode;
  readonly ticks: Ticks;
  /** Whether `values` is the one argument of a single call. */
  readonly isSingle: boolean;
  /** The arguments, or the elements; a promise while a module is being loaded. */
  readonly values: unknown;
  /** What was asked for of a stream. */
  readonly flow?: Flow | undefined;
  /** Calls it, and tells of that; undefined if nobody listens. */
  readonly trace?: Trace | undefined;
  /** Whether its result is not wanted any more, as far as is known here. */
  readonly isDropped?: boolean;
}

/** Calls what it is given, and tells of that to those who listen. */
export type Trace = (call: () => unknown) => unknown;

/** A task that is told of: it waits until this process can do that. */
export function traced(
  task: ReceivedTask,
  facts: TaskFacts & WorkerPlace,
): ReceivedTask {
  let trace: Trace = (call) => call();
  const prepare = async () => {
    const [channels, { tracedCall }] = await Promise.all([
      channelsSoon(),
      import("./traced_call.ts"),
    ]);
    trace = (call) => tracedCall(channels, { side: "worker", ...facts }, call);
  };
  const { func } = task;
  const later = prepare().catch(() => {}).then(() => func);
  later.catch(() => {}); // it is awaited when its turn comes
  const more: Partial<ReceivedTask> = { func: later, trace: (call) => trace(call) };
  return Object.assign(task, more); // no copy: some of it is found out when it is asked for
}

/** Milliseconds of tasks without a pause, after which other code gets its turn. */
const YIELD_INTERVAL = 5;

/** Milliseconds between two ticks of a task that is to tell of itself sometimes. */
const TICK_INTERVAL = 50;

/** Runs the tasks of one worker; subclasses say what becomes of the results. */
export abstract class Runner {
  readonly #tasks = new Deque<ReceivedTask>();
  readonly #maxtasks: number;
  #received = 0;
  #completed = 0;
  #isRunning = false;
  #isStopping = false;
  /** The task that is being run. */
  #current: ReceivedTask | undefined;
  /** It does nothing more, whatever comes. */
  #isFull = false;
  /** When other code had its turn last, and when the last task was done. */
  #yielded = 0;
  #clock = 0;
  #end!: { resolve: (completed: number) => void; reject: (error: unknown) => void };
  /**
   * Settles when there is nothing left to do, with the number of tasks; rejects with what
   * shall end the worker.
   */
  readonly end: Promise<number> = new Promise((resolve, reject) => {
    this.#end = { resolve, reject };
  });

  /** @param maxtasks After so many tasks there is nothing left to do. */
  constructor(maxtasks: number) {
    this.#maxtasks = maxtasks;
  }

  /** A task is done; a promise, if it takes time to tell of it. */
  protected abstract succeed(
    task: ReceivedTask,
    value: unknown,
  ): Promise<void> | undefined;

  /** A task has failed; the same. */
  protected abstract fail(error: unknown): Promise<void> | undefined;

  /** The present task, a stream, gives a value; the same. @throws if that cannot be sent */
  protected abstract give(value: unknown): Promise<void> | undefined;

  /** So many of the calls that make up the present task are done. */
  protected abstract tick(done: number): void;

  /** Calls what calls a task's function. */
  protected around<T>(call: () => T): T {
    return call();
  }

  /** One more task; `wake` has it run. */
  protected push(task: ReceivedTask): void {
    this.#received++;
    this.#tasks.push(task);
  }

  /** Forgets the tasks that were not begun. */
  protected dropAll(): void {
    this.#tasks.splice(0, this.#tasks.length);
  }

  /** One more task that is not to be run. */
  protected skip(): void {
    this.#received++;
  }

  /** The number of the next task that is begun, as they came, from 0. */
  protected get nextTask(): number {
    return this.#received - this.#tasks.length;
  }

  /**
   * The task of a number is about to be begun.
   *
   * @returns The number itself; a greater one if all tasks before that were taken back.
   */
  protected claim(number: number): number {
    return number;
  }

  /** Whether it must end before it begins the next task; is asked after each one. */
  protected isFull(): boolean {
    return false;
  }

  /** What it runs now, once its module is there; the time is the end of the task before. */
  get current(): CurrentTask | undefined {
    const task = this.#current;
    if (task === undefined || task.func instanceof Promise) return undefined;
    const { func, values } = task;
    const name = typeof func === "function" ? func.name : "";
    const args = values instanceof Promise ? undefined : values;
    return { func: name || "<lambda>", args, since: this.#clock };
  }

  /** There will be no more tasks; `wake` has it noticed. */
  protected finish(): void {
    this.#isStopping = true;
  }

  /** Nothing more is wanted of it. */
  protected quit(): void {
    this.#end.resolve(this.#completed);
  }

  /** Microseconds since the last task was done. */
  protected elapsed(): number {
    const now = runtime.now();
    const elapsed = Math.max(0, Math.round((now - this.#clock) * 1000));
    this.#clock = now;
    return elapsed;
  }

  /** There is something to do. */
  protected wake(): void {
    if (this.#isRunning || this.#isFull) return;
    this.#isRunning = true;
    this.#loop().then(
      () => {
        this.#isRunning = false;
        if (this.#completed >= this.#maxtasks || this.#isFull) this.quit();
        else if (this.#tasks.length > 0) this.wake(); // it came just now
        else if (this.#isStopping) this.quit();
      },
      (error) => this.#end.reject(error),
    );
  }

  async #loop(): Promise<void> {
    this.#clock = this.#yielded = runtime.now();
    while (this.#completed < this.#maxtasks) {
      const task = this.#begin();
      if (task === undefined) return;
      this.#current = task;
      const pending = this.#perform(task);
      if (pending !== undefined) await pending;
      this.#current = undefined;
      this.#completed++;
      if (this.#completed < this.#maxtasks && this.isFull()) {
        this.#isFull = true;
        return;
      }
      if (this.#clock - this.#yielded > YIELD_INTERVAL) {
        await new Promise<void>((resolve) => runtime.nextTurn(resolve));
        this.#clock = this.#yielded = runtime.now();
      }
    }
  }

  #begin(): ReceivedTask | undefined {
    while (this.#tasks.length > 0) {
      const number = this.nextTask;
      const lost = this.claim(number) - number;
      if (lost <= 0) return this.#tasks.shift();
      this.#tasks.splice(0, Math.min(lost, this.#tasks.length));
    }
    return undefined;
  }

  /** A task from its beginning to its report; no promise where none is needed. */
  #perform(task: ReceivedTask): Promise<void> | undefined {
    try {
      if (task.func instanceof Promise || task.values instanceof Promise) {
        return this.#performLater(task);
      }
      const value = this.around(() => this.#apply(task, task.func, task.values));
      if (value instanceof Promise) {
        return value.then(
          (value) => this.succeed(task, value),
          (error) => this.#fail(error),
        );
      }
      return this.succeed(task, value);
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #performLater(task: ReceivedTask): Promise<void> {
    try {
      const func = await task.func;
      const values = await task.values;
      this.#current = { ...task, func, values };
      this.#clock = runtime.now(); // to load a module says nothing of the task
      if (task.ticks === Ticks.Always) this.tick(0);
      const call = () => this.#apply(task, func, values);
      const { trace = (call) => call() } = task; // those with one come here, all of them
      await this.succeed(task, await this.around(() => trace(call)));
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** As in Python, what means the worker's end is no result. */
  #fail(error: unknown): Promise<void> | undefined {
    if (error instanceof SystemExit || error instanceof KeyboardInterrupt) throw error;
    return this.fail(error);
  }

  /** The results of the task's calls: a value, or a list with one for each element. */
  #apply(task: ReceivedTask, func: unknown, values: unknown): unknown {
    if (typeof func !== "function") {
      throw new TypeError(`'${pythonTypeName(func)}' object is not callable`);
    }
    if (task.isDropped) return []; // the result is not wanted
    const target = func as Target;
    if (task.flow !== undefined) {
      const call = () => target(...values as unknown[]);
      return pump(call, task.flow, (value) => this.give(value));
    }
    if (task.isSingle) return awaited(target(values));
    if (task.mode === Mode.Apply) return awaited(target(...values as unknown[]));
    return this.#applyToAll(task, target, values as readonly unknown[]);
  }

  #applyToAll(
    task: ReceivedTask,
    func: Target,
    elements: readonly unknown[],
  ): unknown[] | Promise<unknown[]> {
    const results: unknown[] = [];
    const tick = this.#ticker(task.ticks, elements.length);
    const isStar = task.mode === Mode.Starmap;
    for (const element of elements) {
      if (task.isDropped) break;
      const value = isStar ? func(...iterated(element)) : func(element);
      if (isThenable(value)) {
        return goOn(task, func, elements, results, value, tick);
      }
      results.push(value ?? null);
      tick?.(results.length);
    }
    return results;
  }

  /** The function that reports how many calls are done, if that is wanted. */
  #ticker(ticks: Ticks, count: number): ((done: number) => void) | undefined {
    if (ticks === Ticks.Never) return undefined;
    let last = runtime.now();
    return (done) => {
      if (done === count) return; // the result tells
      if (ticks === Ticks.Sometimes) {
        const now = runtime.now();
        if (now - last < TICK_INTERVAL) return;
        last = now;
      }
      this.tick(done);
    };
  }
}

/** A real promise, if the value is something like it. */
function awaited(value: unknown): unknown {
  return isThenable(value) ? Promise.resolve(value) : value;
}

/** Goes on with a function that has turned out to be async. */
async function goOn(
  task: ReceivedTask,
  func: Target,
  elements: readonly unknown[],
  results: unknown[],
  pending: PromiseLike<unknown>,
  tick: ((done: number) => void) | undefined,
): Promise<unknown[]> {
  const isStar = task.mode === Mode.Starmap;
  results.push(await pending ?? null);
  tick?.(results.length);
  for (let i = results.length; i < elements.length && !task.isDropped; i++) {
    const element = elements[i];
    const value = isStar ? func(...iterated(element)) : func(element);
    results.push(await value ?? null);
    tick?.(results.length);
  }
  return results;
}
