/**
 * The base class of `Lock`, `RLock`, `Semaphore` and `BoundedSemaphore`. The other half
 * is hub/semaphore.ts.
 *
 * A process counts what it holds, as CPython does, and so knows who owns a lock here,
 * whether an RLock is taken again, and mostly whether a release is right: then it need
 * not wait for the hub. One that is used much lies in memory that processes share, see
 * hub/word.ts: then they take and release it there, and ask the hub only to wait.
 *
 * @module
 */
import { SemaphoreMethod } from "../hub/object.ts";
import { SEM_VALUE_MAX, SemaphoreState } from "../hub/semaphore.ts";
import { Given, ThinLock, type ThinPermits, ThinSemaphore } from "../hub/word.ts";
import { acceptWord } from "../link/words.ts";
import { keepWhile, type Limit } from "../link/waiting.ts";
import { ops, sampling, tellAcquired } from "../link/observed.ts";
import { failureError } from "../link/peer.ts";
import { identity } from "../process/identity.ts";
import { asTimeout, parseArguments } from "../python/arguments.ts";
import { AssertionError } from "../python/errors.ts";
import { isThenable } from "../python/util.ts";
import { current_thread, current_thread_id } from "../python/thread.ts";
import { Kind, type ToPeer, type WordOffered } from "../wire/message.ts";
import { FOR_EVER, Handle, type HandleFields } from "../link/handle.ts";
import type { AcquireOptions, Suspended, WithOptions } from "./lock_options.ts";
import { ACQUIRE, LOCKED, RELEASE } from "./signatures.ts";

export type { AcquireOptions, WithOptions };

/** A first value so far from `SEM_VALUE_MAX` that a semaphore never reaches that. */
const FAR = 2 ** 30;

/** The fields of a lock that is sent. */
export interface SemLockFields extends HandleFields {
  /** Free permits at the beginning. */
  value: number;
  /** The most there may be. */
  max: number;
}

/**
 * The base class of locks and semaphores. CPython: `multiprocessing.synchronize.SemLock`.
 */
export abstract class SemLock extends Handle {
  readonly #value: number;
  readonly #max: number;
  readonly #isLock: boolean;
  readonly #isRecursive: boolean;
  readonly #state: SemaphoreState | undefined;
  readonly #sendRelease: () => void;
  /** Where it can be taken without the hub. */
  #thin: ThinPermits | undefined;
  readonly #sayFreed: () => void;
  /** Acquisitions by this process that were not released yet. */
  #count = 0;
  /** Releases of what this process had not acquired. */
  #extra = 0;
  /** The thread that has acquired it last. */
  #thread = 0;
  /** Whether `#count` is certain: others may have released what was acquired here. */
  #isSure = true;
  /** Others may do so and the hub not know it. */
  #isNeverSure = false;
  /** When an observer was told last that it is acquired. */
  #sampled = 0;
  /** How many of the acquisitions are of `with` and `__enter__`. */
  #scoped = 0;
  /** Releases that were sent without waiting, and those that the hub has surely seen. */
  #sent = 0;
  #seen = 0;

