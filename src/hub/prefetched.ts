/**
 * Prefetched items: sent to a process that has not taken them yet, and returned if it
 * does not. Shared by queue.ts and channel.ts; and the consumers of a queue, with what was
 * prefetched to each. Pure.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { Kind, type Payload } from "../wire/message.ts";
import { Arrivals } from "./arrivals.ts";
import { ageOf, type Waiting } from "./description.ts";
import type { Wishes } from "./line.ts";
import type { SharedObject, Surroundings } from "./object.ts";

/** An item of a queue, or a message of a pipe. */
export interface Item {
  /** Place in the order of arrival. */
  readonly seq: number;
  readonly body: Payload;
  /** How many times it came back from a process that had taken it. */
  readonly returns?: number;
}

/** The items that one process has been sent and has not taken, oldest first. */
export class Prefetched<I extends Item> {
  readonly #items = new Deque<I>();
  // No getters, as these are looked at with each message; nobody else sets them.
  length = 0;
  /** Bytes of all items. */
  bytes = 0;
  /** The number of the next item that is sent, counted from the first ever. */
  end = 0;

  /** The number of the oldest item: all before it were taken, or have come back. */
  get taken(): number {
    return this.end - this.length;
  }

  /** The oldest item. */
  get first(): I | undefined {
    return this.#items.at(0);
  }

  /** The item with a number of those that the process has. */
  at(number: number): I | undefined {
    return this.#items.at(number - this.taken);
  }

  add(item: I): void {
    this.#items.push(item);
    this.bytes += item.body.length;
    this.length++;
    this.end++;
  }

  /** The process has taken the oldest item; undefined if it has none. */
  take(): I | undefined {
    const item = this.#items.shift();
    if (item === undefined) return undefined; // a misbehaving process hurts only itself
    this.bytes -= item.body.length;
    this.length--;
    return item;
  }

  /**
   * The process has taken all items before number `end`; gives how many those were, each of
   * which `each` gets with its number.
   */
  takeUpTo(end: number, each?: (number: number, item: I) => void): number {
    let count = 0;
    while (this.taken < end) {
      const item = this.take();
      if (item === undefined) break;
      each?.(this.taken - 1, item);
      count++;
    }
    return count;
  }

