/**
 * Mirrors `multiprocessing/dummy/__init__.py`: the names of the package on threads, which
 * are asynchronous tasks of this process.
 *
 * What differs: blocking calls are awaited, by the same names and in the same places as
 * those of processes. A thread gives way to others only where it awaits something. `Array`
 * gives a typed array; `dict` and `list` have the methods of a manager's. Objects of this
 * module stay in this process, and are not copied.
 *
 * A `ThreadPool` has the same threads, so all locks tell its workers apart too.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export { Empty, Full, ShutDown } from "./python/errors.ts";
export { type Connection, Pipe } from "./dummy/connection.ts";
export {
  type DummyManager,
  freeze_support,
  Manager,
  Pool,
  shutdown,
} from "./dummy/manager.ts";
export {
  active_children,
  type AnyProcess,
  type CommonOptions,
  current_process,
  DummyProcess,
  DummyProcess as Process,
  type ProcessOptions,
} from "./dummy/process.ts";
export { Queue, Queue as JoinableQueue, type QueueConstructor } from "./dummy/queue.ts";
export {
  Barrier,
  type BarrierClass,
  type BarrierConstructor,
  type BarrierOptions,
  BoundedSemaphore,
  type BoundedSemaphoreClass,
  Condition,
  type ConditionClass,
  type ConditionConstructor,
  type CountConstructor,
  Event,
  type EventClass,
  Lock,
  type LockClass,
  type PlainConstructor,
  RLock,
  type RLockClass,
  Semaphore,
  type SemaphoreClass,
} from "./dummy/synchronize.ts";
export {
  Array,
  type ArrayTypes,
  dict,
  type DictClass,
  type DictConstructor,
  list,
  type ListClass,
  type ListConstructor,
  type LockOption,
  Namespace,
  type NamespaceConstructor,
  Value,
  type ValueClass,
  type ValueConstructor,
} from "./dummy/values.ts";