  /** @internal @param kind A lock has an owner; a recursive one may be acquired again by it. */
  constructor(
    fields: SemLockFields | undefined,
    value: number,
    max: number,
    kind?: "lock" | "recursive",
  ) {
    [value, max] = [fields?.value ?? value, fields?.max ?? max];
    super(fields?.id, "Semaphore", [value, max, kind === undefined ? 0 : 1]);
    this.#value = value;
    this.#max = max;
    this.#isLock = kind !== undefined;
    this.#isRecursive = kind === "recursive";
    if (this._state instanceof SemaphoreState) this.#state = this._state;
    this.#sendRelease = this._peer.repeat([Kind.Release, this._number, 0]);
    const { Freed } = SemaphoreMethod;
    this.#sayFreed = this._peer.repeat([Kind.Call, this._number, 0, Freed, []]);
    this._listen((lock, message) => lock.#receive(message));
  }

  /**
   * Takes it, waiting until that is possible. CPython: `SemLock.acquire`.
   *
   * @param block False to give up at once; `timeout` does not matter then.
   * @param timeout Seconds to wait at most; null for ever, negative is 0.
   * @returns Whether it has been acquired.
   * @throws the signal's reason, if that ended the wait
   *
   * @example
   * ```ts
   * import { Lock } from "@pystd/multiprocessing";
   * const lock = Lock();
   * console.log(await lock.acquire()); // true
   * console.log(await lock.acquire(true, 0.01)); // false
   * console.log(await lock.acquire({ block: false })); // false
   * await lock.release();
   * ```
   */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same, with a signal. */
  acquire(
    block: boolean,
    timeout: number | null,
    options: WithOptions,
  ): Promise<boolean>;
  /** The same with everything by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  acquire(...given: unknown[]): Promise<boolean> {
    const thread = current_thread_id();
    if (given.length === 0) return this.#acquire(true, FOR_EVER, thread);
    try {
      const { block, timeout, signal } = parseArguments(ACQUIRE, given);
      signal?.throwIfAborted();
      const limit = this.#isMyRLock(thread)
        ? FOR_EVER // CPython does not look at it
        : { timeout: asTimeout(timeout, "semaphore"), signal };
      return this.#acquire(Boolean(block), limit, thread);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #acquire(block: boolean, limit: Limit, thread: number): Promise<boolean> {
    if (this.#isMyRLock(thread)) {
      this.#count++;
      return this._done(true);
    }
    const isTaken = this.#takeNow();
    if (isTaken) this.#enter(thread);
    const waits = block && limit.timeout !== 0;
    if (isTaken === undefined || !isTaken && waits) {
      return this.#waitForPermit(waits, limit, thread);
    }
    return this._done(isTaken);
  }

  /** Acquires it if that needs no waiting. */
  #enterNow(): boolean {
    const thread = current_thread_id();
    if (this.#isMyRLock(thread)) this.#count++;
    else if (this.#takeNow()) this.#enter(thread);
    else return false;
    return true;
  }

  /** Takes a permit if one is free; undefined if only the hub knows whether one is. */
  #takeNow(): boolean | undefined {
    if (this.#state !== undefined) return this.#state.acquireNow(this._peer.id);
    if (this.#thin?.take()) return true;
    return this.#thin === undefined || this.#sent > this.#seen ? undefined : false;
  }

  async #waitForPermit(waits: boolean, limit: Limit, thread: number): Promise<boolean> {
    const sent = this.#sent;
    const acquired = await this._wait(
      waits ? limit : { ...FOR_EVER, signal: limit.signal },
      (call) => [Kind.Acquire, this._number, call, waits],
      ops.acquire,
    );
    this.#seen = Math.max(this.#seen, sent);
    if (acquired === true) this.#enter(thread);
    return acquired === true;
  }

  /**
   * Gives it back; any process may, but an RLock only its owner. CPython:
   * `SemLock.release`.
   *
   * Where this process has acquired it, nothing is waited for. If somebody else has
   * released it at the same time the error is an unhandled rejection.
   *
   * @throws {ValueError} if a lock or bounded semaphore is released too often
   * @throws {AssertionError} if an RLock is not owned by this process and thread
   *
   * @example
   * ```ts
   * import { Semaphore } from "@pystd/multiprocessing";
   * const semaphore = Semaphore(0);
   * await semaphore.release();
   * console.log(await semaphore.get_value()); // 1
   * ```
   */
  release(): Promise<void>;
  release(...given: unknown[]): Promise<void> {
    try {
      if (given.length > 0) parseArguments(RELEASE, given);
      return this.#release() ?? this._done(undefined);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Undefined if it is done. */
  #release(): Promise<void> | undefined {
    if (this.#isRecursive && !this.#isMine(current_thread_id())) {
      throw new AssertionError("attempt to release recursive lock not owned by thread");
    }
    if (this.#isRecursive && this.#count > 1) {
      this.#count--;
      return undefined;
    }
    const cannotFail = this.#max === SEM_VALUE_MAX && this.#value < FAR;
    const given = cannotFail || this.#count > 0 ? this.#giveNow(cannotFail) : Given.Ask;
    if (given === Given.Ask) return this.#tryRelease();
    this.#leave();
    if (given === Given.ByHub) this.#sayReleased();
    else if (given === Given.Freed) this.#sayFreed();
    return undefined;
  }

  /** Gives back a permit, where that can be done without the hub. */
  #giveNow(cannotFail: boolean): Given {
    if (this.#thin !== undefined) return this.#thin.give();
    // Others may have released a permit of a bounded semaphore without the hub.
    const isUnsure = this.#isNeverSure || this.#isBounded && this.#state?.isShared;
    const isSure = this.#isSure && !isUnsure;
    if (this.#state?.releaseNow(this._peer.id)) return Given.Done;
    return cannotFail || isSure ? Given.ByHub : Given.Ask;
  }

  /** Has the hub release what is surely held here. */
  #sayReleased(): void {
    this.#sent++;
    this.#sendRelease();
  }

  /** Releases what was perhaps not acquired here: only the hub knows whether that is right. */
  async #tryRelease(): Promise<void> {
    const sent = this.#sent;
    const call = this._peer.newCall();
    const answer = this._peer.call(call, [Kind.Release, this._number, call]);
    await keepWhile(this, answer);
    this.#seen = Math.max(this.#seen, sent);
    this.#leave();
  }

  /**
   * Whether nobody can acquire it now. CPython: `SemLock.locked`, since 3.14.
   *
   * @example
   * ```ts
   * import { Lock } from "@pystd/multiprocessing";
   * console.log(await Lock().locked()); // false
   * ```
   */
  locked(): Promise<boolean>;
  async locked(...given: unknown[]): Promise<boolean> {
    if (given.length > 0) parseArguments(LOCKED, given);
    return await this._value() === 0;
  }

  /**
   * Calls a function while holding it: Python's `with lock:`.
   *
   * @param fn What is to be done; it may be asynchronous.
   * @returns What `fn` gives. It is released also when `fn` throws.
   *
   * @example
   * ```ts
   * import { Lock } from "@pystd/multiprocessing";
   * const lock = Lock();
   * console.log(await lock.with(() => lock.locked())); // true
   * console.log(await lock.locked()); // false
   * ```
   */
  with<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    const isEntered = options?.signal === undefined && this.#enterNow();
    if (isEntered) return this.#holding(fn);
    return this.#acquireFor(options).then(() => this.#holding(fn));
  }

  /** Calls a function, and releases what has been acquired for it: at once if that can be. */
  #holding<T>(fn: () => T): Promise<Awaited<T>> {
    this.#scoped++;
    let result: Awaited<T>;
    try {
      const given = fn();
      if (isThenable(given)) return this.#releaseAfter(given);
      result = given as Awaited<T>;
    } catch (error) {
      return this.#releaseAfter<T>(Promise.reject(error));
    }
    try {
      this.#scoped--;
      const released = this.#release();
      return released === undefined ? this._done(result) : released.then(() => result);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #releaseAfter<T>(result: PromiseLike<unknown>): Promise<Awaited<T>> {
    try {
      return await result as Awaited<T>;
    } finally {
      this.#scoped--;
      await this.release();
    }
  }

  /**
   * Acquires it for the rest of a block: `await using _ = await lock.__enter__()`.
   * CPython: `SemLock.__enter__`.
   *
   * @returns What releases it, once, at the block's end.
   *
   * @example
   * ```ts
   * import { Lock } from "@pystd/multiprocessing";
   * const lock = Lock();
   * {
   *   await using _ = await lock.__enter__();
   *   console.log(await lock.locked()); // true
   * }
   * console.log(await lock.locked()); // false
   * ```
   */
  async __enter__(options?: WithOptions): Promise<AsyncDisposable> {
    await this.#acquireFor(options);
    this.#scoped++;
    let release: (() => Promise<void>) | undefined = () => {
      this.#scoped--;
      return this.release();
    };
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

  /** Releases it. CPython: `SemLock.__exit__`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.release();
  }

  /** Whether this process and thread has acquired it last. */
  _isMine(): boolean {
    return this.#isMine(current_thread_id());
  }

  /** @internal Counts it as released, as the hub is about to do that; for `Condition.wait`. */
  _suspend(): Suspended {
    const suspended = { count: this.#count, thread: this.#thread };
    // The hub knows only one level of an RLock.
    for (let left = this.#count; left > 1 && !this.#isRecursive; left--) {
      this.#sayReleased();
    }
    this.#sent++; // by the message that follows
    this.#count = 0;
    this._setPinned(false);
    return suspended;
  }

  /** @internal It is held again, once: acquires the rest of what was given up. */
  async _resume({ count, thread }: Suspended): Promise<void> {
    this.#enter(thread);
    if (this.#isRecursive) this.#count = count;
    else {
      for (let have = 1; have < count; have++) {
        await this.#waitForPermit(true, FOR_EVER, thread);
      }
    }
  }

  /** Free permits. */
  protected _value(): Promise<number> {
    const isKnown = this.#state !== undefined || this.#sent === this.#seen;
    const value = isKnown ? this.#seenValue : undefined;
    return value === undefined ? this.#askValue() : this._done(value);
  }

  async #askValue(): Promise<number> {
    const sent = this.#sent;
    const value = await this._ask(SemaphoreMethod.Value) as number;
    this.#seen = Math.max(this.#seen, sent);
    return value;
  }

  /** Free permits, as far as is known here: of its own, and of what lies in memory. */
  protected get _knownValue(): number | "unknown" {
    const own = this.#value + this.#extra - this.#count;
    return this.#seenValue ?? (this._isPrivate ? own : "unknown");
  }

  /** Free permits, where they can be looked at. */
  get #seenValue(): number | undefined {
    return this.#state?.value ?? this.#thin?.value;
  }

  /** The most permits. */
  protected get _max(): number {
    return this.#max;
  }

  /** @internal */
  override get _isScoped(): boolean {
    return this.#scoped >= this.#count;
  }

  /** @internal Acquisitions by this process. */
  override get _held(): number {
    return this.#count;
  }

  /** The name of its owner, as far as is known here. */
  protected get _owner(): string {
    if (this._isMine()) {
      const { id, name } = current_thread();
      return identity.current.name + (id === 0 ? "" : `|${name}`);
    }
    const value = this._knownValue;
    if (typeof value === "number" && value > 0) return "None";
    if (this.#count > 0) return "SomeOtherThread";
    return value === 0 ? "SomeOtherProcess" : "unknown";
  }

  /** @internal */
  protected override _fields(): Omit<SemLockFields, keyof HandleFields> {
    return { value: this.#value, max: this.#max };
  }

  get #isBounded(): boolean {
    return !this.#isLock && this.#max < SEM_VALUE_MAX;
  }

  #isMyRLock(thread: number): boolean {
    return this.#isRecursive && this.#isMine(thread);
  }

  #isMine(thread: number): boolean {
    return this.#count > 0 && this.#thread === thread;
  }

  /** It was acquired. */
  #enter(thread: number): void {
    // A lock that is granted while this process has it was released by another one.
    this.#count = this.#isLock ? 1 : this.#count + 1;
    this.#thread = thread;
    if (this.#sampled !== sampling.period) this.#sampled = tellAcquired(this);
    if (this.#count > 1) return;
    this.#isSure = true;
    this._setPinned(true);
  }

  /** It was released. */
  #leave(): void {
    if (this.#count === 0) return void this.#extra++;
    if (--this.#count === 0) this._setPinned(false);
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Disowned) this.#isSure = false;
    if (message[0] === Kind.Word) void this.#accept(message);
    if (message[0] !== Kind.Failure) return;
    // Of a release that was not awaited: its error must not get lost.
    void Promise.reject(failureError(message[3], message[4]));
  }

  async #accept(offer: WordOffered): Promise<void> {
    this.#isNeverSure = this.#isBounded;
    const word = await acceptWord(offer);
    if (word === undefined) return;
    this.#thin = this.#isLock
      ? new ThinLock(word, offer[4])
      : new ThinSemaphore(word, this.#max);
  }
}
