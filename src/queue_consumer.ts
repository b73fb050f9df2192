/**
 * A process's end of a queue for taking: the items that were sent here on lease, and
 * who waits for one. The other half of hub/queue.ts.
 *
 * @module
 */
import { Empty } from "./errors.ts";
import { Deque } from "./hub/deque.ts";
import type { Peer } from "./peer.ts";
import { type Limit, type Waiter, waitHere } from "./waiting.ts";
import { Kind, type Payload, type ToPeer } from "./wire/message.ts";

/** See the file's head. */
export class QueueConsumer {
  readonly #peer: Peer;
  readonly #id: number;
  /** Items here and not yet taken, oldest first. */
  readonly #leases = new Deque<Payload>();
  /** Who waits, oldest first; only while there are no leases. */
  readonly #waiters = new Deque<Waiter<Payload>>();
  /** How many items have been taken here. */
  #taken = 0;
  readonly #sayTaken: () => void;

  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.#id = id;
    this.#sayTaken = peer.repeat([Kind.Taken, id]);
    peer.listen(id, (message) => this.#receive(message));
  }

  /** The next item, if it is here already. */
  takeNow(): Payload | undefined {
    const item = this.#leases.shift();
    if (item === undefined) return this.#peer.takeNow(this.#id);
    this.#take();
    return item;
  }

  /** Waits for an item. @throws {Empty} when none has come in time */
  take(limit: Limit): Promise<Payload> {
    return waitHere(
      this.#peer,
      limit,
      (waiter: Waiter<Payload>) => {
        this.#waiters.push(waiter);
        this.#peer.post([Kind.Want, this.#id, 1]);
        return () => {
          const waited = this.#waiters.removeLast((other) => other === waiter);
          if (waited) this.#peer.post([Kind.Unwant, this.#id]);
        };
      },
      () => {
        throw new Empty();
      },
    );
  }

  /** An item that the hub has at this moment. @throws {Empty} if it has none */
  grab(): Promise<Payload> {
    const call = this.#peer.newCall();
    return this.#peer.hold(
      new Promise((resolve, reject) => {
        this.#peer.request(call, [Kind.Grab, this.#id, call], {
          // Taken as the answer comes, as a recall may be right behind it.
          resolve: (came) => {
            const item = came === true ? this.#leases.shift() : undefined;
            if (item !== undefined) {
              this.#take();
              return resolve(item);
            }
            // It came, and went to somebody who had waited here before; whom the hub
            // still takes for waiting.
            if (came === true) this.#peer.post([Kind.Unwant, this.#id]);
            reject(new Empty());
          },
          reject,
        });
      }),
    );
  }

  /** Whether items are here. */
  get hasItems(): boolean {
    return this.#leases.length > 0;
  }

  /** Said before the item is given out: from then on it is this process's own. */
  #take(): void {
    this.#taken++;
    this.#sayTaken();
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Items) {
      for (const item of message[2]) this.#offer(item);
    } else if (message[0] === Kind.Recall) {
      const end = this.#taken + this.#leases.length;
      this.#leases.splice(0, this.#leases.length);
      this.#peer.post([Kind.Return, this.#id, this.#taken, end]);
    }
  }

  #offer(item: Payload): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return this.#leases.push(item);
    this.#take();
    waiter.resolve(item);
  }
}
