/**
 * Words: 32 bits of memory that processes share, in which a lock, a semaphore or an event
 * lies. A process takes and gives back by one atomic exchange; the hub is asked only when a
 * process has to wait. Pure: what a word is made of is handed in.
 *
 * | | |
 * | --- | --- |
 * | lock | 0: free; else the number of its holder, and two flags |
 * | | `WAITED`: processes wait; the one that frees the lock tells the hub |
 * | | `BY_HUB`: the holder does not free the lock, but has the hub do it |
 * | semaphore | from 0 on: free permits |
 * | | `NONE_WAITED`: none, processes wait; the one that adds a permit tells the hub |
 * | | `NONE_BY_HUB`: none; only the hub adds one |
 * | event | 1: set; 0: not set; `NONE_WAITED`: not set, processes wait, and only the hub sets it |
 *
 * Any process that has the word may write anything into it. So the hub takes every value for
 * one of these, and tries an exchange only a limited number of times.
 *
 * @module
 */

/** 32 bits that are read and exchanged atomically, as a signed integer. */
export interface Word {
  load(): number;
  /** Writes `value` if the word is `expected`; tells whether it was. */
  replace(expected: number, value: number): boolean;
  store(value: number): void;
  /** A permit was taken here. Where two processes count at the same moment, one is missed. */
  count(): void;
  /** How often that was said since it was taken into use; a process that lies says anything. */
  readonly grants: number;
}

/** A word that processes can be told of. */
export interface SharedWord extends Word {
  /** The file that it lies in, and which word of that it is. */
  readonly path: string;
  readonly index: number;
  /** No object uses it any more. */
  free(): void;
}

/** Processes wait for the lock. */
export const WAITED = 1 << 29;

/** The hub frees the lock. */
export const BY_HUB = 1 << 30;

/** The greatest number that a holder of a lock may have. */
export const MOST_OWNERS = WAITED - 1;

/** No free permits, or not set; processes wait. */
export const NONE_WAITED = -1;

/** No free permits; the hub adds them. */
export const NONE_BY_HUB = -2;

/** An event is set. */
export const SET = 1;

/** The number of a lock's holder; 0 if it is free. */
export function ownerOf(word: number): number {
  return word & MOST_OWNERS;
}

/** The hub's attempts at an exchange: honest processes leave it alone much sooner. */
export const TRIES = 1000;

/** What a process does next when it has given back a permit. */
export const Given = {
  /** Nothing. */
  Done: 0,
  /** It tells the hub that a permit is free: processes wait. */
  Freed: 1,
  /** Nothing is given back: it tells the hub to do so. */
  ByHub: 2,
  /** Nothing is given back: it asks the hub whether that is right. */
  Ask: 3,
} as const;

/** One of {@linkcode Given}. */
export type Given = typeof Given[keyof typeof Given];

/** A lock or semaphore, as a process sees it that has the word. */
export interface ThinPermits {
  /** Free permits. */
  readonly value: number;
  /** Takes a permit, if one is free. */
  take(): boolean;
  give(): Given;
}

/** A lock in a word. */
export class ThinLock implements ThinPermits {
  readonly #word: Word;
  readonly #me: number;

  /** @param me This process's number. */
  constructor(word: Word, me: number) {
    this.#word = word;
    this.#me = me;
  }

  get value(): number {
    return ownerOf(this.#word.load()) === 0 ? 1 : 0;
  }

  take(): boolean {
    if (!this.#word.replace(0, this.#me)) return false;
    this.#word.count();
    return true;
  }

  give(): Given {
    while (true) {
      const word = this.#word.load();
      if (ownerOf(word) !== this.#me) return Given.Ask;
      if ((word & BY_HUB) !== 0) return Given.ByHub;
      if (!this.#word.replace(word, 0)) continue;
      return (word & WAITED) === 0 ? Given.Done : Given.Freed;
    }
  }
}

/** A semaphore in a word. */
export class ThinSemaphore implements ThinPermits {
  readonly #word: Word;
  readonly #max: number;

  /** @param max The most permits that there may be. */
  constructor(word: Word, max: number) {
    this.#word = word;
    this.#max = max;
  }

  get value(): number {
    return Math.max(this.#word.load(), 0);
  }

  take(): boolean {
    while (true) {
      const word = this.#word.load();
      if (word <= 0) return false;
      if (!this.#word.replace(word, word - 1)) continue;
      this.#word.count();
      return true;
    }
  }

  give(): Given {
    while (true) {
      const word = this.#word.load();
      if (word >= this.#max) return Given.Ask;
      if (word < NONE_WAITED) return Given.ByHub;
      if (!this.#word.replace(word, Math.max(word, 0) + 1)) continue;
      return word === NONE_WAITED ? Given.Freed : Given.Done;
    }
  }
}

/** An event in a word. */
export class ThinEvent {
  readonly #word: Word;

  constructor(word: Word) {
    this.#word = word;
  }

  get isSet(): boolean {
    return this.#word.load() === SET;
  }

  /** Sets it; false, and nothing is done, if that is up to the hub. */
  set(): boolean {
    return this.#word.replace(0, SET) || this.isSet;
  }

  clear(): void {
    this.#word.replace(SET, 0);
  }
}
