/**
 * What has been sent to this process on lease and was not taken: the other half of
 * hub/leases.ts. Queues and pipes share it.
 *
 * @module
 */
import { Deque } from "./hub/deque.ts";
import type { Peer } from "./peer.ts";
import { Kind, type Payload } from "./wire/message.ts";

/** Bytes that may have been taken before that is said; their sender may wait for it. */
export const MAX_UNSAID = 4096;

/** What an item counts for beyond its bytes. */
const ITEM_COST = 4;

/** See the file's head. */
export class Inbox {
  readonly #peer: Peer;
  readonly #id: number;
  /** Oldest first. */
  readonly #items = new Deque<Payload>();
  /** How many items have been taken here. */
  #taken = 0;
  readonly #sayTaken: () => void;
  /** Whether it is said of each item that it has been taken. */
  #saysEach = true;
  /** Bytes that were taken and not said to be. */
  #unsaid = 0;

  /** @param id The object's number. */
  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.#id = id;
    this.#sayTaken = peer.repeat([Kind.Taken, id]);
  }

  get length(): number {
    return this.#items.length;
  }

  /** The oldest item, which stays. */
  get first(): Payload | undefined {
    return this.#items.at(0);
  }

  /** An item has come, and nobody takes it now. */
  add(item: Payload): void {
    this.#items.push(item);
  }

  /** Takes the oldest item, if there is one. */
  take(): Payload | undefined {
    const item = this.#items.shift();
    if (item !== undefined) this.#pass(item);
    return item;
  }

  /**
   * The first `count` of some items are taken as they come, past all others; so there must
   * be none. Said before they are given out: from then on they are this process's own.
   */
  pass(items: readonly Payload[], count: number): void {
    if (count > 1 && this.#saysEach) {
      this.#taken += count;
      return this.#sayAll();
    }
    for (let i = 0; i < count; i++) this.#pass(items[i]!);
  }

  #pass(item: Payload): void {
    this.#taken++;
    if (this.#saysEach) return this.#sayTaken();
    this.#unsaid += item.length + ITEM_COST;
    if (this.#unsaid >= MAX_UNSAID) this.say();
  }

  /** Says what has been taken, if that was put off. */
  say(): void {
    if (this.#unsaid === 0) return;
    this.#unsaid = 0;
    this.#sayAll();
  }

  #sayAll(): void {
    this.#peer.post([Kind.TakenUpTo, this.#id, this.#taken]);
  }

  /**
   * Whether it is said of each item that it has been taken. If not, it is said from time
   * to time: where what was not taken would be of no use to anybody else.
   */
  set saysEach(saysEach: boolean) {
    this.#saysEach = saysEach;
    if (saysEach) this.say();
  }

  /** Gives all items back. */
  giveBack(): void {
    this.saysEach = true;
    const end = this.#taken + this.#items.length;
    this.#items.splice(0, this.#items.length);
    this.#peer.post([Kind.Return, this.#id, this.#taken, end]);
  }
}
