/**
 * The parameters of the queues' methods, with the names that errors say.
 *
 * @module
 */
import { REQUIRED, type Signature, signature } from "../python/arguments.ts";

/** The arguments of `put`. */
export interface PutArguments {
  obj: unknown;
  block: unknown;
  timeout: unknown;
}

/** The parameters of `put` of a class. */
export function putSignature(name: string): Signature<PutArguments> {
  return signature<PutArguments>(
    `${name}.put`,
    { obj: REQUIRED, block: true, timeout: null },
    { positionalOnly: 1 },
  );
}

/** Parameters of `Queue`'s methods. */
export const PUT: Signature<PutArguments> = putSignature("Queue");
export const PUT_NOWAIT: Signature<Pick<PutArguments, "obj">> = signature<
  Pick<PutArguments, "obj">
>(
  "Queue.put_nowait",
  { obj: REQUIRED },
  { positionalOnly: 1 },
);
export const GET: Signature<Omit<PutArguments, "obj">> = signature<
  Omit<PutArguments, "obj">
>("Queue.get", { block: true, timeout: null });
export const GET_NOWAIT: Signature<object> = signature("Queue.get_nowait", {});
export const QSIZE: Signature<object> = signature("Queue.qsize", {});
export const EMPTY: Signature<object> = signature("Queue.empty", {});
export const FULL: Signature<object> = signature("Queue.full", {});
export const JOIN_THREAD: Signature<object> = signature("Queue.join_thread", {});
export const SHUTDOWN: Signature<{ immediate: unknown }> = signature(
  "Queue.shutdown",
  { immediate: false as unknown },
);

/** Stands for an argument that is not given. */
export const NOT_GIVEN: unique symbol = Symbol("not given");

/** Parameters of `JoinableQueue`'s methods. */
export const JOINABLE_PUT: Signature<PutArguments> = putSignature("JoinableQueue");
export const TASK_DONE: Signature<{ item: unknown }> = signature<{ item: unknown }>(
  "JoinableQueue.task_done",
  { item: NOT_GIVEN },
  { keywordOnly: ["item"] },
);
export const JOIN: Signature<object> = signature("JoinableQueue.join", {});
export const DEAD_LETTERS: Signature<object> = signature(
  "JoinableQueue.dead_letters",
  {},
);

/** Parameters of `SimpleQueue`'s methods. */
export const SIMPLE_PUT: Signature<{ obj: unknown }> = signature<{ obj: unknown }>(
  "SimpleQueue.put",
  { obj: REQUIRED },
  { positionalOnly: 1 },
);
export const SIMPLE_GET: Signature<object> = signature("SimpleQueue.get", {});
export const SIMPLE_EMPTY: Signature<object> = signature("SimpleQueue.empty", {});
export const SIMPLE_SHUTDOWN: Signature<{ immediate: unknown }> = signature(
  "SimpleQueue.shutdown",
  { immediate: false as unknown },
);
