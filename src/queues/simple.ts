/**
 * `SimpleQueue`: see queues.ts for what differs from CPython.
 *
 * @module
 */
import { QueueMethod } from "../hub/object.ts";
import type { QueueStats } from "../hub/stats.ts";
import { parseArguments, signature, takes } from "../python/arguments.ts";
import { OSError } from "../python/errors.ts";
import { dumps } from "../reduction/mod.ts";
import { inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { factory } from "../process/start_method.ts";
import { BaseQueue, type QueueFields } from "./base.ts";
import { SIMPLE_EMPTY, SIMPLE_GET, SIMPLE_PUT, SIMPLE_SHUTDOWN } from "./signatures.ts";

/** The option of calls that only wait for the root's answer. */
export interface SignalOptions {
  /** Ends the waiting: the promise rejects with its reason. */
  signal?: AbortSignal;
}

const SIMPLE_INIT = signature("BaseContext.SimpleQueue", {});
const SIMPLE_STATS = statsSignature("SimpleQueue.stats");

/** What `SimpleQueue` makes. CPython: `multiprocessing.queues.SimpleQueue`. */
export class SimpleQueueClass<T> extends BaseQueue<T> {
  /** Made without arguments. */
  constructor();
  constructor(...given: unknown[]) {
    const fields = inherited<QueueFields>(new.target);
    if (fields === undefined) parseArguments(SIMPLE_INIT, given);
    super(fields ?? 0);
  }

  /**
   * Adds an item. It is encoded now: later changes do not show. CPython:
   * `SimpleQueue.put`.
   *
   * @param obj The item.
   * @throws {OSError} `handle is closed`, after `close`
   * @throws {ShutDown} if the queue was shut down
   * @throws {PicklingError} if the item cannot be sent
   */
  put(obj: T, options?: SignalOptions): Promise<void>;
  async put(...given: unknown[]): Promise<void> {
    const { obj, signal } = parseArguments(SIMPLE_PUT, given);
    this._checkOpen();
    await this._send(dumps(obj), true, { timeout: null, signal });
  }

  /**
   * Takes an item, waiting for one. CPython: `SimpleQueue.get`.
   *
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   * @throws {OSError} `handle is closed`, after `close`
   * @throws {ShutDown} if there is no item, and the queue was shut down
   */
  get(options?: SignalOptions): Promise<T>;
  async get(...given: unknown[]): Promise<T> {
    const { signal } = parseArguments(SIMPLE_GET, given);
    this._checkOpen();
    return await this._receive(true, { timeout: null, signal });
  }

  /**
   * Whether there is no item. CPython: `SimpleQueue.empty`.
   *
   * @throws {OSError} `handle is closed`, after `close`
   */
  empty(options?: SignalOptions): Promise<boolean>;
  async empty(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(SIMPLE_EMPTY, given);
    this._checkOpen();
    return await this._request(QueueMethod.Size, signal) === 0;
  }

  /**
   * How the queue is doing; see `Queue.stats`. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   */
  stats(options?: StatsOptions): Promise<QueueStats>;
  stats(...given: unknown[]): Promise<QueueStats> {
    return this._stats(SIMPLE_STATS, given, STATS_MEMBERS.queue);
  }

  /**
   * Shuts the queue down for good, in all processes, as `Queue.shutdown` does. Not in
   * CPython.
   *
   * @param immediate True to drop the items that are left.
   * @returns Settles when it is shut down.
   */
  shutdown(immediate?: boolean, options?: SignalOptions): Promise<void>;
  /** The same with options. */
  shutdown(options?: { immediate?: boolean; signal?: AbortSignal }): Promise<void>;
  async shutdown(...given: unknown[]): Promise<void> {
    const { immediate, signal } = parseArguments(SIMPLE_SHUTDOWN, given);
    await this._shutDown(Boolean(immediate), signal);
  }

  /**
   * For `for await`: takes one item after the other until the queue is shut down and empty, as
   * that of `Queue` does. Not in CPython.
   *
   * @throws {OSError} `handle is closed`, after `close`
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this._items();
  }

  /**
   * Ends putting and getting in this process; others go on. May be called again. CPython:
   * `SimpleQueue.close`.
   */
  close(): void {
    takes("SimpleQueue.close", arguments);
    this._close();
  }

  /** @internal */
  protected override _checkOpen(): void {
    if (this._closed) throw new OSError("handle is closed");
  }
}

/** A queue without bound, timeouts and size. */
export type SimpleQueue<T = unknown> = SimpleQueueClass<T>;

/** `SimpleQueue` as a value: a class that may be called without `new`. */
export interface SimpleQueueConstructor {
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  new <T = any>(): SimpleQueueClass<T>;
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(): SimpleQueueClass<T>;
  /** The members that all queues of this class have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: SimpleQueueClass<any>;
}

/**
 * The simplest queue: no bound, no timeouts. CPython: `multiprocessing.SimpleQueue`.
 *
 * @example
 * ```ts
 * import { SimpleQueue } from "@pystd/multiprocessing";
 * const q = SimpleQueue<number>();
 * await q.put(1);
 * console.log(await q.empty()); // false
 * ```
 */
export const SimpleQueue: SimpleQueueConstructor = factory(
  "SimpleQueue",
  SimpleQueueClass,
  "queues",
);
