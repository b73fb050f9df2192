/**
 * What a pool's worker process runs. Mirrors `worker` of `multiprocessing/pool.py`.
 *
 * What differs: tasks come from the parent directly, several at a time if they are
 * short, and each one's result is on its way before the next one begins. A task whose
 * function is async is awaited: a worker does one thing at a time.
 *
 * @module
 */
import {
  AssertionError,
  KeyboardInterrupt,
  MaybeEncodingError,
  SystemExit,
} from "../errors.ts";
import { isThenable } from "../finalize.ts";
import { Deque } from "../hub/deque.ts";
import { listenToParent, report } from "../mailbox.ts";
import { finishProcess } from "../process_exit.ts";
import { parent_process, type Target } from "../process.ts";
import { dumpError, dumps, PendingPayload, registerName } from "../reduction.ts";
import { pythonTypeName, repr } from "../repr.ts";
import { runtime } from "../runtime/mod.ts";
import { debug } from "../util.ts";
import type { Payload } from "../wire/message.ts";
import { packNumbers } from "./numbers.ts";
import { Form, Mode, Reported, Ticks } from "./protocol.ts";
import { type Received, TaskReader } from "./task_reader.ts";

/** Milliseconds of tasks without a pause, after which other code gets its turn. */
const BREATH = 5;

/** Milliseconds between two ticks of a task that is to tell of itself sometimes. */
const TICK = 50;

/**
 * Runs tasks until the pool has no more, or `maxtasks` of them.
 *
 * @param initializer Called first, with `initargs`; null for none.
 * @param maxtasks After so many tasks the process ends; null for never.
 * @throws {AssertionError} `Maxtasks 0 is not valid`
 * @throws Whatever the initializer throws.
 */
export async function worker(
  initializer: Target | null = null,
  initargs: unknown[] = [],
  maxtasks: number | null = null,
): Promise<void> {
  if (maxtasks !== null && !(Number.isInteger(maxtasks) && maxtasks >= 1)) {
    throw new AssertionError(`Maxtasks ${repr(maxtasks)} is not valid`);
  }
  try {
    if (initializer !== null) await initialize(initializer, initargs);
    const completed = await new Worker(maxtasks ?? Infinity).run();
    debug("worker exiting after %d tasks", completed);
  } finally {
    // A connection that the initializer has opened, say, shall not keep the process. By
    // the next turn the exit code has been set.
    runtime.nextTurn(() => void finishProcess().finally(() => runtime.exit()));
  }
}

registerName("pool:worker", worker);

async function initialize(initializer: Target, initargs: unknown[]): Promise<void> {
  try {
    await initializer(...initargs);
  } catch (error) {
    report([Reported.NotReady], [await dumpError(error)]);
    throw error;
  }
}

/** One worker. */
class Worker {
  readonly #tasks = new Deque<Received>();
  readonly #reader: TaskReader;
  readonly #maxtasks: number;
  #completed = 0;
  #isRunning = false;
  #isStopping = false;
  /** When other code had its turn last, and when the last task was done. */
  #breathed = 0;
  #clock = 0;
  #end!: { resolve: (completed: number) => void; reject: (error: unknown) => void };

