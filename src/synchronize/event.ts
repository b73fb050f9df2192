/**
 * `Event`. The other half is in hub/condition.ts. One that is used much lies in memory that
 * processes share, see hub/word.ts: then they ask the hub only to wait.
 *
 * @module
 */
import { asTimeout, parseArguments, signature } from "../python/arguments.ts";
import { EventState } from "../hub/condition.ts";
import { EventMethod } from "../hub/object.ts";
import type { EventStats } from "../hub/stats.ts";
import { ThinEvent } from "../hub/word.ts";
import { acceptWord } from "../link/words.ts";
import { factory } from "../process/start_method.ts";
import type { WaitOptions } from "./condition.ts";
import { CLEAR, EVENT_WAIT, IS_SET, SET } from "./signatures.ts";
import { Handle, inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { ops } from "../link/observed.ts";
import { Kind, type Scalar, type WordOffered } from "../wire/message.ts";

const EVENT = signature<object>("BaseContext.Event", {});
const STATS = statsSignature("Event.stats");

/** What `Event` makes. CPython: `multiprocessing.synchronize.Event`. */
export class EventClass extends Handle {
  /** Where it can be set without the hub. */
  #thin: ThinEvent | undefined;
  /** Calls that the hub has not answered: what they do is not seen in memory before that. */
  #calls = 0;
  /** Whether this process has set it last. */
  #isSet = false;

  /** Made without arguments. */
  constructor();
  constructor(...given: unknown[]) {
    const fields = inherited(new.target);
    if (fields === undefined) parseArguments(EVENT, given);
    super(fields?.id, "Event", []);
    this._listen((event, message) => {
      if (message[0] === Kind.Word) void event.#accept(message);
    });
  }

  /** Whether it is set. CPython: `Event.is_set`. */
  is_set(): Promise<boolean>;
  async is_set(...given: unknown[]): Promise<boolean> {
    parseArguments(IS_SET, given);
    const here = this.#here;
    if (here !== undefined) return await this._done(here.isSet);
    return await this.#call(EventMethod.IsSet) as boolean;
  }

  /**
   * Whether it is set, how many wait for that, and for how long, as a frozen object. Not in
   * CPython.
   *
   * @param options There are no counters that `reset` would concern.
   */
  stats(options?: StatsOptions): Promise<EventStats>;
  stats(...given: unknown[]): Promise<EventStats> {
    return this._stats(STATS, given, STATS_MEMBERS.event);
  }

  /** Sets it: all who wait go on, and nobody waits any more. CPython: `Event.set`. */
  set(): Promise<void>;
  async set(...given: unknown[]): Promise<void> {
    parseArguments(SET, given);
    if (this.#here?.set()) await this._done(undefined);
    else await this.#call(EventMethod.Set);
    this.#isSet = true;
  }

  /** Unsets it. CPython: `Event.clear`. */
  clear(): Promise<void>;
  async clear(...given: unknown[]): Promise<void> {
    parseArguments(CLEAR, given);
    const here = this.#here;
    here?.clear();
    await (here === undefined ? this.#call(EventMethod.Clear) : this._done(undefined));
    this.#isSet = false;
  }

  /**
   * Waits until it is set. CPython: `Event.wait`; there it may also give false when the
   * event is cleared right after it was set.
   *
   * @param timeout Seconds to wait at most; null for ever.
   * @returns Whether it was set.
   *
   * @example
   * ```ts
   * import { Event } from "@pystd/multiprocessing";
   * const event = Event();
   * console.log(await event.wait(0.01)); // false
   * await event.set();
   * console.log(await event.wait()); // true
   * ```
   */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<boolean>;
  async wait(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(EVENT_WAIT, given);
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    signal?.throwIfAborted();
    if (this.#here?.isSet) return await this._done(true);
    return await this._waitFor(limit, EventMethod.Wait, ops.wait) === true;
  }

  /** The event in memory, if what is seen there is what this process has done last. */
  get #here(): ThinEvent | undefined {
    return this.#calls === 0 ? this.#thin : undefined;
  }

  async #call(method: number): Promise<Scalar> {
    this.#calls++;
    try {
      return await this._ask(method);
    } finally {
      this.#calls--;
    }
  }

  async #accept(offer: WordOffered): Promise<void> {
    const word = await acceptWord(offer);
    if (word !== undefined) this.#thin = new ThinEvent(word);
  }

  /** As in CPython, where an event is sent as its condition. */
  protected override get _typeName(): string {
    return "Condition";
  }

  /**
   * `<Event at 0x… unset>`; `unknown` in a child, if other processes have it too, unless it
   * lies in memory.
   */
  override toString(): string {
    const flag = this._state instanceof EventState ? this._state : this.#thin;
    const isSet = flag?.isSet ?? (this._isPrivate ? this.#isSet : undefined);
    const status = isSet === undefined ? "unknown" : isSet ? "set" : "unset";
    return `<${this.constructor.name} at ${this._address} ${status}>`;
  }
}

/** An event; made by the function of the same name. */
export type Event = EventClass;

/** `Event` as a value: a class that may be called without `new`. */
export interface EventConstructor {
  /** With `new`, as in JavaScript. */
  new (): EventClass;
  /** Without, as in Python. */
  (): EventClass;
  /** The members that all of them have. */
  readonly prototype: EventClass;
}

/**
 * A flag that processes can wait for. CPython: `multiprocessing.Event`.
 *
 * @example
 * ```ts
 * import { Event } from "@pystd/multiprocessing";
 * const event = Event();
 * console.log(await event.is_set()); // false
 * ```
 */
export const Event: EventConstructor = factory("Event", EventClass, "synchronize");
