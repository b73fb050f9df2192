/**
 * A process's end of a queue for taking: the items that were sent here ahead, and
 * who waits for one. The other half of hub/queue.ts.
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

/** Waits for an item. */
interface Getter extends Waiter<Payload> {
  /** The hub is being asked whether there is one now; else it is to be told of the wait. */
  isAsking: boolean;
}

/** The end of a queue at which a process takes items. */
export class QueueConsumer {
  readonly #peer: Peer;
  readonly #id: number;
  /** Items here and not yet taken. */
  readonly #prefetched: PrefetchBuffer;
  /** Some only while there are no items here. */
  readonly #getters = new WaitList<Getter>();
  /** How many of them the hub is asking for an item now. */
  #asking = 0;
  /** How many of the others the hub knows of, as far as can be told here. */
  #told = 0;
  /** The hub will be told: gets of one moment are one message. */
  #isTelling = false;

  /** @param isBounded Whether others may wait for room. */
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
    this.#tell(); // who has waited longer comes first
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
        // It came, and went to somebody who had waited here before, or was taken back.
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

  /** Has the hub know how many wait. */
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
    // What was taken back is asked for again.
    if (payloads.length < count) this.#told = 0;
    if (this.#getters.length > 0) return this.#tell();
    if (this.#prefetched.length === 0) return;
    // What comes when nobody waits, and cannot be taken back, is no use here.
    if (this.#prefetched.isRevocable) this.#prefetched.tellHalf();
    else this.#prefetched.giveBack(true);
  }
}
