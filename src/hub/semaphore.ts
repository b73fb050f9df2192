/**
 * A number of permits, as the hub sees it: what is behind Lock, RLock, Semaphore and
 * BoundedSemaphore. Pure: messages in, messages out.
 *
 * Permits go to the callers that wait in the order they asked, each with one message. As in
 * Python any process may release. That an RLock is acquired again by its owner is not seen
 * here: its process counts for itself.
 *
 * A lock has a holder, a process, and is released when that dies. Permits of a semaphore
 * have no holder.
 *
 *                 Acquire                    Release, or a lock holder's death
 *   free permits ─────────► held permits ──────────────┐
 *        ▲      nobody waits                           │
 *        └─────────────────────────────────────────────┴──► the first who waits
 *
 * One that is used much moves into a word that processes share: see sharing.ts and word.ts.
 * Then processes take and give back permits without a message, also while others wait here,
 * which makes many pairs of both as fast as they can be. So that those who wait have their
 * turn, the hub insists on it after a while: what gets free next goes to the first of them.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import { ageOf, type LockDescription, type Waiting } from "./description.ts";
import { type Caller, Line } from "./line.ts";
import { type Outlet, SemaphoreMethod, type SharedObject } from "./object.ts";
import {
  OwnPermits,
  type Permits,
  SEM_VALUE_MAX,
  SharedLock,
  type SharedPermits,
  SharedSemaphore,
  type Taker,
} from "./permits.ts";
import type { Impatient } from "./patience.ts";
import { Sharing } from "./sharing.ts";
import { type SharedWord, TRIES } from "./word.ts";

export { SEM_VALUE_MAX };

/** The error of a release where none is held. */
export const RELEASED_TOO_OFTEN = "semaphore or lock released too many times";

/** A condition that has woken a caller, which now waits for the lock. */
export interface WakeUp {
  /** The woken process has died before it could act: has another sleeper wake up. */
  passOn(dead: number): void;
}

/** What a caller that waits for a permit says. */
interface Request extends Caller {
  /** The object that it is a call of. */
  readonly object: number;
  /** The answer. */
  readonly value: boolean;
  /** The condition that has woken it, if it waits for that reason. */
  readonly wakeUp: WakeUp | undefined;
}

/** The state machine behind Lock, RLock, Semaphore and BoundedSemaphore. */
export class SemaphoreState implements SharedObject, Impatient {
  readonly id: number;
  readonly #out: Outlet;
  readonly #max: number;
  /** Whether it has a holder. */
  readonly #isLock: boolean;
  readonly #own: OwnPermits;
  /** Where permits are once processes share them. */
  #shared: SharedPermits | undefined;
  readonly #waiters = new Line<Acquirer>();
  /** The condition that had woken the lock's holder. */
  #wakeUp: WakeUp | undefined;
  #sharing: Sharing | undefined;
  /** Whether other processes take what is free before the hub can. */
  #isOutrun = false;
  /** How often a permit was given by the hub, and when the last time. */
  #grants = 0;
  #grantedAt: number | undefined;

  /** @param args Free permits, the most there may be, 1 for a lock. */
  constructor(id: number, args: readonly number[], out: Outlet) {
    const [value = -1, max = 0, isLock = 0] = args;
    const isValid = Number.isInteger(value) && Number.isInteger(max) && value >= 0 &&
      value <= max && max <= SEM_VALUE_MAX && (isLock === 0 || max === 1);
    if (!isValid) throw new ProtocolError(`no semaphore can be made of ${args}`);
    this.id = id;
    this.#out = out;
    this.#max = max;
    this.#isLock = isLock !== 0;
    this.#own = new OwnPermits(value, max, this.#isLock, this.#disown);
  }

  get value(): number {
    return this.#permits.value;
  }

  /** Whether processes take and give back permits without the hub. */
  get isShared(): boolean {
    return this.#shared !== undefined;
  }

