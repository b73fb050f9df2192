/**
 * The base class of `Lock`, `RLock`, `Semaphore` and `BoundedSemaphore` on a server. As in
 * synchronize/semlock.ts, a process counts what it holds.
 *
 * @module
 */
import type { Limit } from "../link/waiting.ts";
import { identity } from "../process/identity.ts";
import { asTimeout, parseArguments } from "../python/arguments.ts";
import { AssertionError, ValueError } from "../python/errors.ts";
import { current_thread, current_thread_id } from "../python/thread.ts";
import type { AcquireOptions, WithOptions } from "../synchronize/semlock.ts";
import { ACQUIRE, LOCKED, RELEASE } from "../synchronize/signatures.ts";
import { type Reply, textOf } from "./driver/connection.ts";
import { leaseLost } from "./errors.ts";
import { type Making, originOf } from "./making.ts";
import { RedisObject } from "./object.ts";
import {
  ACQUIRE as TAKE,
  CANCEL_ACQUIRE,
  RELEASE as GIVE,
  VALUE,
} from "./scripts/lock.ts";
import type { Session } from "./session.ts";

/** The kinds of locks: a lock has an owner; a recursive one may be acquired again by it. */
export type LockKind = "lock" | "recursive" | undefined;

/** What a lock or semaphore is made with. */
export interface SemLockShape {
  /** The number of one with a name. */
  readonly id?: string | undefined;
  /** Free permits at the beginning. */
  readonly value: number;
  /** The most there may be. */
  readonly max: number;
}

/** What `Condition.wait` gives up, and takes back. */
export interface Suspended {
  readonly count: number;
  readonly thread: number;
}

/** The error of a release where none is held. */
export const RELEASED_TOO_OFTEN = "semaphore or lock released too many times";

const FOR_EVER: Limit = { timeout: null, signal: undefined };

/** Locks that are held: they are not collected meanwhile. */
const held = new Set<RedisSemLock>();

/** The base class of locks and semaphores. See `Lock` of the package for the methods. */
export abstract class RedisSemLock extends RedisObject {
  readonly #shape: SemLockShape;
  readonly #kind: LockKind;
  /** Acquisitions by this process that were not released yet. */
  #count = 0;
  /** The thread that has acquired it last. */
  #thread = 0;
  /** The session in which it was acquired last, and the token that it got. */
  #heldIn: Session | undefined;
  #token: number | null = null;

  /** @internal */
  constructor(making: Making, shape: SemLockShape, kind: LockKind) {
    const sent = (making.sent?.more ?? shape) as SemLockShape;
    const { value, max } = sent;
    super(making.base, "semaphore", {
      free: String(value),
      max: String(max),
      ...(kind && { lock: "1" }),
    }, originOf(making, shape.id));
    this.#shape = { value, max };
    this.#kind = kind;
  }

  /**
   * The fencing token of a lock that this process holds; null if it does not, and of a
   * semaphore. Each time that any lock of the context is acquired the token is higher. Who
   * hands it on to what the lock protects can have that refuse whoever was taken for dead and
   * comes back: it has a lower one. Not in CPython.
   */
  get token(): number | null {
    return this.#count > 0 && this.#kind !== undefined ? this.#token : null;
  }

  /** As `Lock.acquire`. */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same, with a signal. */
  acquire(
    block: boolean,
    timeout: number | null,
    options: WithOptions,
  ): Promise<boolean>;
  /** The same with everything by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  async acquire(...given: unknown[]): Promise<boolean> {
    const thread = current_thread_id();
    const { block, timeout, signal } = parseArguments(ACQUIRE, given);
    signal?.throwIfAborted();
    if (this.#isMyRLock(thread)) {
      this.#count++;
      return true;
    }
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    return await this.#acquire(Boolean(block), limit, thread);
  }

  async #acquire(block: boolean, limit: Limit, thread: number): Promise<boolean> {
    const waits = block && limit.timeout !== 0;
    const granted = waits
      ? await this.#waitForPermit(limit)
      : await this._once(TAKE, ["0"]);
    if (granted === null || granted === 0) return false;
    this.#enter(thread, tokenOf(granted));
    return true;
  }

  #waitForPermit(limit: Limit): Promise<Reply> {
    return this._wait(limit, {
      ask: (session, wait) => session.once(TAKE, this._key, [wait]),
      waits: (reply) => reply === -1,
      cancel: CANCEL_ACQUIRE,
      isRepeated: true,
      undo: () => void this._once(GIVE, ["1"]).catch(() => {}), // it goes with the lease
    });
  }

  /**
   * As `Lock.release`; settles when the server has it.
   *
   * @throws {ProcessError} if the lease of this process was over since it was acquired: it may
   * be another's since
   */
  release(): Promise<void>;
  async release(...given: unknown[]): Promise<void> {
    if (given.length > 0) parseArguments(RELEASE, given);
    this.#checkLease();
    if (this.#kind === "recursive" && !this._isMine()) {
      throw new AssertionError("attempt to release recursive lock not owned by thread");
    }
    if (this.#kind === "recursive" && this.#count > 1) {
      this.#count--;
      return;
    }
    const session = this.#heldIn;
    const isHeld = this.#count > 0;
    this.#leave();
    const done = await this._once(GIVE, () => {
      if (isHeld && session?.hasEnded) throw leaseLost();
      return ["1"];
    });
    if (done !== 1) throw new ValueError(RELEASED_TOO_OFTEN);
  }

