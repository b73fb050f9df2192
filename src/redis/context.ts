/**
 * The context `redis`: the same names as the package's, for processes on many machines.
 *
 * @module
 */
import { NotImplementedError, ProcessError } from "../python/errors.ts";
import { AuthenticationError, BufferTooShort, TimeoutError } from "../python/errors.ts";
import { active_children, current_process } from "../process/current.ts";
import { parent_process } from "../process/parent.ts";
import { takes } from "../python/arguments.ts";
import { addressed, printAsText } from "../python/printing.ts";
import { Base } from "./base.ts";
import { RedisBarrier, type RedisBarrierOptions } from "./barrier.ts";
import { RedisCondition, type RedisConditionOptions } from "./condition.ts";
import { RedisEvent } from "./event.ts";
import {
  type NameOptions,
  RedisBoundedSemaphore,
  RedisLock,
  RedisRLock,
  RedisSemaphore,
} from "./lock.ts";
import { addContext, factoryOf } from "./making.ts";
import { processClassOf, type RedisProcessClass } from "./process/process.ts";
import {
  RedisJoinableQueue,
  type RedisJoinableQueueOptions,
  RedisQueue,
  type RedisQueueOptions,
  RedisSimpleQueue,
} from "./queue.ts";
import { poolFactory, type RedisPoolFactory } from "./pool/pool.ts";
import { RedisManager } from "./manager/manager.ts";
import type { RedisSemLock } from "./semlock.ts";
import type { Settings } from "./settings.ts";
import { RedisValue, type RedisValueOptions } from "./value.ts";

/** A class that may be called without `new`. */
export interface Factory<A extends unknown[], O> {
  /** With `new`, as in JavaScript. */
  new (...args: A): O;
  /** Without, as in Python. */
  (...args: A): O;
  /** The members that all of them have. */
  readonly prototype: O;
}

/** A class of queues that may be called without `new`. */
export interface QueueFactory<O> {
  /** Makes a queue of items of any type. */
  // deno-lint-ignore no-explicit-any -- an untyped queue takes anything
  new <T = any>(
    maxsize?: number | RedisJoinableQueueOptions,
    options?: RedisJoinableQueueOptions,
  ): O extends "Joinable" ? RedisJoinableQueue<T> : RedisQueue<T>;
  /** Makes a queue of items of any type. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(
    maxsize?: number | RedisJoinableQueueOptions,
    options?: RedisJoinableQueueOptions,
  ): O extends "Joinable" ? RedisJoinableQueue<T> : RedisQueue<T>;
}

/** As `SimpleQueue`, which may be called without `new`. */
export interface SimpleQueueFactory {
  /** Makes a queue of items of any type. */
  // deno-lint-ignore no-explicit-any -- as above
  new <T = any>(options?: Omit<RedisQueueOptions, "maxsize">): RedisSimpleQueue<T>;
  /** Makes a queue of items of any type. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(options?: Omit<RedisQueueOptions, "maxsize">): RedisSimpleQueue<T>;
}

/** As `Value`, which may be called without `new`. */
export interface ValueFactory {
  /** Makes a value of any type. */
  // deno-lint-ignore no-explicit-any -- as above
  new <T = any>(type: unknown, value?: T, options?: RedisValueOptions): RedisValue<T>;
  /** Makes a value of any type. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(type: unknown, value?: T, options?: RedisValueOptions): RedisValue<T>;
}

/**
 * A context whose objects are on a server. What a server cannot give raises
 * `NotImplementedError`.
 */
export class RedisContext {
  /** The package's class. */
  readonly ProcessError: typeof ProcessError = ProcessError;
  /** The package's class. */
  readonly BufferTooShort: typeof BufferTooShort = BufferTooShort;
  /** The package's class. */
  readonly TimeoutError: typeof TimeoutError = TimeoutError;
  /** The package's class. */
  readonly AuthenticationError: typeof AuthenticationError = AuthenticationError;
  /** The package's function. */
  readonly current_process: typeof current_process = current_process;
  /** The package's function: started by whichever context. */
  readonly active_children: typeof active_children = active_children;
  /** The package's function. On a machine of an agent, that is the parent. */
  readonly parent_process: typeof parent_process = parent_process;
  /** See {@linkcode RedisProcessClass}. */
  readonly Process: RedisProcessClass;
  /** See {@linkcode RedisQueue}. */
  readonly Queue: QueueFactory<"Queue">;
  /** See {@linkcode RedisJoinableQueue}. */
  readonly JoinableQueue: QueueFactory<"Joinable">;
  /** See {@linkcode RedisSimpleQueue}. */
  readonly SimpleQueue: SimpleQueueFactory;
  /** See {@linkcode RedisLock}. */
  readonly Lock: Factory<[options?: NameOptions], RedisLock>;
  /** See {@linkcode RedisRLock}. */
  readonly RLock: Factory<[options?: NameOptions], RedisRLock>;
  /** See {@linkcode RedisSemaphore}. */
  readonly Semaphore: Factory<SemaphoreArguments, RedisSemaphore>;
  /** See {@linkcode RedisBoundedSemaphore}. */
  readonly BoundedSemaphore: Factory<SemaphoreArguments, RedisBoundedSemaphore>;
  /** See {@linkcode RedisCondition}. */
  readonly Condition: Factory<
    [lock?: RedisSemLock | RedisConditionOptions | null, options?: NameOptions],
    RedisCondition
  >;
  /** See {@linkcode RedisEvent}. */
  readonly Event: Factory<[options?: NameOptions], RedisEvent>;
  /** See {@linkcode RedisBarrier}. */
  readonly Barrier: Factory<BarrierArguments, RedisBarrier>;
  /** See {@linkcode RedisValue}. */
  readonly Value: ValueFactory;
  /** See {@linkcode RedisPool}. */
  readonly Pool: RedisPoolFactory;
  readonly #base: Base;

