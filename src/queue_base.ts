/**
 * What the queues of queues.ts share: a number in the hub, and the ways in and out.
 *
 * @module
 */
import { UnpicklingError } from "./errors.ts";
import "./root.ts";
import { ObjectType, QueueMethod } from "./hub/object.ts";
import { currentPeer, type Peer } from "./peer.ts";
import { QueueConsumer } from "./queue_consumer.ts";
import {
  assert_spawning,
  type Callable,
  type DumpContext,
  dumps,
  dumpsView,
  loads,
  type PendingPayload,
  REDUCE_SHARED,
  registerName,
  registerRebuilder,
} from "./reduction.ts";
import { factory } from "./start_method.ts";
import { abortable, keepWhile, type Limit, waitForHub } from "./waiting.ts";
import { Kind, type Payload } from "./wire/message.ts";

/** A wait without end. */
export const FOR_EVER: Limit = { timeout: null, signal: undefined };

const DONE: Promise<boolean> = Promise.resolve(true);

/** What travels of a queue. */
interface QueueFields {
  id: number;
  maxsize: number;
  /** One of the package's classes by name, or a subclass of the user's. */
  class: string | QueueClass;
}

type QueueClass = new (inherited: never) => BaseQueue<unknown>;

/** Stands for `maxsize` where a queue is rebuilt that exists already. */
export class Inherited {
  readonly id: number;
  readonly maxsize: number;

  constructor({ id, maxsize }: QueueFields) {
    this.id = id;
    this.maxsize = maxsize;
  }
}

/** The package's own classes. */
const classes = new Map<string, QueueClass>();

/** This process's queues: one that arrives twice is one object. */
const live = new Map<number, WeakRef<BaseQueue<unknown>>>();

function rebuildQueue(fields: QueueFields): BaseQueue<unknown> {
  const { id, class: name } = fields;
  const known = live.get(id)?.deref();
  if (known !== undefined) return known;
  const Class = typeof name === "string" ? classes.get(name) : name;
  if (!(Class?.prototype instanceof BaseQueue)) {
    throw new UnpicklingError("no such class of queues");
  }
  return new Class(new Inherited(fields) as never);
}

registerName("queues:rebuild", rebuildQueue);
registerRebuilder(rebuildQueue, rebuildQueue, "Queue");

/**
 * Makes a class that may be called without `new`, as Python's factories are, and that
 * travels by its Python name.
 */
export function callable<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
): C {
  classes.set(name, Class as never);
  return factory(name, Class);
}

/**
 * What the queues share: a number in the hub, and the ways in and out.
 */
export abstract class BaseQueue<T> {
  readonly #peer: Peer;
  readonly #id: number;
  readonly #maxsize: number;
  readonly #consumer: QueueConsumer;
  #isClosed = false;
  /** Puts whose functions are still being looked for: later ones must not overtake. */
  #pendingPuts: Promise<unknown> | undefined;

  /** @param maxsize Most items; 0 or less for no bound. */
  constructor(maxsize: number | Inherited) {
    this.#peer = currentPeer();
    if (maxsize instanceof Inherited) {
      [this.#id, this.#maxsize] = [maxsize.id, maxsize.maxsize];
    } else {
      [this.#id, this.#maxsize] = [this.#peer.newId(), Math.max(0, maxsize)];
      this.#peer.post([Kind.Create, this.#id, ObjectType.Queue, [this.#maxsize]]);
    }
    this.#consumer = new QueueConsumer(this.#peer, this.#id);
    this.#peer.dropWith(this, this.#id);
    live.set(this.#id, new WeakRef(this as BaseQueue<unknown>));
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

  /** Sends an encoded item; false if there was no room in time. */
  async _send(
    payload: Payload | PendingPayload,
    block: boolean,
    limit: Limit,
  ): Promise<boolean> {
    limit.signal?.throwIfAborted();
    const earlier = this.#pendingPuts;
    if (!(payload instanceof Uint8Array) || earlier !== undefined) {
      const ready = Promise.all([
        payload instanceof Uint8Array ? payload : payload.resolve(),
        earlier,
      ]);
      const settled = ready.then(() => {}, () => {}).then(() => {
        if (this.#pendingPuts === settled) this.#pendingPuts = undefined;
      });
      this.#pendingPuts = settled;
      [payload] = await this.#peer.hold(ready);
    }
    return await this._post(payload, block, limit);
  }

  /** As `_send`, where nothing has to be looked for. */
  _post(payload: Payload, block: boolean, limit: Limit): Promise<boolean> {
    if (this.#maxsize === 0) {
      this.#peer.post([Kind.Put, this.#id, 0, true, payload]);
      const breath = this.#peer.breathe();
      return breath === undefined ? DONE : breath.then(() => true);
    }
    const put = waitForHub(
      this.#peer,
      limit,
      this.#id,
      (call) => [Kind.Put, this.#id, call, block && limit.timeout !== 0, payload],
    );
    return keepWhile(this, put as Promise<boolean>);
  }

  /** Encodes an item for `_post`, which is to follow at once. */
  _dump(obj: unknown): Payload | PendingPayload {
    return this.#peer.copies ? dumpsView(obj) : dumps(obj);
  }

  /** Whether a put needs neither to wait nor to keep behind another. */
  protected get _isQuick(): boolean {
    return this.#maxsize === 0 && this.#pendingPuts === undefined;
  }

  /** The next item. @throws {Empty} if there is none (in time) */
  _receive(block: boolean, limit: Limit): Promise<T> {
    if (limit.signal?.aborted) return Promise.reject(limit.signal.reason);
    const item = this.#consumer.takeNow();
    if (item !== undefined) return this.#give(item);
    const coming = block && limit.timeout !== 0
      ? this.#consumer.take(limit)
      : this.#consumer.grab();
    return keepWhile(this, coming).then((item) => loads(item) as T);
  }

  #give(item: Payload): Promise<T> {
    const breath = this.#peer.breathe();
    if (breath !== undefined) return breath.then(() => loads(item) as T);
    try {
      return Promise.resolve(loads(item) as T);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Asks the hub; what is asked happens also if the waiting is given up. */
  async _ask(method: number, signal?: AbortSignal): Promise<unknown> {
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

  /** Only a process that is being started may be given a queue. */
  [REDUCE_SHARED](context: DumpContext): [Callable, QueueFields] {
    const { constructor } = this;
    assert_spawning(constructor.name, context);
    context.inherit(this.#id);
    const isOwn = classes.get(constructor.name)?.prototype === constructor.prototype;
    return [rebuildQueue, {
      id: this.#id,
      maxsize: this.#maxsize,
      class: isOwn ? constructor.name : constructor as QueueClass,
    }];
  }

  /** `<multiprocessing.queues.Queue object at 0x…>`. */
  toString(): string {
    const name = `multiprocessing.queues.${this.constructor.name}`;
    return `<${name} object at 0x${this.#id.toString(16).padStart(12, "0")}>`;
  }
}
