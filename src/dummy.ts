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
import "./child_mode.ts";

export { Empty, Full } from "./python/errors.ts";
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
  type KeywordProcessOptions,
  type ProcessOptions,
} from "./dummy/process.ts";
export { Queue, Queue as JoinableQueue, type QueueConstructor } from "./dummy/queue.ts";
export {
  Barrier,
  type BarrierConstructor,
  type BarrierOptions,
  BoundedSemaphore,
  Condition,
  type ConditionConstructor,
  type CountConstructor,
  Event,
  Lock,
  type PlainConstructor,
  RLock,
  Semaphore,
} from "./dummy/synchronize.ts";
export {
  Array,
  type ArrayTypes,
  dict,
  type DictConstructor,
  list,
  type ListConstructor,
  type LockOption,
  Namespace,
  type NamespaceConstructor,
  Value,
  type ValueConstructor,
} from "./dummy/values.ts";