  /** Takes out all items, which count as taken. */
  giveBack(): I[] {
    const items = this.#items.splice(0, this.#items.length);
    this.bytes = this.length = 0;
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

// ------------------------------------------------------------------ a queue's consumers

/**
 * Milliseconds after which an unclaimed item is given to another process that waits: if that
 * one has not yet got any item that was put later, and if it has.
 */
const CLAIM_WAIT = 10;
const CLAIM_WAIT_OUT_OF_ORDER = 250;

/** A process that takes items. */
export interface Consumer {
  readonly process: number;
  /** Items sent and not yet taken, as far as the hub has looked. */
  readonly prefetched: Prefetched<Item>;
  /** It waits for all items before this number, as they are counted in `prefetched`. */
  wanted: number;
  /** The number after the last item that was taken back. */
  base: number;
  /** The place in line of the last item that it was sent. */
  last: number;
  /** The time when it last took an item, or was sent one while it had none. */
  since: number;
  /** Its items cannot be revoked any more: there is no room to write that. */
  isStuck: boolean;
  /** To be sent with the next settling. */
  outgoing: Payload[];
}

/** A process has taken an item, which has this number there. */
export type OnTaken = (process: number, number: number, item: Item) => void;

/** The consumers of one queue. */
export class Consumers {
  readonly #id: number;
  readonly #queue: SharedObject;
  readonly #out: Surroundings;
  readonly #available: Deque<Item>;
  readonly #all = new Map<number, Consumer>();
  readonly #onTaken: OnTaken | undefined;
  /** The number of items sent and not taken, as of the last look; nobody else sets it. */
  prefetchedCount = 0;
  /** Whether some are to be sent with the next settling. */
  #hasOutgoing = false;
  #timer: unknown;
  readonly #arrivals = new Arrivals();
  readonly #now = () => this.#out.time();
  readonly #oldest = () => this.#next()[1]?.seq ?? Infinity;

  /**
   * @param available The items that returned ones are put back to.
   * @param onTaken Gets each item that a process has taken.
   */
  constructor(
    id: number,
    queue: SharedObject,
    out: Surroundings,
    available: Deque<Item>,
    onTaken?: OnTaken,
  ) {
    [this.#id, this.#queue, this.#out] = [id, queue, out];
    this.#available = available;
    this.#onTaken = onTaken;
  }

  [Symbol.iterator](): Iterator<Consumer> {
    return this.#all.values();
  }

  find(process: number): Consumer | undefined {
    return this.#all.get(process);
  }

  of(process: number): Consumer {
    let consumer = this.#all.get(process);
    if (consumer === undefined) {
      consumer = {
        ...{ process, prefetched: new Prefetched<Item>(), outgoing: [] },
        ...{ wanted: 0, base: 0, last: -1, since: 0, isStuck: false },
      };
      this.#all.set(process, consumer);
    }
    return consumer;
  }

  /** A process takes no more. */
  remove(consumer: Consumer): void {
    this.look(consumer);
    this.takeBack(consumer);
    this.#all.delete(consumer.process);
    this.#out.claims(consumer.process)?.forget(this.#id);
  }

  prefetch(consumer: Consumer, item: Item): void {
    if (consumer.prefetched.length === 0) consumer.since = this.#out.now();
    consumer.prefetched.add(item);
    consumer.last = Math.max(consumer.last, item.seq);
    consumer.outgoing.push(item.body);
    this.#hasOutgoing = true;
    this.prefetchedCount++;
  }

  flush(consumer: Consumer): void {
    if (consumer.outgoing.length === 0) return;
    this.#out.send(consumer.process, [Kind.Items, this.#id, consumer.outgoing]);
    consumer.outgoing = [];
  }

  flushAll(): void {
    if (!this.#hasOutgoing) return;
    this.#hasOutgoing = false;
    for (const consumer of this.#all.values()) this.flush(consumer);
  }

  // --- taking

  /** Whether a process claims what it takes. */
  isClaiming({ process }: Consumer): boolean {
    return this.#out.claims(process) !== undefined;
  }

  /** A process has taken all items before number `end` of its own. */
  takeUpTo(consumer: Consumer, end: number): void {
    const { prefetched, process } = consumer;
    const tell = this.#onTaken;
    const count = prefetched.takeUpTo(
      end,
      tell && ((number, item) => tell(process, number, item)),
    );
    if (count === 0) return;
    this.prefetchedCount -= count;
    consumer.since = this.#out.now();
    this.#out.touch(this.#queue);
  }

  /** Counts what a process has claimed as taken. */
  look(consumer: Consumer): void {
    const { prefetched, process } = consumer;
    const claims = prefetched.length > 0 ? this.#out.claims(process) : undefined;
    if (claims === undefined) return;
    this.takeUpTo(consumer, claims.look(this.#id, prefetched.end));
  }

  lookAtAll(): void {
    if (this.prefetchedCount === 0) return;
    for (const consumer of this.#all.values()) this.look(consumer);
  }

  // --- describing

  /** The hub rests. @param end The number of items that were ever put. */
  rest(end: number): void {
    const isEmpty = this.#available.length + this.prefetchedCount === 0;
    if (isEmpty) this.#arrivals.clear(end);
    else this.#arrivals.note(end, this.#now, this.#oldest);
  }

  /** Items that nobody has taken, and the age of the next; takes note of nothing. */
  survey(now: number): { depth: number; oldest: number | null } {
    const [depth, next] = this.#next();
    const at = next && (this.#arrivals.of(next.seq) ?? now);
    return { depth, oldest: ageOf(now, at) };
  }

  /** The number of items that nobody has taken, and the first of them. */
  #next(): [depth: number, next: Item | undefined] {
    let next = this.#available.at(0);
    let depth = this.#available.length;
    for (const { process, prefetched } of this.#all.values()) {
      const { taken, end, length } = prefetched;
      const claims = length > 0 ? this.#out.claims(process) : undefined;
      const mark = Math.min(end, Math.max(taken, claims?.look(this.#id, end) ?? 0));
      depth += end - mark;
      const item = mark < end ? prefetched.at(mark) : undefined;
      if (item !== undefined && !(next && next.seq < item.seq)) next = item;
    }
    return [depth, next];
  }

  /** The processes that wait for items. */
  describe(wishes: Wishes, now: number): Waiting[] {
    const waiting: Waiting[] = [];
    for (const { process, wanted, prefetched } of this.#all.values()) {
      const count = wanted - prefetched.end;
      const age = ageOf(now, wishes.since(process));
      if (count > 0) waiting.push({ process, count, age });
    }
    return waiting;
  }

  // --- revoking

  /** Whether a process has items that it could claim but has not, as of the last look. */
  isRevocable(consumer: Consumer): boolean {
    return consumer.prefetched.length > 0 && !consumer.isStuck &&
      this.isClaiming(consumer);
  }

  /** The consumer, other than `asker`, with the oldest item that could be revoked. */
  oldestHolder(asker: Consumer): Consumer | undefined {
    let oldest: Consumer | undefined;
    for (const consumer of this.#all.values()) {
      if (consumer === asker || !this.isRevocable(consumer)) continue;
      const { seq } = consumer.prefetched.first!;
      if (oldest === undefined || seq < oldest.prefetched.first!.seq) oldest = consumer;
    }
    return oldest;
  }

  /** Whether it is time to give its items to a process whose last item was number `last`. */
  isLate(consumer: Consumer, last: number): boolean {
    const { prefetched } = consumer;
    const isOver = () => {
      const { first } = prefetched;
      if (first === undefined) return false;
      const claimWait = first.seq > last ? CLAIM_WAIT : CLAIM_WAIT_OUT_OF_ORDER;
      return this.#out.now() - consumer.since >= claimWait;
    };
    if (!isOver()) return false;
    this.look(consumer);
    return isOver();
  }

  /** Revokes what a process has not claimed; false if it has claimed everything. */
  revoke(consumer: Consumer): boolean {
    if (!this.isRevocable(consumer)) return false;
    const { prefetched, process } = consumer;
    this.flush(consumer); // it is counted there when it comes
    const mark = this.#out.claims(process)?.advance(this.#id, prefetched.end);
    if (mark === undefined) {
      consumer.isStuck = true;
      return false;
    }
    this.takeUpTo(consumer, mark);
    return this.takeBack(consumer);
  }

  /** Returns what was sent to a process to the queue; if it waits for it, it asks again. */
  takeBack(consumer: Consumer): boolean {
    const { prefetched } = consumer;
    if (prefetched.length === 0) return false;
    const items = prefetched.giveBack();
    this.prefetchedCount -= items.length;
    putBack(this.#available, items);
    consumer.base = prefetched.end;
    this.#out.touch(this.#queue);
    return true;
  }

  /** Has the queue look again when some consumer may have become late. */
  startTimer(): void {
    this.#timer ??= this.#out.setTimer(() => {
      this.#timer = undefined;
      this.#out.touch(this.#queue);
    }, CLAIM_WAIT);
  }

  stopTimer(): void {
    if (this.#timer === undefined) return;
    this.#out.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
