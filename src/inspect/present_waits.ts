/**
 * The waits of this process, and the lines of the program that wait.
 *
 * No stack is taken when a wait begins, as most are over before anybody looks: a wait is an
 * element of a list with the promise that the program waits for. Whoever looks has the engine
 * say who waits for that promise, which leaves the promise as it is.
 *
 * Bun's engine does not know who waits. There the stack is taken at the beginning, which
 * costs a third of a microsecond. It is made a text only for who looks, which costs a hundred
 * times as much.
 *
 * @module
 */
import {
  type ManagedServer,
  type ObservedWait,
  type Op,
  ops,
} from "../link/observed.ts";
import { runtime } from "../runtime/mod.ts";
import { errorHere } from "../python/stack.ts";
import { asPlace, placeHere } from "./places.ts";
import type { Place } from "./snapshot.ts";

/** Whether a stack is taken when a wait begins. */
const takesStacks = runtime.name === "bun";

/** An element of a ring. */
interface Element {
  before: Element | undefined;
  after: Element | undefined;
}

/** One wait. */
export class PresentWait implements ObservedWait, Element {
  readonly op: Op;
  /** What it waits for: the number of an object or process, or a pool. */
  readonly on: number | object;
  /** Seconds; null for ever. */
  readonly timeout: number | null;
  /** Whether a signal may end it. */
  readonly hasSignal: boolean;
  /** Where the object is, if that is a managed one. */
  readonly server: ManagedServer | undefined;
  /** When it began, on the runtime's clock. */
  since: number = runtime.now();
  promise: Promise<unknown> | undefined;
  /** Where the program waits, or an error made there; undefined while nobody has looked. */
  where: Place | Error | null | undefined = takesStacks ? errorHere() : undefined;
  before: Element | undefined;
  after: Element | undefined;
  readonly #waits: PresentWaits;

  constructor(
    waits: PresentWaits,
    op: Op,
    on: number | object,
    timeout: number | null,
    hasSignal: boolean,
    server: ManagedServer | undefined,
  ) {
    this.#waits = waits;
    this.op = op;
    this.on = on;
    this.timeout = timeout;
    this.hasSignal = hasSignal;
    this.server = server;
  }

  /** Where the program waits; undefined while nobody has looked. */
  get place(): Place | null | undefined {
    const { where } = this;
    return this.where = where && asPlace(where);
  }

  end(): boolean {
    const { before, after } = this;
    if (after === undefined) return false;
    before!.after = after;
    after.before = before;
    this.before = this.after = undefined;
    if (this.op === ops.acquire) this.#waits.tellAcquired(this);
    return true;
  }

  /** Has it find out where the program waits: it knows when microtasks have run. */
  look(): void {
    if (this.promise === undefined || this.where) return;
    standBefore(this.promise, this.#find());
  }

  async #find(): Promise<void> {
    await null; // by now it stands before
    this.where = placeHere();
  }
}

/**
 * Has the engine believe that `promise` waits for `other`, so that a stack that is taken in
 * `other` goes on with who waits for `promise`. It does so as in `Promise.all`, which resolves
 * the promise of a class that is given when others are resolved; this class's is there already,
 * and is not resolved by that.
 */
function standBefore(promise: Promise<unknown>, other: Promise<unknown>): void {
  function There(executor: (resolve: () => void, reject: () => void) => void) {
    executor(() => {}, () => {});
    return promise;
  }
  There.resolve = (value: unknown) => value;
  Reflect.apply(Promise.all, There, [[other]]);
}

/** The waits of this process that an observer knows, in the order of their beginnings. */
export class PresentWaits {
  /** Stands before the first and after the last. */
  readonly #ends: Element = { before: undefined, after: undefined };
  /** Is told of each wait for a lock that is over, and of which it is known where it was. */
  readonly #onAcquired: (lock: number, where: Place | Error) => void;

  constructor(onAcquired: (lock: number, where: Place | Error) => void = () => {}) {
    this.#ends.before = this.#ends.after = this.#ends;
    this.#onAcquired = onAcquired;
  }

  /** One begins. */
  add(
    op: Op,
    on: number | object,
    timeout: number | null,
    hasSignal: boolean,
    server?: ManagedServer,
  ): PresentWait {
    const wait = new PresentWait(this, op, on, timeout, hasSignal, server);
    const last = this.#ends.before!;
    wait.before = last;
    wait.after = this.#ends;
    last.after = this.#ends.before = wait;
    return wait;
  }

  /** @internal */
  tellAcquired({ on, where }: PresentWait): void {
    if (where && typeof on === "number") this.#onAcquired(on, where);
  }

  /** Those that have lasted for some milliseconds. */
  *olderThan(milliseconds: number): Generator<PresentWait> {
    const limit = runtime.now() - milliseconds;
    let wait = this.#ends.after!;
    while (wait instanceof PresentWait && wait.since <= limit) {
      const { after } = wait; // it may end before the next is asked for
      yield wait;
      wait = after!;
    }
  }
}
