/**
 * A number of permits, as the hub sees it: what is behind Lock, RLock, Semaphore and
 * BoundedSemaphore. Pure: messages in, messages out.
 *
 * Permits go to the callers that wait in the order they asked, each with one message. As in
 * Python any process may release. That an RLock is acquired again by its owner is not seen
 * here: its process counts for itself.
 *
 * A lock has a holder, a process, and is released when that dies. Permits of a semaphore
 * have no holder.
 *
 *                 Acquire                    Release, or a lock holder's death
 *   free permits ─────────► held permits ──────────────┐
 *        ▲      nobody waits                           │
 *        └─────────────────────────────────────────────┴──► the first who waits
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import { type Caller, Line } from "./line.ts";
import { type Outlet, SemaphoreMethod, type SharedObject } from "./object.ts";

/** The most permits that a semaphore may have. CPython: `SEM_VALUE_MAX`. */
export const SEM_VALUE_MAX = 0x7fffffff;

/** The error of a release where none is held. */
export const RELEASED_TOO_OFTEN = "semaphore or lock released too many times";

/** A condition that has woken a caller, which now waits for the lock. */
export interface WakeUp {
  /** The woken process has died before it could act: has another sleeper wake up. */
  passOn(dead: number): void;
}

/** A caller that waits for a permit. */
interface Acquirer extends Caller {
  /** The object that it is a call of. */
  readonly object: number;
  /** The answer. */
  readonly value: boolean;
  /** The condition that has woken it, if it waits for that reason. */
  readonly wakeUp: WakeUp | undefined;
}

/** The holder of a lock that is free. */
const NOBODY = -1;

/** The state machine behind Lock, RLock, Semaphore and BoundedSemaphore. */
export class SemaphoreState implements SharedObject {
  readonly #id: number;
  readonly #out: Outlet;
  readonly #max: number;
  /** Whether it has a holder. */
  readonly #isLock: boolean;
  /** Free permits. While there are any, no caller waits. */
  #value: number;
  readonly #waiters = new Line<Acquirer>();
  #holder = NOBODY;
  /**
   * Permits of a bounded semaphore, by the process that took them: more than are out
   * after a process has released what others had taken.
   */
  readonly #takers = new Map<number, number>();
  /** Those of them that have not heard of such a release since they last took one. */
  readonly #trusting = new Set<number>();
  /** The condition that had woken the lock's holder. */
  #wakeUp: WakeUp | undefined;

  /** @param args Free permits, the most there may be, 1 for a lock. */
  constructor(id: number, args: readonly number[], out: Outlet) {
    const [value = -1, max = 0, isLock = 0] = args;
    const isValid = Number.isInteger(value) && Number.isInteger(max) && value >= 0 &&
      value <= max && max <= SEM_VALUE_MAX && (isLock === 0 || max === 1);
    if (!isValid) throw new ProtocolError(`no semaphore can be made of ${args}`);
    this.#id = id;
    this.#out = out;
    this.#value = value;
    this.#max = max;
    this.#isLock = isLock !== 0;
  }

  get value(): number {
    return this.#value;
  }

  receive(process: number, message: Message): void {
    switch (message[0]) {
      case Kind.Acquire:
        return this.#acquire(process, message[2], message[3]);
      case Kind.Release:
        return this.#release(process, message[2]);
      case Kind.Cancel:
        return this.#cancel(process, message[2]);
      case Kind.Call:
        if (message[3] !== SemaphoreMethod.Value) break;
        return this.#answer(process, message[2], this.#value);
    }
    throw new ProtocolError(`no message of a semaphore: ${message[0]}`);
  }

