/**
 * A list in which whatever has a place can be taken out at once, wherever it stands. Pure.
 *
 * @module
 */

/** A place in a chain, and what stands there. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
}

/** See the file's head. */
export class Chain<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  /** The first place; undefined in an empty chain. */
  get first(): Place<T> | undefined {
    return this.#first;
  }

  /** The last place; undefined in an empty chain. */
  get last(): Place<T> | undefined {
    return this.#last;
  }

  /** Puts an item behind all others; gives its place. */
  push(item: T): Place<T> {
    const place: Place<T> = { item, before: this.#last, behind: undefined };
    if (this.#last === undefined) this.#first = place;
    else this.#last.behind = place;
    return this.#last = place;
  }

  /** Takes out what has a place here; it may be done once only. */
  remove({ before, behind }: Place<T>): void {
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.#first; at !== undefined; at = at.behind) yield at.item;
  }
}
