/**
 * `Condition` on a server.
 *
 * @module
 */
import { AssertionError, ValueError } from "../python/errors.ts";
import {
  asTimeout,
  parseArguments,
  pythonTypeName,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { runtime } from "../runtime/mod.ts";
import { asCount, asDuration, type WaitOptions } from "../synchronize/condition.ts";
import type { AcquireOptions, WithOptions } from "../synchronize/semlock.ts";
import {
  CONDITION_WAIT,
  NOTIFY,
  NOTIFY_ALL,
  WAIT_FOR,
} from "../synchronize/signatures.ts";
import type { Base } from "./base.ts";
import { type Reply, textOf } from "./driver/connection.ts";
import { type NameOptions, RedisRLock } from "./lock.ts";
import { makeObject, originOf, registerObject, takeMaking } from "./making.ts";
import { idOfName, RedisObject } from "./object.ts";
import { END_SLEEP, NOTIFY as WAKE, SLEEP } from "./scripts/lock.ts";
import { RedisSemLock, RELEASED_TOO_OFTEN } from "./semlock.ts";

const CONDITION: Signature<{ lock: unknown; name: unknown }> = signature<
  { lock: unknown; name: unknown }
>("BaseContext.Condition", { lock: null, name: null }, {
  keywordOnly: ["name"],
});

/** Options of a condition on a server. */
export interface RedisConditionOptions extends NameOptions {
  /** A lock or semaphore of the same context; a new RLock if null. */
  lock?: RedisSemLock | null;
}

/** What `Condition` of a context makes. See `Condition` of the package for the methods. */
export class RedisCondition extends RedisObject {
  readonly #lock: RedisSemLock;

  /** Makes a condition, or opens the one of that name. */
  constructor(
    lock?: RedisSemLock | RedisConditionOptions | null,
    options?: NameOptions,
  );
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const sent = making.sent?.more as { lock: RedisSemLock } | undefined;
    const { lock: wanted, name } = sent
      ? { ...sent, name: null }
      : parseArguments(CONDITION, given);
    const id = idOfName(name);
    const lock = asLock(making.base, wanted, id);
    super(making.base, "condition", { of: lock._id }, originOf(making, id));
    this.#lock = lock;
  }

  /** `acquire` of the lock. */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  acquire(...given: []): Promise<boolean> {
    return this.#lock.acquire(...given);
  }

  /** `release` of the lock. */
  release(...given: []): Promise<void> {
    return this.#lock.release(...given);
  }

  /** Calls a function while the lock is held. */
  with<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    return this.#lock.with(fn, options);
  }

  /** Acquires the lock for the rest of a block. */
  __enter__(options?: WithOptions): Promise<AsyncDisposable> {
    return this.#lock.__enter__(options);
  }

  /** Releases the lock. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.#lock.release();
  }

  /**
   * As `Condition.wait`.
   *
   * @throws {ProcessError} if the lease of this process was over meanwhile: the lock is not
   * held then
   */
  wait(timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  wait(options: WaitOptions): Promise<boolean>;
  async wait(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(CONDITION_WAIT, given);
    const lock = this.#lock;
    if (!lock._isMine()) {
      throw new AssertionError("must acquire() condition before using wait()");
    }
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    signal?.throwIfAborted();
    const suspended = lock._suspend();
    let ended: { reason: unknown } | undefined;
    const permits = String(lock._permitsOf(suspended));
    const granted = await this._wait(limit, {
      ask: (session, wait) => session.once(SLEEP, this._key, [wait, permits]),
      waits: (reply) => reply === 2,
      // It gets the lock in any case: this only ends the sleep.
      cancel: END_SLEEP,
      isRepeated: false,
      onGivenUp: (reason) => ended = reason,
      undo: () => {
        lock._restore(suspended);
        void lock.release().catch(() => {}); // it goes with the lease
      },
    });
    if (granted === 0) {
      lock._restore(suspended);
      throw new ValueError(RELEASED_TOO_OFTEN);
    }
    await lock._resume(suspended, granted);
    if (isNotified(granted)) return true;
    if (ended !== undefined) throw ended.reason;
    return false;
  }

  /** As `Condition.wait_for`. */
  wait_for<T>(
    predicate: () => T,
    timeout?: number | null,
    options?: WithOptions,
  ): Promise<Awaited<T>>;
  /** The same with everything by name. */
  wait_for<T>(predicate: () => T, options: WaitOptions): Promise<Awaited<T>>;
  async wait_for(...given: unknown[]): Promise<unknown> {
    const { predicate, timeout, signal } = parseArguments(WAIT_FOR, given);
    if (typeof predicate !== "function") {
      throw new TypeError(`'${pythonTypeName(predicate)}' object is not callable`);
    }
    let result = await predicate();
    if (result) return result;
    const duration = asDuration(timeout);
    const end = duration === null ? null : runtime.now() + duration * 1000;
    while (!result) {
      const left = end === null ? null : (end - runtime.now()) / 1000;
      if (left !== null && left <= 0) break;
      await this.wait(signal ? { timeout: left, signal } : { timeout: left });
      result = await predicate();
    }
    return result;
  }

  /** As `Condition.notify`; settles when the server has it. */
  notify(n?: number): Promise<void>;
  /** The same with everything by name. */
  notify(options: { n?: number }): Promise<void>;
  async notify(...given: unknown[]): Promise<void> {
    const { n } = parseArguments(NOTIFY, given);
    await this.#notify(n);
  }

  /** As `Condition.notify_all`. */
  notify_all(): Promise<void>;
  async notify_all(...given: unknown[]): Promise<void> {
    parseArguments(NOTIFY_ALL, given);
    await this.#notify(Infinity);
  }

  async #notify(n: unknown): Promise<void> {
    if (!this.#lock._isMine()) throw new AssertionError("lock is not owned");
    const count = asCount(n);
    if (count > 0) await this._once(WAKE, [String(count)]);
  }

  /** @internal Its lock. */
  get _lock(): RedisSemLock {
    return this.#lock;
  }

  /** @internal */
  override _open(): void {
    this.#lock._open();
    super._open();
  }

  /** @internal */
  protected override _more(): { lock: RedisSemLock } {
    return { lock: this.#lock };
  }

  /** `<Condition(<RLock(unknown, unknown)>, unknown)>`: only the server knows the sleepers. */
  override toString(): string {
    return `<${this.constructor.name}(${this.#lock}, unknown)>`;
  }
}

/** Whether a grant, `TOKEN FLAG`, says that the sleeper was notified. */
function isNotified(granted: Reply): boolean {
  return textOf(granted).endsWith(" 1");
}

function asLock(base: Base, lock: unknown, id: string | undefined): RedisSemLock {
  if (lock instanceof RedisSemLock) {
    if (lock._base === base) return lock;
    throw new ValueError("the lock of a condition must be of the same context");
  }
  if (lock) {
    throw new TypeError(
      `lock must be a lock of the same context, not ${pythonTypeName(lock)}`,
    );
  }
  const name = id === undefined
    ? []
    : [{ name: `${decodeURIComponent(id.slice(2))}.lock` }];
  return makeObject(base, RedisRLock, undefined, name);
}

registerObject("Condition", RedisCondition as never);
