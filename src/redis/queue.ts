/**
 * `Queue`, `JoinableQueue` and `SimpleQueue` on a server: the methods of queues/, with the same
 * arguments, errors and meaning. What differs stands at the classes.
 *
 * @module
 */
import type { JoinableQueueOptions, TaskDoneOptions } from "../queues/joinable.ts";
import type { QueueOptions, ShutdownOptions } from "../queues/queue.ts";
import {
  DEAD_LETTERS,
  EMPTY,
  FULL,
  GET,
  GET_NOWAIT,
  JOIN,
  JOIN_THREAD,
  JOINABLE_PUT,
  NOT_GIVEN,
  PUT,
  PUT_NOWAIT,
  type PutArguments,
  QSIZE,
  SHUTDOWN,
  SIMPLE_EMPTY,
  SIMPLE_GET,
  SIMPLE_PUT,
  SIMPLE_SHUTDOWN,
  TASK_DONE,
} from "../queues/signatures.ts";
import type { SignalOptions } from "../queues/simple.ts";
import {
  asCInt,
  asInteger,
  asTimeout,
  parseArguments,
  type Signature,
  signature,
  takes,
} from "../python/arguments.ts";
import { AssertionError, Full, OSError, ValueError } from "../python/errors.ts";
import { debug } from "../python/log_calls.ts";
import { type Making, registerObject, takeMaking } from "./making.ts";
import { idOfName } from "./object.ts";
import { FOR_EVER, type QueueShape, RedisQueueBase } from "./queue_base.ts";

/** Options of queues on a server. */
export interface RedisQueueOptions {
  /** Most items in the queue; 0 or less for no bound. */
  maxsize?: number;
  /**
   * Its name: all programs with the same context open the same queue. It stays when they
   * end, until `unlink`. The one that makes it decides on its size.
   */
  name?: string | null;
  /**
   * How many items this process is leased at most before it asks for them. A get that finds
   * one here needs no message: this is what makes many gets quick. If another process waits,
   * they go back; but a process that computes gives nothing back before it gives way.
   */
  prefetch?: number;
}

interface InitArguments {
  maxsize: unknown;
  redeliver?: unknown;
  name: unknown;
  prefetch: unknown;
}

const OURS = ["name", "prefetch"] as const;
const INIT: Signature<InitArguments> = signature<InitArguments>("BaseContext.Queue", {
  ...{ maxsize: 0, name: null, prefetch: 0 },
}, { keywordOnly: OURS });
const JOINABLE_INIT: Signature<InitArguments> = signature<InitArguments>(
  "BaseContext.JoinableQueue",
  { maxsize: 0, redeliver: 0, name: null, prefetch: 0 },
  { keywordOnly: ["redeliver", ...OURS] },
);
const SIMPLE_INIT: Signature<Omit<InitArguments, "maxsize">> = signature<
  Omit<InitArguments, "maxsize">
>(
  "BaseContext.SimpleQueue",
  { name: null, prefetch: 0 },
  { keywordOnly: OURS },
);

/** Most items that may be leased ahead. */
const MOST_AHEAD = 10_000;

/** What `Queue` of a context makes. See `Queue` of the package for the methods. */
export class RedisQueue<T = unknown> extends RedisQueueBase<T> {
  /** Whether anything was put here: only then does `close` close CPython's pipe. */
  #isFed = false;

