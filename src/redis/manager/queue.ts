/**
 * A manager's `Queue` and `JoinableQueue`, and its `Value`, on a server: the objects of the
 * context, with the arguments and errors of Python's `queue.Queue`.
 *
 * @module
 */
import { GET, PUT, secondsOf, SHUTDOWN } from "../../managers/types/queue.ts";
import { parseArguments, repr, takes } from "../../python/arguments.ts";
import { addressed } from "../../python/printing.ts";
import type { RedisJoinableQueue } from "../queue.ts";
import { sending } from "./canonical.ts";
import type { RedisValue } from "../value.ts";

/** What ends a wait early. */
type Signal = AbortSignal | undefined;

/** The names of the methods that proxies may call, in Python's order. */
export const QUEUE_METHODS: readonly string[] =
  ("empty full get get_nowait join put put_nowait qsize shutdown task_done").split(" ");

/** `queue.Queue`. */
export class QueueMethods {
  readonly #queue: RedisJoinableQueue;

  constructor(queue: RedisJoinableQueue) {
    this.#queue = queue;
  }

  async put(signal: Signal, ...given: unknown[]): Promise<void> {
    const { item, ...how } = parseArguments(PUT, given);
    const seconds = this.#queue._bound > 0 ? secondsOf(how) : null;
    await this.#queue.put(item ?? null, options(seconds, signal));
  }

  async get(signal: Signal, ...given: unknown[]): Promise<unknown> {
    const seconds = secondsOf(parseArguments(GET, given));
    return await this.#queue.get(options(seconds, signal));
  }

  async put_nowait(signal: Signal, ...given: [unknown]): Promise<void> {
    takes("Queue.put_nowait", given, { most: 1 });
    await this.put(signal, given[0], false);
  }

  async get_nowait(signal: Signal, ...given: unknown[]): Promise<unknown> {
    takes("Queue.get_nowait", given);
    return await this.get(signal, false);
  }

  async qsize(_signal: Signal, ...given: unknown[]): Promise<number> {
    takes("Queue.qsize", given);
    return await this.#queue.qsize();
  }

  async empty(_signal: Signal, ...given: unknown[]): Promise<boolean> {
    takes("Queue.empty", given);
    return await this.#queue.empty();
  }

  async full(_signal: Signal, ...given: unknown[]): Promise<boolean> {
    takes("Queue.full", given);
    return await this.#queue.full();
  }

  async task_done(_signal: Signal, ...given: unknown[]): Promise<void> {
    takes("Queue.task_done", given);
    await this.#queue.task_done();
  }

  async join(signal: Signal, ...given: unknown[]): Promise<void> {
    takes("Queue.join", given);
    await this.#queue.join(signal === undefined ? {} : { signal });
  }

  async shutdown(_signal: Signal, ...given: unknown[]): Promise<void> {
    const { immediate } = parseArguments(SHUTDOWN, given);
    await this.#queue.shutdown(Boolean(immediate));
  }

  // deno-lint-ignore require-await -- as all others
  async _text(): Promise<string> {
    return addressed(this.#queue, "queue.Queue");
  }
}

function options(seconds: number | null, signal: Signal) {
  const how = { block: seconds !== 0, timeout: seconds };
  return signal === undefined ? how : { ...how, signal };
}

/** `multiprocessing.managers.Value`. */
export class ValueMethods {
  readonly #value: RedisValue;

  constructor(value: RedisValue) {
    this.#value = value;
  }

  get(): Promise<unknown> {
    return this.#value.get();
  }

  set(_signal: Signal, value: unknown): Promise<void> {
    return this.#value._write(sending(() => this.#value._dump(value ?? null)), 0);
  }

  increment(_signal: Signal, by: unknown = 1): Promise<unknown> {
    return this.#value.increment(by as number);
  }

  async _text(): Promise<string> {
    return `Value(${repr(this.#value._typecode)}, ${repr(await this.#value.get())})`;
  }
}
