/**
 * `Event`. The other half is in hub/condition.ts.
 *
 * @module
 */
import { asTimeout, parseArguments, signature } from "../python/arguments.ts";
import { EventState } from "../hub/condition.ts";
import { EventMethod } from "../hub/object.ts";
import { factory } from "../process/start_method.ts";
import type { WaitOptions } from "./condition.ts";
import { Handle, inherited } from "../link/handle.ts";

const EVENT = signature<object>("BaseContext.Event", {});
const IS_SET = signature<object>("Event.is_set", {});
const SET = signature<object>("Event.set", {});
const CLEAR = signature<object>("Event.clear", {});
const WAIT = signature<{ timeout: unknown }>("Event.wait", { timeout: null });

class EventClass extends Handle {
  /** Made without arguments. */
  constructor();
  constructor(...given: unknown[]) {
    const fields = inherited(new.target);
    if (fields === undefined) parseArguments(EVENT, given);
    super(fields?.id, "Event", []);
  }

  /** Whether it is set. CPython: `Event.is_set`. */
  is_set(): Promise<boolean>;
  async is_set(...given: unknown[]): Promise<boolean> {
    parseArguments(IS_SET, given);
    return await this._ask(EventMethod.IsSet) as boolean;
  }

  /** Sets it: all who wait go on, and nobody waits any more. CPython: `Event.set`. */
  set(): Promise<void>;
  async set(...given: unknown[]): Promise<void> {
    parseArguments(SET, given);
    await this._ask(EventMethod.Set);
  }

  /** Unsets it. CPython: `Event.clear`. */
  clear(): Promise<void>;
  async clear(...given: unknown[]): Promise<void> {
    parseArguments(CLEAR, given);
    await this._ask(EventMethod.Clear);
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
  wait(options: WaitOptions): Promise<boolean>;
  async wait(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(WAIT, given);
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    return await this._waitFor(limit, EventMethod.Wait) === true;
  }

  /** As in CPython, where an event is sent as its condition. */
  protected override get _typeName(): string {
    return "Condition";
  }

  /** `<Event at 0x… unset>`; `unknown` where the hub is in another process. */
  override toString(): string {
    const { _state: state } = this;
    const status = !(state instanceof EventState)
      ? "unknown"
      : state.isSet
      ? "set"
      : "unset";
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
