/**
 * What the channel of tasks tells of a pool's calls, from the side of those who make them.
 * Nothing is made where nobody listens: runtime/channels.ts.
 *
 * A task begins (`start`, `end`) when it is made, in the caller's async context, and is over
 * (`asyncStart`, `asyncEnd`, and before them `error` if it has failed) when its result is
 * there, and before anybody is given that. What a subscriber has put into its `carrier` goes
 * with it; the worker tells of the same task, with the same carrier, as traced_call.ts has it.
 *
 * @module
 */
import { type CallerContext, callerContext } from "../runtime/caller_context.ts";
import type { TracingChannel } from "../runtime/channels.ts";
import { channels } from "../runtime/channels_now.ts";
import { ProcessError } from "../python/errors.ts";

/** A task, for both sides. */
export interface TaskFacts {
  /** The function's name. */
  readonly func: string;
  /** The pool's number in its process, from 1. */
  readonly pool: number;
  /** The task's number in its pool, from 1, of those that were told of. */
  readonly task: number;
  /** How many calls of the function it is. */
  readonly calls: number;
  /** What goes with it to the worker: names and texts, such as `traceparent`. */
  readonly carrier: Record<string, string>;
}

/** Where a task runs. */
export interface WorkerPlace {
  /** The worker's name; null while none is known to run it. */
  worker: string | null;
  /** The number of the worker's process; null for a thread as well. */
  pid: number | null;
}

/** What the channel of tasks tells. */
export interface TaskMessage extends TaskFacts, WorkerPlace {
  /** Who tells: the process that has made the pool, or the worker that runs the task. */
  readonly side: "owner" | "worker";
  /** Why it has failed. */
  error?: unknown;
}

/** A pool, by the number that those who look inside know it by: see live_pools.ts. */
interface NumberedPool {
  readonly number: number;
}

/** How many tasks of each pool were told of. */
const counts = new WeakMap<NumberedPool, number>();

/** The number of the pool's next task. */
function nextTask(pool: NumberedPool): number {
  const task = (counts.get(pool) ?? 0) + 1;
  counts.set(pool, task);
  return task;
}

/** The tasks of one job that are told of. */
export class ToldTasks {
  readonly #func: string;
  readonly #pool: NumberedPool;
  /** Calls what the caller of the pool's method would call. */
  readonly #inContext: CallerContext = callerContext();
  /** Those that have not ended. */
  readonly #open = new Map<object, ToldTask>();

  constructor(func: string, pool: NumberedPool) {
    this.#func = func;
    this.#pool = pool;
  }

  /** A task is made, of so many calls. */
  begin(key: object, calls: number): void {
    const [pool, task] = [this.#pool.number, nextTask(this.#pool)];
    const facts = { func: this.#func, pool, task, calls };
    const told = new ToldTask(
      { side: "owner", ...facts, carrier: {}, worker: null, pid: null },
      this.#inContext,
      () => this.#open.delete(key),
    );
    this.#open.set(key, told);
    told.begin();
  }

  /** What is told of a task, until it has ended. */
  of(key: object): ToldTask | undefined {
    return this.#open.get(key);
  }

  /** The job is over: what has not ended never will. */
  close(error: unknown): void {
    if (this.#open.size === 0) return;
    const reason = error ?? new ProcessError("the result was not wanted any more");
    for (const task of [...this.#open.values()]) task.fail(reason);
  }
}

/** What the channel `worker.lost` tells: a pool's worker has ended of which the pool wanted more. */
export interface LostMessage {
  /** The worker's name. */
  readonly name: string;
  /** Its number in the system. */
  readonly pid: number | null;
  /** Its exit code, or minus the number of the signal that has ended it. */
  readonly exitcode: number | null;
  /** The name of the signal that has ended it; null for none. */
  readonly signal: string | null;
  /** The name of the host that it was on; null for this machine. */
  readonly host: string | null;
  /** The function that it ran; null for none. */
  readonly func: string | null;
}

/** Tells of a worker that was lost, with what it ran. */
export function tellLost(
  { name, pid, exitcode, signal, host }: Omit<LostMessage, "func">,
  func: string | null,
): void {
  channels.tell("worker.lost", (): LostMessage => ({
    ...{ name, pid, exitcode, signal, host, func },
  }));
}

/** What a job's tasks are told of by; undefined if nobody listens now. */
export function toldTasks(
  settings: { readonly func: { readonly name: string }; readonly owner: NumberedPool },
): ToldTasks | undefined {
  if (!channels.areTasksHeard) return undefined;
  return new ToldTasks(settings.func.name, settings.owner);
}

/** One task that is told of. */
export class ToldTask {
  readonly #message: TaskMessage;
  readonly #channel: TracingChannel = channels.task;
  readonly #inContext: CallerContext;
  readonly #onEnd: () => boolean;

  /** @param onEnd Is called at its end; false if that has been. */
  constructor(
    message: TaskMessage,
    inContext: CallerContext,
    onEnd: () => boolean,
  ) {
    this.#message = message;
    this.#inContext = inContext;
    this.#onEnd = onEnd;
  }

  /** What the worker is told of it. What subscribers have put there that is no text is left out. */
  get facts(): TaskFacts {
    const { func, pool, task, calls, carrier } = this.#message;
    const texts = Object.entries(carrier).filter(([, value]) =>
      typeof value === "string"
    );
    return { func, pool, task, calls, carrier: Object.fromEntries(texts) };
  }

  begin(): void {
    const { start, end } = this.#channel;
    const message = this.#message;
    this.#inContext(() => start.runStores(message, () => end.publish(message)));
  }

  /** A worker runs it, or has. */
  ranBy({ name, pid }: { readonly name: string; readonly pid: number | null }): void {
    this.#message.worker = name;
    this.#message.pid = pid;
  }

  /** It is done. */
  succeed(): void {
    if (this.#onEnd()) this.#end();
  }

  /** It has failed. */
  fail(error: unknown): void {
    if (!this.#onEnd()) return;
    this.#message.error = error;
    this.#inContext(() => this.#channel.error.publish(this.#message));
    this.#end();
  }

  #end(): void {
    const { asyncStart, asyncEnd } = this.#channel;
    const message = this.#message;
    this.#inContext(() => {
      asyncStart.publish(message);
      asyncEnd.publish(message);
    });
  }
}
