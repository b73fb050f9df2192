/**
 * How many tasks a worker has, and how many it would like to have: what it does in some
 * milliseconds, as far as can be told from those before. How many is tried out when work
 * begins: one, two, four. Pure.
 *
 * @module
 */

/** Microseconds of work that a worker has at hand. */
const AHEAD = 4000;

/** Tasks that it has at hand. */
const MOST = 512;

/** The weight of a task in the mean time of tasks. */
const WEIGHT = 0.1;

/** See above. */
export class Stock {
  /** Tasks that have come, and those of them that are done. */
  received = 0;
  done = 0;
  /** It does a task beside which it may have no other. */
  isAlone = false;
  /** Tasks that it may get in its life. */
  readonly #most: number;
  /** Microseconds that a task takes. */
  #pace = Infinity;
  #credit = 1;

  /** @param most After so many tasks it gets no more. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether it has nothing to do. */
  get isEmpty(): boolean {
    return this.done === this.received;
  }

  /** Whether it has done half of what it had. */
  get isLow(): boolean {
    return 2 * (this.received - this.done) <= this.#credit;
  }

  /** How many more it would like to have now. */
  get room(): number {
    if (this.isAlone || !this.isLow) return 0;
    const held = this.received - this.done;
    return Math.max(0, Math.min(this.#credit - held, this.#most - this.received));
  }

  /** It has been leased so many in all; whether it was given as many as it had asked for. */
  arrived(received: number, wasServed: boolean): void {
    this.received = received;
    if (wasServed) this.#credit = Math.min(2 * this.#credit, this.#limit);
  }

  /** A task is done, which took so long. */
  finished(micros: number): void {
    this.done++;
    const before = this.#pace === Infinity ? micros : this.#pace;
    // One that takes long may be followed by others.
    this.#pace = micros > 8 * before && micros > AHEAD
      ? micros
      : before + WEIGHT * (micros - before);
    this.#credit = Math.min(this.#credit, this.#limit);
  }

  get #limit(): number {
    return Math.max(1, Math.min(MOST, Math.floor(AHEAD / this.#pace)));
  }
}
