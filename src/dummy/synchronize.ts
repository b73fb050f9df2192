/**
 * `Lock`, `RLock`, `Semaphore`, `BoundedSemaphore`, `Condition`, `Event` and `Barrier` of
 * threads: those of Python's `threading`, which a manager's server has too.
 *
 * @module
 */
import type { LockStats, SemaphoreStats } from "../hub/stats.ts";
import {
  AcquirerProxy,
  BarrierProxy,
  ConditionProxy,
  EventProxy,
} from "../managers/proxies/lock_proxies.ts";
import {
  ManagedBarrier,
  ManagedBoundedSemaphore,
  ManagedCondition,
  ManagedEvent,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "../managers/types/locks.ts";
import { referentOf } from "../managers/types/python_values.ts";
import {
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { AttributeError } from "../python/errors.ts";
import { callable } from "../python/callable.ts";
import type { BarrierConstructor, BarrierOptions } from "../synchronize/barrier.ts";
import { partsOf, showObject, takeAs } from "./channel.ts";

const LOCK = "_thread.lock";
const RLOCK = "_thread.RLock";
const NO_LOCK_ARGUMENTS = signature<object>("lock", {}, { builtin: true });
const NO_RLOCK_ARGUMENTS = signature<object>("RLock", {}, { builtin: true });
const NO_EVENT_ARGUMENTS = signature<object>("Event.__init__", {});
const BUILTIN = { builtin: true };
const RELEASE_LOCK = signature<object>("lock.release", {}, BUILTIN);
const RELEASE_RLOCK = signature<object>("RLock.release", {}, BUILTIN);
const CONDITION = signature<{ lock: unknown }>("Condition.__init__", { lock: null });

/** What `Lock` of threads makes. */
export class LockClass extends AcquirerProxy<LockStats> {
  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    parseArguments(NO_LOCK_ARGUMENTS, given);
    super(...partsOf(new ManagedLock(), LOCK));
  }

  /** Gives it back; any thread may. CPython: `Lock.release`. @throws {RuntimeError} if it is free */
  override release(): Promise<void>;
  override async release(...given: unknown[]): Promise<void> {
    parseArguments(RELEASE_LOCK, given);
    await super.release();
  }
}

/** What `RLock` of threads makes. */
export class RLockClass extends AcquirerProxy<LockStats> {
  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    parseArguments(NO_RLOCK_ARGUMENTS, given);
    super(...partsOf(new ManagedRLock(), RLOCK));
  }

  /** Gives it back. CPython: `RLock.release`. @throws {RuntimeError} if it is another's */
  override release(): Promise<void>;
  override async release(...given: unknown[]): Promise<void> {
    parseArguments(RELEASE_RLOCK, given);
    await super.release();
  }
}

/** What `Semaphore` of threads makes. */
export class SemaphoreClass extends AcquirerProxy<SemaphoreStats> {
  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    const { prototype } = new.target;
    const isBounded = prototype === BoundedSemaphoreClass.prototype ||
      prototype instanceof BoundedSemaphoreClass;
    const Managed = isBounded ? ManagedBoundedSemaphore : ManagedSemaphore;
    super(...partsOf(new Managed(...given), LOCK));
  }
}

/** What `BoundedSemaphore` of threads makes. */
export class BoundedSemaphoreClass extends SemaphoreClass {}

/** What `Condition` of threads makes. */
export class ConditionClass extends ConditionProxy {
  readonly #isRecursive: boolean;

  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    const { lock } = parseArguments(CONDITION, given);
    const ours = asLock(lock) ?? new ManagedRLock();
    const isRecursive = ours instanceof ManagedRLock;
    super(...partsOf(new ManagedCondition(ours), isRecursive ? RLOCK : LOCK));
    this.#isRecursive = isRecursive;
  }

  /** `release` of the lock. CPython: `Condition.release`. @throws {RuntimeError} as that does */
  override release(): Promise<void>;
  override async release(...given: unknown[]): Promise<void> {
    parseArguments(this.#isRecursive ? RELEASE_RLOCK : RELEASE_LOCK, given);
    await super.release();
  }
}

/** What a condition goes with. @throws {AttributeError} for what is no lock of threads */
function asLock(lock: unknown): ManagedLock | null {
  if (lock === null) return null;
  const referent = referentOf(lock);
  if (referent instanceof ManagedLock) return referent;
  const { acquire } = lock as { acquire?: unknown };
  const missing = typeof acquire === "function" ? "_is_owned" : "acquire";
  throw new AttributeError(
    `'${pythonTypeName(lock)}' object has no attribute '${missing}'`,
  );
}

/** What `Event` of threads makes. */
export class EventClass extends EventProxy {
  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    parseArguments(NO_EVENT_ARGUMENTS, given);
    super(...partsOf(new ManagedEvent(), LOCK));
  }
}

/** What `Barrier` of threads makes. */
export class BarrierClass extends BarrierProxy {
  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    super(...partsOf(new ManagedBarrier(...given), LOCK));
  }
}