  /** As `Lock.locked`. */
  locked(): Promise<boolean>;
  async locked(...given: unknown[]): Promise<boolean> {
    if (given.length > 0) parseArguments(LOCKED, given);
    return await this._value() === 0;
  }

  /** As `Lock.with`: calls a function while holding it. */
  async with<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    await this.#acquireFor(options);
    try {
      return await fn();
    } finally {
      await this.release();
    }
  }

  /** As `Lock.__enter__`: acquires it for the rest of a block. */
  async __enter__(options?: WithOptions): Promise<AsyncDisposable> {
    await this.#acquireFor(options);
    let release: (() => Promise<void>) | undefined = () => this.release();
    return {
      async [Symbol.asyncDispose]() {
        const once = release;
        release = undefined;
        await once?.();
      },
    };
  }

  #acquireFor(options?: WithOptions): Promise<boolean> {
    const { signal } = options ?? {};
    return signal === undefined ? this.acquire() : this.acquire({ signal });
  }

  /** Releases it, as `Lock.__exit__`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.release();
  }

  /** @internal Whether this process and thread has acquired it last. */
  _isMine(): boolean {
    return this.#count > 0 && this.#thread === current_thread_id();
  }

  /** @internal Counts it as released, as the server is about to do that; for `Condition.wait`. */
  _suspend(): Suspended {
    this.#checkLease();
    const suspended = { count: this.#count, thread: this.#thread };
    this.#count = 0;
    held.delete(this);
    return suspended;
  }

  /** @internal How many permits that were. */
  _permitsOf({ count }: Suspended): number {
    return this.#kind === undefined ? count : 1;
  }

  /** @internal It is held again, once: acquires the rest of what was given up. */
  async _resume({ count, thread }: Suspended, granted: Reply): Promise<void> {
    this.#enter(thread, tokenOf(granted));
    if (this.#kind === "recursive") this.#count = count;
    else if (this.#kind === undefined) {
      for (let have = 1; have < count; have++) {
        await this.#acquire(true, FOR_EVER, thread);
      }
    }
  }

  /** @internal It was not given up after all. */
  _restore({ count, thread }: Suspended): void {
    this.#enter(thread, this.#token ?? 0);
    this.#count = count;
  }

  /** @internal Gives several permits back at once; false if there would be too many. */
  async _releaseMany(count: number): Promise<boolean> {
    for (let i = 0; i < count && this.#count > 0; i++) this.#leave();
    return await this._once(GIVE, [String(count)]) === 1;
  }

  /** @internal Free permits. */
  protected async _value(): Promise<number> {
    return await this._call(VALUE) as number;
  }

  /** @internal The most permits. */
  get _max(): number {
    return this.#shape.max;
  }

  /** @internal Acquisitions by this process. */
  protected get _count(): number {
    return this.#count;
  }

  /** @internal The name of its owner, as far as is known here. */
  protected get _owner(): string {
    if (this.#count === 0) return "unknown";
    if (!this._isMine()) return "SomeOtherThread";
    const { id, name } = current_thread();
    return identity.current.name + (id === 0 ? "" : `|${name}`);
  }

  /** @internal */
  protected override _more(): SemLockShape {
    return this.#shape;
  }

  /** The lease was over: nothing is held. */
  #checkLease(): void {
    if (!this.#heldIn?.hasEnded) return;
    this.#count = 0;
    this.#heldIn = undefined;
    held.delete(this);
    throw leaseLost();
  }

  #isMyRLock(thread: number): boolean {
    if (this.#heldIn?.hasEnded) return false;
    return this.#kind === "recursive" && this.#count > 0 && this.#thread === thread;
  }

  #enter(thread: number, token: number): void {
    // A lock that is granted while this process has it was released by another one.
    const isNew = this.#kind !== undefined || this.#heldIn?.hasEnded;
    this.#count = isNew ? 1 : this.#count + 1;
    this.#thread = thread;
    this.#token = token;
    this.#heldIn = this._session;
    held.add(this);
  }

  #leave(): void {
    if (this.#count === 0) return;
    if (--this.#count === 0) held.delete(this);
  }
}

/** The token in what was granted: a number, or `TOKEN FLAG`. */
function tokenOf(granted: Reply): number {
  return typeof granted === "number" ? granted : Number(textOf(granted).split(" ")[0]);
}
