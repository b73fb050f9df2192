/**
 * The base class of queues on a server: the ways in and out.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { OrderedSender } from "../collections/ordered_sender.ts";
import {
  abortable,
  keepWhile,
  type Limit,
  waitHere,
  withoutTimeout,
} from "../link/waiting.ts";
import { ShutDown, ValueError } from "../python/errors.ts";
import { addressed } from "../python/printing.ts";
import { Receipts } from "../queues/receipts.ts";
import type { Payload } from "../wire/message.ts";
import { type Item, QueueConsumer } from "./consumer.ts";
import type { Reply } from "./driver/connection.ts";
import { type Making, originOf } from "./making.ts";
import { RedisObject } from "./object.ts";
import { Payloads } from "./payloads.ts";
import {
  CANCEL_WAIT,
  DEAD_LETTER,
  JOIN,
  PUT,
  PUT_ALL,
  SHUT_DOWN,
  SIZE,
  TASK_DONE,
} from "./scripts/queue.ts";

/** What a queue is made with. */
export interface QueueShape {
  /** The number of a queue with a name. */
  readonly id?: string | undefined;
  /** Most items; 0 for no bound. */
  readonly maxsize: number;
  /** How many times an item comes back whose taker has died. */
  readonly redeliver: number;
  /** Whether tasks are counted. */
  readonly isJoinable: boolean;
  /** How many items this process may be leased before it asks for them. */
  readonly prefetch: number;
}

/** Puts that are sent together. */
interface Batch {
  readonly payloads: Payload[];
  bytes: number;
  /** The server's answer. */
  readonly sent: Promise<Reply>;
  send(): void;
}

/** Most items, and bytes, of puts that are sent together. */
const MOST_PUTS = 256;
const MOST_BYTES = 2 ** 18;

/** A wait without end. */
export const FOR_EVER: Limit = { timeout: null, signal: undefined };

/** The base class of the queues. */
export abstract class RedisQueueBase<T> extends RedisObject {
  readonly #payloads: Payloads;
  readonly #consumer: QueueConsumer;
  readonly #order = new OrderedSender();
  /** Undefined where nobody needs to know which item is done. */
  #receipts: Receipts | undefined;
  #shape: QueueShape;
  #isClosed = false;
  #batch: Batch | undefined;

