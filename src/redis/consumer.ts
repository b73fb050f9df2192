/**
 * The end of a queue at which this process takes items: those that were leased to it, and the
 * calls that wait for some.
 *
 * ```
 * queue on the server ── GET, or granted ──► leased ──► here, numbered ── get() ──► taken
 *        ▲                                     │                            │
 *        └── GIVE_BACK, or the lease is over ──┘                  TAKEN ◄───┘
 * ```
 *
 * An item has left the queue when the server knows that it was taken: that is told in the next
 * turn of the event loop, by the next call at the latest. The items that a session was ever
 * leased by a queue are numbered from 1.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import { type Place, WaitList } from "../collections/wait_list.ts";
import { type Limit, type Waiter, waitForArrival } from "../link/waiting.ts";
import { Empty, FileNotFoundError, osError, ShutDown } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import type { Base } from "./base.ts";
import { listOf, type Reply, textOf } from "./driver/connection.ts";
import { isGone } from "./errors.ts";
import { AGAIN, CANCEL_GET, GET, GIVE_BACK, TAKEN } from "./scripts/queue.ts";
import type { Consumer, Session } from "./session.ts";

/** An item of a queue. */
export interface Item {
  /** Its number in the queue. */
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** What a queue offers its consumer. */
export interface QueueCalls {
  readonly base: Base;
  readonly key: string;
  readonly id: string;
  /** The session in which the queue is open. */
  session(): Session;
  /** The error of a call in this session as one for the user. */
  explain(session: Session, error: unknown): Promise<unknown>;
}

/** A call that waits for an item. */
interface Getter extends Waiter<Item> {
  /** The server is being asked for an item of this moment; it does not wait there. */
  isAsking: boolean;
}

/** Milliseconds for which an answer is waited for once the time is over. */
const ANSWER_TIME = 1000;

const COLON = 58;

/** See above. */
export class QueueConsumer implements Consumer {
  readonly #queue: QueueCalls;
  /** How many items it would like to have that nobody waits for yet. */
  readonly #ahead: number;
  readonly #here = new Deque<Item>();
  readonly #getters = new WaitList<Getter>();
  #session: Session | undefined;
  /** Numbers of the last item that has arrived, was taken, was told to be taken. */
  #received = 0;
  #taken = 0;
  #told = 0;
  /** Getters for which the server was not asked yet. */
  #unasked = 0;
  /** Calls of GET that were not answered. */
  #asking = 0;
  #isTelling = false;
  /** The last call for more has brought none. */
  #isDry = false;
  #mustGiveBack = false;

  constructor(queue: QueueCalls, ahead: number) {
    this.#queue = queue;
    this.#ahead = ahead;
  }

  /** The next item, if it is here already. */
  takeNow(): Item | undefined {
    if (this.#here.length > 0 && this.#session!.isDoubtful) this.#distrust();
    const item = this.#here.shift();
    if (item === undefined) return undefined;
    this.#taken++;
    this.#tellSoon();
    if (!this.#isDry && this.#asking === 0 && 2 * this.#here.length <= this.#ahead) {
      void this.#ask(0, this.#ahead - this.#here.length, false);
    }
    return item;
  }

  /** Waits for an item. @throws {Empty} if the server says, after that time, that there is none */
  take(limit: Limit): Promise<Item> {
    return waitForArrival(this.#queue.base.peer, limit, (waiter) => {
      let timer: unknown;
      const stop = () => runtime.clearTimer(timer);
      const getter = this.#getters.push({
        resolve(item) {
          stop();
          waiter.resolve(item);
        },
        reject(error) {
          stop();
          waiter.reject(error);
        },
        isAsking: false,
      });
      this.#askSoon();
      return {
        leave: () => {
          stop();
          void this.#cancel(getter, undefined);
        },
        onTime: () => {
          timer = runtime.setTimer(() => this.#abandon(getter), ANSWER_TIME);
          void this.#cancel(getter, new Empty());
        },
      };
    });
  }

  /** An item that the queue has at this moment. @throws {Empty} if it has none */
  grab(): Promise<Item> {
    const item = new Promise<Item>((resolve, reject) => {
      this.#grab({ resolve, reject, isAsking: true });
    });
    return this.#queue.base.peer.refWhile(item);
  }

