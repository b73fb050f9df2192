/**
 * Which processes have the permits of a lock or a semaphore: kept in the hub alone, or in a word that
 * processes share. The calls that wait for one are in semaphore.ts. Pure.
 *
 * @module
 */
import type { Waiting } from "./description.ts";
import type { Owners } from "./owners.ts";
import {
  BY_HUB,
  NONE_BY_HUB,
  NONE_WAITED,
  ownerOf,
  TRIES,
  WAITED,
  type Word,
} from "./word.ts";

/** The most permits that a semaphore may have. CPython: `SEM_VALUE_MAX`. */
export const SEM_VALUE_MAX = 0x7fffffff;

/** The process that a permit goes to. */
export interface Taker {
  readonly process: number;
  /** Whether the hub must hear of it when the permit is given back. */
  readonly isWatched: boolean;
}

/** See the file's head. */
export interface Permits {
  /** Free permits. */
  readonly value: number;
  /** Takes a permit, if one is free. @param waited Whether others wait. */
  take(taker: Taker, waited: boolean): boolean;
  /**
   * Gives back a permit, which `next` gets if there is one; false, and nothing is done, if
   * it was one too many. @param waited Whether others wait, besides `next`.
   */
  give(process: number, next: Taker | undefined, waited: boolean): boolean;
  /** Gives back what `process` has taken; false, and nothing is done, unless that is sure. */
  giveOwn(process: number): boolean;
  /** Whether a process holds the lock. */
  isHeldBy(process: number): boolean;
  /** A process is gone. */
  forget(process: number): void;
}

/** The holder of a lock that is free. */
const FREE = -1;

/** Permits that the hub alone knows of. */
export class OwnPermits implements Permits {
  readonly #max: number;
  /** Whether it has a holder. */
  readonly #isLock: boolean;
  readonly #disown: (process: number) => void;
  /** Free permits. */
  #value: number;
  #holder = FREE;
  /**
   * Permits of a bounded semaphore, by the process that took them: more than are out
   * after a process has released what others had taken.
   */
  readonly #takers = new Map<number, number>();
  /** Those of them that have not heard of such a release since they last took one. */
  readonly #trusting = new Set<number>();

  /** @param disown Another process has released what this one took. */
  constructor(
    value: number,
    max: number,
    isLock: boolean,
    disown: (process: number) => void,
  ) {
    this.#value = value;
    this.#max = max;
    this.#isLock = isLock;
    this.#disown = disown;
  }

  get value(): number {
    return this.#value;
  }

  /** The process that holds the lock; undefined if none does. */
  get holder(): number | undefined {
    return this.#holder === FREE ? undefined : this.#holder;
  }

