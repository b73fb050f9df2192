/**
 * A manager's `Lock`, `RLock`, `Semaphore`, `BoundedSemaphore`, `Condition`, `Event` and
 * `Barrier`, as its server holds them: those of Python's `threading`, on the hub's state
 * machines.
 *
 * What differs: a lock whose holder was killed is released, with a warning. One whose
 * holder has ended by itself stays as it is, as in Python, since another may release it;
 * but an RLock, which only its owner can release, is released then too.
 *
 * @module
 */
import { isPromise } from "../../runtime/brands.ts";
import { BarrierState } from "../../hub/barrier.ts";
import { ConditionState, EventState } from "../../hub/condition.ts";
import { BarrierMethod, ConditionMethod, EventMethod } from "../../hub/object.ts";
import {
  RELEASED_TOO_OFTEN,
  SEM_VALUE_MAX,
  SemaphoreState,
} from "../../hub/semaphore.ts";
import {
  asInteger,
  asTimeout,
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
  takes,
} from "../../python/arguments.ts";
import {
  AttributeError,
  BrokenBarrierError,
  RuntimeError,
  ValueError,
} from "../../python/errors.ts";
import { get_logger } from "../../python/log.ts";
import { Kind, type Scalar } from "../../wire/message.ts";
import { currentOwner, type Held, type Owner } from "../protocol/caller.ts";
import { DESCRIBE, described, type ManagedDescription } from "./description.ts";
import { callMachine, outlet, reply, tell } from "./machine.ts";
import { addressed, addressOf } from "../../python/printing.ts";

// --- locks

/** The arguments of `acquire`. */
export interface AcquireArguments {
  blocking: unknown;
  timeout: unknown;
}

/** The parameters of a lock's `acquire`. */
export const ACQUIRE = signature<AcquireArguments>(
  "acquire",
  { blocking: true, timeout: -1 },
  { builtin: true },
);

/** The parameters of a condition's `wait`, an event's and a barrier's. */
export const WAIT = signature<{ timeout: unknown }>("Condition.wait", {
  timeout: null,
});

/** Seconds to wait: null for ever, 0 for not at all. */
export function lockTimeout({ blocking, timeout }: AcquireArguments): number | null {
  const isDefault = timeout === -1 || timeout === null;
  if (!blocking) {
    if (isDefault) return 0;
    throw new ValueError("can't specify a timeout for a non-blocking call");
  }
  if (isDefault) return null;
  if (Number(timeout) < 0) {
    throw new ValueError("timeout value must be a non-negative number");
  }
  return asTimeout(timeout);
}

/** `threading.Lock` in a manager's server. */
export class ManagedLock implements Held {
  /** For `Condition`. */
  readonly _machine: SemaphoreState = new SemaphoreState(0, [1, 1, 1], outlet);
  /** Whether only its holder can release it: then it is released when the holder ends. */
  protected readonly _isRecursive: boolean = false;
  /** The owner that has it; null if it is free. */
  protected _holder: Owner | null = null;
  /** The number of times that the holder has taken it. */
  protected _count = 0;
  /** The call by which the holder has it. */
  #call = 0;

  constructor(...given: unknown[]) {
    // CPython's RLock takes anything.
    if (new.target === ManagedLock && given.length > 0) {
      throw new TypeError(`lock expected 0 arguments, got ${given.length}`);
    }
  }

  /** @returns Whether it was taken: at once, or a promise. */
  acquire(...given: unknown[]): boolean | Promise<boolean> {
    const owner = currentOwner();
    return callMachine(
      [this._machine],
      (call) => [Kind.Acquire, 0, call, true],
      lockTimeout(parseArguments(ACQUIRE, given)),
      (isTaken, call) => void (isTaken && this._take(owner, call, 1)),
    ) as boolean | Promise<boolean>;
  }

  /** Anybody may release it. @throws {RuntimeError} if it is free */
  release(): void {
    if (this._holder === null) throw new RuntimeError("release unlocked lock");
    this._free();
  }

  locked(): boolean {
    return this._holder !== null;
  }

