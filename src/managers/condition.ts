/**
 * A manager's `Condition`, `Event` and `Barrier`, as its server holds them: those of
 * Python's `threading`.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import {
  asInteger,
  asTimeout,
  parseArguments,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { BrokenBarrierError, RuntimeError, ValueError } from "../python/errors.ts";
import { ManagedLock, ManagedRLock } from "./locks.ts";
import { placeOf } from "./place.ts";
import { block, currentCaller, currentOwner, type Waiter } from "./protocol/caller.ts";

const WAIT = signature<{ timeout: unknown }>("Condition.wait", { timeout: null });

/** `threading.Condition` in a manager's server. */
export class ManagedCondition {
  readonly #lock: ManagedLock | ManagedRLock;
  readonly #sleeping = new Deque<Waiter<boolean>>();

  /** @param lock The lock it goes with; by default an RLock of its own. */
  constructor(lock: unknown = null) {
    this.#lock = lock instanceof ManagedLock || lock instanceof ManagedRLock
      ? lock
      : new ManagedRLock();
  }

  acquire(...given: unknown[]): boolean | Promise<boolean> {
    return this.#lock.acquire(...given);
  }

  release(): void {
    this.#lock.release();
  }

  locked(): boolean {
    return this.#lock.locked();
  }

  /**
   * Lets go of the lock, sleeps, takes it again: also when the wait is given up. If the
   * client is gone before it has the lock again, the next sleeper is woken instead.
   *
   * @returns False if nobody woke it in time.
   */
  async wait(...given: unknown[]): Promise<boolean> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    if (!this.#lock._is_owned()) {
      throw new RuntimeError("cannot wait on un-acquired lock");
    }
    const owner = currentOwner();
    const asCaller = currentCaller();
    const slept = block<boolean>(
      timeout,
      (waiter) => {
        this.#sleeping.push(waiter);
        return () => void this.#sleeping.removeLast((one) => one === waiter);
      },
      () => false,
    );
    const count = this.#lock._save();
    const resume = async () => {
      await asCaller(() => this.#lock._restore(owner, count));
    };
    let woken: boolean;
    try {
      woken = await slept;
    } catch (error) {
      if (!owner.isGone) await resume();
      throw error;
    }
    try {
      await resume();
    } catch (error) {
      if (woken) this.#sleeping.shift()?.resolve(true);
      throw error;
    }
    return woken;
  }

  notify(n: unknown = 1): void {
    if (!this.#lock._is_owned()) {
      throw new RuntimeError("cannot notify on un-acquired lock");
    }
    for (let left = asInteger(n, "<"); left > 0; left--) {
      const next = this.#sleeping.shift();
      if (next === undefined) return;
      next.resolve(true);
    }
  }

  notify_all(): void {
    this.notify(this.#sleeping.length);
  }

  toString(): string {
    return `<Condition(${this.#lock}, ${this.#sleeping.length})>`;
  }
}

/** `threading.Event` in a manager's server. */
export class ManagedEvent {
  #isSet = false;
  readonly #sleeping = new Set<Waiter<boolean>>();

  is_set(): boolean {
    return this.#isSet;
  }

  set(): void {
    this.#isSet = true;
    for (const waiter of [...this.#sleeping]) waiter.resolve(true);
    this.#sleeping.clear();
  }

  clear(): void {
    this.#isSet = false;
  }

  /** @returns Whether it is set: at once, or a promise. */
  wait(...given: unknown[]): boolean | Promise<boolean> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    if (this.#isSet) return true;
    if (timeout === 0) return false;
    return block<boolean>(
      timeout,
      (waiter) => {
        this.#sleeping.add(waiter);
        return () => this.#sleeping.delete(waiter);
      },
      () => false,
    );
  }

  toString(): string {
    return `<threading.Event${placeOf(this)}: ${this.#isSet ? "set" : "unset"}>`;
  }
}

const BARRIER = signature<{ parties: unknown; action: unknown; timeout: unknown }>(
  "Barrier.__init__",
  { parties: REQUIRED, action: null, timeout: null },
);

/** `threading.Barrier` in a manager's server. */
export class ManagedBarrier {
  readonly parties: number;
  readonly #action: (() => unknown) | null;
  readonly #timeout: number | null;
  #waiting: Waiter<number>[] = [];
  #isBroken = false;

  constructor(...given: unknown[]) {
    const { parties, action, timeout } = parseArguments(BARRIER, given);
    this.parties = asInteger(parties, "<");
    if (this.parties < 1) throw new ValueError("parties must be > 0");
    this.#action = typeof action === "function" ? action as () => unknown : null;
    this.#timeout = asTimeout(timeout);
  }

  get n_waiting(): number {
    return this.#waiting.length;
  }

  get broken(): boolean {
    return this.#isBroken;
  }

  /**
   * Waits until all parties are here.
   *
   * @returns The number of the party, in the order of their coming.
   * @throws {BrokenBarrierError}
   */
  wait(...given: unknown[]): number | Promise<number> {
    const { timeout } = parseArguments(WAIT, given);
    const seconds = timeout === null ? this.#timeout : asTimeout(timeout);
    if (this.#isBroken) throw new BrokenBarrierError();
    const index = this.#waiting.length;
    if (index + 1 === this.parties) return this.#release(index);
    return block<number>(
      seconds,
      (waiter) => {
        this.#waiting.push(waiter);
        return () => {
          this.#waiting = this.#waiting.filter((one) => one !== waiter);
          this.abort(); // who has left will not come
        };
      },
      () => {
        throw new BrokenBarrierError();
      },
    );
  }

  #release(index: number): number | Promise<number> {
    const released = this.#waiting;
    const go = () => {
      released.forEach((waiter, i) => waiter.resolve(i));
      return index;
    };
    const fail = (error: unknown): never => {
      this.#isBroken = true;
      for (const waiter of released) waiter.reject(new BrokenBarrierError());
      throw error;
    };
    this.#waiting = [];
    try {
      const done = this.#action?.();
      return done instanceof Promise ? done.then(go, fail) : go();
    } catch (error) {
      return fail(error);
    }
  }

  abort(): void {
    this.#isBroken = true;
    this.#turnAway();
  }

  reset(): void {
    this.#isBroken = false;
    this.#turnAway();
  }

  #turnAway(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.reject(new BrokenBarrierError());
  }

  /** How CPython's proxies ask for the properties. */
  __getattribute__(name: string): unknown {
    return (this as unknown as Record<string, unknown>)[name];
  }

  toString(): string {
    const state = this.#isBroken
      ? "broken"
      : `waiters=${this.#waiting.length}/${this.parties}`;
    return `<threading.Barrier${placeOf(this)}: ${state}>`;
  }
}
