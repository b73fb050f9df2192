/**
 * What all queues share: the consumer, a process's end for taking, with the prefetched items
 * and the getters that wait (the other half of hub/queue.ts); and the base class, with the
 * ways in and out.
 *
 * A value on its way has one name on each layer: `obj` at the call, as in CPython, `payload`
 * when it is encoded, and `item` in the hub's queue.
 *
 * @module
 */
import { OrderedSender } from "../collections/ordered_sender.ts";
import { type Place, WaitList } from "../collections/wait_list.ts";
import { QueueMethod } from "../hub/object.ts";
import { FOR_EVER, Handle, type HandleFields, rebuildHandle } from "../link/handle.ts";
import { ops } from "../link/observed.ts";
import type { Peer } from "../link/peer.ts";
import { PrefetchBuffer } from "../link/prefetch_buffer.ts";
import {
  abortable,
  keepWhile,
  type Limit,
  sendInOrder,
  type Waiter,
  waitForArrival,
} from "../link/waiting.ts";
import { Empty, ShutDown } from "../python/errors.ts";
import {
  dumps,
  dumpsView,
  loads,
  PendingPayload,
  registerTransferable,
} from "../reduction/mod.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";
import { Receipts } from "./receipts.ts";

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
  /** Whether this process has heard that the queue was shut down. */
  isShutDown = false;

  /**
   * @param isBounded Whether putters may wait for room.
   * @param receipts Where items come back whose takers have died.
   */
  constructor(peer: Peer, id: number, isBounded: boolean, receipts?: Receipts) {
    this.#peer = peer;
    this.#id = id;
    this.#prefetched = new PrefetchBuffer(peer, id, true, isBounded);
    this.#prefetched.onTake = receipts && ((...taken) => receipts.number(...taken));
    peer.listen(id, (message) => this.#receive(message));
  }

  /** The next item, if it is here already. */
  takeNow(): Payload | undefined {
    return this.#prefetched.take() ?? this.#peer.takeNow(this.#id);
  }

  /** Waits for an item. @throws {Empty} when the hub says, after that time, that there is none */
  take(limit: Limit): Promise<Payload> {
    return waitForArrival(
      this.#peer,
      limit,
      (waiter) => {
        const getter = this.#getters.push({ ...waiter, isAsking: false });
        this.#tellSoon();
        return {
          leave: () => this.#leave(getter),
          onTime: () => this.#askNow(getter),
        };
      },
      ops.get,
      this.#id,
    );
  }

  /** An item that the hub has at this moment. @throws {Empty} if it has none */
  grab(): Promise<Payload> {
    this.#tell(); // of the getters that have waited longer: they come first
    const item = this.#peer.refWhile(
      new Promise<Payload>((resolve, reject) => {
        this.#askNow(this.#getters.push({ resolve, reject, isAsking: false }));
      }),
    );
    // In the root the answer may be there already: see `Peer.call`.
    const turn = this.#peer.yieldToLoop();
    return turn === undefined ? item : turn.then(() => item);
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
    if (message[0] === Kind.ShutDown) return this.#shutDown(message[2]);
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

  #shutDown(isEmpty: boolean): void {
    this.isShutDown = true;
    if (!isEmpty) {
      return this.#peer.post([Kind.Call, this.#id, 0, QueueMethod.Knows, []]);
    }
    this.#told = 0;
    // The others get answers of their own.
    for (const getter of this.#getters.takeAll(({ isAsking }) => !isAsking)) {
      getter.reject(new ShutDown());
    }
  }
}

// ---------------------------------------------------------------------------- the queue

const DONE: Promise<void> = Promise.resolve();

/** The fields of a queue that is sent. */
export interface QueueFields extends HandleFields {
  maxsize: number;
  /** How many times an item comes back whose taker has died. */
  redeliver: number;
}

/** A name of its own, as errors about a queue must call it one. */
const QUEUE = "queues:rebuild";

registerTransferable(QUEUE, {
  rebuild: (fields: QueueFields) => rebuildHandle(fields),
  inherited: "Queue",
});

/** The base class of the queues. */
export abstract class BaseQueue<T> extends Handle {
  // Beside those of `Handle`, for speed.
  readonly #peer: Peer;
  readonly #id: number;
  readonly #maxsize: number;
  readonly #consumer: QueueConsumer;
  /** Undefined where nobody needs to know which item is done. */
  readonly #receipts: Receipts | undefined;
  readonly #redeliver: number;
  #isClosed = false;
  /** Puts that wait for functions to be found, and those behind them. */
  readonly #order = new OrderedSender();

