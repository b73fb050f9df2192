/**
 * `Barrier`. The other half is hub/barrier.ts.
 *
 * @module
 */
import {
  asInteger,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { BrokenBarrierError, ValueError } from "../python/errors.ts";
import { BarrierState } from "../hub/barrier.ts";
import { BarrierMethod } from "../hub/object.ts";
import type { BarrierStats } from "../hub/stats.ts";
import { factory } from "../process/start_method.ts";
import { Kind } from "../wire/message.ts";
import { asDuration, type WaitOptions } from "./condition.ts";
import { Handle, type HandleFields, inherited } from "../link/handle.ts";
import { STATS_MEMBERS, type StatsOptions, statsSignature } from "../link/stats.ts";
import { ops } from "../link/observed.ts";
import type { Limit } from "../link/waiting.ts";
import { ABORT, BARRIER_WAIT, RESET } from "./signatures.ts";

/** Options of a barrier. */
export interface BarrierOptions {
  /** An exported function (or `bound(object, "method")`) that the last party calls. */
  action?: (() => unknown) | null;
  /** Seconds that `wait` takes at most where it is not told otherwise; null for ever. */
  timeout?: number | null;
}

interface BarrierArguments {
  parties: unknown;
  action: unknown;
  timeout: unknown;
}

interface BarrierFields extends HandleFields, BarrierArguments {
  parties: number;
}

const BARRIER = signature<BarrierArguments>("BaseContext.Barrier", {
  parties: REQUIRED,
  action: null,
  timeout: null,
});
const STATS = statsSignature("Barrier.stats");

/** What `Barrier` makes. CPython: `multiprocessing.synchronize.Barrier`. */
export class BarrierClass extends Handle {
  readonly #parties: number;
  readonly #action: unknown;
  readonly #timeout: unknown;
  /** Waits of this process. */
  #waiting = 0;
  /** Nothing has happened that may have broken it. */
  #isWhole = true;

  /**
   * Makes a barrier.
   *
   * @param parties How many must wait for all to pass.
   * @param action What the last one calls before all pass.
   * @param timeout Seconds that `wait` takes at most where it is not told otherwise.
   * @throws {TypeError} if `parties` is no integer
   * @throws {ValueError} if it is less than 1
   */
  constructor(
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
  );
  /** The same, with all but the first by name. */
  constructor(parties: number, options?: BarrierOptions);
  /** The same with everything by name. */
  constructor(options: BarrierOptions & { parties: number });
  constructor(...given: unknown[]) {
    const fields = inherited<BarrierFields>(new.target);
    const { parties, action, timeout } = fields ?? parseArguments(BARRIER, given);
    const count = asInteger(parties, "<");
    if (count < 1) throw new ValueError("parties must be > 0");
    super(fields?.id, "Barrier", [
      Math.min(count, Number.MAX_SAFE_INTEGER),
      action ? 1 : 0,
    ]);
    [this.#parties, this.#action, this.#timeout] = [count, action, timeout];
  }

  /**
   * Waits until as many wait as there are parties. CPython: `Barrier.wait`.
   *
   * @param timeout Seconds to wait at most; null for what the constructor was told.
   * @returns In which place this one arrived, from 0 on.
   * @throws {BrokenBarrierError} if the barrier is or gets broken: somebody's time is
   * over, a signal ends a wait, a process that waits dies, the action fails, `abort`; or
   * if it is reset meanwhile
   * @throws what the action throws, if this is the last one
   *
   * @example
   * ```ts
   * import { Barrier } from "@pystd/multiprocessing";
   * const barrier = Barrier(2);
   * console.log(await Promise.all([barrier.wait(), barrier.wait()])); // [ 0, 1 ]
   * ```
   */
  wait(timeout?: number | null): Promise<number>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<number>;
  async wait(...given: unknown[]): Promise<number> {
    const { timeout, signal } = parseArguments(BARRIER_WAIT, given);
    const limit = { timeout: asDuration(timeout ?? this.#timeout), signal };
    this.#waiting++;
    try {
      return await this.#wait(limit);
    } catch (error) {
      this.#isWhole = false;
      throw error;
    } finally {
      this.#waiting--;
    }
  }

  async #wait(limit: Limit): Promise<number> {
    let waiting = 0;
    const index = await this._wait(limit, (call) => {
      waiting = call;
      return [Kind.Call, this._number, call, BarrierMethod.Wait, []];
    }, ops.wait);
    if (index === null) return await this.#act(waiting);
    if (typeof index !== "number") throw new BrokenBarrierError();
    return index;
  }

  /** Runs the action: all parties are there, and this is the last one. */
  async #act(waiting: number): Promise<number> {
    const { Acted } = BarrierMethod;
    try {
      const action = this.#action;
      if (typeof action !== "function") {
        throw new TypeError(`'${pythonTypeName(action)}' object is not callable`);
      }
      await action();
    } catch (error) {
      await this._ask(Acted, [waiting, 0]);
      throw error;
    }
    if (await this._ask(Acted, [waiting, 1])) return this.#parties - 1;
    throw new BrokenBarrierError();
  }

  /**
   * Makes it as new. Those who wait get a BrokenBarrierError. CPython: `Barrier.reset`.
   */
  reset(): Promise<void>;
  async reset(...given: unknown[]): Promise<void> {
    parseArguments(RESET, given);
    await this._ask(BarrierMethod.Reset);
  }

  /**
   * Breaks it: those who wait, and all who come until it is reset, get a
   * BrokenBarrierError. CPython: `Barrier.abort`.
   */
  abort(): Promise<void>;
  async abort(...given: unknown[]): Promise<void> {
    parseArguments(ABORT, given);
    this.#isWhole = false;
    await this._ask(BarrierMethod.Abort);
  }

  /**
   * How many wait, and for how long, as a frozen object. Not in CPython.
   *
   * @param options There are no counters that `reset` would concern.
   */
  stats(options?: StatsOptions): Promise<BarrierStats>;
  stats(...given: unknown[]): Promise<BarrierStats> {
    return this._stats(STATS, given, STATS_MEMBERS.barrier);
  }

  /** The number of parties that must wait for all to pass. CPython: `Barrier.parties`. */
  get parties(): number {
    return this.#parties;
  }

  /** The number of parties that wait now. CPython: `Barrier.n_waiting`. */
  get n_waiting(): Promise<number> {
    return this._ask(BarrierMethod.Waiting) as Promise<number>;
  }

  /** Whether it is broken. CPython: `Barrier.broken`. */
  get broken(): Promise<boolean> {
    return this._ask(BarrierMethod.IsBroken) as Promise<boolean>;
  }

  /** As in CPython, where a barrier is sent as its condition. */
  protected override get _typeName(): string {
    return "Condition";
  }

  /** @internal */
  protected override _fields(): BarrierArguments {
    return {
      parties: this.#parties,
      action: this.#action,
      timeout: this.#timeout,
    };
  }

  /**
   * `<multiprocessing.synchronize.Barrier at 0x…: waiters=0/2>`; `unknown` in a child, if
   * other processes have it too, or it may have been broken.
   */
  override toString(): string {
    const { _state: state } = this;
    const isHere = state instanceof BarrierState;
    const isKnown = this._isPrivate && this.#isWhole;
    const waiters = isHere ? state.waiting : isKnown ? this.#waiting : "unknown";
    const status = isHere && state.isBroken
      ? "broken"
      : `waiters=${waiters}/${this.#parties}`;
    const { name } = this.constructor;
    return `<multiprocessing.synchronize.${name} at ${this._address}: ${status}>`;
  }
}

/** A barrier; made by the function of the same name. */
export type Barrier = BarrierClass;

/** `Barrier` as a value: a class that may be called without `new`. */
export interface BarrierConstructor<B = BarrierClass> {
  /** With `new`, as in JavaScript. */
  new (
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
  ): B;
  /** With Python's keywords. */
  new (parties: number, options: BarrierOptions): B;
  /** With Python's keywords. */
  new (options: BarrierOptions & { parties: number }): B;
  /** Without, as in Python. */
  (
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
  ): B;
  /** With Python's keywords. */
  (parties: number, options: BarrierOptions): B;
  /** With Python's keywords. */
  (options: BarrierOptions & { parties: number }): B;
  /** The members that all of them have. */
  readonly prototype: B;
}

/**
 * Where processes wait until a number of them is there. CPython:
 * `multiprocessing.Barrier`.
 *
 * If a process dies while it waits, the barrier breaks, as if its time had been over.
 *
 * @param parties How many must be there.
 * @param action What the last one calls before all pass.
 * @param timeout Seconds that `wait` takes at most where it is not told otherwise.
 *
 * @example
 * ```ts
 * import { Barrier } from "@pystd/multiprocessing";
 * const barrier = Barrier(1);
 * console.log(await barrier.wait(), await barrier.broken); // 0 false
 * ```
 */
export const Barrier: BarrierConstructor = factory(
  "Barrier",
  BarrierClass,
  "synchronize",
);
