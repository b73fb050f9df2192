/**
 * The shutdown of a queue: whether it has begun, and which processes may still put, as they
 * have not heard of it. Pure.
 *
 * A process puts into a queue without bound and does not wait for an answer, so each that
 * holds such a queue may be a *feeder*. So that none of their items is lost, a shutdown is
 * told to all feeders, and each says that it knows; what comes from it before that was put
 * before, as far as it can tell. The getters are told that no item will come when all feeders
 * know, or have had their time: nobody waits long for a process that computes. That time
 * begins with the shutdown, whether somebody waits or not: a process that puts faster than
 * others get would keep them from ever waiting. A process that comes to hold the queue later
 * is told before it can put.
 *
 * @module
 */
import type { SharedObject, Surroundings } from "./object.ts";

/**
 * How long a feeder may take to hear of a shutdown: so many times so many milliseconds. What
 * it has put before is read in the first of them, also if the hub's own process computes.
 */
const TURNS = 25;
const TURN = 10;

/** See above. */
export class Shutdown {
  readonly #queue: SharedObject;
  readonly #out: Surroundings;
  readonly #feeders = new Set<number>();
  /** Feeders that have not said that they know. */
  readonly #unaware = new Set<number>();
  /** Nobody else sets it. */
  isBegun = false;
  #turnsLeft = TURNS;
  #timer: unknown;

  constructor(queue: SharedObject, out: Surroundings) {
    [this.#queue, this.#out] = [queue, out];
  }

  /** Whether nothing can be put any more. */
  get isComplete(): boolean {
    return this.isBegun && this.#unaware.size === 0;
  }

  /** Whether a process may put. */
  accepts(process: number): boolean {
    return !this.isBegun || this.#unaware.has(process);
  }

  /** Whether a process is one of them. */
  isFeeder(process: number): boolean {
    return this.#feeders.has(process);
  }

  /** A process may put without waiting for an answer. */
  addFeeder(process: number): void {
    this.#feeders.add(process);
  }

  /** Begins; gives the processes that are to be told. */
  begin(): number[] {
    if (this.isBegun) return [];
    this.isBegun = true;
    for (const process of this.#feeders) this.#unaware.add(process);
    if (!this.isComplete) this.#startTurn();
    return [...this.#feeders];
  }

  /** A process has said that it knows. */
  knows(process: number): void {
    if (!this.#unaware.delete(process)) return;
    if (this.isComplete) this.rest();
    this.#out.touch(this.#queue);
  }

  /** Nobody need say that it knows: what is put is dropped anyway. */
  complete(): void {
    this.#unaware.clear();
    this.rest();
  }

  leave(process: number): void {
    this.knows(process);
    this.#feeders.delete(process);
  }

  #startTurn(): void {
    this.#timer = this.#out.setTimer(() => {
      if (--this.#turnsLeft > 0) return this.#startTurn();
      this.complete();
      this.#out.touch(this.#queue);
    }, TURN);
  }

  /** Stops the time that feeders have. */
  rest(): void {
    if (this.#timer !== undefined) this.#out.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
