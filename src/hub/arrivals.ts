/**
 * When the items of a queue were put: not a time for each, which would cost something with
 * each, but one for all that came between two rests of the hub, and only while some are
 * left. Pure.
 *
 * ```
 *  items  0 1 2 3 4 5 6 7 8 9 …
 *         ▲     ▲         ▲
 *         100   101       107    milliseconds
 * ```
 *
 * @module
 */

/** The most notes that are kept. */
const MOST = 512;

/** Milliseconds between two notes, at least; longer when items wait for long. */
const STEP = 1;

/** See the file's head. */
export class Arrivals {
  /** The first item of each note, and its time. */
  #first: number[] = [];
  #time: number[] = [];
  /** All items before this number have been noted. */
  #end = 0;
  #step = STEP;

  /** Items before number `end` have been put, and none is left. */
  clear(end: number): void {
    this.#end = end;
    if (this.#first.length === 0) return;
    this.#first = [];
    this.#time = [];
    this.#step = STEP;
  }

  /**
   * Items before number `end` have been put.
   *
   * @param now Gives the time; asked only if there are new ones.
   * @param oldest Gives the number of the oldest that is left; asked now and then.
   */
  note(end: number, now: () => number, oldest: () => number): void {
    if (end === this.#end) return;
    const time = now();
    if (time - (this.#time.at(-1) ?? -Infinity) >= this.#step) {
      this.#first.push(this.#end);
      this.#time.push(time);
      if (this.#first.length > MOST) this.#shorten(oldest());
    }
    this.#end = end;
  }

  /** When an item was put; undefined if it has not been noted. */
  of(item: number): number | undefined {
    if (item >= this.#end) return undefined;
    return this.#time[this.#indexOf(item)];
  }

  /** The note of an item: the last that begins with it or before. */
  #indexOf(item: number): number {
    const next = this.#first.findIndex((first) => first > item);
    return (next === -1 ? this.#first.length : next) - 1;
  }

  /** Forgets notes of items that are gone; else every other one. */
  #shorten(oldest: number): void {
    const gone = Math.max(0, this.#indexOf(oldest));
    this.#first.splice(0, gone);
    this.#time.splice(0, gone);
    if (this.#first.length <= MOST / 2) {
      this.#step = STEP;
      return;
    }
    const isKept = (_: number, index: number) => index % 2 === 0;
    this.#first = this.#first.filter(isKept);
    this.#time = this.#time.filter(isKept);
    this.#step *= 2;
  }
}
