/**
 * A manager's locks, semaphores, conditions, events and barriers on a server: the objects of
 * the context, as what Python's `threading` has: its arguments and errors.
 *
 * @module
 */
import {
  ACQUIRE,
  ACQUIRE_SEMAPHORE,
  lockTimeout,
  NOTIFY,
  RELEASE,
  WAIT,
} from "../../managers/types/locks.ts";
import { asInteger, asTimeout, parseArguments } from "../../python/arguments.ts";
import { AssertionError, RuntimeError, ValueError } from "../../python/errors.ts";
import { addressed, addressOf } from "../../python/printing.ts";
import type { RedisBarrier } from "../barrier.ts";
import type { RedisCondition } from "../condition.ts";
import type { RedisEvent } from "../event.ts";
import type { RedisBoundedSemaphore, RedisRLock, RedisSemaphore } from "../lock.ts";
import type { RedisSemLock } from "../semlock.ts";

/** What ends a wait early. */
type Signal = AbortSignal | undefined;

/** The options of a wait. */
function limited(timeout: number | null, signal: Signal) {
  return signal === undefined ? { timeout } : { timeout, signal };
}

/** Has errors of one class as those of another, with Python's text. */
async function raising<T>(
  done: Promise<T>,
  from: new (...args: never[]) => Error,
  make: () => Error,
): Promise<T> {
  try {
    return await done;
  } catch (error) {
    throw error instanceof from ? make() : error;
  }
}

async function acquire(
  lock: { acquire(options: object): Promise<boolean> },
  seconds: number | null,
  signal: Signal,
): Promise<boolean> {
  return await lock.acquire({ block: seconds !== 0, ...limited(seconds, signal) });
}

/** `threading.Lock`. */
export class LockMethods {
  readonly #lock: RedisSemLock;