  #grab(getter: Getter): void {
    void this.#ask(1, 0, false, this.#getters.push(getter));
  }

  /** Has the server told now what was taken, so that the next call is behind that. */
  flush(): void {
    if (this.#taken === this.#told) return;
    const session = this.#session!;
    // If it does not succeed, the items come back when the lease is over.
    session.call(TAKEN, this.#queue.key, [this.tellTaken()]).catch(() => {});
  }

  /** Up to which items are taken, for a call that tells the server so. */
  tellTaken(): string {
    this.#told = this.#taken;
    return String(this.#taken);
  }

  /** Gives back what nobody waits for here. */
  giveBack(): void {
    if (this.#here.length === 0) return;
    // What is on its way would be given back, and arrive.
    this.#mustGiveBack = this.#asking > 0 || this.#getters.length > 0;
    if (this.#mustGiveBack) return;
    this.#distrust();
    const taken = this.tellTaken();
    this.#session!.once(GIVE_BACK, this.#queue.key, [taken, taken]).catch(() => {});
  }

  /** Forgets what is here: the server is asked for it again. */
  #distrust(): void {
    this.#here.splice(0, this.#here.length);
    this.#received = this.#taken;
  }

  // --- what the session tells

  arrived(from: number, items: readonly Uint8Array[]): void {
    for (const [index, item] of items.entries()) {
      const number = from + index + 1;
      if (number <= this.#received) continue; // it has come in another way as well
      this.#received = number;
      this.#here.push(parse(item));
    }
    while (this.#here.length > 0 && this.#getters.length > 0) {
      this.#taken++;
      this.#getters.shift()!.resolve(this.#here.shift()!);
    }
    this.#tellSoon();
    if (this.#ahead === 0 || this.#mustGiveBack) this.giveBack();
  }

  over(): void {
    for (const getter of this.#getters.takeAll(({ isAsking }) => !isAsking)) {
      getter.reject(new ShutDown());
    }
    this.#unasked = 0;
  }

  wanted(): void {
    this.giveBack();
  }

  removed(): void {
    for (const getter of this.#getters.takeAll()) {
      getter.reject(new FileNotFoundError(2, "there is no such queue any more"));
    }
  }

  ended(reason: unknown, wasLost: boolean): void {
    this.#here.splice(0, this.#here.length);
    this.#received = this.#taken = this.#told = 0;
    this.#session = undefined;
    this.#isDry = false;
    const getters = this.#getters.takeAll();
    this.#unasked = 0;
    for (const getter of getters) {
      if (!wasLost) getter.reject(reason);
      else if (getter.isAsking) this.#grab(getter);
      else {
        this.#getters.push(getter);
        this.#askSoon();
      }
    }
  }

  // --- asking

  #askSoon(): void {
    if (this.#unasked++ === 0) queueMicrotask(() => this.#askForAll());
  }

  #askForAll(): void {
    const count = this.#unasked;
    this.#unasked = 0;
    if (count > 0) void this.#ask(count, this.#ahead, true);
  }

  /** The session in which the queue is open: what is here belongs to it. */
  #open(): Session {
    const session = this.#queue.session();
    if (this.#session !== session) {
      this.#session = session;
      session.attach(this.#queue.id, this);
    }
    return session;
  }

  /** Asks for items: for so many getters, and so many more. */
  async #ask(
    want: number,
    more: number,
    waits: boolean,
    grabber?: Place<Getter>,
  ): Promise<void> {
    const session = this.#open();
    const { key } = this.#queue;
    this.#asking++;
    try {
      const numbers = [this.tellTaken(), String(this.#received)];
      const counts = [String(want), String(more), waits ? "1" : "0"];
      let reply = await session.once(GET, key, [...numbers, ...counts]);
      if (!Array.isArray(reply)) {
        reply = await session.call(AGAIN, key, [String(this.#received)]);
      }
      this.#asking--;
      if (this.#session === session) this.#answered(reply as Reply[], more, grabber);
    } catch (error) {
      this.#asking--;
      await this.#failed(session, error, grabber);
    }
  }

  #answered(
    [over, from, items]: readonly Reply[],
    more: number,
    grabber: Place<Getter> | undefined,
  ): void {
    if (more > 0) this.#isDry = listOf(items).length === 0;
    this.arrived(from as number, listOf(items) as Uint8Array[]);
    if (grabber !== undefined) {
      if (!this.#getters.remove(grabber)) return;
      grabber.item.reject(over === 1 ? new ShutDown() : new Empty());
    } else if (over === 1) this.over();
  }

  async #failed(
    session: Session,
    error: unknown,
    grabber: Place<Getter> | undefined,
  ): Promise<void> {
    if (isGone(error)) return session.lose(error);
    const reason = await this.#queue.explain(session, error);
    if (grabber !== undefined) {
      if (this.#getters.remove(grabber)) grabber.item.reject(reason);
      return;
    }
    for (const getter of this.#getters.takeAll(({ isAsking }) => !isAsking)) {
      getter.reject(reason);
    }
  }

  /** Ends the wait of a getter; rejects it with `error` if no item was leased for it. */
  async #cancel(getter: Place<Getter>, error: Error | undefined): Promise<void> {
    if (!getter.isIn) return;
    this.#askForAll();
    // If its caller has gone, an item that comes for it is for the next, or goes back.
    if (error === undefined) this.#getters.remove(getter);
    const session = this.#open();
    try {
      const reply = await session.once(CANCEL_GET, this.#queue.key, []);
      if (reply !== 1) session.look();
      else if (error !== undefined && this.#getters.remove(getter)) {
        getter.item.reject(error);
      }
    } catch (failure) {
      if (isGone(failure)) return session.lose(failure);
      if (this.#getters.remove(getter)) getter.item.reject(failure);
    }
  }

  /** The server does not answer. */
  #abandon(getter: Place<Getter>): void {
    if (this.#getters.remove(getter)) getter.item.reject(osError("ETIMEDOUT"));
  }

  #tellSoon(): void {
    if (this.#isTelling || this.#taken === this.#told) return;
    this.#isTelling = true;
    runtime.nextTurn(() => {
      this.#isTelling = false;
      this.flush();
    });
  }
}

/** An item as it lies in the queue: `SEQ:RETURNS:PAYLOAD`. */
function parse(bytes: Uint8Array): Item {
  const end = bytes.indexOf(COLON);
  const start = bytes.indexOf(COLON, end + 1) + 1;
  return {
    seq: Number(textOf(bytes.subarray(0, end))),
    payload: bytes.subarray(start),
  };
}
