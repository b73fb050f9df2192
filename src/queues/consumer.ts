/**
 * A process's end of a queue for taking: the prefetched items, and the getters that wait
 * for one. The other half of hub/queue.ts.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";
import { PrefetchBuffer } from "../link/prefetch_buffer.ts";
import { type Limit, type Waiter, waitForArrival } from "../link/waiting.ts";
import type { Peer } from "../link/peer.ts";
import { Empty } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";

/** A call that waits for an item. */
interface Getter extends Waiter<Payload> {
  /** The hub is being asked for one of this moment; else it is told of the wait. */
  isAsking: boolean;
}

/** The end of a queue at which a process takes items. */
export class QueueConsumer {
  readonly #peer: Peer;
  readonly #id: number;
  readonly #prefetched: PrefetchBuffer;
  /** Empty as long as there are items here. */
  readonly #getters = new WaitList<Getter>();
  /** The number of getters for which the hub is being asked. */
  #asking = 0;
  /** The number of others that the hub knows of, as far as is known here. */
  #told = 0;
  /** The hub will be told: gets of one moment are one message. */
  #isTelling = false;

  /** @param isBounded Whether putters may wait for room. */
  constructor(peer: Peer, id: number, isBounded: boolean) {
    this.#peer = peer;
    this.#id = id;
    this.#prefetched = new PrefetchBuffer(peer, id, true, isBounded);
    peer.listen(id, (message) => this.#receive(message));
  }

  /** The next item, if it is here already. */
  takeNow(): Payload | undefined {
    return this.#prefetched.take() ?? this.#peer.takeNow(this.#id);
  }

  /** Waits for an item. @throws {Empty} when the hub says, after that time, that there is none */
  take(limit: Limit): Promise<Payload> {
    return waitForArrival(this.#peer, limit, (waiter) => {
      let timer: unknown;
      const stop = () => timer !== undefined && runtime.clearTimer(timer);
      const getter = this.#getters.push({
        resolve(payload) {
          stop();
          waiter.resolve(payload);
        },
        reject: waiter.reject,
        isAsking: false,
      });
      this.#tellSoon();
      return {
        leave: () => {
          stop();
          this.#leave(getter);
        },
        onTime: () => {
          // What others have put before must have been read by then.
          if (this.#peer.objectHere(this.#id) === undefined) this.#askNow(getter);
          else timer = runtime.setTimer(() => this.#askNow(getter), 1);
        },
      };
    });
  }

  /** An item that the hub has at this moment. @throws {Empty} if it has none */
  grab(): Promise<Payload> {
    this.#tell(); // of the getters that have waited longer: they come first
    return this.#peer.refWhile(
      new Promise((resolve, reject) => {
        this.#askNow(this.#getters.push({ resolve, reject, isAsking: false }));
      }),
    );
  }

  #leave(getter: Place<Getter>): void {
    if (!this.#getters.remove(getter)) return;
    if (getter.item.isAsking) this.#asking--;
    this.#tellSoon();
  }

  /** Only the hub can say that there is no item. */
  #askNow(getter: Place<Getter>): void {
    if (!getter.item.isAsking) this.#asking++;
    getter.item.isAsking = true;
    const call = this.#peer.newCall();
    const waiting = this.#told = this.#getters.length - this.#asking;
    const { received } = this.#prefetched;
    this.#peer.request(call, [Kind.Grab, this.#id, call, received, waiting], {
      resolve: (came) => {
        if (!getter.isIn) return;
        // An item came, but an older getter took it, or it was revoked.
        if (came === true) return this.#askNow(getter);
        this.#leave(getter);
        getter.item.reject(new Empty());
      },
      reject: (error) => {
        if (!getter.isIn) return;
        this.#leave(getter);
        getter.item.reject(error);
      },
    });
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => this.#tell());
  }

  /** Tells the hub how many getters wait. */
  #tell(): void {
    this.#isTelling = false;
    const waiting = this.#getters.length - this.#asking;
    if (waiting === this.#told) return;
    this.#told = waiting;
    this.#peer.post([Kind.Ask, this.#id, this.#prefetched.received, waiting]);
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Revoke) return this.#prefetched.endVoid();
    if (message[0] !== Kind.Items) return;
    for (const payload of message[2]) this.#prefetched.add(payload);
    const count = Math.min(message[2].length, this.#getters.length);
    const payloads = this.#prefetched.takeSome(this.#getters.length);
    for (const payload of payloads) {
      const getter = this.#getters.shift()!;
      if (getter.isAsking) this.#asking--;
      getter.resolve(payload);
    }
    this.#told = Math.max(0, this.#told - payloads.length);
    // Asks again for what was revoked.
    if (payloads.length < count) this.#told = 0;
    if (this.#getters.length > 0) return this.#tell();
    if (this.#prefetched.length === 0) return;
    // Without getters, items that cannot be revoked are of no use here.
    if (this.#prefetched.isRevocable) this.#prefetched.tellHalf();
    else this.#prefetched.giveBack(true);
  }
}
