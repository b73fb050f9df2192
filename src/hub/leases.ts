/**
 * Items on lease: sent to a process, and given back if it does not take them. What
 * queue.ts and pipe.ts have in common. Pure.
 *
 * @module
 */
import type { Payload } from "../wire/message.ts";
import { Deque } from "./deque.ts";

/** Something that is handed out on lease. */
export interface Item {
  /** Place in the order of arrival. */
  readonly seq: number;
  readonly body: Payload;
}

/** What one process has been sent and has not taken, oldest first. */
export class Leases<I extends Item> {
  readonly #items = new Deque<I>();
  #bytes = 0;
  /** Index of the oldest lease, counted from the first item ever sent to the process. */
  #taken = 0;

  get length(): number {
    return this.#items.length;
  }

  /** How many items the process has taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Bytes of the items on lease. */
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

  /**
   * Items come back from the process: number `from` to `to` (exclusive), counted from
   * the first one ever sent to it; all of them if not given.
   */
  giveBack(from = 0, to = Infinity): I[] {
    const start = Math.max(0, from - this.#taken);
    const end = Math.min(this.#items.length, to - this.#taken);
    if (end <= start) return [];
    const items = this.#items.splice(start, end);
    for (const item of items) this.#bytes -= item.body.length;
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
