/**
 * `Queue`: see queues.ts for what differs from CPython.
 *
 * @module
 */
import { QueueMethod } from "../hub/object.ts";
import type { QueueStats } from "../hub/stats.ts";
import {
  asCInt,
  asTimeout,
  parseArguments,
  type Signature,
  signature,
  takes,
} from "../python/arguments.ts";
import { AssertionError, Full, OSError, ValueError } from "../python/errors.ts";
import { debug } from "../python/log_calls.ts";
import { formatException } from "../python/traceback.ts";
import { dumps, PendingPayload } from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { FOR_EVER, inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { factory } from "../process/start_method.ts";
import { BaseQueue, type QueueFields } from "./base.ts";
import {
  EMPTY,
  FULL,
  GET,
  GET_NOWAIT,
  JOIN_THREAD,
  PUT,
  PUT_NOWAIT,
  type PutArguments,
  QSIZE,
  SHUTDOWN,
} from "./signatures.ts";
import type { SignalOptions } from "./simple.ts";

/** Options of `put` and `get`. */
export interface QueueOptions {
  /** False to raise `Full` or `Empty` at once instead of waiting. */
  block?: boolean;
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the waiting: the promise rejects with its reason, and nothing was put or got. */
  signal?: AbortSignal;
}

/** Options of `shutdown`. */
export interface ShutdownOptions {
  /** True to drop what is in the queue. */
  immediate?: boolean;
  /** Ends the waiting for the answer: the promise rejects with its reason. */
  signal?: AbortSignal;
}

const INIT = signature("BaseContext.Queue", { maxsize: 0 as unknown });
const STATS = statsSignature("Queue.stats");

type BaseArguments = ConstructorParameters<typeof BaseQueue>;

/** What `Queue` makes. CPython: `multiprocessing.queues.Queue`. */
export class QueueClass<T> extends BaseQueue<T> {
  /** Whether anything was put here: only then does `close` close CPython's pipe. */
  #isFed = false;

  /**
   * Makes a queue.
   *
   * @param maxsize Most items in the queue; 0 or less for no bound.
   * @throws {TypeError} if it is no integer
   */
  constructor(maxsize?: number | { maxsize?: number });
  constructor(...given: unknown[]) {
    super(...inheritedOr(new.target, given));
  }

  /** The constructor's arguments as those of the base class. */
  static _sizesOf(given: unknown[]): BaseArguments {
    return [asCInt(parseArguments(INIT, given).maxsize, "<=")];
  }

  /**
   * Adds an item. It is encoded now: later changes do not show. CPython: `Queue.put`.
   *
   * @param obj The item.
   * @param block False to raise `Full` at once where there is no room.
   * @param timeout Seconds to wait for room; null for ever.
   * @returns Settles when the item is in the queue.
   * @throws {Full} if there was no room in time; the item is not in the queue then
   * @throws {ShutDown} if the queue was shut down, also during the wait
   * @throws {PicklingError} if the item cannot be sent
   * @throws {ValueError} if this process has closed the queue
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<string>(1);
   * await q.put("a");
   * await q.put("b", { timeout: 0.01 }).catch(({ name }) => console.log(name)); // Full
   * ```
   */
  put(obj: T, block?: boolean, timeout?: number | null): Promise<void>;
  /** The same with options. */
  put(obj: T, options?: QueueOptions): Promise<void>;
  put(...given: unknown[]): Promise<void> {
    try {
      if (given.length === 1 && !this._closed) return this.#putNow(given[0]);
      const { obj, block, timeout, signal } = parseArguments(
        this._signatureOfPut,
        given,
      );
      this._checkOpen();
      const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
      const payload = dumps(obj);
      return this.#finishPut(this._send(payload, Boolean(block), limit));
    } catch (error) {
      return this.#failPut(error, given[0] as T);
    }
  }

  /** @internal The parameters of `put`: errors name its class. */
  protected get _signatureOfPut(): Signature<PutArguments> {
    return PUT;
  }

  /** The quick way, for `put(obj)`. */
  #putNow(obj: unknown): Promise<void> {
    const isQuick = this._isQuick;
    let payload = isQuick ? this._dump(obj) : dumps(obj);
    if (isQuick && !(payload instanceof PendingPayload)) {
      if (this._isQuick) {
        this.#isFed = true;
        return this._post(payload);
      }
      payload = payload.slice(); // encoding it has put something else
    }
    return this.#finishPut(this._send(payload, true, FOR_EVER));
  }

  async #finishPut(sent: Promise<boolean>): Promise<void> {
    if (!await sent) throw new Full();
    this.#isFed = true;
  }

  #failPut(error: unknown, obj: T): Promise<void> {
    const hook = this._on_queue_feeder_error;
    if (hook !== QueueClass.prototype._on_queue_feeder_error) {
      hook.call(this, error, obj);
    }
    return Promise.reject(error);
  }

  /**
   * Takes an item. CPython: `Queue.get`.
   *
   * @param block False to raise `Empty` at once where there is none.
   * @param timeout Seconds to wait for one; null for ever.
   * @throws {Empty} if there was none in time
   * @throws {ShutDown} if there is none, and the queue was shut down
   * @throws {ValueError} if this process has closed the queue
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<number>();
   * await q.put(1);
   * console.log(await q.get()); // 1
   * ```
   */
  get(block?: boolean, timeout?: number | null): Promise<T>;
  /** The same with options. */
  get(options?: QueueOptions): Promise<T>;
  get(...given: unknown[]): Promise<T> {
    try {
      if (given.length === 0 && !this._closed) return this._receive(true, FOR_EVER);
      const { block, timeout, signal } = parseArguments(GET, given);
      this._checkOpen();
      const seconds = asTimeout(timeout, block ? "clock" : "semaphore");
      return this._receive(Boolean(block), { timeout: seconds, signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * `put(obj, false)`. CPython: `Queue.put_nowait`.
   *
   * @param obj The item.
   * @returns Settles when the item is in the queue.
   * @throws {Full} if there is no room
   * @throws {PicklingError} if the item cannot be sent
   * @throws {ValueError} if this process has closed the queue
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<number>(1);
   * await q.put_nowait(1);
   * await q.put_nowait(2).catch(({ name }) => console.log(name)); // Full
   * ```
   */
  put_nowait(obj: T, options?: SignalOptions): Promise<void>;
  put_nowait(...given: unknown[]): Promise<void> {
    try {
      const { obj, signal } = parseArguments(PUT_NOWAIT, given);
      return this.put(obj as T, { block: false, ...(signal && { signal }) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * `get(false)`. CPython: `Queue.get_nowait`.
   *
   * @throws {Empty} if there is no item
   * @throws {ValueError} if this process has closed the queue
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * await Queue().get_nowait().catch(({ name }) => console.log(name)); // Empty
   * ```
   */
  get_nowait(options?: SignalOptions): Promise<T>;
  get_nowait(...given: unknown[]): Promise<T> {
    try {
      const { signal } = parseArguments(GET_NOWAIT, given);
      return this.get({ block: false, ...(signal && { signal }) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * The number of items that were put and not yet taken; also known after `close`. CPython:
   * `Queue.qsize`.
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<number>();
   * await q.put(1);
   * console.log(await q.qsize()); // 1
   * ```
   */
  qsize(options?: SignalOptions): Promise<number>;
  async qsize(...given: unknown[]): Promise<number> {
    const { signal } = parseArguments(QSIZE, given);
    return await this._request(QueueMethod.Size, signal) as number;
  }

  /**
   * Whether there is no item. CPython: `Queue.empty`.
   *
   * @throws {OSError} `handle is closed`: after `close`, if this process has put something
   */
  empty(options?: SignalOptions): Promise<boolean>;
  async empty(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(EMPTY, given);
    if (this._closed && this.#isFed) throw new OSError("handle is closed");
    return await this._request(QueueMethod.Size, signal) === 0;
  }

  /** Whether there is no room; also known after `close`. CPython: `Queue.full`. */
  full(options?: SignalOptions): Promise<boolean>;
  async full(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(FULL, given);
    if (this._maxsize === 0) return false;
    const size = await this._request(QueueMethod.Size, signal) as number;
    return size >= this._maxsize;
  }

  /**
   * How the queue is doing, as a frozen object: how many items are in it, for how long, how
   * many were put and taken, who waits. Costs as much as `qsize`; also known after `close`. Not
   * in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<string>();
   * await q.put("a");
   * await q.put("b");
   * await q.get();
   * const { depth, puts, gets } = await q.stats();
   * console.log(depth, puts, gets); // 1 2 1
   * ```
   */
  stats(options?: StatsOptions): Promise<QueueStats>;
  stats(...given: unknown[]): Promise<QueueStats> {
    return this._stats(STATS, given, STATS_MEMBERS.queue);
  }

  /**
   * Shuts the queue down for good, in all processes: no item will come any more. From now on
   * `put` raises `ShutDown`, also where it waits for room; `get` gives the items that are
   * left, and then raises it too. What was put before is not lost. May be called again. Not in
   * CPython, whose `queue.Queue` of threads has it: `queue.Queue.shutdown`, since 3.13.
   *
   * A process that computes hears of it when it gives way. What it puts more than a quarter of
   * a second after the shutdown without having done so is lost, with a warning.
   *
   * @param immediate True to drop the items that are left: their tasks count as done.
   * @param options `signal` ends the waiting; the queue is shut down all the same.
   * @returns Settles when it is shut down.
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<number>();
   * await q.put(1);
   * await q.shutdown();
   * for await (const item of q) console.log(item); // 1
   * await q.put(2).catch(({ name }) => console.log(name)); // ShutDown
   * ```
   */
  shutdown(immediate?: boolean, options?: SignalOptions): Promise<void>;
  /** The same with options. */
  shutdown(options?: ShutdownOptions): Promise<void>;
  async shutdown(...given: unknown[]): Promise<void> {
    const { immediate, signal } = parseArguments(SHUTDOWN, given);
    await this._shutDown(Boolean(immediate), signal);
  }

  /**
   * For `for await`: takes one item after the other, each when the loop asks for it, until
   * the queue is shut down and empty. A loop that is left has taken nothing more than it was
   * given. Not in CPython.
   *
   * @throws {ValueError} if this process has closed the queue
   *
   * @example
   * ```ts
   * import { Queue } from "@pystd/multiprocessing";
   * const q = Queue<string>();
   * await q.put("a");
   * await q.put("b");
   * for await (const item of q) {
   *   console.log(item); // a
   *   break;
   * }
   * console.log(await q.get()); // b
   * ```
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this._items();
  }

  /**
   * Ends putting and getting in this process; others go on. May be called again. CPython:
   * `Queue.close`.
   */
  close(): void {
    takes("Queue.close", arguments);
    this._close();
  }

  /**
   * There for Python's sake: everything that was put has been handed on already.
   * CPython: `Queue.join_thread`.
   *
   * @throws {AssertionError} `Queue <…> not closed`
   */
  join_thread(options?: SignalOptions): Promise<void>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async join_thread(...given: unknown[]): Promise<void> {
    parseArguments(JOIN_THREAD, given);
    debug("Queue.join_thread()");
    if (!this._closed) throw new AssertionError(`Queue ${this} not closed`);
  }

  /**
   * There for Python's sake: nothing waits, and what was put is not lost. CPython:
   * `Queue.cancel_join_thread`.
   */
  cancel_join_thread(): void {
    takes("Queue.cancel_join_thread", arguments);
    debug("Queue.cancel_join_thread()");
  }

  /**
   * Called with an item that cannot be sent, if a subclass overrides it; `put` rejects
   * all the same. CPython: `Queue._on_queue_feeder_error`.
   */
  _on_queue_feeder_error(error: unknown, _obj: T): void {
    runtime.writeStderrSync(new TextEncoder().encode(formatException(error)));
  }

  /** @internal */
  protected override _checkOpen(): void {
    if (this._closed) throw new ValueError(`Queue ${this} is closed`);
  }
}

/** The arguments of the base class: the fields that were sent, or what is given. */
function inheritedOr(Class: typeof QueueClass, given: unknown[]): BaseArguments {
  const fields = inherited<QueueFields>(Class);
  return fields === undefined ? Class._sizesOf(given) : [fields];
}

/** A queue of items of type `T`; made by the function of the same name. */
export type Queue<T = unknown> = QueueClass<T>;

/** `Queue` as a value: a class that may be called without `new`. */
export interface QueueConstructor {
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  new <T = any>(maxsize?: number | { maxsize?: number }): QueueClass<T>;
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(maxsize?: number | { maxsize?: number }): QueueClass<T>;
  /** The members that all queues of this class have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: QueueClass<any>;
}

/**
 * A first-in first-out queue between processes. CPython: `multiprocessing.Queue`.
 *
 * @param maxsize Most items in it; 0 or less for no bound.
 * @throws {TypeError} if `maxsize` is no integer
 *
 * @example
 * ```ts
 * import { Queue } from "@pystd/multiprocessing";
 * const q = Queue<[number, string]>(3);
 * await q.put([1, "hello"]);
 * console.log(await q.get()); // [ 1, "hello" ]
 * ```
 */
export const Queue: QueueConstructor = factory("Queue", QueueClass, "queues");
