/**
 * Items ahead: sent to a process, and given back if it does not take them. What
 * queue.ts and pipe.ts have in common. Pure.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Payload } from "../wire/message.ts";

/** Something that is handed out ahead. */
export interface Item {
  /** Place in the order of arrival. */
  readonly seq: number;
  readonly body: Payload;
}

/** What one process has been sent and has not taken, oldest first. */
export class Prefetched<I extends Item> {
  readonly #items = new Deque<I>();
  #bytes = 0;
  /** Number of the oldest lease, counted from the first item ever sent to the process. */
  #taken = 0;

  get length(): number {
    return this.#items.length;
  }

  /** The number of the oldest lease: all items before it were taken, or have come back. */
  get taken(): number {
    return this.#taken;
  }

  /** The number of the next item that is sent. */
  get end(): number {
    return this.#taken + this.#items.length;
  }

  /** The oldest lease. */
  get first(): I | undefined {
    return this.#items.at(0);
  }

  /** Bytes of the items ahead. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The process is sent an item. */
  add(item: I): void {
    this.#items.push(item);
    this.#bytes += item.body.length;
  }

  /** The process has taken the oldest lease; undefined if it has none. */
  take(): I | undefined {
    const item = this.#items.shift();
    if (item === undefined) return undefined; // a misbehaving process hurts only itself
    this.#bytes -= item.body.length;
    this.#taken++;
    return item;
  }

  /** The process has taken all leases before number `end`; how many those were. */
  takeUpTo(end: number): number {
    let count = 0;
    while (this.#taken < end && this.take() !== undefined) count++;
    return count;
  }

  /** All leases before number `end` come back. */
  giveBack(end = Infinity): I[] {
    const count = Math.min(this.#items.length, end - this.#taken);
    if (count <= 0) return [];
    const items = this.#items.splice(0, count);
    for (const item of items) this.#bytes -= item.body.length;
    this.#taken += count;
    return items;
  }
}

/** Puts items that came back to their old places. */
export function putBack<I extends Item>(
  available: Deque<I>,
  items: readonly I[],
): void {
  if (items.length === 0) return;
  // Sent to one process, later items may stand before earlier ones: these had come
  // back from another process meanwhile.
  const sorted = [...items].sort((a, b) => a.seq - b.seq);
  const first = available.at(0);
  if (first === undefined || sorted.at(-1)!.seq < first.seq) {
    return available.unshift(sorted);
  }
  const merged = [...sorted, ...available].sort((a, b) => a.seq - b.seq);
  available.splice(0, available.length);
  available.unshift(merged);
}
