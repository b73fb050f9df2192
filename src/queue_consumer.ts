/**
 * A process's end of a queue for taking: the items that were sent here on lease, and
 * who waits for one. The other half of hub/queue.ts.
 *
 * @module
 */
import { Empty } from "./errors.ts";
import { Deque } from "./hub/deque.ts";
import { Inbox } from "./inbox.ts";
import type { Peer } from "./peer.ts";
import { type Limit, type Waiter, waitHere } from "./waiting.ts";
import { Kind, type Payload, type ToPeer } from "./wire/message.ts";

/** See the file's head. */
export class QueueConsumer {
  readonly #peer: Peer;
  readonly #id: number;
  /** Items here and not yet taken. */
  readonly #inbox: Inbox;
  /** Who waits, oldest first; only while there are no leases. */
  readonly #waiters = new Deque<Waiter<Payload>>();

  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.#id = id;
    this.#inbox = new Inbox(peer, id);
    peer.listen(id, (message) => this.#receive(message));
  }

  /** The next item, if it is here already. */
  takeNow(): Payload | undefined {
    return this.#inbox.take() ?? this.#peer.takeNow(this.#id);
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
            const item = came === true ? this.#inbox.take() : undefined;
            if (item !== undefined) return resolve(item);
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
    return this.#inbox.length > 0;
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Items) {
      for (const item of message[2]) this.#offer(item);
    } else if (message[0] === Kind.Recall) {
      this.#inbox.giveBack();
    }
  }

  #offer(item: Payload): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return this.#inbox.add(item);
    this.#inbox.pass(item);
    waiter.resolve(item);
  }
}
