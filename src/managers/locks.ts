/**
 * A manager's `Lock`, `RLock`, `Semaphore` and `BoundedSemaphore`, as its server holds
 * them: those of Python's `threading`.
 *
 * What differs: a lock whose holder was killed is released, with a warning. One whose
 * holder has ended by itself stays as it is, as in Python, since another may release it;
 * but an RLock, which only its owner can release, is released then too.
 *
 * @module
 */
import { Deque } from "../collections/deque.ts";
import {
  asInteger,
  asTimeout,
  parseArguments,
  signature,
} from "../python/arguments.ts";
import { RuntimeError, ValueError } from "../python/errors.ts";
import { get_logger } from "../python/util.ts";
import { placeOf } from "./place.ts";
import {
  block,
  currentOwner,
  type Held,
  type Owner,
  type Waiter,
} from "./protocol/caller.ts";

interface AcquireArguments {
  blocking: unknown;
  timeout: unknown;
}

const ACQUIRE = signature<AcquireArguments>(
  "acquire",
  { blocking: true, timeout: -1 },
  { builtin: true },
);

const ACQUIRE_SEMAPHORE = signature<AcquireArguments>("Semaphore.acquire", {
  blocking: true,
  timeout: null,
});

const VALUE = signature<{ value: unknown }>("Semaphore.__init__", { value: 1 });