  take({ process }: Taker): boolean {
    if (this.#value === 0) return false;
    this.#value--;
    if (this.#isLock) this.#holder = process;
    else if (this.#max < SEM_VALUE_MAX) {
      this.#takers.set(process, (this.#takers.get(process) ?? 0) + 1);
      this.#trusting.add(process);
    }
    return true;
  }

  give(process: number, next: Taker | undefined): boolean {
    if (this.#value >= this.#max) return false;
    if (this.#isLock) {
      if (this.#holder !== process) this.#disown(this.#holder);
    } else if (this.#max < SEM_VALUE_MAX) this.#untake(process);
    this.#value++;
    this.#holder = FREE;
    if (this.#value === this.#max && this.#takers.size > 0) {
      this.#takers.clear();
      this.#trusting.clear();
    }
    if (next !== undefined) this.take(next);
    return true;
  }

  giveOwn(process: number): boolean {
    const isSure = this.#isLock
      ? this.#holder === process
      : this.#max === SEM_VALUE_MAX || this.#takers.has(process);
    return isSure && this.give(process, undefined);
  }

  /** Gives back permits of a semaphore without bound. */
  add(count: number): void {
    this.#value += count;
  }

  /** Takes over what was in a word, which does not tell which processes have permits of a semaphore. */
  assume(value: number, holder: number | undefined): void {
    this.#value = value;
    this.#holder = holder ?? FREE;
    this.#takers.clear();
    this.#trusting.clear();
  }

  isHeldBy(process: number): boolean {
    return this.#isLock && this.#holder === process;
  }

  forget(process: number): void {
    this.#takers.delete(process);
    this.#trusting.delete(process);
  }

  /** The processes that have taken permits of a bounded semaphore. */
  describe(): Waiting[] {
    return Array.from(
      this.#takers,
      ([process, count]) => ({ process, count, age: null }),
    );
  }

  /** Each is told once for all that it took, so its own messages limit these. */
  disownAll(): void {
    for (const taker of this.#trusting) this.#disown(taker);
    this.#trusting.clear();
  }

  #untake(process: number): void {
    const taken = this.#takers.get(process);
    if (taken === undefined) this.disownAll();
    else if (taken > 1) this.#takers.set(process, taken - 1);
    else this.#takers.delete(process);
  }
}

/** Permits in a word. */
export interface SharedPermits extends Permits {
  /** The process that holds the lock; undefined if none does, and for a semaphore. */
  readonly holder: number | undefined;
  /** Has the hub told when a permit gets free; false if one is free by now. */
  await(): boolean;
  /** From now on the hub gives out what gets free, if nothing is free now. */
  insist(): void;
  /** Whether only the hub can free something. */
  readonly isInsisting: boolean;
  /** How often processes have taken a permit without the hub. */
  readonly grants: number;
}

/** A lock in a word: see word.ts. */
export class SharedLock implements SharedPermits {
  readonly #word: Word;
  readonly #owners: Owners;
  readonly #disown: (process: number) => void;

  constructor(word: Word, owners: Owners, disown: (process: number) => void) {
    this.#word = word;
    this.#owners = owners;
    this.#disown = disown;
  }

  get value(): number {
    return this.#isFree(this.#word.load()) ? 1 : 0;
  }

  get holder(): number | undefined {
    return this.#owners.processOf(ownerOf(this.#word.load()));
  }

  get grants(): number {
    return grantsIn(this.#word);
  }

  get isInsisting(): boolean {
    const word = this.#word.load();
    return (word & BY_HUB) !== 0 && !this.#isFree(word);
  }

  take(taker: Taker, waited: boolean): boolean {
    return attempt(this.#word, (word) => {
      return this.#isFree(word) ? this.#wordOf(taker, waited) : undefined;
    });
  }

  give(process: number, next: Taker | undefined, waited: boolean): boolean {
    let owner: number | undefined;
    const to = next === undefined ? 0 : this.#wordOf(next, waited);
    const isGiven = attempt(this.#word, (word) => {
      owner = this.#owners.processOf(ownerOf(word));
      return owner === undefined ? undefined : to;
    });
    if (isGiven && owner !== process) this.#disown(owner!);
    return isGiven;
  }

  giveOwn(process: number): boolean {
    return attempt(this.#word, (word) => this.#isOf(word, process) ? 0 : undefined);
  }

  isHeldBy(process: number): boolean {
    return this.#isOf(this.#word.load(), process);
  }

  forget(): void {}

  await(): boolean {
    return this.#mark(WAITED);
  }

  insist(): void {
    this.#mark(WAITED | BY_HUB);
  }

  #mark(flags: number): boolean {
    return attempt(
      this.#word,
      (word) => this.#isFree(word) ? undefined : word | flags,
    );
  }

  #isOf(word: number, process: number): boolean {
    return this.#owners.processOf(ownerOf(word)) === process;
  }

  /** A holder that is no living process does not count: what it has is free. */
  #isFree(word: number): boolean {
    return this.#owners.processOf(ownerOf(word)) === undefined;
  }

  #wordOf({ process, isWatched }: Taker, waited: boolean): number {
    return this.#owners.numberOf(process) | (waited ? WAITED : 0) |
      (isWatched ? BY_HUB : 0);
  }
}

/** A semaphore in a word: see word.ts. */
export class SharedSemaphore implements SharedPermits {
  readonly holder = undefined;
  readonly #word: Word;
  readonly #max: number;

  constructor(word: Word, max: number) {
    this.#word = word;
    this.#max = max;
  }

  get value(): number {
    return Math.min(Math.max(this.#word.load(), 0), this.#max);
  }

  get grants(): number {
    return grantsIn(this.#word);
  }

  get isInsisting(): boolean {
    return this.#word.load() < NONE_WAITED;
  }

  take(_taker: Taker, waited: boolean): boolean {
    return attempt(this.#word, (word) => {
      if (word <= 0) return undefined;
      return word === 1 && waited ? NONE_WAITED : word - 1;
    });
  }

  give(_process: number, next: Taker | undefined, waited: boolean): boolean {
    return attempt(this.#word, (word) => {
      const free = Math.max(word, 0);
      if (free >= this.#max) return undefined;
      if (next === undefined) return free + 1;
      return free === 0 && waited ? NONE_WAITED : free;
    });
  }

  giveOwn(process: number): boolean {
    return this.give(process, undefined, false);
  }

  isHeldBy(): boolean {
    return false;
  }

  forget(): void {}

  await(): boolean {
    return attempt(this.#word, (word) => {
      return word > 0 ? undefined : word === 0 ? NONE_WAITED : word;
    });
  }

  insist(): void {
    attempt(this.#word, (word) => word > 0 ? undefined : NONE_BY_HUB);
  }
}

/** Any process may have written what is there. */
function grantsIn({ grants }: Word): number {
  return Number.isSafeInteger(grants) && grants > 0 ? grants : 0;
}

/**
 * Exchanges a word for what `next` makes of it; false if that is undefined, or if some
 * process writes to the word all the time, which none does that is honest.
 */
function attempt(word: Word, next: (present: number) => number | undefined): boolean {
  for (let tries = 0; tries < TRIES; tries++) {
    const present = word.load();
    const to = next(present);
    if (to === undefined) return false;
    // Also if it stays the same: a lock that goes to its own holder may be free by now.
    if (word.replace(present, to)) return true;
  }
  return false;
}