  /**
   * @internal
   * @param maxsize Most items, 0 or less for no bound; or the fields that were sent.
   * @param redeliver How many times an item comes back whose taker has died.
   */
  constructor(maxsize: number | QueueFields, redeliver = 0) {
    const fields = typeof maxsize === "number" ? undefined : maxsize;
    const bound = fields?.maxsize ?? Math.max(0, maxsize as number);
    const returns = fields?.redeliver ?? redeliver;
    super(fields?.id, "Queue", returns > 0 ? [bound, returns] : [bound]);
    this.#peer = this._peer;
    this.#id = this._number;
    this.#maxsize = bound;
    this.#redeliver = returns;
    // The root takes items without numbers: they do not come back.
    if (returns > 0 && !this._state) this.#receipts = new Receipts();
    const parts = [this.#peer, this.#id, bound > 0, this.#receipts] as const;
    this.#consumer = new QueueConsumer(...parts);
  }

  /** @internal */
  protected get _closed(): boolean {
    return this.#isClosed;
  }

  /** @internal */
  protected _close(): void {
    this.#isClosed = true;
  }

  /** @internal */
  protected get _maxsize(): number {
    return this.#maxsize;
  }

  /** @internal Sends a payload; false if there was no room in time. */
  _send(
    payload: Payload | PendingPayload,
    block: boolean,
    limit: Limit,
  ): Promise<boolean> {
    if (!(payload instanceof PendingPayload) && this.#order.isClear) {
      return this.#put(payload, block, limit);
    }
    return sendInOrder(this.#peer, limit, this.#order, payload, (payload) => {
      return this.#put(payload, block, limit);
    });
  }

  #put(payload: Payload, block: boolean, limit: Limit): Promise<boolean> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    if (this.#consumer.isShutDown) return Promise.reject(new ShutDown());
    if (this.#maxsize === 0) return this._post(payload).then(() => true);
    const waits = block && limit.timeout !== 0;
    return this._wait(
      limit,
      (call) => [Kind.Put, this.#id, call, waits, payload],
      ops.put,
    ) as Promise<boolean>;
  }

  /** @internal Sends a payload that neither has to wait nor may overtake another: if `_isQuick`. */
  _post(payload: Payload): Promise<void> {
    this.#peer.post([Kind.Put, this.#id, 0, true, payload]);
    return this.#peer.yieldToLoop() ?? DONE;
  }

  /** @internal Encodes a value for `_post`, which is to follow at once. */
  _dump(obj: unknown): Payload | PendingPayload {
    return this.#peer.copies ? dumpsView(obj) : dumps(obj);
  }

  /** @internal Whether a put need neither wait nor stay behind another. */
  protected get _isQuick(): boolean {
    return this.#maxsize === 0 && this.#order.isClear && !this.#consumer.isShutDown;
  }

  /**
   * @internal Takes an item and decodes it.
   *
   * @throws {Empty} if there is none (in time)
   * @throws {ShutDown} if there is none, and the queue was shut down
   */
  _receive(block: boolean, limit: Limit): Promise<T> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    const payload = this.#consumer.takeNow();
    if (payload !== undefined) return this.#give(payload);
    const coming = block && limit.timeout !== 0
      ? this.#consumer.take(limit)
      : this.#consumer.grab();
    return keepWhile(this, coming).then((payload) => this.#load(payload));
  }

  #give(payload: Payload): Promise<T> {
    const turn = this.#peer.yieldToLoop();
    if (turn !== undefined) return turn.then(() => this.#load(payload));
    try {
      return Promise.resolve(this.#load(payload));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #load(payload: Payload): T {
    const obj = loads(payload) as T;
    this.#receipts?.add(payload, obj);
    return obj;
  }

  /** @internal Items, until the queue is shut down and empty; each is taken when it is asked for. */
  async *_items(): AsyncGenerator<T, void, void> {
    for (;;) {
      this._checkOpen();
      let payload = this.#consumer.takeNow();
      if (payload === undefined) {
        try {
          payload = await keepWhile(this, this.#consumer.take(FOR_EVER));
        } catch (error) {
          if (error instanceof ShutDown) return;
          throw error;
        }
      } else await this.#peer.yieldToLoop();
      yield this.#load(payload);
    }
  }

  /** @internal Throws if this process has closed the queue. */
  protected abstract _checkOpen(): void;

  /** @internal Ends putting for good, and getting when the queue is empty, or at once. */
  async _shutDown(immediate: boolean, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.#consumer.isShutDown = true; // what is put from now on is behind it
    await this._request(QueueMethod.ShutDown, signal, [Number(immediate)]);
  }

  /** @internal Says that a task is done: of that item, or of the one that was taken first. */
  async _taskDone(
    item: { obj: unknown } | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const number = this.#receipts?.take(item);
    const args = number === undefined ? [] : [number];
    await this._request(QueueMethod.TaskDone, signal, args);
  }

  /** @internal Decodes what the hub has answered. */
  _loadDead(payload: unknown): T {
    return loads(payload as Payload) as T;
  }

  /** @internal Asks the hub; what is asked happens also if the waiting is given up. */
  async _request(
    method: number,
    signal?: AbortSignal,
    args?: number[],
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const answer = this._ask(method, args);
    return await (signal ? abortable(this.#peer, answer, signal) : answer);
  }

  /** @internal Waits until all tasks are done. */
  _join(limit: Limit): Promise<boolean> {
    return this._waitFor(limit, QueueMethod.Join, ops.joinQueue) as Promise<boolean>;
  }

  /** @internal */
  protected override _fields(): object {
    return { maxsize: this.#maxsize, redeliver: this.#redeliver };
  }

  /** @internal */
  protected override get _kind(): string {
    return QUEUE;
  }

  /** `<multiprocessing.queues.Queue object at 0x…>`. */
  override toString(): string {
    const name = `multiprocessing.queues.${this.constructor.name}`;
    return `<${name} object at ${this._address}>`;
  }
}
