/**
 * A double-ended queue: an array with a moving head. Pure.
 *
 * @module
 */

/**
 * Dead slots at the head that are worth a copy of the rest, if they are most of the array:
 * the room that `unshift` makes is to be used.
 */
const SLACK = 1024;

/** First in, first out, in constant time; also gives back to the front. */
export class Deque<T> {
  #items: (T | undefined)[] = [];
  /** Index of the first live item. */
  #head = 0;
  /** The number of items; no getter, as it is looked at with each message. */
  length = 0;

  /** The item at `index`, counted from the front. */
  at(index: number): T | undefined {
    return this.#items[this.#head + index];
  }

  push(item: T): void {
    this.#items.push(item);
    this.length++;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined; // lets go of the item
    if (--this.length === 0) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > SLACK && this.#head > 3 * this.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Puts items back before the first one, keeping their order. */
  unshift(items: readonly T[]): void {
    if (items.length > this.#head) {
      // As much room again as there are items: taking and giving back one at a time must
      // not move all the others each time.
      const room = this.length + items.length;
      const rest = this.#items.slice(this.#head);
      this.#items = new Array<T | undefined>(room).fill(undefined);
      for (const item of rest) this.#items.push(item);
      this.#head = room;
    }
    this.#head -= items.length;
    this.length += items.length;
    for (const [i, item] of items.entries()) this.#items[this.#head + i] = item;
  }

  /** Takes out the items from `start` to `end` (exclusive), counted from the front. */
  splice(start: number, end: number): T[] {
    const taken = this.#items.splice(this.#head + start, end - start) as T[];
    this.length -= taken.length;
    return taken;
  }

  /** Takes out the last item that fulfils `predicate`; false if there is none. */
  removeLast(predicate: (item: T) => boolean): boolean {
    for (let index = this.#items.length - 1; index >= this.#head; index--) {
      if (!predicate(this.#items[index] as T)) continue;
      this.#items.splice(index, 1);
      this.length--;
      return true;
    }
    return false;
  }

  /** Keeps only the items that fulfil `predicate`. */
  filter(predicate: (item: T) => boolean): void {
    this.#items = (this.#items.slice(this.#head) as T[]).filter(predicate);
    this.#head = 0;
    this.length = this.#items.length;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = this.#head; index < this.#items.length; index++) {
      yield this.#items[index] as T;
    }
  }
}