  constructor(maxtasks: number) {
    this.#maxtasks = maxtasks;
    this.#reader = new TaskReader({
      onTask: (task) => this.#tasks.push(task),
      onGiveBack: () => this.#giveBack(),
      onStop: () => this.#isStopping = true,
    });
  }

  /** Settles when there is nothing left to do; rejects with what shall end the process. */
  run(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
      listenToParent((heads, items) => {
        this.#reader.read(heads, items);
        this.#wake();
      });
      // Nobody is left who wants a result.
      void parent_process()?.join().then(() => resolve(this.#completed));
      report([Reported.Ready], []);
    });
  }

  #giveBack(): void {
    const count = this.#tasks.length;
    this.#tasks.filter(() => false);
    report([Reported.GivenBack, count], []);
  }

  #wake(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#loop().then(
      () => {
        this.#isRunning = false;
        if (this.#completed >= this.#maxtasks) this.#end.resolve(this.#completed);
        else if (this.#tasks.length > 0) this.#wake(); // it came just now
        else if (this.#isStopping) this.#end.resolve(this.#completed);
      },
      (error) => this.#end.reject(error),
    );
  }

  async #loop(): Promise<void> {
    this.#clock = this.#breathed = performance.now();
    while (this.#completed < this.#maxtasks) {
      const task = this.#tasks.shift();
      if (task === undefined) return;
      const pending = this.#perform(task);
      if (pending !== undefined) await pending;
      this.#completed++;
      if (this.#clock - this.#breathed > BREATH) {
        await new Promise<void>((resolve) => runtime.nextTurn(resolve));
        this.#clock = this.#breathed = performance.now();
      }
    }
  }

  /** A task from its beginning to its report; no promise where none is needed. */
  #perform(task: Received): Promise<void> | undefined {
    try {
      if (task.func instanceof Promise || task.values instanceof Promise) {
        return this.#performLater(task);
      }
      const value = apply(task, task.func, task.values);
      if (value instanceof Promise) {
        return value.then(
          (value) => this.#succeed(task, value),
          (error) => this.#fail(error),
        );
      }
      return this.#succeed(task, value);
    } catch (error) {
      return this.#fail(error);
    }
  }

  async #performLater(task: Received): Promise<void> {
    try {
      const func = await task.func;
      const values = await task.values;
      this.#clock = performance.now(); // to load a module says nothing of the task
      if (task.ticks === Ticks.Always) report([Reported.Tick, 0], []);
      await this.#succeed(task, await apply(task, func, values));
    } catch (error) {
      await this.#fail(error);
    }
  }

  #succeed(task: Received, value: unknown): Promise<void> | undefined {
    if (typeof value === "number") {
      report([Reported.Done, this.#elapsed(), Form.Head, value], []);
      return undefined;
    }
    if (task.mode !== Mode.Apply) {
      const packed = packNumbers(value as unknown[]);
      if (packed !== undefined) {
        this.#done(packed.form, packed.bytes);
        return undefined;
      }
    }
    let payload: Payload | PendingPayload;
    try {
      payload = dumps(value ?? null);
    } catch (error) {
      return this.#failToEncode(error, value);
    }
    if (!(payload instanceof PendingPayload)) {
      this.#done(Form.Payload, payload);
      return undefined;
    }
    return payload.resolve().then(
      (payload) => this.#done(Form.Payload, payload),
      (error) => this.#failToEncode(error, value),
    );
  }

  #done(form: Form, payload: Payload): void {
    report([Reported.Done, this.#elapsed(), form], [payload]);
  }

  #failToEncode(error: unknown, value: unknown): Promise<void> | undefined {
    const wrapped = new MaybeEncodingError(error, value);
    debug("Possible encoding error while sending result: %s", wrapped);
    return this.#sendError(wrapped, false);
  }

  /** As in Python, what means the process's end is no result. */
  #fail(error: unknown): Promise<void> | undefined {
    if (error instanceof SystemExit || error instanceof KeyboardInterrupt) throw error;
    return this.#sendError(error, true);
  }

  #sendError(error: unknown, hasStack: boolean): Promise<void> | undefined {
    const send = (payload: Payload) =>
      report([Reported.Failed, this.#elapsed(), Number(hasStack)], [payload]);
    const payload = dumpError(error);
    if (payload instanceof Promise) return payload.then(send);
    send(payload);
    return undefined;
  }

  /** Microseconds since the last task was done. */
  #elapsed(): number {
    const now = performance.now();
    const elapsed = Math.max(0, Math.round((now - this.#clock) * 1000));
    this.#clock = now;
    return elapsed;
  }
}

/** What the task's calls give: a value, or a list with one for each element. */
function apply(task: Received, func: unknown, values: unknown): unknown {
  if (typeof func !== "function") {
    throw new TypeError(`'${pythonTypeName(func)}' object is not callable`);
  }
  const target = func as Target;
  if (task.isSingle) return awaited(target(values));
  if (task.mode === Mode.Apply) return awaited(target(...values as unknown[]));
  return applyToAll(task, target, values as unknown[]);
}

/** A real promise, if the value is something like it. */
function awaited(value: unknown): unknown {
  return isThenable(value) ? Promise.resolve(value) : value;
}

function applyToAll(
  task: Received,
  func: Target,
  elements: unknown[],
): unknown[] | Promise<unknown[]> {
  const results: unknown[] = [];
  const tick = ticker(task.ticks, elements.length);
  const isStar = task.mode === Mode.Starmap;
  for (const element of elements) {
    const value = isStar ? func(...element as unknown[]) : func(element);
    if (isThenable(value)) {
      return finishAll(task, func, elements, results, value, tick);
    }
    results.push(value ?? null);
    tick?.(results.length);
  }
  return results;
}

/** Goes on with a function that has turned out to be async. */
async function finishAll(
  { mode }: Received,
  func: Target,
  elements: unknown[],
  results: unknown[],
  pending: PromiseLike<unknown>,
  tick: ((done: number) => void) | undefined,
): Promise<unknown[]> {
  results.push(await pending ?? null);
  tick?.(results.length);
  for (let i = results.length; i < elements.length; i++) {
    const element = elements[i];
    const value = mode === Mode.Starmap ? func(...element as unknown[]) : func(element);
    results.push(await value ?? null);
    tick?.(results.length);
  }
  return results;
}

/** What tells how many calls of several are done, if that is wanted. */
function ticker(ticks: Ticks, count: number): ((done: number) => void) | undefined {
  if (ticks === Ticks.Never) return undefined;
  let last = performance.now();
  return (done) => {
    if (done === count) return; // the result tells
    if (ticks === Ticks.Sometimes) {
      const now = performance.now();
      if (now - last < TICK) return;
      last = now;
    }
    report([Reported.Tick, done], []);
  };
}