  receive(process: number, message: Message): void {
    switch (message[0]) {
      case Kind.Acquire:
        return this.#acquire(process, message[2], message[3]);
      case Kind.Release:
        return this.#release(process, message[2]);
      case Kind.Cancel:
        return this.#cancel(process, message[2]);
      case Kind.Call:
        if (message[3] === SemaphoreMethod.Freed) return this.#serve(true);
        if (message[3] !== SemaphoreMethod.Value) break;
        return this.#answer(process, message[2], this.value);
    }
    throw new ProtocolError(`no message of a semaphore: ${message[0]}`);
  }

  /** Takes a permit if one is free, as `Acquire` does; without a message. */
  acquireNow(process: number): boolean {
    const taker = { process, isWatched: false };
    if (!this.#permits.take(taker, this.#waiters.length > 0)) return false;
    this.#grants++;
    this.#grantedAt = undefined; // to look at the clock would take longer than this
    return true;
  }

  /**
   * Gives back what `process` has taken, as `Release` does; false, and nothing is done,
   * if that would cause a message.
   */
  releaseNow(process: number): boolean {
    return this.#waiters.length === 0 && this.#permits.giveOwn(process);
  }

  /** Gives back a permit; false if it was one too many. */
  release(process: number): boolean {
    const next = this.#waiters.first;
    const waited = this.#waiters.length > 1;
    if (!this.#permits.give(process, next, waited)) return false;
    this.#wakeUp = undefined;
    if (next !== undefined) this.#grant(this.#waiters.shift()!);
    if (this.#shared !== undefined) this.#serve();
    return true;
  }

  /**
   * Gives back permits of a semaphore without bound that is not shared, however many; false
   * if that were more than there may be.
   */
  releaseMany(count: number): boolean {
    if (count > this.#max - this.value) return false;
    const woken = Math.min(count, this.#waiters.length);
    for (let i = 0; i < woken; i++) this.release(-1);
    this.#own.add(count - woken);
    return true;
  }

  /** Takes a permit for a caller, or has it wait for one. */
  enqueue(request: Request): void {
    const waiter = new Acquirer(request);
    const isFirst = this.#waiters.length === 0;
    if (isFirst && this.#permits.take(waiter, false)) return this.#grant(waiter);
    waiter.since = this.#out.time?.();
    if (!this.#waiters.push(waiter)) return waiter.wakeUp?.passOn(waiter.process);
    this.#serve();
  }

  leave(process: number): void {
    const lost = this.#waiters.removeAll(process).map(({ wakeUp }) => wakeUp);
    this.#permits.forget(process);
    this.#sharing?.left(process);
    if (this.#permits.isHeldBy(process)) {
      this.#out.warn(process, "has ended while it held a lock, which is released");
      lost.push(this.#wakeUp);
      this.release(process);
    }
    this.#serve(); // it may have freed a permit and not said so
    for (const wakeUp of lost) wakeUp?.passOn(process);
  }

  abandoned(): void {
    this.#out.words?.patience.end(this);
    this.#sharing?.end();
  }

  settle(): void {}

  describe(now: number): LockDescription {
    return {
      kind: "lock",
      value: this.value,
      max: this.#max,
      isOwned: this.#isLock,
      isShared: this.isShared,
      takers: this.#takers(now),
      grants: this.#grants + (this.#shared?.grants ?? 0),
      waiters: this.#waiters.describe(now),
    };
  }

  #takers(now: number): Waiting[] {
    const { holder } = this.#shared ?? this.#own;
    if (holder === undefined) return this.#shared ? [] : this.#own.describe();
    // In shared memory it may have changed hands since.
    const since = this.#shared === undefined ? this.#grantedAt : undefined;
    return [{ process: holder, count: 1, age: ageOf(now, since) }];
  }

  get #permits(): Permits {
    return this.#shared ?? this.#own;
  }

  #acquire(process: number, call: number, block: boolean): void {
    this.#used(process);
    const object = this.id;
    if (block) {
      this.enqueue({ process, call, object, value: true, wakeUp: undefined });
    } else this.#answer(process, call, this.acquireNow(process));
  }

  #release(process: number, call: number): void {
    if (!this.release(process)) {
      const error = ["ValueError", RELEASED_TOO_OFTEN] as const;
      this.#out.send(process, [Kind.Failure, this.id, call, ...error]);
    } else if (call !== 0) this.#answer(process, call, null);
  }

  #cancel(process: number, call: number): void {
    // Else it has been answered.
    if (this.#waiters.remove(process, call) !== undefined) {
      this.#answer(process, call, false);
      this.#serve();
    }
  }

  #answer(process: number, call: number, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.id, call, value]);
  }

  #grant({ process, call, object, value, wakeUp }: Acquirer): void {
    if (this.#isLock) this.#wakeUp = wakeUp;
    this.#grants++;
    this.#grantedAt = this.#out.time?.();
    this.#out.send(process, [Kind.Answer, object, call, value]);
  }

  /** Another process has released what this one took. */
  readonly #disown = (process: number): void => {
    this.#out.send(process, [Kind.Disowned, this.id]);
  };

  // --- in a word

  #used(process: number): void {
    if (this.#out.words === undefined) return;
    this.#sharing ??= new Sharing(
      this.id,
      this.#out,
      (word) => this.#move(word),
      () => this.#moveBack(),
    );
    this.#sharing.used(process);
    // The process could not tell whether it may release what it is about to take.
    if (this.isShared && this.#isBounded) this.#sharing.warn(process);
  }

  get #isBounded(): boolean {
    return !this.#isLock && this.#max < SEM_VALUE_MAX;
  }