  /** Takes a permit if one is free, as `Acquire` does; without a message. */
  acquireNow(process: number): boolean {
    if (this.#value === 0) return false;
    this.#take(process);
    return true;
  }

  /**
   * Gives back what `process` has taken, as `Release` does; false, and nothing is done,
   * if that would cause a message.
   */
  releaseNow(process: number): boolean {
    if (this.#waiters.length > 0 || this.#value >= this.#max) return false;
    if (this.#isLock ? this.#holder !== process : !this.#hasTaken(process)) {
      return false;
    }
    this.#giveBack(process);
    return true;
  }

  /** Gives back a permit; false if it was one too many. */
  release(process: number): boolean {
    if (this.#value >= this.#max) return false;
    this.#giveBack(process);
    return true;
  }

  /**
   * Gives back permits of a semaphore without bound, however many; false if that were more
   * than there may be.
   */
  releaseMany(count: number): boolean {
    if (count > this.#max - this.#value) return false;
    const woken = Math.min(count, this.#waiters.length);
    for (let i = 0; i < woken; i++) this.#addPermit();
    this.#value += count - woken;
    return true;
  }

  /** Takes a permit for a caller, or has it wait for one. */
  enqueue(waiter: Acquirer): void {
    if (this.#value > 0) this.#grant(waiter);
    else if (!this.#waiters.push(waiter)) waiter.wakeUp?.passOn(waiter.process);
  }

  leave(process: number): void {
    const lost = this.#waiters.removeAll(process).map(({ wakeUp }) => wakeUp);
    this.#takers.delete(process);
    this.#trusting.delete(process);
    if (this.#holder === process) {
      this.#out.warn(process, "has ended while it held a lock, which is released");
      lost.push(this.#wakeUp);
      this.#addPermit();
    }
    for (const wakeUp of lost) wakeUp?.passOn(process);
  }

  settle(): void {}

  /** Whether a release is surely not one too many. */
  #hasTaken(process: number): boolean {
    return this.#max === SEM_VALUE_MAX || this.#takers.has(process);
  }

  #acquire(process: number, call: number, block: boolean): void {
    const object = this.#id;
    if (this.#value > 0 || block) {
      this.enqueue({ process, call, object, value: true, wakeUp: undefined });
    } else {
      this.#answer(process, call, false);
    }
  }

  #release(process: number, call: number): void {
    if (!this.release(process)) {
      const error = ["ValueError", RELEASED_TOO_OFTEN] as const;
      this.#out.send(process, [Kind.Failure, this.#id, call, ...error]);
    } else if (call !== 0) this.#answer(process, call, null);
  }

  #cancel(process: number, call: number): void {
    // Else it has been answered.
    if (this.#waiters.remove(process, call) !== undefined) {
      this.#answer(process, call, false);
    }
  }

  #answer(process: number, call: number, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }

  #take(process: number): void {
    this.#value--;
    if (this.#isLock) this.#holder = process;
    else if (this.#max < SEM_VALUE_MAX) {
      this.#takers.set(process, (this.#takers.get(process) ?? 0) + 1);
      this.#trusting.add(process);
    }
  }

  #grant(waiter: Acquirer): void {
    const { process, call, object, value, wakeUp } = waiter;
    this.#take(process);
    if (this.#isLock) this.#wakeUp = wakeUp;
    this.#out.send(process, [Kind.Answer, object, call, value]);
  }

  #giveBack(process: number): void {
    if (this.#isLock) {
      if (this.#holder !== process) this.#disown(this.#holder);
    } else if (this.#max < SEM_VALUE_MAX) {
      const taken = this.#takers.get(process);
      if (taken === undefined) this.#disownAll();
      else if (taken > 1) this.#takers.set(process, taken - 1);
      else this.#takers.delete(process);
    }
    this.#addPermit();
  }

  /** Another process has released what this one took. */
  #disown(process: number): void {
    this.#out.send(process, [Kind.Disowned, this.#id]);
  }

  /** Each is told once for all that it took, so its own messages limit these. */
  #disownAll(): void {
    for (const taker of this.#trusting) this.#disown(taker);
    this.#trusting.clear();
  }

  #addPermit(): void {
    this.#value++;
    this.#holder = NOBODY;
    this.#wakeUp = undefined;
    if (this.#value === this.#max && this.#takers.size > 0) {
      this.#takers.clear();
      this.#trusting.clear();
    }
    const next = this.#waiters.shift();
    if (next !== undefined) this.#grant(next);
  }
}
