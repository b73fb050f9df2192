/**
 * `JoinableQueue`: see queues.ts for what differs from CPython.
 *
 * @module
 */
import {
  asCInt,
  asInteger,
  parseArguments,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { QueueMethod } from "../hub/object.ts";
import type { JoinableQueueStats } from "../hub/stats.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { factory } from "../process/start_method.ts";
import { QueueClass } from "./queue.ts";
import {
  DEAD_LETTERS,
  JOIN,
  JOINABLE_PUT,
  NOT_GIVEN,
  type PutArguments,
  TASK_DONE,
} from "./signatures.ts";
import type { SignalOptions } from "./simple.ts";

/** Options of `JoinableQueue`. */
export interface JoinableQueueOptions {
  /** Most items in the queue; 0 or less for no bound. */
  maxsize?: number;
  /**
   * How many times an item comes back whose taker has died before it was done; 0 for never.
   * A connection in an item can be used by the first taker only: in one that came back it is
   * broken. Not in CPython.
   */
  redeliver?: number;
}

/** Options of `task_done`. */
export interface TaskDoneOptions extends SignalOptions {
  /**
   * Which item is done, where the queue redelivers: the object that `get` gave, or an equal
   * text or number. By default the one that this process took first.
   */
  item?: unknown;
}

/** Most times that an item may come back: what the message has room for. */
const MOST_RETURNS = 2 ** 31 - 1;

const INIT = signature<{ maxsize: unknown; redeliver: unknown }>(
  "BaseContext.JoinableQueue",
  { maxsize: 0, redeliver: 0 },
  { keywordOnly: ["redeliver"] },
);
const STATS = statsSignature("JoinableQueue.stats");

/** What `JoinableQueue` makes. CPython: `multiprocessing.queues.JoinableQueue`. */
export class JoinableQueueClass<T> extends QueueClass<T> {
  /** As the base class's. */
  static override _sizesOf(given: unknown[]): [maxsize: number, redeliver: number] {
    const { maxsize, redeliver } = parseArguments(INIT, given);
    const returns = asInteger(redeliver, "<");
    if (returns < 0) throw new ValueError("redeliver must be non-negative");
    return [asCInt(maxsize, "<="), Math.min(returns, MOST_RETURNS)];
  }

  /** @internal */
  protected override get _signatureOfPut(): Signature<PutArguments> {
    return JOINABLE_PUT;
  }

  /**
   * Says that an item which was taken has been dealt with: the taker calls it, once for each
   * item, also in a `for await` loop. CPython: `JoinableQueue.task_done`.
   *
   * @param options `item` says which one, where the queue redelivers and this process deals
   * with several at a time. By default it is the one that this process took first.
   * @throws {ValueError} `task_done() called too many times`; where the queue redelivers, also
   * if this process has taken no item that is not done
   *
   * @example
   * ```ts
   * import { JoinableQueue } from "@pystd/multiprocessing";
   * const q = JoinableQueue<string>({ redeliver: 3 });
   * await q.put("a");
   * await q.put("b");
   * const [a, b] = [await q.get(), await q.get()];
   * await q.task_done({ item: b });
   * await q.task_done({ item: a });
   * await q.join();
   * ```
   */
  task_done(options?: TaskDoneOptions): Promise<void>;
  async task_done(...given: unknown[]): Promise<void> {
    const { item, signal } = parseArguments(TASK_DONE, given);
    await this._taskDone(item === NOT_GIVEN ? undefined : { obj: item }, signal);
  }

  /**
   * Waits until every item that was put has been dealt with. CPython:
   * `JoinableQueue.join`.
   *
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   */
  join(options?: SignalOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { signal } = parseArguments(JOIN, given);
    await this._join({ timeout: null, signal });
  }

  /**
   * As `Queue.stats`, and how many items are not done, who waits for that, and how many dead
   * letters there are. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this process.
   */
  override stats(options?: StatsOptions): Promise<JoinableQueueStats>;
  override stats(...given: unknown[]): Promise<JoinableQueueStats> {
    return this._stats(STATS, given, STATS_MEMBERS.joinable);
  }

  /**
   * Takes out the items that came back more often than `redeliver` says: each was taken by so
   * many processes that died before they said it was done. Their tasks count as done. Not in
   * CPython.
   *
   * @returns The items, the oldest first.
   *
   * @example
   * ```ts
   * import { JoinableQueue } from "@pystd/multiprocessing";
   * const q = JoinableQueue<string>({ redeliver: 3 });
   * console.log(await q.dead_letters()); // []
   * ```
   */
  dead_letters(options?: SignalOptions): Promise<T[]>;
  async dead_letters(...given: unknown[]): Promise<T[]> {
    const { signal } = parseArguments(DEAD_LETTERS, given);
    const letters: T[] = [];
    for (;;) {
      const payload = await this._request(QueueMethod.DeadLetter, signal);
      if (payload === null) return letters;
      letters.push(this._loadDead(payload));
    }
  }
}

/** A queue that knows when its items have been dealt with. */
export type JoinableQueue<T = unknown> = JoinableQueueClass<T>;

/** `JoinableQueue` as a value: a class that may be called without `new`. */
export interface JoinableQueueConstructor {
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  new <T = any>(
    maxsize?: number,
    options?: JoinableQueueOptions,
  ): JoinableQueueClass<T>;
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- as above
  new <T = any>(options?: JoinableQueueOptions): JoinableQueueClass<T>;
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(maxsize?: number, options?: JoinableQueueOptions): JoinableQueueClass<T>;
  /** Makes a queue. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(options?: JoinableQueueOptions): JoinableQueueClass<T>;
  /** The members that all queues of this class have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: JoinableQueueClass<any>;
}

/**
 * A queue whose `join` waits until every item was dealt with. CPython:
 * `multiprocessing.JoinableQueue`.
 *
 * With `redeliver`, which CPython has not, an item whose taker has died before it said
 * `task_done()` comes back to its old place in the queue, and `join` waits for it. That
 * happens so many times; then it becomes a dead letter, see `dead_letters`. So each item is
 * dealt with at least once: a taker that dies after its work and before `task_done()` leaves
 * it to be done again.
 *
 * @param maxsize Most items in it; 0 or less for no bound.
 * @param options `redeliver`: how many times an item may come back; 0 for never.
 * @throws {TypeError} if one of them is no integer
 * @throws {ValueError} if `redeliver` is negative
 *
 * @example
 * ```ts
 * import { JoinableQueue } from "@pystd/multiprocessing";
 * const q = JoinableQueue<string>();
 * await q.put("bun");
 * await q.get();
 * await q.task_done();
 * await q.join();
 * ```
 */
export const JoinableQueue: JoinableQueueConstructor = factory(
  "JoinableQueue",
  JoinableQueueClass,
  "queues",
);
