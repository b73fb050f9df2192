/**
 * The items that have been sent to this process ahead and were not taken: the other half of
 * hub/prefetched.ts. Queues and pipes share it.
 *
 * An item is claimed where this process claims (see hub/claims.ts): then it may turn out that
 * it was taken back. Elsewhere it is said that it has been taken. Both before it is given
 * out: from then on it is this process's own.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import type { Claims } from "../hub/claims.ts";
import type { Peer } from "./peer.ts";
import { Kind, type Payload } from "../wire/message.ts";

/** Bytes that may have been taken before that is said; their sender may wait for it. */
export const MAX_UNSAID = 4096;

/** Bytes that an item counts for beyond its own. */
const ITEM_COST = 4;

/** The items of one object that are here and were not taken. */
export class PrefetchBuffer {
  readonly #peer: Peer;
  readonly #id: number;
  /** Oldest first. */
  readonly #items = new Deque<Payload>();
  /** The number of the oldest item, as they were sent here. */
  #taken = 0;
  readonly #sayTaken: () => void;
  readonly #tellsEach: boolean;
  /** Whether it is said of each item that it has been taken. */
  #saysEach = true;
  /** Bytes that were taken and not said to be. */
  #unsaid = 0;
  /** How many items are left when the sender is to be told of what was claimed; or none. */
  #half = -1;
  /** As `peer.voided` was when the items came. */
  #voided = 0;

  /** Whether the hub looks at what is claimed, if this process claims. */
  isClaimed: boolean;
  /** Whether some of what was sent here has turned out to be others'; for who wants to know. */
  hasLost = false;
  /** Items that come now were given back. */
  #isVoid = false;

  /**
   * @param id The object's number.
   * @param isClaimed Whether the hub looks at what is claimed, if this process claims.
   * @param tellsEach Whether it wants to know at once all the same.
   */
  constructor(peer: Peer, id: number, isClaimed = false, tellsEach = false) {
    this.#peer = peer;
    this.#id = id;
    this.isClaimed = isClaimed;
    this.#tellsEach = tellsEach;
    this.#sayTaken = peer.repeat([Kind.Ack, id]);
  }

  get #claims(): Claims | undefined {
    return this.isClaimed ? this.#peer.claims : undefined;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Whether what is not taken can be taken back. */
  get isRevocable(): boolean {
    return this.#claims !== undefined;
  }

  /** How many items were ever sent here. */
  get received(): number {
    return this.#taken + this.#items.length;
  }

  /** The oldest item, which stays. */
  get first(): Payload | undefined {
    return this.#items.at(0);
  }

  /** An item has come. */
  add(item: Payload): void {
    if (this.#items.length === 0) this.#voided = this.#peer.voided;
    this.#items.push(item);
    if (this.#isVoid || (this.isClaimed && this.#peer.isVoid)) {
      this.#drop(this.#items.length);
      this.hasLost = true;
    }
  }

  /** Takes the oldest item, if there is one. */
  take(): Payload | undefined {
    while (this.#items.length > 0) {
      if (this.#pass(1) === 0) continue;
      const item = this.#items.shift()!;
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
      for (let i = 0; i < passed; i++) items.push(this.#items.shift()!);
    }
    if (items.length > 1 && this.#saysEach) {
      if (this.#claims === undefined) this.#sayAll();
      else this.#say(items[0]!);
    } else {
      for (const item of items) this.#say(item);
    }
    return items;
  }

  /**
   * Makes the oldest items this process's own.
   *
   * @returns How many; less, if some were taken back, which are not here any more.
   */
  #pass(count: number): number {
    if (this.isClaimed && this.#voided !== this.#peer.voided) {
      this.#drop(this.#items.length);
      this.hasLost = true;
      return 0;
    }
    const claims = this.#claims;
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

  /** The oldest items are not here any more. */
  #drop(count: number): void {
    this.#items.splice(0, count);
    this.#taken += count;
  }

  /** Says that an item has been taken, unless that is put off, or told by its claim. */
  #say(item: Payload): void {
    if (this.#saysEach) {
      const tells = this.#tellsEach || this.#items.length <= this.#half;
      if (!tells && this.#claims !== undefined) return;
      this.#half = -1;
      return this.#sayTaken();
    }
    this.#unsaid += item.length + ITEM_COST;
    if (this.#unsaid >= MAX_UNSAID) this.say();
  }

  /** The sender is to be told when half of what is here now has been taken. */
  tellHalf(): void {
    this.#half = this.#items.length === 0 ? -1 : this.#items.length >> 1;
  }

  /** Says what has been taken, if that was put off. */
  say(): void {
    if (this.#unsaid === 0) return;
    this.#unsaid = 0;
    this.#sayAll();
  }

  #sayAll(): void {
    this.#peer.post([Kind.AckUpTo, this.#id, this.#taken]);
  }

  /**
   * Whether it is said of each item that it has been taken. If not, it is said from time
   * to time: where what was not taken would be of no use to anybody else.
   */
  set saysEach(saysEach: boolean) {
    this.#saysEach = saysEach;
    if (saysEach) this.say();
  }

  /** Gives all items back; and if wanted those that are on their way, until `endVoid`. */
  giveBack(isVoid = false): void {
    this.saysEach = true;
    const from = this.#taken;
    this.#drop(this.#items.length);
    this.#isVoid = isVoid; // before: in the root the answer comes within
    this.#peer.post([Kind.Return, this.#id, from, this.#taken]);
  }

  /** Whether what comes now was given back. */
  get isVoid(): boolean {
    return this.#isVoid;
  }

  /** Items that come from now on were sent after those that were given back. */
  endVoid(): void {
    this.#isVoid = false;
  }
}