  /** @internal */
  constructor(settings: Settings) {
    const base = this.#base = new Base(settings);
    addContext(base);
    this.Process = processClassOf(base);
    this.Queue = factoryOf(base, RedisQueue);
    this.JoinableQueue = factoryOf(base, RedisJoinableQueue);
    this.SimpleQueue = factoryOf(base, RedisSimpleQueue);
    this.Lock = factoryOf(base, RedisLock);
    this.RLock = factoryOf(base, RedisRLock);
    this.Semaphore = factoryOf(base, RedisSemaphore);
    this.BoundedSemaphore = factoryOf(base, RedisBoundedSemaphore);
    this.Condition = factoryOf(base, RedisCondition as never);
    this.Event = factoryOf(base, RedisEvent);
    this.Barrier = factoryOf(base, RedisBarrier as never);
    this.Value = factoryOf(base, RedisValue as never);
    this.Pool = poolFactory(base);
  }

  /** The name that all programs give which share its objects. */
  get name(): string {
    return this.#base.settings.name;
  }

  /** Always `redis`. */
  get_start_method(): string {
    return "redis";
  }

  /**
   * A manager: `dict`, `list`, `set`, `Namespace` and the other types of `SyncManager`, on the
   * server. There is no process, so that it is there at once.
   */
  Manager(): RedisManager {
    takes("BaseContext.Manager", arguments);
    return new RedisManager(this.#base);
  }

  /** Not on a server. @throws {NotImplementedError} always */
  Pipe(): never {
    throw none("Pipe", "use a Queue for each direction");
  }

  /** Not on a server. @throws {NotImplementedError} always */
  Array(): never {
    throw none(
      "Array",
      "memory is not shared between machines: use a Value or a Queue",
    );
  }

  /** Not on a server. @throws {NotImplementedError} always */
  RawValue(): never {
    throw none("RawValue", "memory is not shared between machines: use a Value");
  }

  /** Not on a server. @throws {NotImplementedError} always */
  RawArray(): never {
    throw none("RawArray", "memory is not shared between machines: use a Value");
  }

  /**
   * Ends this process's part: what it holds is free, what it was leased goes back, and objects
   * without a name go if no other process has them. Then the connections are closed.
   */
  async shutdown(): Promise<void> {
    try {
      await this.#base.shutdown();
    } finally {
      this.#base.close();
    }
  }

  /** Removes all that this context has on the server, whoever uses it. */
  async unlink(): Promise<void> {
    await this.#base.unlink();
  }

  /** `await using mp = get_context("redis", …)`: as `shutdown`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** `<multiprocessing.context.RedisContext object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.context.RedisContext");
  }
}

/** Arguments of `Semaphore` and `BoundedSemaphore`. */
export type SemaphoreArguments = [
  value?: number | (NameOptions & { value?: number }),
  options?: NameOptions,
];
/** Arguments of `Barrier`. */
export type BarrierArguments =
  | [
    parties: number,
    action?: (() => unknown) | null,
    timeout?: number | null,
    options?: NameOptions,
  ]
  | [parties: number, options: RedisBarrierOptions]
  | [options: RedisBarrierOptions & { parties: number }];

printAsText(RedisContext);

function none(name: string, cure: string): NotImplementedError {
  return new NotImplementedError(`the context 'redis' has no ${name}: ${cure}`);
}
