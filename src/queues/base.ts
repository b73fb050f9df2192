/**
 * The base class of the queues: a number in the hub, and the ways in and out.
 *
 * A value on its way has one name on each floor: `obj` at the call, as in CPython,
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
  PendingPayload,
  registerName,
  registerTransferable,
} from "../reduction/mod.ts";
import { factory } from "../process/start_method.ts";
import {
  FOR_EVER,
  Handle,
  type HandleFields,
  inherited,
  rebuildHandle,
} from "../link/handle.ts";
import {
  abortable,
  keepWhile,
  type Limit,
  waitForHub,
  waitHere,
  withoutTimeout,
} from "../link/waiting.ts";
import { Kind, type Payload } from "../wire/message.ts";

export { FOR_EVER, inherited };

const DONE: Promise<void> = Promise.resolve();

/** The fields of a queue that travels. */
export interface QueueFields extends HandleFields {
  maxsize: number;
}

/** A kind of its own, as what refuses a queue must call it one. */
const QUEUE = "queues:rebuild";

function rebuildQueue(fields: QueueFields): Handle {
  return rebuildHandle(fields);
}

registerTransferable(QUEUE, { rebuild: rebuildQueue, inherited: "Queue" });

/**
 * Makes a class that may be called without `new`, as Python's factories are, and that
 * travels by its Python name.
 */
export function queueFactory<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
): C {
  const made = factory<C>(name, Class);
  registerName(`queues:${name}`, Class);
  return made;
}

/** The base class of the queues. */
export abstract class BaseQueue<T> extends Handle {
  // Beside those of `Handle`, for speed.
  readonly #peer: Peer;
  readonly #id: number;
  readonly #maxsize: number;
  readonly #consumer: QueueConsumer;
  #isClosed = false;
  /** Puts whose functions are still being looked for, and those behind them. */
  readonly #order = new OrderedSender();

  /** @param maxsize Most items, 0 or less for no bound; or what came from elsewhere. */
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
    // Room is not what it waits for yet: the timeout begins with that.
    return waitHere<boolean>(
      this.#peer,
      withoutTimeout(limit),
      ({ resolve, reject }) => {
        return this.#order.enter(
          payload instanceof PendingPayload ? payload.resolve() : payload,
          (payload) => resolve(this.#put(payload, block, limit) as never),
          reject,
        );
      },
    );
  }

  #put(payload: Payload, block: boolean, limit: Limit): Promise<boolean> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    if (this.#maxsize === 0) return this._post(payload).then(() => true);
    const put = waitForHub(
      this.#peer,
      limit,
      this.#id,
      (call) => [Kind.Put, this.#id, call, block && limit.timeout !== 0, payload],
    );
    return keepWhile(this, put as Promise<boolean>);
  }

  /** Sends a payload where it neither has to wait nor may overtake: `_isQuick`. */
  _post(payload: Payload): Promise<void> {
    this.#peer.post([Kind.Put, this.#id, 0, true, payload]);
    return this.#peer.yieldToLoop() ?? DONE;
  }

  /** Encodes a value for `_post`, which is to follow at once. */
  _dump(obj: unknown): Payload | PendingPayload {
    return this.#peer.copies ? dumpsView(obj) : dumps(obj);
  }

  /** Whether a put needs neither to wait nor to keep behind another. */
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
    const call = this.#peer.newCall();
    const answer = this.#peer.call(call, [Kind.Call, this.#id, call, method, []]);
    const kept = keepWhile(this, answer);
    return await (signal === undefined ? kept : abortable(this.#peer, kept, signal));
  }

  /** Waits until all tasks are done. */
  async _join(limit: Limit): Promise<boolean> {
    const { Join } = QueueMethod;
    const joined = waitForHub(
      this.#peer,
      limit,
      this.#id,
      (call) => [Kind.Call, this.#id, call, Join, []],
    );
    return await keepWhile(this, joined) as boolean;
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