/** Seconds to wait: null for ever, 0 for not at all. */
function lockTimeout({ blocking, timeout }: AcquireArguments): number | null {
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

/** What Lock and RLock share: one holder at a time, and who waits. */
abstract class OwnedLock implements Held {
  /** Who has it; null if it is free. */
  protected _holder: Owner | null = null;
  readonly #waiting = new Deque<{ owner: Owner; waiter: Waiter<boolean> }>();

  protected abstract readonly _isRecursive: boolean;

  protected _take(owner: Owner): void {
    this._holder = owner;
    owner.hold(this);
  }

  protected _wait(owner: Owner, timeout: number | null): Promise<boolean> {
    return block<boolean>(
      timeout,
      (waiter) => {
        this.#waiting.push({ owner, waiter });
        return () => void this.#waiting.removeLast((one) => one.waiter === waiter);
      },
      () => false,
    );
  }

  /** Gives it to the next in line. */
  protected _pass(): void {
    this._holder?.letGo(this);
    this._holder = null;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this._take(next.owner);
    next.waiter.resolve(true);
  }

  abandon(owner: Owner, isClean: boolean): void {
    if (this._holder !== owner || (isClean && !this._isRecursive)) return;
    get_logger().warning(
      "%s ended while it held a managed %s, which is released",
      owner.name,
      this._isRecursive ? "RLock" : "Lock",
    );
    this._pass();
  }

  locked(): boolean {
    return this._holder !== null;
  }
}

/** `threading.Lock` in a manager's server. */
export class ManagedLock extends OwnedLock {
  protected readonly _isRecursive = false;

  /** @returns Whether it was taken: at once, or a promise. */
  acquire(...given: unknown[]): boolean | Promise<boolean> {
    const timeout = lockTimeout(parseArguments(ACQUIRE, given));
    const owner = currentOwner();
    if (this._holder === null) {
      this._take(owner);
      return true;
    }
    return timeout === 0 ? false : this._wait(owner, timeout);
  }

  /** Anybody may release it. @throws {RuntimeError} if it is free */
  release(): void {
    if (this._holder === null) throw new RuntimeError("release unlocked lock");
    this._pass();
  }

  /** Whether the caller has it, as `Condition` asks: whether anybody has. */
  _is_owned(): boolean {
    return this._holder !== null;
  }

  /** For `Condition`: gives it up; `_restore` wants what this returns. */
  _save(): number {
    this.release();
    return 1;
  }

  _restore(owner: Owner, _count: number): Promise<boolean> {
    if (this._holder !== null) return this._wait(owner, null);
    this._take(owner);
    return Promise.resolve(true);
  }

  override toString(): string {
    const state = this._holder === null ? "unlocked" : "locked";
    return `<${state} _thread.lock object${placeOf(this)}>`;
  }
}

/** `threading.RLock` in a manager's server. */
export class ManagedRLock extends OwnedLock {
  protected readonly _isRecursive = true;
  #count = 0;

  /** @returns Whether it was taken: at once, or a promise. */
  acquire(...given: unknown[]): boolean | Promise<boolean> {
    const timeout = lockTimeout(parseArguments(ACQUIRE, given));
    const owner = currentOwner();
    if (this._holder === owner) {
      this.#count++;
      return true;
    }
    if (this._holder === null) {
      this._take(owner);
      return true;
    }
    return timeout === 0 ? false : this._wait(owner, timeout);
  }

  protected override _take(owner: Owner): void {
    super._take(owner);
    this.#count = 1;
  }

  /** @throws {RuntimeError} if the caller does not have it */
  release(): void {
    if (this._holder !== currentOwner()) {
      throw new RuntimeError("cannot release un-acquired lock");
    }
    if (--this.#count === 0) this._pass();
  }

  _is_owned(): boolean {
    return this._holder === currentOwner();
  }

  /** See ManagedLock. */
  _save(): number {
    const count = this.#count;
    this.#count = 0;
    this._pass();
    return count;
  }

  async _restore(owner: Owner, count: number): Promise<boolean> {
    if (this._holder === null) this._take(owner);
    else await this._wait(owner, null);
    this.#count = count;
    return true;
  }

  override toString(): string {
    const state = this._holder === null ? "unlocked" : "locked";
    const count = this._holder === null ? 0 : this.#count;
    const owner = this._holder?.number ?? 0;
    const place = placeOf(this);
    return `<${state} _thread.RLock object owner=${owner} count=${count}${place}>`;
  }
}

/** `threading.Semaphore` in a manager's server. */
export class ManagedSemaphore {
  #value: number;
  readonly #waiting = new Deque<Waiter<boolean>>();

  /** @param given The value, 1 if it is missing. */
  constructor(...given: unknown[]) {
    const value = asInteger(parseArguments(VALUE, given).value, "<");
    if (value < 0) throw new ValueError("semaphore initial value must be >= 0");
    this.#value = value;
  }

  /** @returns Whether it was taken: at once, or a promise. */
  acquire(...given: unknown[]): boolean | Promise<boolean> {
    const { blocking, timeout } = parseArguments(ACQUIRE_SEMAPHORE, given);
    if (!blocking && timeout !== null) {
      throw new ValueError("can't specify timeout for non-blocking acquire");
    }
    if (this.#value > 0) {
      this.#value--;
      return true;
    }
    const seconds = blocking ? asTimeout(timeout) : 0;
    if (seconds === 0) return false;
    return block<boolean>(
      seconds,
      (waiter) => {
        this.#waiting.push(waiter);
        return () => void this.#waiting.removeLast((one) => one === waiter);
      },
      () => false,
    );
  }

  /** @throws {ValueError} if `n` is less than 1 */
  release(n: unknown = 1): void {
    const count = asInteger(n, "<");
    if (count < 1) throw new ValueError("n must be one or more");
    const woken = Math.min(count, this.#waiting.length);
    this.#value += count - woken;
    for (let i = 0; i < woken; i++) this.#waiting.shift()!.resolve(true);
  }

  /** Whether nobody could take it now. */
  locked(): boolean {
    return this.#value === 0;
  }

  protected get _value(): number {
    return this.#value;
  }

  toString(): string {
    return `<threading.${this._name}${placeOf(this)}: value=${this._state}>`;
  }

  /** The value, as it is shown. */
  protected get _state(): string {
    return String(this.#value);
  }

  protected get _name(): string {
    return "Semaphore";
  }
}

/** `threading.BoundedSemaphore` in a manager's server. */
export class ManagedBoundedSemaphore extends ManagedSemaphore {
  readonly #bound: number = this._value;

  override release(n: unknown = 1): void {
    const count = asInteger(n, "<");
    if (count < 1) throw new ValueError("n must be one or more");
    if (this._value + count > this.#bound) {
      throw new ValueError("Semaphore released too many times");
    }
    super.release(count);
  }

  protected override get _name(): string {
    return "BoundedSemaphore";
  }

  protected override get _state(): string {
    return `${this._value}/${this.#bound}`;
  }
}
