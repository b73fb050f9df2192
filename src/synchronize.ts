/**
 * Mirrors `multiprocessing/synchronize.py`: `Lock`, `RLock`, `Semaphore`,
 * `BoundedSemaphore`, `Condition`, `Event`, `Barrier`.
 *
 * What differs: the state is in the hub, which changes it one message at a time, so no
 * class is built on another.
 *
 * - A lock whose holder has died is released, and the package's logger warns.
 * - Locks, semaphores and conditions serve their waiters in the order of arrival.
 * - A killed process loses no wake-up of a condition: the next sleeper wakes up instead.
 * - A barrier breaks when a process that waits there dies, or a signal ends its wait;
 *   `abort` and `reset` do not wait for the action.
 * - `str()` shows the state that this process knows: the whole state in the root, elsewhere
 *   often `unknown`.
 *
 * The parts are in `synchronize/`, the hub's halves in `hub/`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export type {
  BarrierStats,
  ConditionStats,
  EventStats,
  LockStats,
  PermitStats,
  SemaphoreStats,
  StatsOwner,
} from "./hub/stats.ts";
export type { Handle } from "./link/handle.ts";
export type { StatsOptions } from "./link/stats.ts";
export {
  Barrier,
  type BarrierClass,
  type BarrierConstructor,
  type BarrierOptions,
} from "./synchronize/barrier.ts";
export {
  Condition,
  type ConditionClass,
  type ConditionConstructor,
  type WaitOptions,
} from "./synchronize/condition.ts";
export { Event, type EventClass, type EventConstructor } from "./synchronize/event.ts";
export {
  Lock,
  type LockClass,
  type LockConstructor,
  RLock,
  type RLockClass,
  type RLockConstructor,
} from "./synchronize/lock.ts";
export {
  BoundedSemaphore,
  type BoundedSemaphoreClass,
  type BoundedSemaphoreConstructor,
  Semaphore,
  type SemaphoreClass,
  type SemaphoreConstructor,
} from "./synchronize/semaphore.ts";
export { SEM_VALUE_MAX } from "./hub/permits.ts";
export type { AcquireOptions, SemLock, WithOptions } from "./synchronize/semlock.ts";
