/**
 * A number of permits, as the hub sees it: what is behind Lock, RLock, Semaphore and
 * BoundedSemaphore. Pure: messages in, messages out.
 *
 * Permits go to those who wait in the order they asked, each with one message. As in
 * Python anybody may release. What is taken again without a release in between (RLock)
 * never comes here: its process counts for itself.
 *
 * A lock has a holder, a process, and comes free when that one dies. Permits of a
 * semaphore belong to nobody.
 *
 *                 Acquire                    Release, or a lock holder's death
 *   free permits ─────────► held permits ──────────────┐
 *        ▲      nobody waits                           │
 *        └─────────────────────────────────────────────┴──► the first who waits
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message } from "../wire/message.ts";
import { Line } from "./line.ts";
import { type Outlet, SemaphoreMethod, type SharedObject } from "./object.ts";

/** The most permits that a semaphore may have. CPython: `SEM_VALUE_MAX`. */
export const SEM_VALUE_MAX = 0x7fffffff;

/** The error of a release where nothing is held. */
export const RELEASED_TOO_OFTEN = "semaphore or lock released too many times";

/** What woke somebody up who now waits for a lock. */
export interface WakeUp {
  /** The one who was woken has died before it could act: somebody else shall wake up. */
  passOn(dead: number): void;
}

/** Somebody who waits for a permit. */
export interface Waiter {
  readonly process: number;
  /** The call that is answered, and the object it is a call of. */
  readonly call: number;
  readonly object: number;
  /** The answer. */
  readonly value: boolean;
  /** Where it was woken up, if it waits for that reason. */
  readonly wakeUp: WakeUp | undefined;
}

/** No process. */
const NOBODY = -1;

/** See the file's head. */
export class SemaphoreState implements SharedObject {
  readonly #id: number;
  readonly #out: Outlet;
  readonly #max: number;
  /** Whether it has a holder. */
  readonly #isLock: boolean;
  /** Free permits. While there are any, nobody waits. */
  #value: number;
  readonly #waiters = new Line<Waiter>();
  /** The process that holds the lock. */
  #holder = NOBODY;
  /**
   * Permits of a bounded semaphore, by the process that took them: more than are out
   * after somebody has released what others had taken.
   */
  readonly #takers = new Map<number, number>();
  /** Those of them that have not heard of such a release since they last took one. */
  readonly #trusting = new Set<number>();
  /** Why the lock's holder was waiting for it. */
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

  /** Free permits. */
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
        return this.#out.send(
          process,
          [Kind.Answer, this.#id, message[2], this.#value],
        );
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

  /** Takes a permit for somebody, or has them wait for one. */
  enqueue(waiter: Waiter): void {
    if (this.#value > 0) this.#grant(waiter);
    else if (!this.#waiters.push(waiter)) waiter.wakeUp?.passOn(waiter.process);
  }

  leave(process: number): void {
    const lost: WakeUp[] = [];
    for (const { wakeUp } of this.#waiters.removeAll(process)) {
      if (wakeUp !== undefined) lost.push(wakeUp);
    }
    this.#takers.delete(process);
    this.#trusting.delete(process);
    if (this.#holder === process) {
      this.#out.warn(process, "has ended while it held a lock, which is released");
      if (this.#wakeUp !== undefined) lost.push(this.#wakeUp);
      this.#addPermit();
    }
    for (const wakeUp of lost) wakeUp.passOn(process);
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
      this.#out.send(process, [Kind.Answer, object, call, false]);
    }
  }

  #release(process: number, call: number): void {
    if (!this.release(process)) {
      this.#out.send(
        process,
        [Kind.Failure, this.#id, call, "ValueError", RELEASED_TOO_OFTEN],
      );
    } else if (call !== 0) {
      this.#out.send(process, [Kind.Answer, this.#id, call, null]);
    }
  }

  #cancel(process: number, call: number): void {
    // Else it has been answered.
    if (this.#waiters.remove(process, call) === undefined) return;
    this.#out.send(process, [Kind.Answer, this.#id, call, false]);
  }

  #take(process: number): void {
    this.#value--;
    if (this.#isLock) this.#holder = process;
    else if (this.#max < SEM_VALUE_MAX) {
      this.#takers.set(process, (this.#takers.get(process) ?? 0) + 1);
      this.#trusting.add(process);
    }
  }

  #grant(waiter: Waiter): void {
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

  /** Somebody else has given back what this process took. */
  #disown(process: number): void {
    this.#out.send(process, [Kind.Disowned, this.#id]);
  }

  /** It is told once for what has been taken: each of these messages was paid for. */
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
