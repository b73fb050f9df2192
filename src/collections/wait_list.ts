/**
 * A list of those who wait, in the order in which they came. To come, to be served and to
 * give up take the same time however many wait: a doubly linked list. Pure.
 *
 * @module
 */

/** A place in a list, and what stands there. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
  /** Whether it is in the list. */
  isIn: boolean;
}

/** The waiters, oldest first. */
export class WaitList<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The first place; undefined in an empty list. */
  get first(): Place<T> | undefined {
    return this.#first;
  }

  /** The last place; undefined in an empty list. */
  get last(): Place<T> | undefined {
    return this.#last;
  }

  /** Puts an item behind all others; gives its place. */
  push(item: T): Place<T> {
    const place = { item, before: this.#last, behind: undefined, isIn: true };
    if (this.#last === undefined) this.#first = place;
    else this.#last.behind = place;
    this.#length++;
    return this.#last = place;
  }

  /**
   * Puts an item behind all others.
   *
   * @returns Takes it out again: false if it has been taken out before.
   */
  enter(item: T): () => boolean {
    const place = this.push(item);
    return () => this.remove(place);
  }

  /** Takes the first item out; undefined where nobody waits. */
  shift(): T | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first?.item;
  }

  /** Puts a place that was taken out before all others. */
  putBack(place: Place<T>): void {
    place.behind = this.#first;
    place.before = undefined;
    place.isIn = true;
    if (this.#first === undefined) this.#last = place;
    else this.#first.before = place;
    this.#first = place;
    this.#length++;
  }

  /** Takes out what has a place here; false if that has been done before. */
  remove(place: Place<T>): boolean {
    if (!place.isIn) return false;
    const { before, behind } = place;
    place.before = place.behind = undefined; // it may be kept: not what stood beside it
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    place.isIn = false;
    this.#length--;
    return true;
  }

  /** Takes out all that fulfil `predicate`, or just all; gives them in their order. */
  takeAll(predicate?: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (let at = this.#first, next; at !== undefined; at = next) {
      next = at.behind;
      if (predicate !== undefined && !predicate(at.item)) continue;
      this.remove(at);
      taken.push(at.item);
    }
    return taken;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.#first, next; at !== undefined; at = next) {
      next = at.behind; // before: who is given out may leave
      yield at.item;
    }
  }
}
