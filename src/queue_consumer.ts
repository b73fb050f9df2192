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
  /** How many of them the hub has not been told of: gets of one moment are one message. */
  #untold = 0;

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
        if (this.#untold++ === 0) queueMicrotask(() => this.#tell());
        return () => {
          if (!this.#waiters.removeLast((other) => other === waiter)) return;
          if (this.#untold > 0) this.#untold--;
          else this.#peer.post([Kind.Unwant, this.#id]);
        };
      },
      () => {
        throw new Empty();
      },
    );
  }

  /** An item that the hub has at this moment. @throws {Empty} if it has none */
  grab(): Promise<Payload> {
    this.#tell(); // who has waited longer comes first
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

  #tell(): void {
    if (this.#untold > 0) this.#peer.post([Kind.Want, this.#id, this.#untold]);
    this.#untold = 0;
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Items) {
      this.#accept(message[2]);
    } else if (message[0] === Kind.Recall) {
      this.#inbox.giveBack();
    }
  }

  /** Those who wait go on after this, so that all are taken can be said at once before. */
  #accept(items: Payload[]): void {
    const passed = Math.min(items.length, this.#waiters.length);
    this.#inbox.pass(items, passed);
    for (const [i, item] of items.entries()) {
      if (i < passed) this.#waiters.shift()!.resolve(item);
      else this.#inbox.add(item);
    }
  }
}
