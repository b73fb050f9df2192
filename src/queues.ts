/**
 * Mirrors `multiprocessing/queues.py`: `Queue`, `JoinableQueue`, `SimpleQueue`.
 *
 * What differs: an item is encoded when `put` is called, so what cannot be sent raises
 * there, and later changes do not show. There is no feeder: `put` has handed the item
 * on when it is called, and a process may end before anybody has taken it. An item
 * leaves the queue when a process has said that it takes it; one whose taker was
 * killed before is there again. `qsize()`, `empty()` and `full()` agree with each other.
 *
 * @module
 */
import "./link/root.ts";
import "./deferred.ts";

export { Empty, Full } from "./python/errors.ts";
export {
  JoinableQueue,
  type JoinableQueueConstructor,
  Queue,
  type QueueConstructor,
  type QueueOptions,
} from "./queues/queue.ts";
export {
  type SignalOptions,
  SimpleQueue,
  type SimpleQueueConstructor,
} from "./queues/simple.ts";
