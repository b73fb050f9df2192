/**
 * The base class of the queues: the ways in and out.
 *
 * A value on its way has one name on each layer: `obj` at the call, as in CPython,
 * `payload` when it is encoded, and `item` in the hub's queue.
 *
 * @module
 */
import { QueueMethod } from "../hub/object.ts";
import { OrderedSender } from "../collections/ordered_sender.ts";
import type { Peer } from "../link/peer.ts";
import { QueueConsumer } from "./consumer.ts";
import {
  dumps,
  dumpsView,
  loads,
  type PendingPayload,
  registerTransferable,
} from "../reduction/mod.ts";
import { Handle, type HandleFields, rebuildHandle } from "../link/handle.ts";
import { abortable, keepWhile, type Limit, sendInOrder } from "../link/waiting.ts";
import { Kind, type Payload } from "../wire/message.ts";

const DONE: Promise<void> = Promise.resolve();

/** The fields of a queue that is sent. */
export interface QueueFields extends HandleFields {
  maxsize: number;
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
  #isClosed = false;
  /** Puts that wait for functions to be found, and those behind them. */
  readonly #order = new OrderedSender();

  /** @param maxsize Most items, 0 or less for no bound; or the fields that were sent. */
  constructor(maxsize: number | QueueFields) {
    const fields = typeof maxsize === "number" ? undefined : maxsize;
    const bound = fields?.maxsize ?? Math.max(0, maxsize as number);
    super(fields?.id, "Queue", [bound]);
    this.#peer = this._peer;
    this.#id = this._number;
    this.#maxsize = bound;
    this.#consumer = new QueueConsumer(this.#peer, this.#id, bound > 0);
  }

  protected get _closed(): boolean {
    return this.#isClosed;
  }

  protected _close(): void {
    this.#isClosed = true;
  }

  protected get _maxsize(): number {
    return this.#maxsize;
  }

  /** Sends a payload; false if there was no room in time. */
  _send(
    payload: Payload | PendingPayload,
    block: boolean,
    limit: Limit,
  ): Promise<boolean> {
    if (payload instanceof Uint8Array && this.#order.isClear) {
      return this.#put(payload, block, limit);
    }
    return sendInOrder(this.#peer, limit, this.#order, payload, (payload) => {
      return this.#put(payload, block, limit);
    });
  }

  #put(payload: Payload, block: boolean, limit: Limit): Promise<boolean> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    if (this.#maxsize === 0) return this._post(payload).then(() => true);
    const waits = block && limit.timeout !== 0;
    return this._wait(
      limit,
      (call) => [Kind.Put, this.#id, call, waits, payload],
    ) as Promise<boolean>;
  }

  /** Sends a payload that neither has to wait nor may overtake another: if `_isQuick`. */
  _post(payload: Payload): Promise<void> {
    this.#peer.post([Kind.Put, this.#id, 0, true, payload]);
    return this.#peer.yieldToLoop() ?? DONE;
  }

  /** Encodes a value for `_post`, which is to follow at once. */
  _dump(obj: unknown): Payload | PendingPayload {
    return this.#peer.copies ? dumpsView(obj) : dumps(obj);
  }

  /** Whether a put need neither wait nor stay behind another. */
  protected get _isQuick(): boolean {
    return this.#maxsize === 0 && this.#order.isClear;
  }

  /** Takes an item and decodes it. @throws {Empty} if there is none (in time) */
  _receive(block: boolean, limit: Limit): Promise<T> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    const payload = this.#consumer.takeNow();
    if (payload !== undefined) return this.#give(payload);
    const coming = block && limit.timeout !== 0
      ? this.#consumer.take(limit)
      : this.#consumer.grab();
    return keepWhile(this, coming).then((payload) => loads(payload) as T);
  }

  #give(payload: Payload): Promise<T> {
    const turn = this.#peer.yieldToLoop();
    if (turn !== undefined) return turn.then(() => loads(payload) as T);
    try {
      return Promise.resolve(loads(payload) as T);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Asks the hub; what is asked happens also if the waiting is given up. */
  async _request(method: number, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const answer = this._ask(method);
    return await (signal ? abortable(this.#peer, answer, signal) : answer);
  }

  /** Waits until all tasks are done. */
  _join(limit: Limit): Promise<boolean> {
    return this._waitFor(limit, QueueMethod.Join) as Promise<boolean>;
  }

  protected override _fields(): object {
    return { maxsize: this.#maxsize };
  }

  protected override get _kind(): string {
    return QUEUE;
  }

  /** `<multiprocessing.queues.Queue object at 0x…>`. */
  override toString(): string {
    const name = `multiprocessing.queues.${this.constructor.name}`;
    return `<${name} object at ${this._address}>`;
  }
}