  /**
   * Makes a queue, or opens the one of that name.
   *
   * @param maxsize Most items in the queue; 0 or less for no bound.
   * @throws {TypeError} if it is no integer
   */
  constructor(maxsize?: number | RedisQueueOptions, options?: RedisQueueOptions);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    super(making, new.target._shapeOf(making, given));
  }

  /** @internal What the constructor's arguments ask for. */
  static _shapeOf(making: Making, given: unknown[]): QueueShape {
    if (making.sent !== undefined) return making.sent.more as QueueShape;
    return shapeOf(parseArguments(INIT, given), false);
  }

  /** @internal The parameters of `put`: errors name its class. */
  protected get _signatureOfPut(): Signature<PutArguments> {
    return PUT;
  }

  /** As `Queue.put`: settles when the item is on the server. */
  put(obj: T, block?: boolean, timeout?: number | null): Promise<void>;
  /** The same with options. */
  put(obj: T, options?: QueueOptions): Promise<void>;
  async put(...given: unknown[]): Promise<void> {
    const { obj, block, timeout, signal } = parseArguments(this._signatureOfPut, given);
    this._checkOpen();
    const limit = { timeout: asTimeout(timeout, "semaphore"), signal };
    if (!await this._send(this._dump(obj), Boolean(block), limit)) throw new Full();
    this.#isFed = true;
  }

  /** As `Queue.get`. */
  get(block?: boolean, timeout?: number | null): Promise<T>;
  /** The same with options. */
  get(options?: QueueOptions): Promise<T>;
  get(...given: unknown[]): Promise<T> {
    try {
      if (given.length === 0 && !this._closed) return this._receive(true, FOR_EVER);
      const { block, timeout, signal } = parseArguments(GET, given);
      this._checkOpen();
      const seconds = asTimeout(timeout, block ? "clock" : "semaphore");
      return this._receive(Boolean(block), { timeout: seconds, signal });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** As `Queue.put_nowait`: `put(obj, false)`. */
  put_nowait(obj: T, options?: SignalOptions): Promise<void>;
  async put_nowait(...given: unknown[]): Promise<void> {
    const { obj, signal } = parseArguments(PUT_NOWAIT, given);
    await this.put(obj as T, { block: false, ...(signal && { signal }) });
  }

  /** As `Queue.get_nowait`: `get(false)`. */
  get_nowait(options?: SignalOptions): Promise<T>;
  async get_nowait(...given: unknown[]): Promise<T> {
    const { signal } = parseArguments(GET_NOWAIT, given);
    return await this.get({ block: false, ...(signal && { signal }) });
  }

  /** As `Queue.qsize`: items that were put, and that no process has taken. */
  qsize(options?: SignalOptions): Promise<number>;
  async qsize(...given: unknown[]): Promise<number> {
    const { signal } = parseArguments(QSIZE, given);
    return await this._size(signal);
  }

  /** As `Queue.empty`. */
  empty(options?: SignalOptions): Promise<boolean>;
  async empty(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(EMPTY, given);
    if (this._closed && this.#isFed) throw new OSError("handle is closed");
    return await this._size(signal) === 0;
  }

  /** As `Queue.full`. */
  full(options?: SignalOptions): Promise<boolean>;
  async full(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(FULL, given);
    const size = await this._size(signal); // until then its bound may be unknown
    return this._maxsize > 0 && size >= this._maxsize;
  }

  /** As `Queue.shutdown`. */
  shutdown(immediate?: boolean, options?: SignalOptions): Promise<void>;
  /** The same with options. */
  shutdown(options?: ShutdownOptions): Promise<void>;
  async shutdown(...given: unknown[]): Promise<void> {
    const { immediate, signal } = parseArguments(SHUTDOWN, given);
    await this._shutDown(Boolean(immediate), signal);
  }

  /** For `for await`, as of `Queue`: items until the queue is shut down and empty. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this._items();
  }

  /** As `Queue.close`: ends putting and getting in this process. */
  close(): void {
    takes("Queue.close", arguments);
    this._close();
  }

  /** As `Queue.join_thread`: what was put has been handed on already. */
  join_thread(options?: SignalOptions): Promise<void>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async join_thread(...given: unknown[]): Promise<void> {
    parseArguments(JOIN_THREAD, given);
    debug("Queue.join_thread()");
    if (!this._closed) throw new AssertionError(`Queue ${this} not closed`);
  }

  /** As `Queue.cancel_join_thread`: nothing waits. */
  cancel_join_thread(): void {
    takes("Queue.cancel_join_thread", arguments);
    debug("Queue.cancel_join_thread()");
  }

  /** @internal Most items; 0 for no bound. */
  get _bound(): number {
    return this._maxsize;
  }

  /** @internal */
  protected override _checkOpen(): void {
    if (this._closed) throw new ValueError(`Queue ${this} is closed`);
  }
}

/** Options of `JoinableQueue` on a server. */
export interface RedisJoinableQueueOptions
  extends JoinableQueueOptions, RedisQueueOptions {
  /** Most items in the queue; 0 or less for no bound. */
  maxsize?: number;
}

/** What `JoinableQueue` of a context makes. See `JoinableQueue` of the package. */
export class RedisJoinableQueue<T = unknown> extends RedisQueue<T> {
  /** Makes a queue, or opens the one of that name. */
  constructor(
    maxsize?: number | RedisJoinableQueueOptions,
    options?: RedisJoinableQueueOptions,
  ) {
    super(...[maxsize, options].filter((one) => one !== undefined) as [number]);
  }

  /** @internal */
  static override _shapeOf(making: Making, given: unknown[]): QueueShape {
    if (making.sent !== undefined) return making.sent.more as QueueShape;
    return shapeOf(parseArguments(JOINABLE_INIT, given), true);
  }

  /** @internal */
  protected override get _signatureOfPut(): Signature<PutArguments> {
    return JOINABLE_PUT;
  }

  /** As `JoinableQueue.task_done`. */
  task_done(options?: TaskDoneOptions): Promise<void>;
  async task_done(...given: unknown[]): Promise<void> {
    const { item, signal } = parseArguments(TASK_DONE, given);
    await this._taskDone(item === NOT_GIVEN ? undefined : { obj: item }, signal);
  }

  /** As `JoinableQueue.join`. */
  join(options?: SignalOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { signal } = parseArguments(JOIN, given);
    await this._join({ timeout: null, signal });
  }

  /** As `JoinableQueue.dead_letters`. */
  dead_letters(options?: SignalOptions): Promise<T[]>;
  async dead_letters(...given: unknown[]): Promise<T[]> {
    const { signal } = parseArguments(DEAD_LETTERS, given);
    const letters: T[] = [];
    for (;;) {
      const letter = await this._deadLetter(signal);
      if (letter === undefined) return letters;
      letters.push(letter.obj);
    }
  }
}

/** What `SimpleQueue` of a context makes. See `SimpleQueue` of the package. */
export class RedisSimpleQueue<T = unknown> extends RedisQueueBase<T> {
  /** Made without arguments, or with a name. */
  constructor(options?: Omit<RedisQueueOptions, "maxsize">);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const sent = making.sent?.more as QueueShape | undefined;
    const { name, prefetch } = sent === undefined
      ? parseArguments(SIMPLE_INIT, given)
      : { name: null, prefetch: sent.prefetch };
    super(making, shapeOf({ maxsize: 0, name, prefetch }, false));
  }

  /** As `SimpleQueue.put`. */
  put(obj: T, options?: SignalOptions): Promise<void>;
  async put(...given: unknown[]): Promise<void> {
    const { obj, signal } = parseArguments(SIMPLE_PUT, given);
    this._checkOpen();
    await this._send(this._dump(obj), true, { timeout: null, signal });
  }

  /** As `SimpleQueue.get`. */
  get(options?: SignalOptions): Promise<T>;
  async get(...given: unknown[]): Promise<T> {
    const { signal } = parseArguments(SIMPLE_GET, given);
    this._checkOpen();
    return await this._receive(true, { timeout: null, signal });
  }

  /** As `SimpleQueue.empty`. */
  empty(options?: SignalOptions): Promise<boolean>;
  async empty(...given: unknown[]): Promise<boolean> {
    const { signal } = parseArguments(SIMPLE_EMPTY, given);
    this._checkOpen();
    return await this._size(signal) === 0;
  }

  /** As `SimpleQueue.shutdown`. */
  shutdown(immediate?: boolean, options?: SignalOptions): Promise<void>;
  /** The same with options. */
  shutdown(options?: ShutdownOptions): Promise<void>;
  async shutdown(...given: unknown[]): Promise<void> {
    const { immediate, signal } = parseArguments(SIMPLE_SHUTDOWN, given);
    await this._shutDown(Boolean(immediate), signal);
  }

  /** For `for await`: items until the queue is shut down and empty. */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this._items();
  }

  /** As `SimpleQueue.close`: ends putting and getting in this process. */
  close(): void {
    takes("SimpleQueue.close", arguments);
    this._close();
  }

  /** @internal */
  protected override _checkOpen(): void {
    if (this._closed) throw new OSError("handle is closed");
  }
}

/** What the arguments of a queue's constructor ask for. */
function shapeOf(
  { maxsize, redeliver = 0, name, prefetch }: InitArguments,
  isJoinable: boolean,
): QueueShape {
  const returns = asInteger(redeliver, "<");
  if (returns < 0) throw new ValueError("redeliver must be non-negative");
  const ahead = asInteger(prefetch, "<");
  if (ahead < 0) throw new ValueError("prefetch must be non-negative");
  return {
    id: idOfName(name),
    maxsize: Math.max(0, asCInt(maxsize, "<=")),
    redeliver: Math.min(returns, 2 ** 31 - 1),
    isJoinable,
    prefetch: Math.min(ahead, MOST_AHEAD),
  };
}

registerObject("Queue", RedisQueue);
registerObject("JoinableQueue", RedisJoinableQueue);
registerObject("SimpleQueue", RedisSimpleQueue);
