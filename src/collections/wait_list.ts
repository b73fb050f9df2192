/**
 * A list of waiters in the order in which they came: a doubly linked list, so that entering,
 * being served and giving up take the same time however many wait. Pure.
 *
 * @module
 */

/** A place in a list, with its item. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
  /** Whether it is in the list. */
  isIn: boolean;
}

/** The waiters, oldest first. */
export class WaitList<T> {
  // No getters, as these are looked at with each message; nobody else sets them.
  length = 0;
  /** The first place; undefined in an empty list. */
  first: Place<T> | undefined;
  /** The last place; undefined in an empty list. */
  last: Place<T> | undefined;

  /** Puts an item behind all others; gives its place. */
  push(item: T): Place<T> {
    const place = { item, before: this.last, behind: undefined, isIn: true };
    if (this.last === undefined) this.first = place;
    else this.last.behind = place;
    this.length++;
    return this.last = place;
  }

  /** Puts an item behind all others. The result takes it out: false if it is out already. */
  enter(item: T): () => boolean {
    const place = this.push(item);
    return () => this.remove(place);
  }

  /** Takes the first item out; undefined if the list is empty. */
  shift(): T | undefined {
    const first = this.first;
    if (first !== undefined) this.remove(first);
    return first?.item;
  }

  /** Puts a place that was taken out before all others. */
  putBack(place: Place<T>): void {
    place.behind = this.first;
    place.before = undefined;
    place.isIn = true;
    if (this.first === undefined) this.last = place;
    else this.first.before = place;
    this.first = place;
    this.length++;
  }

  /** Takes out an item by its place; false if it is out already. */
  remove(place: Place<T>): boolean {
    if (!place.isIn) return false;
    const { before, behind } = place;
    place.before = place.behind = undefined; // the place may be kept: its neighbours must not be
    if (before === undefined) this.first = behind;
    else before.behind = behind;
    if (behind === undefined) this.last = before;
    else behind.before = before;
    place.isIn = false;
    this.length--;
    return true;
  }

  /** Takes out the items that fulfil `predicate`, or all; gives them in their order. */
  takeAll(predicate?: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (let at = this.first, next; at !== undefined; at = next) {
      next = at.behind;
      if (predicate !== undefined && !predicate(at.item)) continue;
      this.remove(at);
      taken.push(at.item);
    }
    return taken;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.first, next; at !== undefined; at = next) {
      next = at.behind; // before `yield`: the item may leave then
      yield at.item;
    }
  }
}
