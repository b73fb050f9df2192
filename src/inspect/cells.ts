/**
 * The waits of this process, and the lines of the program that wait.
 *
 * No stack is taken when a wait begins, as most are over before anybody looks. An observed
 * wait is an async function that awaits a promise in a loop. Whoever looks *wakes* it: it
 * goes round once, and takes the stack on its way, on which the engine shows who waits for
 * it. So only waits cost something that last longer than from one look to the next, each
 * once.
 *
 * On Bun, whose stacks lose those that wait behind a `then`, the stack is taken at the
 * beginning: that costs a third of a microsecond there. It is made a text only for who looks,
 * which costs a hundred times as much.
 *
 * @module
 */
import type { Executor, Op, Subject } from "../link/observed.ts";
import { runtime } from "../runtime/mod.ts";
import { errorHere } from "../python/stack.ts";
import { asPlace, placeHere } from "./places.ts";
import type { Place } from "./snapshot.ts";

/** What wakes a wait up. */
const TICK = Symbol("tick");

/** Whether a stack is taken when a wait begins. */
const takesStacks = runtime.name === "bun";

type Settle<T> = (value: T | typeof TICK) => void;

/** One wait. */
export class Cell<T = unknown> {
  readonly subject: Subject;
  /** When it began, on the runtime's clock. */
  readonly since: number;
  /** Where the program waits, or an error made there; undefined while nobody has looked. */
  where: Place | Error | null | undefined;
  #resolve!: Settle<T>;
  #reject!: (error: unknown) => void;
  #isTicking = false;
  /** What has settled it while it was awake. */
  #early: (() => void) | undefined;

  constructor(subject: Subject, since = runtime.now(), error?: Error) {
    this.subject = subject;
    this.since = since;
    this.where = error ?? (takesStacks ? errorHere() : undefined);
  }

  /** Where the program waits; undefined while nobody has looked. */
  get place(): Place | null | undefined {
    const { where } = this;
    return this.where = where && asPlace(where);
  }

  get op(): Op {
    return this.subject.op;
  }

  /** The next promise to wait for. */
  next(): Promise<T | typeof TICK> {
    return new Promise<T | typeof TICK>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#isTicking = false;
      this.#early?.();
    });
  }

  readonly resolve = (value: T): void => {
    if (this.#isTicking) this.#early ??= () => this.#resolve(value);
    else this.#resolve(value);
  };

  readonly reject = (error: unknown): void => {
    if (this.#isTicking) this.#early ??= () => this.#reject(error);
    else this.#reject(error);
  };

  /** Has it find out where the program waits: it knows when microtasks have run. */
  wake(): void {
    if (this.#isTicking || this.where !== undefined) return;
    this.#isTicking = true;
    this.#resolve(TICK);
  }
}

/** The waits of this process that an observer knows. */
export class Cells {
  readonly #cells = new Set<Cell>();
  /** Is told of each that ends. */
  readonly #onEnd: (cell: Cell) => void;

  constructor(onEnd: (cell: Cell) => void = () => {}) {
    this.#onEnd = onEnd;
  }

  /** Stands for `new Promise`. */
  wait<T>(subject: Subject, executor: Executor<T>): Promise<T> {
    const cell = new Cell<T>(subject);
    this.#cells.add(cell as Cell);
    const waiting = this.#loop(cell);
    try {
      executor(cell.resolve, cell.reject);
    } catch (error) {
      cell.reject(error);
    }
    return waiting;
  }

  /** A wait that has begun before this was there, where an error was made; has its own end. */
  adopt(subject: Subject, since: number, error: Error): () => void {
    const cell = new Cell(subject, since, error);
    this.#cells.add(cell);
    return () => void this.#cells.delete(cell);
  }

  async #loop<T>(cell: Cell<T>): Promise<T> {
    try {
      for (;;) {
        const value = await cell.next();
        if (value !== TICK) return value as T;
        cell.where = placeHere();
      }
    } finally {
      this.#cells.delete(cell as Cell);
      this.#onEnd(cell as Cell);
    }
  }

  /** Those that have lasted for some milliseconds. */
  *olderThan(milliseconds: number): Generator<Cell> {
    const limit = runtime.now() - milliseconds;
    for (const cell of this.#cells) {
      if (cell.since > limit) return; // they are in the order of their beginnings
      yield cell;
    }
  }

  get size(): number {
    return this.#cells.size;
  }
}
