/**
 * What has been sent to this process on lease and was not taken: the other half of
 * hub/leases.ts. Queues and pipes share it.
 *
 * @module
 */
import { Deque } from "./hub/deque.ts";
import type { Peer } from "./peer.ts";
import { Kind, type Payload } from "./wire/message.ts";

/** See the file's head. */
export class Inbox {
  readonly #peer: Peer;
  readonly #id: number;
  /** Oldest first. */
  readonly #items = new Deque<Payload>();
  /** How many items have been taken here. */
  #taken = 0;
  readonly #sayTaken: () => void;

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
    if (item !== undefined) this.pass();
    return item;
  }

  /**
   * An item is taken as it comes, past all others; so there must be none. Said before
   * the item is given out: from then on it is this process's own.
   */
  pass(): void {
    this.#taken++;
    this.#sayTaken();
  }

  /** Gives all items back. */
  giveBack(): void {
    const end = this.#taken + this.#items.length;
    this.#items.splice(0, this.#items.length);
    this.#peer.post([Kind.Return, this.#id, this.#taken, end]);
  }
}
