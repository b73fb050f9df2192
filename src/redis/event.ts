/**
 * `Event` on a server.
 *
 * @module
 */
import {
  asTimeout,
  parseArguments,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { addressOf } from "../python/printing.ts";
import type { WaitOptions } from "../synchronize/condition.ts";
import { CLEAR, EVENT_WAIT, IS_SET, SET } from "../synchronize/signatures.ts";
import type { NameOptions } from "./lock.ts";
import { originOf, registerObject, takeMaking } from "./making.ts";
import { idOfName, RedisObject } from "./object.ts";
import * as scripts from "./scripts/event.ts";

const EVENT: Signature<{ name: unknown }> = signature<{ name: unknown }>(
  "BaseContext.Event",
  { name: null },
  { keywordOnly: ["name"] },
);

/** What `Event` of a context makes. See `Event` of the package for the methods. */
export class RedisEvent extends RedisObject {
  /** Made without arguments, or with a name. */
  constructor(options?: NameOptions);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const { name } = making.sent ? { name: null } : parseArguments(EVENT, given);
    super(making.base, "event", {}, originOf(making, idOfName(name)));
  }

  /** As `Event.is_set`. */
  is_set(): Promise<boolean>;
  async is_set(...given: unknown[]): Promise<boolean> {
    parseArguments(IS_SET, given);
    return await this._call(scripts.IS_SET) === 1;
  }

  /** As `Event.set`. */
  set(): Promise<void>;
  async set(...given: unknown[]): Promise<void> {
    parseArguments(SET, given);
    await this._once(scripts.SET);
  }

  /** As `Event.clear`. */
  clear(): Promise<void>;
  async clear(...given: unknown[]): Promise<void> {
    parseArguments(CLEAR, given);
    await this._once(scripts.CLEAR);
  }

  /** As `Event.wait`. */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<boolean>;
  async wait(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(EVENT_WAIT, given);
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    signal?.throwIfAborted();
    if (limit.timeout === 0) return await this._call(scripts.IS_SET) === 1;
    const granted = await this._wait(limit, {
      ask: (session, wait) => session.once(scripts.WAIT, this._key, [wait]),
      waits: (reply) => reply === 2,
      cancel: scripts.CANCEL_WAIT,
      isRepeated: true,
    });
    return granted !== null;
  }

  /** `<Event at 0x… unknown>`: only the server knows whether it is set. */
  override toString(): string {
    return `<${this.constructor.name} at ${addressOf(this)} unknown>`;
  }
}

registerObject("Event", RedisEvent);
