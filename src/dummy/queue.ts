/**
 * `Queue` of threads: Python's `queue.Queue`, which a manager's server has too.
 *
 * @module
 */
import { BaseProxy } from "../managers/proxies/base_proxy.ts";
import {
  defineItems,
  defineMethods,
  type QueueProxy,
} from "../managers/proxies/proxy_types.ts";
import { GET, ManagedQueue, PUT, SHUTDOWN } from "../managers/types/queue.ts";
import { REQUIRED, signature } from "../python/arguments.ts";
import { callable } from "../python/callable.ts";
import { partsOf, showObject, takeAs } from "./channel.ts";

class QueueClass extends BaseProxy {
  /** Most items in it; 0 or less for no bound. CPython: `Queue.maxsize`. */
  readonly maxsize: number;

  constructor(...given: unknown[]) {
    const queue = new ManagedQueue(...given);
    super(...partsOf(queue, "_thread.lock"));
    this.maxsize = queue.maxsize;
  }
}

const METHODS = ["empty", "full", "get_nowait", "join", "put_nowait", "qsize"];
defineMethods(QueueClass, [...METHODS, "get", "put", "shutdown", "task_done"], {
  put: PUT,
  get: GET,
  shutdown: SHUTDOWN,
});
defineItems(QueueClass);
takeAs(
  QueueClass,
  ...[signature("Queue.empty", {}), signature("Queue.full", {})],
  ...[signature("Queue.qsize", {}), signature("Queue.get_nowait", {})],
  ...[signature("Queue.join", {}), signature("Queue.task_done", {})],
  signature("Queue.put_nowait", { item: REQUIRED }, { positionalOnly: 1 }),
);
showObject(QueueClass);

/** A queue of threads; made by the function of the same name. */
export interface Queue<T = unknown> extends QueueProxy<T> {
  /** Most items in it; 0 or less for no bound. CPython: `Queue.maxsize`. */
  readonly maxsize: number;
}

/** `Queue` as a value: a class that may be called without `new`. */
export interface QueueConstructor {
  /** With `new`, as in JavaScript. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  new <T = any>(maxsize?: number | { maxsize?: number }): Queue<T>;
  /** Without, as in Python. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(maxsize?: number | { maxsize?: number }): Queue<T>;
  /** The members that all queues have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: Queue<any>;
}

/**
 * A first-in first-out queue between threads, which get the items themselves and no
 * copies. CPython: `multiprocessing.dummy.Queue`, which is `queue.Queue`; `JoinableQueue`
 * is the same.
 *
 * @param maxsize Most items in it; 0 or less for no bound.
 *
 * @example
 * ```ts
 * import { Queue } from "@pystd/multiprocessing/dummy";
 * const q = Queue<number[]>();
 * const item = [1];
 * await q.put(item);
 * console.log(await q.get() === item); // true
 * ```
 */
export const Queue: QueueConstructor = callable("Queue", QueueClass);