const TIMEOUT = { timeout: null };
const BLOCKING = { blocking: true, timeout: null };
const ACQUIRE_LOCK = signature("acquire", BLOCKING, BUILTIN);
takeAs(LockClass, ACQUIRE_LOCK, signature("lock.locked", {}, BUILTIN));
takeAs(RLockClass, ACQUIRE_LOCK, signature("RLock.locked", {}, BUILTIN));
takeAs(
  SemaphoreClass,
  signature("Semaphore.acquire", BLOCKING),
  signature("Semaphore.release", { n: 1 }),
);
takeAs(
  BoundedSemaphoreClass,
  signature("BoundedSemaphore.release", { n: 1 }),
);
takeAs(
  ConditionClass,
  ...[ACQUIRE_LOCK, signature("Condition.wait", TIMEOUT)],
  ...[signature("Condition.notify", { n: 1 }), signature("Condition.notify_all", {})],
  signature("Condition.wait_for", { predicate: REQUIRED, timeout: null }),
);
takeAs(
  EventClass,
  ...[signature("Event.is_set", {}), signature("Event.set", {})],
  ...[signature("Event.clear", {}), signature("Event.wait", TIMEOUT)],
);
takeAs(
  BarrierClass,
  ...[signature("Barrier.abort", {}), signature("Barrier.reset", {})],
  signature("Barrier.wait", TIMEOUT),
);
showObject(LockClass, RLockClass, SemaphoreClass, BoundedSemaphoreClass);
showObject(ConditionClass, EventClass, BarrierClass);

/** A lock of threads; made by the function of the same name. */
export type Lock = LockClass;
/** A lock that its thread may take again; made by the function of the same name. */
export type RLock = RLockClass;
/** A number of permits for threads; made by the function of the same name. */
export type Semaphore = SemaphoreClass;
/** A number of permits that cannot grow; made by the function of the same name. */
export type BoundedSemaphore = BoundedSemaphoreClass;
/** What threads wait for that hold a lock; made by the function of the same name. */
export type Condition = ConditionClass;
/** A flag that threads wait for; made by the function of the same name. */
export type Event = EventClass;
/** Where threads wait for each other; made by the function of the same name. */
export type Barrier = BarrierClass;

/** `Lock`, `RLock` or `Event` as a value: a class that may be called without `new`. */
export interface PlainConstructor<T> {
  /** With `new`, as in JavaScript. */
  new (): T;
  /** Without, as in Python. */
  (): T;
  /** The members that all of them have. */
  readonly prototype: T;
}

/** `Semaphore` or `BoundedSemaphore` as a value. */
export interface CountConstructor<T> {
  /** With `new`, as in JavaScript. */
  new (value?: number | { value?: number }): T;
  /** Without, as in Python. */
  (value?: number | { value?: number }): T;
  /** The members that all of them have. */
  readonly prototype: T;
}

/** `Condition` as a value: a class that may be called without `new`. */
export interface ConditionConstructor {
  /** With `new`, as in JavaScript. */
  new (lock?: Lock | RLock | { lock?: Lock | RLock | null } | null): ConditionClass;
  /** Without, as in Python. */
  (lock?: Lock | RLock | { lock?: Lock | RLock | null } | null): ConditionClass;
  /** The members that all of them have. */
  readonly prototype: ConditionClass;
}

export type { BarrierConstructor, BarrierOptions };

/**
 * A lock between threads: one may hold it, and any may release it. CPython:
 * `multiprocessing.dummy.Lock`, which is `threading.Lock`.
 *
 * @example
 * ```ts
 * import { Lock } from "@pystd/multiprocessing/dummy";
 * const lock = Lock();
 * console.log(await lock.with(() => lock.locked())); // true
 * ```
 */
export const Lock: PlainConstructor<Lock> = callable("Lock", LockClass);

/**
 * A lock that its thread may take again, and only it release. CPython:
 * `multiprocessing.dummy.RLock`, which is `threading.RLock`.
 *
 * @example
 * ```ts
 * import { RLock } from "@pystd/multiprocessing/dummy";
 * const lock = RLock();
 * await lock.with(() => lock.with(() => console.log("held twice")));
 * ```
 */
export const RLock: PlainConstructor<RLock> = callable("RLock", RLockClass);

/**
 * As many threads may hold it at once as it has permits. CPython:
 * `multiprocessing.dummy.Semaphore`, which is `threading.Semaphore`.
 *
 * @throws {ValueError} `semaphore initial value must be >= 0`
 */
export const Semaphore: CountConstructor<Semaphore> = callable(
  "Semaphore",
  SemaphoreClass,
);

/**
 * A semaphore that never has more permits than at the beginning. CPython:
 * `multiprocessing.dummy.BoundedSemaphore`, which is `threading.BoundedSemaphore`.
 *
 * @throws {ValueError} `semaphore initial value must be >= 0`
 */
export const BoundedSemaphore: CountConstructor<BoundedSemaphore> = callable(
  "BoundedSemaphore",
  BoundedSemaphoreClass,
);

/**
 * What threads wait for that hold a lock, until another one says that it may be so.
 * CPython: `multiprocessing.dummy.Condition`, which is `threading.Condition`.
 *
 * @param lock A `Lock` or `RLock` of this module; an RLock of its own if null.
 * @throws {AttributeError} for anything else
 */
export const Condition: ConditionConstructor = callable("Condition", ConditionClass);

/**
 * A flag that threads wait for. CPython: `multiprocessing.dummy.Event`, which is
 * `threading.Event`.
 */
export const Event: PlainConstructor<Event> = callable("Event", EventClass);

/**
 * Where threads wait until a number of them is there. CPython:
 * `multiprocessing.dummy.Barrier`, which is `threading.Barrier`.
 *
 * @param parties How many must be there.
 * @param action What one of them calls before all pass.
 * @param timeout Seconds that `wait` takes at most where it is not told otherwise.
 * @throws {ValueError} `parties must be > 0`
 *
 * @example
 * ```ts
 * import { Barrier } from "@pystd/multiprocessing/dummy";
 * const barrier = Barrier(2);
 * console.log(await Promise.all([barrier.wait(), barrier.wait()])); // [ 0, 1 ]
 * ```
 */
export const Barrier: BarrierConstructor<BarrierClass> = callable(
  "Barrier",
  BarrierClass,
);
