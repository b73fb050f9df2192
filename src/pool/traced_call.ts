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
 * then `asyncStart` and `asyncEnd`, when what it gives is there; `error` before them if it
 * has failed. What is called sees the values of `AsyncLocalStorage` that a subscriber has
 * bound to `start`.
 */
export function tracedCall(
  channels: Channels,
  message: TaskMessage,
  call: () => unknown,
): unknown {
  if (!channels.areTasksHeard) return call();
  const { start, end, asyncStart, asyncEnd, error } = channels.task;
  const settle = () => {
    asyncStart.publish(message);
    asyncEnd.publish(message);
  };
  const fail = (reason: unknown): never => {
    message.error = reason;
    error.publish(message);
    settle();
    throw reason;
  };
  const succeed = (value: unknown) => {
    settle();
    return value;
  };
  return start.runStores(message, () => {
    let value: unknown;
    try {
      value = call();
    } catch (reason) {
      end.publish(message);
      return fail(reason);
    }
    end.publish(message);
    return value instanceof Promise ? value.then(succeed, fail) : succeed(value);
  });
}
