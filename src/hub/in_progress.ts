/**
 * The items of a queue that were taken and not yet dealt with, where those of a process that
 * has died come back. Pure.
 *
 * An item is known by the process that took it, and by its number among those that were
 * sent to that process: the process names it when it is done. The root's own process only
 * counts: the queue does not outlive it.
 *
 * @module
 */
import { ROOT } from "./ids.ts";
import type { Item } from "./prefetched.ts";

/** What becomes of the items of a process that has died. */
export interface Returned {
  /** To be had again. */
  readonly back: Item[];
  /** Came back too often. */
  readonly dead: Item[];
}

/** See above. */
export class InProgress {
  /** How many times an item may come back. */
  readonly #most: number;
  readonly #items = new Map<number, Map<number, Item>>();
  #countOfRoot = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The processes that have items, without the root's own. */
  get processes(): Iterable<number> {
    return this.#items.keys();
  }

  /** A process has taken the item that has this number there. */
  add(process: number, number: number, item: Item): void {
    if (process === ROOT) return void this.#countOfRoot++;
    let items = this.#items.get(process);
    if (items === undefined) this.#items.set(process, items = new Map());
    items.set(number, item);
  }

  /** A process has dealt with an item, its oldest one by default; false if it has none such. */
  done(process: number, number?: number): boolean {
    if (process === ROOT) return this.#countOfRoot > 0 && this.#countOfRoot-- > 0;
    const items = this.#items.get(process);
    const oldest = number ?? items?.keys().next().value;
    if (items === undefined || oldest === undefined) return false;
    const was = items.delete(oldest);
    if (items.size === 0) this.#items.delete(process);
    return was;
  }

  /** A process deals with no item any more. */
  leave(process: number): Returned {
    const back: Item[] = [], dead: Item[] = [];
    for (const item of this.#items.get(process)?.values() ?? []) {
      const returns = (item.returns ?? 0) + 1;
      (returns > this.#most ? dead : back).push({ ...item, returns });
    }
    this.#items.delete(process);
    return { back, dead };
  }
}
