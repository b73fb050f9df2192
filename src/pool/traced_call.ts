/**
 * What the channel of tasks tells in a worker, of tasks whose pool's owner has told of them.
 * A worker loads this file only when it gets such a task.
 *
 * @module
 */
import type { Channels } from "../runtime/channels.ts";
import type { TaskMessage } from "./told_task.ts";

/**
 * Calls what calls a task's function, and tells of that: `start` and `end` around the call,
 * then `asyncStart` and `asyncEnd` if it gives a promise, when that is settled. What is
 * called sees the values of `AsyncLocalStorage` that a subscriber has bound to `start`.
 */
export function tracedCall<T>(
  channels: Channels,
  message: TaskMessage,
  call: () => T,
): T {
  if (!channels.areTasksHeard) return call();
  const { start, end, asyncStart, asyncEnd, error } = channels.task;
  const fail = (reason: unknown): never => {
    message.error = reason;
    error.publish(message);
    throw reason;
  };
  const settle = () => {
    asyncStart.publish(message);
    asyncEnd.publish(message);
  };
  return start.runStores(message, () => {
    try {
      const value = call();
      if (!(value instanceof Promise)) return value;
      return value.catch(fail).finally(settle) as T;
    } catch (reason) {
      return fail(reason);
    } finally {
      end.publish(message);
    }
  });
}
