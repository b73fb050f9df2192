/**
 * `Barrier` on a server.
 *
 * @module
 */
import {
  asInteger,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { BrokenBarrierError, ProcessError, ValueError } from "../python/errors.ts";
import { addressOf } from "../python/printing.ts";
import type { Limit } from "../link/waiting.ts";
import type { BarrierOptions } from "../synchronize/barrier.ts";
import { asDuration, type WaitOptions } from "../synchronize/condition.ts";
import { ABORT, BARRIER_WAIT, RESET } from "../synchronize/signatures.ts";
import { listOf, textOf } from "./driver/connection.ts";
import type { NameOptions } from "./lock.ts";
import { originOf, registerObject, takeMaking } from "./making.ts";
import { idOfName, RedisObject } from "./object.ts";
import { ACTED, DISMISS, LEAVE, LOOK, WAIT } from "./scripts/barrier.ts";
import type { Session } from "./session.ts";

interface BarrierArguments {
  parties: unknown;
  action: unknown;
  timeout: unknown;
}

const BARRIER: Signature<BarrierArguments & { name: unknown }> = signature<
  BarrierArguments & { name: unknown }
>("BaseContext.Barrier", {
  parties: REQUIRED,
  action: null,
  timeout: null,
  name: null,
}, { keywordOnly: ["name"] });

/** Options of a barrier on a server. */
export interface RedisBarrierOptions extends BarrierOptions, NameOptions {}

/**
 * What `Barrier` of a context makes. See `Barrier` of the package for the methods. All
 * programs that open one by its name must give the same arguments.
 */
export class RedisBarrier extends RedisObject {
  readonly #parties: number;
  readonly #action: unknown;
  readonly #timeout: unknown;

  /** Makes a barrier, or opens the one of that name. */
  constructor(
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
    options?: NameOptions,
  );
  /** The same, with all but the first by name. */
  constructor(parties: number, options?: RedisBarrierOptions);
  /** The same with everything by name. */
  constructor(options: RedisBarrierOptions & { parties: number });
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const sent = making.sent?.more as BarrierArguments | undefined;
    const { parties, action, timeout, name } = sent
      ? { ...sent, name: null }
      : parseArguments(BARRIER, given);
    const count = asInteger(parties, "<");
    if (count < 1) throw new ValueError("parties must be > 0");
    super(making.base, "barrier", {
      parties: String(Math.min(count, 2 ** 31)),
      ...(action ? { act: "1" } : {}),
    }, originOf(making, idOfName(name)));
    [this.#parties, this.#action, this.#timeout] = [count, action, timeout];
  }

  /** As `Barrier.wait`. */
  wait(timeout?: number | null): Promise<number>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<number>;
  async wait(...given: unknown[]): Promise<number> {
    const { timeout, signal } = parseArguments(BARRIER_WAIT, given);
    return await this.#wait({ timeout: asDuration(timeout ?? this.#timeout), signal });
  }

  async #wait(limit: Limit): Promise<number> {
    let last: { session: Session; wait: string } | undefined;
    let ended: { reason: unknown } | undefined;
    const granted = textOf(
      await this._wait(limit, {
        ask: (session, wait) => {
          last = { session, wait };
          return session.once(WAIT, this._key, [wait]);
        },
        waits: (reply) => reply === 2,
        cancel: LEAVE,
        isRepeated: false,
        onGivenUp: (reason) => ended = reason,
      }).catch((error) => {
        // The others were told that this party has died.
        throw error instanceof ProcessError ? new BrokenBarrierError() : error;
      }),
    );
    if (granted === "act") return await this.#act(last!.session, last!.wait);
    if (granted !== "b") return Number(granted);
    if (ended !== undefined) throw ended.reason;
    throw new BrokenBarrierError();
  }

  /** Runs the action: all parties are there, and this is the last one. */
  async #act(session: Session, wait: string): Promise<number> {
    const acted = async (ok: string) =>
      !session.hasEnded && await this._once(ACTED, [wait, ok]) === 1;
    try {
      const action = this.#action;
      if (typeof action !== "function") {
        throw new TypeError(`'${pythonTypeName(action)}' object is not callable`);
      }
      await action();
    } catch (error) {
      await acted("0");
      throw error;
    }
    if (await acted("1")) return this.#parties - 1;
    throw new BrokenBarrierError();
  }

  /** As `Barrier.reset`. */
  reset(): Promise<void>;
  async reset(...given: unknown[]): Promise<void> {
    parseArguments(RESET, given);
    await this._once(DISMISS, ["0"]);
  }

  /** As `Barrier.abort`. */
  abort(): Promise<void>;
  async abort(...given: unknown[]): Promise<void> {
    parseArguments(ABORT, given);
    await this._once(DISMISS, ["1"]);
  }

  /** As `Barrier.parties`. */
  get parties(): number {
    return this.#parties;
  }

  /** As `Barrier.n_waiting`. */
  get n_waiting(): Promise<number> {
    return this._call(LOOK).then((reply) => listOf(reply)[0] as number);
  }

  /** As `Barrier.broken`. */
  get broken(): Promise<boolean> {
    return this._call(LOOK).then((reply) => listOf(reply)[1] === 1);
  }

  /** @internal */
  protected override _more(): BarrierArguments {
    return { parties: this.#parties, action: this.#action, timeout: this.#timeout };
  }

  /** `<multiprocessing.synchronize.Barrier at 0x…: waiters=unknown/2>`. */
  override toString(): string {
    const { name } = this.constructor;
    const waiters = `waiters=unknown/${this.#parties}`;
    return `<multiprocessing.synchronize.${name} at ${addressOf(this)}: ${waiters}>`;
  }
}

registerObject("Barrier", RedisBarrier as never);
