/**
 * The items that were prefetched to this process: the other half of hub/prefetched.ts.
 * Queues and pipes share it.
 *
 * Where this process claims (see hub/claims.ts), it claims an item, which may have been
 * revoked. Elsewhere it acknowledges the item. Both before it gives the item out: from then
 * on it is this process's own.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Claims } from "../hub/claims.ts";
import type { Link, Peer } from "./peer.ts";
import { Kind, type Payload } from "../wire/message.ts";

/** Bytes that may be taken before they are acknowledged; their sender may wait for that. */
export const MAX_UNSAID = 4096;

/** Bytes that an item counts for beyond its own. */
const ITEM_COST = 4;

/** The items of one object that are here and were not taken. */
export class PrefetchBuffer {
  readonly #peer: Peer;
  readonly #link: Link;
  readonly #id: number;
  /** Oldest first. */
  readonly #items = new Deque<Payload>();
  /** The number of the oldest item, as they were sent here. */
  #taken = 0;
  readonly #sayTaken: () => void;
  readonly #tellsEach: boolean;
  /** Whether each item is acknowledged by itself. */
  #saysEach = true;
  /** Bytes that were taken and not acknowledged. */
  #unsaid = 0;
  /** The number of items left at which the sender is told to look at the claims; -1 for none. */
  #half = -1;
  /** As the link's `voided` was when the items came. */
  #voided: number | undefined;

  /** Whether the hub looks at the claims, if this process claims. */
  isClaimed: boolean;
  /** Gets each item that is taken, with its number. */
  onTake: ((item: Payload, number: number) => void) | undefined;
  /** Whether some items that were sent here turned out to be revoked; reset by the owner. */
  hasLost = false;
  /** Items that come now were returned already. */
  #isVoid = false;

  /** @param tellsEach Whether the hub is told of each claim at once. */
  constructor(peer: Peer, id: number, isClaimed = false, tellsEach = false) {
    this.#peer = peer;
    this.#link = peer.link;
    this.#id = id;
    this.isClaimed = isClaimed;
    this.#tellsEach = tellsEach;
    this.#sayTaken = peer.repeat([Kind.Ack, id]);
  }

  get #claims(): Claims | undefined {
    return this.isClaimed ? this.#link.ownClaims : undefined;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Whether items that are not taken can be revoked. */
  get isRevocable(): boolean {
    return this.#claims !== undefined;
  }

  /** The number of items that were ever sent here. */
  get received(): number {
    return this.#taken + this.#items.length;
  }

  /** The oldest item, which stays. */
  get first(): Payload | undefined {
    return this.#items.at(0);
  }

  add(item: Payload): void {
    if (this.#items.length === 0) this.#voided = this.#link.voided;
    this.#items.push(item);
    if (this.#isVoid || (this.isClaimed && this.#link.isVoid)) {
      this.#drop(this.#items.length);
      this.hasLost = true;
    }
  }

  /** Takes the oldest item, if there is one. */
  take(): Payload | undefined {
    while (this.#items.length > 0) {
      if (this.#pass(1) === 0) continue;
      const item = this.#items.shift()!;
      this.onTake?.(item, this.#taken - 1);
      this.#say(item);
      return item;
    }
    return undefined;
  }

  /** Takes the oldest items, `count` if there are so many. */
  takeSome(count: number): Payload[] {
    const items: Payload[] = [];
    while (items.length < count && this.#items.length > 0) {
      const passed = this.#pass(Math.min(count - items.length, this.#items.length));
      for (let i = passed; i > 0; i--) {
        const item = this.#items.shift()!;
        this.onTake?.(item, this.#taken - i);
        items.push(item);
      }
    }
    if (items.length > 1 && this.#saysEach) {
      if (this.#claims === undefined) this.#sayAll();
      else this.#say(items[0]!);
    } else {
      for (const item of items) this.#say(item);
    }
    return items;
  }

  /** Makes the oldest items this process's own; gives fewer if some were revoked, and so gone. */
  #pass(count: number): number {
    if (this.isClaimed && this.#voided !== this.#link.voided) {
      this.#drop(this.#items.length);
      this.hasLost = true;
      return 0;
    }
    const claims = this.isClaimed ? this.#link.ownClaims : undefined;
    if (claims === undefined) {
      this.#taken += count;
      return count;
    }
    const was = claims.advance(this.#id, this.#taken + count);
    if (was === undefined) {
      this.#peer.endClaims();
      return this.#pass(count);
    }
    const lost = Math.min(Math.max(0, was - this.#taken), this.#items.length);
    const passed = Math.max(0, count - lost);
    if (lost > 0) {
      this.#drop(lost);
      this.hasLost = true;
    }
    this.#taken += passed;
    return passed;
  }

  /** Removes the oldest items. */
  #drop(count: number): void {
    this.#items.splice(0, count);
    this.#taken += count;
  }

  /** Acknowledges an item, unless that is deferred, or its claim is enough. */
  #say(item: Payload): void {
    if (this.#saysEach) {
      const tells = this.#tellsEach || this.#items.length <= this.#half;
      if (!tells && this.isRevocable) return;
      this.#half = -1;
      return this.#sayTaken();
    }
    this.#unsaid += item.length + ITEM_COST;
    if (this.#unsaid >= MAX_UNSAID) this.say();
  }

  /** Has the sender told when half of the present items have been taken. */
  tellHalf(): void {
    this.#half = this.#items.length === 0 ? -1 : this.#items.length >> 1;
  }

  /** Acknowledges what was deferred. */
  say(): void {
    if (this.#unsaid === 0) return;
    this.#unsaid = 0;
    this.#sayAll();
  }

  #sayAll(): void {
    this.#peer.post([Kind.AckUpTo, this.#id, this.#taken]);
  }

  /**
   * Whether each item is acknowledged by itself. If not, several are at a time: where items
   * that were not taken would be of no use to other processes.
   */
  set saysEach(saysEach: boolean) {
    this.#saysEach = saysEach;
    if (saysEach) this.say();
  }

  /** Returns all items; with `isVoid` also those that come until `endVoid`. */
  giveBack(isVoid = false): void {
    this.saysEach = true;
    const from = this.#taken;
    this.#drop(this.#items.length);
    this.#isVoid = isVoid; // before: in the root the answer comes within
    this.#peer.post([Kind.Return, this.#id, from, this.#taken]);
  }

  /** Whether items that come now were returned already. */
  get isVoid(): boolean {
    return this.#isVoid;
  }

  /** Items that come from now on were sent after the return. */
  endVoid(): void {
    this.#isVoid = false;
  }
}