  /** It lies in a word from now on. */
  #move(word: SharedWord): void {
    const { owners } = this.#out.words!;
    if (!this.#isLock) {
      word.store(this.#own.value);
      this.#own.disownAll();
      this.#shared = new SharedSemaphore(word, this.#max);
    } else {
      this.#shared = new SharedLock(word, owners, this.#disown);
      const { holder } = this.#own;
      const isWatched = this.#wakeUp !== undefined;
      if (holder !== undefined) {
        this.#shared.take({ process: holder, isWatched }, this.#waiters.length > 0);
      }
    }
    this.#serve();
  }

  /** It lies in the hub alone again, as no process has the word. */
  #moveBack(): void {
    this.#own.assume(this.#shared!.value, this.#shared!.holder);
    this.#grants += this.#shared!.grants;
    this.#shared = undefined;
    this.#out.words!.patience.end(this);
    while (this.#waiters.first !== undefined && this.#own.take(this.#waiters.first)) {
      this.#grant(this.#waiters.shift()!);
    }
  }

  /** The first that waits has waited long enough: it has what gets free next. */
  insist(): void {
    this.#isOutrun = false;
    if (this.#waiters.length === 0) return;
    this.#shared!.insist();
    this.#serve();
  }

  /**
   * Gives what is free to those who wait; else has the hub told when something is.
   *
   * @param wasFreed The hub was told. If another process was quicker nevertheless, it would be
   * so again and again: then the hub is not told any more until it insists.
   */
  #serve(wasFreed = false): void {
    const shared = this.#shared;
    if (shared === undefined) return;
    for (let tries = 0; tries < TRIES + this.#waiters.length; tries++) {
      const first = this.#waiters.first;
      if (first === undefined) {
        this.#isOutrun = false;
        return this.#out.words!.patience.end(this);
      }
      if (shared.take(first, this.#waiters.length > 1)) {
        this.#grant(this.#waiters.shift()!);
        this.#isOutrun = false;
      } else {
        this.#isOutrun ||= wasFreed;
        if (this.#isOutrun || shared.await()) break;
      }
    }
    if (!shared.isInsisting) this.#out.words!.patience.begin(this);
  }
}

/** A caller that waits for a permit. */
class Acquirer implements Request, Taker {
  readonly process: number;
  readonly call: number;
  readonly object: number;
  readonly value: boolean;
  readonly wakeUp: WakeUp | undefined;
  since: number | undefined;

  constructor({ process, call, object, value, wakeUp }: Request) {
    this.process = process;
    this.call = call;
    this.object = object;
    this.value = value;
    this.wakeUp = wakeUp;
  }

  /** If it dies with the lock, another sleeper wakes up: the hub must know how long it has it. */
  get isWatched(): boolean {
    return this.wakeUp !== undefined;
  }
}
