/**
 * Prefetched items: sent to a process that has not taken them yet, and returned if it
 * does not. Shared by queue.ts and channel.ts. Pure.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Payload } from "../wire/message.ts";

/** An item of a queue, or a message of a pipe. */
export interface Item {
  /** Place in the order of arrival. */
  readonly seq: number;
  readonly body: Payload;
}

/** The items that one process has been sent and has not taken, oldest first. */
export class Prefetched<I extends Item> {
  readonly #items = new Deque<I>();
  #bytes = 0;
  /** The number of the oldest item, counted from the first ever sent to the process. */
  #taken = 0;

  get length(): number {
    return this.#items.length;
  }

  /** The number of the oldest item: all before it were taken, or have come back. */
  get taken(): number {
    return this.#taken;
  }

  /** The number of the next item that is sent. */
  get end(): number {
    return this.#taken + this.#items.length;
  }

  /** The oldest item. */
  get first(): I | undefined {
    return this.#items.at(0);
  }

  /** Bytes of all items. */
  get bytes(): number {
    return this.#bytes;
  }

  add(item: I): void {
    this.#items.push(item);
    this.#bytes += item.body.length;
  }

  /** The process has taken the oldest item; undefined if it has none. */
  take(): I | undefined {
    const item = this.#items.shift();
    if (item === undefined) return undefined; // a misbehaving process hurts only itself
    this.#bytes -= item.body.length;
    this.#taken++;
    return item;
  }

  /** The process has taken all items before number `end`; gives how many those were. */
  takeUpTo(end: number): number {
    let count = 0;
    while (this.#taken < end && this.take() !== undefined) count++;
    return count;
  }

  /** Takes out all items, which count as taken. */
  giveBack(): I[] {
    const items = this.#items.splice(0, this.#items.length);
    this.#bytes = 0;
    this.#taken += items.length;
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
