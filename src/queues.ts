/**
 * Mirrors `multiprocessing/queues.py`: `Queue`, `JoinableQueue`, `SimpleQueue`.
 *
 * What differs: an item is encoded when `put` is called, so a value that cannot be sent
 * raises an error there, and later changes do not show. There is no feeder thread: `put`
 * sends the item at the call, and the process may end before another has taken it. An item
 * leaves the queue when a process has claimed it; if that process was killed before, the
 * item is in the queue again. `qsize()`, `empty()` and `full()` agree with each other. A
 * queue can be shut down for good, as CPython's `queue.Queue` can, and then ends a loop with
 * `for await`; and it can redeliver what a process took that has died since.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export type { JoinableQueueStats, QueueStats } from "./hub/stats.ts";
export type { Handle } from "./link/handle.ts";
export type { StatsOptions } from "./link/stats.ts";
export type { BaseQueue } from "./queues/base.ts";
export { Empty, Full, ShutDown } from "./python/errors.ts";
export {
  JoinableQueue,
  type JoinableQueueClass,
  type JoinableQueueConstructor,
  type JoinableQueueOptions,
  type TaskDoneOptions,
} from "./queues/joinable.ts";
export {
  Queue,
  type QueueClass,
  type QueueConstructor,
  type QueueOptions,
  type ShutdownOptions,
} from "./queues/queue.ts";
export {
  type SignalOptions,
  SimpleQueue,
  type SimpleQueueClass,
  type SimpleQueueConstructor,
} from "./queues/simple.ts";