  constructor(lock: RedisSemLock) {
    this.#lock = lock;
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async acquire(signal: Signal, ...given: unknown[]): Promise<boolean> {
    return acquire(this.#lock, lockTimeout(parseArguments(ACQUIRE, given)), signal);
  }

  release(): Promise<void> {
    const text = "release unlocked lock";
    return raising(this.#lock.release(), ValueError, () => new RuntimeError(text));
  }

  locked(): Promise<boolean> {
    return this.#lock.locked();
  }

  async _text(): Promise<string> {
    const state = await this.#lock.locked() ? "locked" : "unlocked";
    return addressed(this.#lock, `${state} _thread.lock`);
  }
}

/** `threading.RLock`. */
export class RLockMethods {
  readonly #lock: RedisRLock;

  constructor(lock: RedisRLock) {
    this.#lock = lock;
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async acquire(signal: Signal, ...given: unknown[]): Promise<boolean> {
    return acquire(this.#lock, lockTimeout(parseArguments(ACQUIRE, given)), signal);
  }

  release(): Promise<void> {
    return raising(
      this.#lock.release(),
      AssertionError,
      () => new RuntimeError("cannot release un-acquired lock"),
    );
  }

  locked(): Promise<boolean> {
    return this.#lock.locked();
  }

  async _text(): Promise<string> {
    const state = await this.#lock.locked() ? "locked" : "unlocked";
    return addressed(this.#lock, `${state} _thread.RLock`);
  }
}

/** `threading.Semaphore`, and the bounded one. */
export class SemaphoreMethods {
  readonly #semaphore: RedisSemaphore;
  readonly #isBounded: boolean;

  constructor(semaphore: RedisSemaphore | RedisBoundedSemaphore) {
    this.#semaphore = semaphore;
    this.#isBounded = semaphore._isBounded;
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async acquire(signal: Signal, ...given: unknown[]): Promise<boolean> {
    const { blocking, timeout } = parseArguments(ACQUIRE_SEMAPHORE, given);
    if (!blocking && timeout !== null) {
      throw new ValueError("can't specify timeout for non-blocking acquire");
    }
    return acquire(this.#semaphore, blocking ? asTimeout(timeout) : 0, signal);
  }

  async release(_signal: Signal, ...given: unknown[]): Promise<void> {
    const count = asInteger(parseArguments(RELEASE, given).n, "<");
    if (count < 1) throw new ValueError("n must be one or more");
    const released = this.#semaphore._releaseMany(Number(count));
    if (await released) return;
    throw new ValueError(
      this.#isBounded
        ? "Semaphore released too many times"
        : "semaphore or lock released too many times",
    );
  }

  locked(): Promise<boolean> {
    return this.#semaphore.locked();
  }

  async _text(): Promise<string> {
    const value = await this.#semaphore.get_value();
    const name = this.#isBounded ? "BoundedSemaphore" : "Semaphore";
    const bound = this.#isBounded ? `/${this.#semaphore._max}` : "";
    const at = addressOf(this.#semaphore);
    return `<threading.${name} at ${at}: value=${value}${bound}>`;
  }
}

/** `threading.Condition`. */
export class ConditionMethods {
  readonly #condition: RedisCondition;

  constructor(condition: RedisCondition) {
    this.#condition = condition;
  }

  /** Those of its lock. */
  get #lock(): LockMethods | RLockMethods {
    const lock = this.#condition._lock;
    return lock.constructor.name === "RLock"
      ? new RLockMethods(lock as RedisRLock)
      : new LockMethods(lock);
  }

  acquire(signal: Signal, ...given: unknown[]): Promise<boolean> {
    return this.#lock.acquire(signal, ...given);
  }

  release(): Promise<void> {
    return this.#lock.release();
  }

  locked(): Promise<boolean> {
    return this.#lock.locked();
  }

  async wait(signal: Signal, ...given: unknown[]): Promise<boolean> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    return await raising(
      this.#condition.wait(limited(timeout, signal)),
      AssertionError,
      () => new RuntimeError("cannot wait on un-acquired lock"),
    );
  }

  async notify(_signal: Signal, ...given: unknown[]): Promise<void> {
    const { n } = parseArguments(NOTIFY, given);
    const count = asInteger(n, "<");
    await this.#notify(this.#condition.notify(Math.max(0, Number(count))));
  }

  async notify_all(): Promise<void> {
    await this.#notify(this.#condition.notify_all());
  }

  #notify(done: Promise<void>): Promise<void> {
    const text = "cannot notify on un-acquired lock";
    return raising(done, AssertionError, () => new RuntimeError(text));
  }

  async _text(): Promise<string> {
    return `<Condition(${await this.#lock._text()}, unknown)>`;
  }
}

/** `threading.Event`. */
export class EventMethods {
  readonly #event: RedisEvent;

  constructor(event: RedisEvent) {
    this.#event = event;
  }

  is_set(): Promise<boolean> {
    return this.#event.is_set();
  }

  set(): Promise<void> {
    return this.#event.set();
  }

  clear(): Promise<void> {
    return this.#event.clear();
  }

  async wait(signal: Signal, ...given: unknown[]): Promise<boolean> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    return await this.#event.wait(limited(timeout, signal));
  }

  async _text(): Promise<string> {
    const state = await this.is_set() ? "set" : "unset";
    return `<threading.Event at ${addressOf(this.#event)}: ${state}>`;
  }
}

/** `threading.Barrier`. */
export class BarrierMethods {
  readonly #barrier: RedisBarrier;

  constructor(barrier: RedisBarrier) {
    this.#barrier = barrier;
  }

  async wait(signal: Signal, ...given: unknown[]): Promise<number> {
    const timeout = asTimeout(parseArguments(WAIT, given).timeout);
    return await this.#barrier.wait(limited(timeout, signal));
  }

  abort(): Promise<void> {
    return this.#barrier.abort();
  }

  reset(): Promise<void> {
    return this.#barrier.reset();
  }

  /** Reads a property, as the proxies ask for it. */
  async __getattribute__(_signal: Signal, name: string): Promise<unknown> {
    return await (this.#barrier as unknown as Record<string, unknown>)[name];
  }

  async _text(): Promise<string> {
    const { parties } = this.#barrier;
    const state = await this.#barrier.broken
      ? "broken"
      : `waiters=${await this.#barrier.n_waiting}/${parties}`;
    return `<threading.Barrier at ${addressOf(this.#barrier)}: ${state}>`;
  }
}