  /** Whether the caller has it, as `Condition` asks: whether anybody has. */
  _is_owned(): boolean {
    return this._holder !== null;
  }

  /** The machine has given it to somebody. */
  _take(owner: Owner, call: number, count: number): void {
    [this._holder, this.#call, this._count] = [owner, call, count];
    owner.hold(this);
  }

  /** Forgets the holder, but not the machine's; gives how often the lock was taken. */
  _disown(): number {
    this._holder?.letGo(this);
    this._holder = null;
    return this._count;
  }

  /** The next in line gets it. */
  protected _free(): void {
    this._disown();
    this._machine.release(this.#call);
  }

  [DESCRIBE](now: number): ManagedDescription {
    const takers = this._holder === null ? [] : [this._holder];
    return described(this._machine.describe(now), { takers });
  }

  abandon(owner: Owner, isClean: boolean): void {
    if (this._holder !== owner || (isClean && !this._isRecursive)) return;
    get_logger().warning(
      "%s ended while it held a managed %s, which is released",
      owner.name,
      this._isRecursive ? "RLock" : "Lock",
    );
    this._disown();
    this._machine.leave(this.#call);
  }

  toString(): string {
    const state = this._holder === null ? "unlocked" : "locked";
    return addressed(this, `${state} _thread.lock`);
  }
}

/** `threading.RLock` in a manager's server. */
export class ManagedRLock extends ManagedLock {
  protected override readonly _isRecursive = true;

  override acquire(...given: unknown[]): boolean | Promise<boolean> {
    if (this._holder !== currentOwner()) return super.acquire(...given);
    lockTimeout(parseArguments(ACQUIRE, given));
    this._count++;
    return true;
  }

  /** @throws {RuntimeError} if the caller does not have it */
  override release(): void {
    if (this._holder !== currentOwner()) {
      throw new RuntimeError("cannot release un-acquired lock");
    }
    if (--this._count === 0) this._free();
  }

  override _is_owned(): boolean {
    return this._holder === currentOwner();
  }

  override toString(): string {
    const [state, owner, count] = this._holder === null
      ? ["unlocked", 0, 0]
      : ["locked", this._holder.number, this._count];
    const place = addressOf(this);
    return `<${state} _thread.RLock object owner=${owner} count=${count} at ${place}>`;
  }
}

// --- semaphores

/** The parameters of a semaphore's `acquire`. */
export const ACQUIRE_SEMAPHORE = signature<AcquireArguments>("Semaphore.acquire", {
  blocking: true,
  timeout: null,
});

/** The parameters of `Semaphore`. */
export const SEMAPHORE = signature<{ value: unknown }>("Semaphore.__init__", {
  value: 1,
});
/** The parameters of a semaphore's `release`. */
export const RELEASE = signature<{ n: unknown }>("Semaphore.release", { n: 1 });

/** `threading.Semaphore` in a manager's server; at most 2 ** 31 - 1 may have it. */
export class ManagedSemaphore {
  readonly #machine: SemaphoreState;
  /** The value that it must not exceed. */
  protected readonly _bound: number = Infinity;

  constructor(...given: unknown[]) {
    const value = asInteger(parseArguments(SEMAPHORE, given).value, "<");
    if (value < 0) throw new ValueError("semaphore initial value must be >= 0");
    if (value > SEM_VALUE_MAX) throw new ValueError("semaphore value is too large");
    this.#machine = new SemaphoreState(0, [value, SEM_VALUE_MAX, 0], outlet);
  }

  /** @returns Whether it was taken: at once, or a promise. */
  acquire(...given: unknown[]): boolean | Promise<boolean> {
    const { blocking, timeout } = parseArguments(ACQUIRE_SEMAPHORE, given);
    if (!blocking && timeout !== null) {
      throw new ValueError("can't specify timeout for non-blocking acquire");
    }
    return callMachine(
      [this.#machine],
      (call) => [Kind.Acquire, 0, call, true],
      blocking ? asTimeout(timeout) : 0,
    ) as boolean | Promise<boolean>;
  }

  /** @throws {ValueError} if `n` is less than 1, or more than may be given back */
  release(...given: unknown[]): void {
    const count = asInteger(parseArguments(RELEASE, given).n, "<");
    if (count < 1) throw new ValueError("n must be one or more");
    if (this._value + count > this._bound) {
      throw new ValueError("Semaphore released too many times");
    }
    if (!this.#machine.releaseMany(count)) throw new ValueError(RELEASED_TOO_OFTEN);
  }

  /** Whether nobody could take it now. */
  locked(): boolean {
    return this._value === 0;
  }

  [DESCRIBE](now: number): ManagedDescription {
    return described(this.#machine.describe(now));
  }

  protected get _value(): number {
    return this.#machine.value;
  }

  toString(): string {
    const [name, bound] = this._bound === Infinity
      ? ["Semaphore", ""]
      : ["BoundedSemaphore", `/${this._bound}`];
    return `<threading.${name} at ${addressOf(this)}: value=${this._value}${bound}>`;
  }
}

/** `threading.BoundedSemaphore` in a manager's server. */
export class ManagedBoundedSemaphore extends ManagedSemaphore {
  protected override readonly _bound: number = this._value;
}

// --- conditions

/** The parameters of a condition's `notify`. */
export const NOTIFY = signature<{ n: unknown }>("Condition.notify", { n: 1 });

/** `threading.Condition` in a manager's server. */
export class ManagedCondition {
  readonly #lock: ManagedLock;
  readonly #machine: ConditionState;

  /** @param lock The lock it goes with; by default an RLock of its own. */
  constructor(lock: unknown = null) {
    const hasLock =
      typeof (lock as Partial<ManagedLock> | null)?.acquire === "function";
    if (lock !== null && !hasLock) {
      throw new AttributeError(
        `'${pythonTypeName(lock)}' object has no attribute 'acquire'`,
      );
    }
    this.#lock = lock instanceof ManagedLock ? lock : new ManagedRLock();
    this.#machine = new ConditionState(0, this.#lock._machine, outlet);
  }

  acquire(...given: unknown[]): boolean | Promise<boolean> {
    return this.#lock.acquire(...given);
  }

  release(): void {
    this.#lock.release();
  }

  locked(): boolean {
    return this.#lock.locked();
  }

  /**
   * Lets go of the lock, sleeps, takes it again: also when the wait is given up. If the
   * client is gone before it has the lock again, the next sleeper is woken instead.
   *
   * @returns False if nobody woke it in time.
   */
  async wait(...given: unknown[]): Promise<boolean> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    const lock = this.#lock;
    if (!lock._is_owned()) throw new RuntimeError("cannot wait on un-acquired lock");
    const owner = currentOwner();
    const count = lock._disown();
    return await callMachine(
      [this.#machine, lock._machine],
      (call) => [Kind.Call, 0, call, ConditionMethod.Wait, []],
      timeout,
      (_isNotified, call) => lock._take(owner, call, count),
    ) as boolean;
  }

  notify(...given: unknown[]): void {
    const { n } = parseArguments(NOTIFY, given);
    if (!this.#lock._is_owned()) {
      throw new RuntimeError("cannot notify on un-acquired lock");
    }
    tell(this.#machine, ConditionMethod.Notify, asInteger(n, "<"));
  }

  [DESCRIBE](now: number): ManagedDescription {
    return described(this.#machine.describe(now), { lock: this.#lock });
  }

  notify_all(): void {
    this.notify(this.#machine.sleepers);
  }

  toString(): string {
    return `<Condition(${this.#lock}, ${this.#machine.sleepers})>`;
  }
}

// --- events

/** `threading.Event` in a manager's server. */
export class ManagedEvent {
  readonly #machine = new EventState(0, outlet);

  constructor() {
    takes("Event.__init__", arguments);
  }

  is_set(): boolean {
    return this.#machine.isSet;
  }

  set(): void {
    tell(this.#machine, EventMethod.Set);
  }

  clear(): void {
    tell(this.#machine, EventMethod.Clear);
  }

  [DESCRIBE](now: number): ManagedDescription {
    return described(this.#machine.describe(now));
  }

  /** @returns Whether it is set: at once, or a promise. */
  wait(...given: unknown[]): boolean | Promise<boolean> {
    return callMachine(
      [this.#machine],
      (call) => [Kind.Call, 0, call, EventMethod.Wait, []],
      asTimeout(parseArguments(WAIT, given).timeout),
    ) as boolean | Promise<boolean>;
  }

  toString(): string {
    const state = this.is_set() ? "set" : "unset";
    return `<threading.Event at ${addressOf(this)}: ${state}>`;
  }
}

// --- barriers

/** The parameters of `Barrier`. */
export const BARRIER = signature<
  { parties: unknown; action: unknown; timeout: unknown }
>(
  "Barrier.__init__",
  { parties: REQUIRED, action: null, timeout: null },
);

/** `threading.Barrier` in a manager's server. */
export class ManagedBarrier {
  readonly parties: number;
  readonly #action: (() => unknown) | null;
  readonly #timeout: number | null;
  readonly #machine: BarrierState;

  constructor(...given: unknown[]) {
    const { parties, action, timeout } = parseArguments(BARRIER, given);
    this.parties = asInteger(parties, "<");
    if (this.parties < 1) throw new ValueError("parties must be > 0");
    this.#action = typeof action === "function" ? action as () => unknown : null;
    this.#timeout = asTimeout(timeout);
    const hasAction = this.#action === null ? 0 : 1;
    this.#machine = new BarrierState(0, [this.parties, hasAction], outlet);
  }

  get n_waiting(): number {
    return this.#machine.waiting;
  }

  get broken(): boolean {
    return this.#machine.isBroken;
  }

  /**
   * Waits until all parties are here.
   *
   * @returns The number of the party, in the order of their coming.
   * @throws {BrokenBarrierError}
   */
  wait(...given: unknown[]): number | Promise<number> {
    const { timeout } = parseArguments(WAIT, given);
    let own = 0;
    const answer = callMachine(
      [this.#machine],
      (call) => [Kind.Call, 0, own = call, BarrierMethod.Wait, []],
      timeout === null ? this.#timeout : asTimeout(timeout),
    );
    return isPromise(answer)
      ? answer.then((answer) => this.#pass(own, answer))
      : this.#pass(own, answer);
  }

  /** @param answer The number of the party; null if it is to run the action. */
  #pass(call: number, answer: Scalar): number | Promise<number> {
    if (answer === false) throw new BrokenBarrierError();
    return answer === null ? this.#act(call) : answer as number;
  }

  /** Runs the action; the others pass if that goes well. */
  #act(call: number): number | Promise<number> {
    const go = () => this.#pass(call, this.#tellActed(call, 1) && this.parties - 1);
    const fail = (error: unknown): never => {
      this.#tellActed(call, 0);
      throw error;
    };
    try {
      const done = this.#action!();
      return isPromise(done) ? done.then(go, fail) : go();
    } catch (error) {
      return fail(error);
    }
  }

  /** @returns False if the barrier is broken now. */
  #tellActed(call: number, isDone: 0 | 1): boolean {
    const message = [call, isDone];
    return reply(this.#machine, call, BarrierMethod.Acted, message) === true;
  }

  abort(): void {
    tell(this.#machine, BarrierMethod.Abort);
  }

  [DESCRIBE](now: number): ManagedDescription {
    return described(this.#machine.describe(now), { bound: this.parties });
  }

  reset(): void {
    tell(this.#machine, BarrierMethod.Reset);
  }

  /** Reads a property, as CPython's proxies ask for it. */
  __getattribute__(name: string): unknown {
    return (this as unknown as Record<string, unknown>)[name];
  }

  toString(): string {
    const state = this.broken ? "broken" : `waiters=${this.n_waiting}/${this.parties}`;
    return `<threading.Barrier at ${addressOf(this)}: ${state}>`;
  }
}