  /** @internal */
  constructor(making: Making, shape: QueueShape) {
    const sent = (making.sent?.more ?? shape) as QueueShape;
    const { maxsize, redeliver, isJoinable } = sent;
    super(
      making.base,
      "queue",
      {
        max: String(maxsize),
        ret: String(redeliver),
        ...(isJoinable && { join: "1" }),
      },
      originOf(making, shape.id),
    );
    this.#shape = { ...shape, maxsize, redeliver, isJoinable };
    const { _base: base, _id: id, _key: key } = this;
    this.#payloads = new Payloads(base.settings.authkey, id);
    // The consumer must not keep the queue from being collected.
    const weak = new WeakRef(this);
    const here = () => weak.deref()!;
    this.#consumer = new QueueConsumer({
      ...{ base, id, key },
      session: () => here()._session,
      explain: (session, error) => here()._explain(session, error),
    }, shape.prefetch);
    if (redeliver > 0) this.#receipts = new Receipts();
  }

  /** @internal */
  protected get _closed(): boolean {
    return this.#isClosed;
  }

  /** @internal */
  protected _close(): void {
    this.#isClosed = true;
    this.#consumer.giveBack();
  }

  /** @internal */
  protected get _maxsize(): number {
    return this.#shape.maxsize;
  }

  /** @internal Another process may have made it otherwise. */
  protected override _opened(fields: Readonly<Record<string, string>>): void {
    const { max = "0", ret = "0" } = fields;
    this.#shape = { ...this.#shape, maxsize: Number(max), redeliver: Number(ret) };
    if (Number(ret) > 0) this.#receipts ??= new Receipts();
  }

  /** @internal Encodes a value as it is now. */
  protected _dump(obj: unknown): Payload | Promise<Payload> {
    return this.#payloads.dump(obj);
  }

  /** @internal Sends a payload; false if there was no room in time. */
  protected _send(
    payload: Payload | Promise<Payload>,
    block: boolean,
    limit: Limit,
  ): Promise<boolean> {
    if (isUint8Array(payload) && this.#order.isClear) {
      return this.#put(payload, block, limit);
    }
    const { peer } = this._base;
    return waitHere(
      peer,
      withoutTimeout(limit),
      ({ resolve, reject }) =>
        this.#order.enter(
          payload,
          (payload) => resolve(this.#put(payload, block, limit) as never),
          reject,
        ),
    );
  }

  async #put(payload: Payload, block: boolean, limit: Limit): Promise<boolean> {
    limit.signal?.throwIfAborted();
    const waits = block && limit.timeout !== 0;
    let reply: Reply = 0;
    if (this._maxsize === 0) reply = await this.#putSoon(payload);
    else if (!waits) reply = await this._once(PUT, [payload, "0"]);
    // One with a name may have a bound that is not known here yet.
    if (reply === 0 && waits) reply = await this.#putAndWait(payload, limit);
    if (reply === -1 || reply === "-1") throw new ShutDown();
    return reply !== 0 && reply !== null;
  }

  /** Puts of one moment are one call, where there is no bound. */
  #putSoon(payload: Payload): Promise<Reply> {
    const isFull = this.#batch !== undefined &&
      (this.#batch.payloads.length >= MOST_PUTS || this.#batch.bytes > MOST_BYTES);
    if (isFull) this.#batch!.send();
    const batch = this.#batch ??= this.#newBatch();
    batch.payloads.push(payload);
    batch.bytes += payload.length;
    return batch.sent;
  }

  #newBatch(): Batch {
    const payloads: Payload[] = [];
    let send = () => {};
    const sent = new Promise<Reply>((resolve) => {
      send = () => {
        if (this.#batch !== batch) return;
        this.#batch = undefined;
        const [first] = payloads;
        resolve(
          payloads.length === 1
            ? this._once(PUT, [first!, "0"])
            : this._once(PUT_ALL, payloads),
        );
      };
    });
    const batch = { payloads, bytes: 0, sent, send };
    this._session.defer(send);
    queueMicrotask(send);
    return batch;
  }

  #putAndWait(payload: Payload, limit: Limit): Promise<Reply> {
    return this._wait(limit, {
      ask: (session, wait) => session.once(PUT, this._key, [payload, wait]),
      waits: (reply) => reply === 2,
      cancel: CANCEL_WAIT,
      isRepeated: false,
    });
  }

  /**
   * @internal Takes an item and decodes it.
   *
   * @throws {Empty} if there is none (in time)
   * @throws {ShutDown} if there is none, and the queue was shut down
   */
  protected _receive(block: boolean, limit: Limit): Promise<T> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    const item = this.#consumer.takeNow();
    if (item !== undefined) return this.#give(item);
    const coming = block && limit.timeout !== 0
      ? this.#consumer.take(limit)
      : this.#consumer.grab();
    return keepWhile(this, coming).then((item) => this.#load(item));
  }

  #give(item: Item): Promise<T> {
    const turn = this._base.peer.yieldToLoop();
    if (turn !== undefined) return turn.then(() => this.#load(item));
    try {
      return Promise.resolve(this.#load(item));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #load({ payload, seq }: Item): T {
    const obj = this.#payloads.load(payload) as T;
    this.#receipts?.number(payload, seq);
    this.#receipts?.add(payload, obj);
    return obj;
  }

  /** @internal Items, until the queue is shut down and empty; each is taken when it is asked for. */
  protected async *_items(): AsyncGenerator<T, void, void> {
    for (;;) {
      this._checkOpen();
      let obj: T;
      try {
        obj = await this._receive(true, FOR_EVER);
      } catch (error) {
        if (error instanceof ShutDown) return;
        throw error;
      }
      yield obj;
    }
  }

  /** @internal Throws if this process has closed the queue. */
  protected abstract _checkOpen(): void;

  /** @internal Ends putting for good, and getting when the queue is empty, or at once. */
  protected async _shutDown(
    immediate: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#consumer.flush();
    await this._signalled(signal, () => this._call(SHUT_DOWN, [immediate ? "2" : "1"]));
  }

  /** @internal */
  protected async _size(signal: AbortSignal | undefined): Promise<number> {
    this.#consumer.flush();
    return await this._signalled(signal, () => this._call(SIZE)) as number;
  }

  /** @internal Says that a task is done: of that item, or of the one that was taken first. */
  protected async _taskDone(
    item: { obj: unknown } | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const number = this.#receipts?.take(item);
    const done = await this._signalled(
      signal,
      () =>
        this._once(TASK_DONE, () => [this.#consumer.tellTaken(), String(number ?? 0)]),
    );
    if (done === 1) return;
    throw new ValueError(
      done === 0
        ? "task_done() called too many times"
        : "task_done() of an item that is not in progress here",
    );
  }

  /** @internal Waits until all tasks are done. */
  protected async _join(limit: Limit): Promise<void> {
    this.#consumer.flush();
    await this._wait(limit, {
      ask: (session, wait) => session.once(JOIN, this._key, [wait]),
      waits: (reply) => reply === 2,
      cancel: CANCEL_WAIT,
      isRepeated: true,
    });
  }

  /** @internal An item that came back too often, decoded; undefined if there is none. */
  protected async _deadLetter(
    signal: AbortSignal | undefined,
  ): Promise<{ obj: T } | undefined> {
    const letter = await this._signalled(signal, () => this._once(DEAD_LETTER));
    if ((letter as Uint8Array).length === 0) return undefined;
    return { obj: this.#payloads.load((letter as Uint8Array).subarray(1)) as T };
  }

  /** @internal Calls; what is asked happens also if the waiting is given up. */
  protected async _signalled(
    signal: AbortSignal | undefined,
    call: () => Promise<Reply>,
  ): Promise<Reply> {
    signal?.throwIfAborted();
    const answer = call();
    return await (signal ? abortable(this._base.peer, answer, signal) : answer);
  }

  /** @internal */
  protected override _more(): QueueShape {
    return this.#shape;
  }

  /** `<multiprocessing.queues.Queue object at 0x…>`. */
  override toString(): string {
    return addressed(this, `multiprocessing.queues.${this.constructor.name}`);
  }
}
