/**
 * How many items processes wait for, in the order in which they asked. A wish for many is
 * one entry: whatever number a message has, it makes this longer by one at most, and
 * nothing is ever searched. Pure.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";

interface Wish {
  readonly process: number;
  /** Items that are still wanted, at least one. */
  count: number;
}

/** See the file's head. */
export class Wishes {
  /** All, in order. */
  readonly #all = new WaitList<Wish>();
  /** The places of those of each process that has some, in the same order. */
  readonly #own = new Map<number, WaitList<Place<Wish>>>();

  /** How many wishes there are, each for one item or more; 0 where nobody waits. */
  get length(): number {
    return this.#all.length;
  }

  /** The process that gets the next item; undefined if none waits. */
  get first(): number | undefined {
    return this.#all.first?.item.process;
  }

  /** Whether this is the only process that waits. */
  isOnly(process: number): boolean {
    return this.#own.size === 1 && this.#own.has(process);
  }

  /** A process waits for `count` more items, behind all others. */
  push(process: number, count: number): void {
    if (count === 0) return;
    const last = this.#all.last?.item;
    if (last?.process === process) {
      last.count += count;
      return;
    }
    this.#ownOf(process).push(this.#all.push({ process, count }));
  }

  /** Gives the process that gets the next item, for one item; undefined if none waits. */
  shift(): number | undefined {
    const first = this.#all.first;
    if (first === undefined) return undefined;
    const { process } = first.item;
    // What is the first of all is the first of its own.
    this.#lessen(process, this.#own.get(process)!.first!);
    return process;
  }

  /**
   * A process waits for `count` items less, of those it asked for last; false if it did not
   * wait for so many.
   */
  removeLast(process: number, count: number = 1): boolean {
    for (let left = count; left > 0;) {
      const last = this.#own.get(process)?.last;
      if (last === undefined) return false;
      const less = Math.min(left, last.item.item.count);
      this.#lessen(process, last, less);
      left -= less;
    }
    return true;
  }

  /** A process does not wait any more. */
  remove(process: number): void {
    for (const place of this.#own.get(process) ?? []) this.#all.remove(place);
    this.#own.delete(process);
  }

  #ownOf(process: number): WaitList<Place<Wish>> {
    let own = this.#own.get(process);
    if (own === undefined) this.#own.set(process, own = new WaitList());
    return own;
  }

  #lessen(process: number, place: Place<Place<Wish>>, count = 1): void {
    if ((place.item.item.count -= count) > 0) return;
    this.#all.remove(place.item);
    const own = this.#own.get(process)!;
    own.remove(place);
    if (own.first === undefined) this.#own.delete(process);
  }
}
