/**
 * `Pool`, and `Manager`, which gives all names of the module in one object.
 *
 * @module
 */
import { ThreadPool, type ThreadPoolConstructor } from "../pool/pool.ts";
import { FUNCTION, parseArguments, signature, takes } from "../python/arguments.ts";
import { Pipe } from "./connection.ts";
import { active_children, current_process, DummyProcess } from "./process.ts";
import { Queue, type QueueConstructor } from "./queue.ts";
import {
  Barrier,
  type BarrierConstructor,
  BoundedSemaphore,
  Condition,
  type ConditionConstructor,
  type CountConstructor,
  Event,
  Lock,
  type PlainConstructor,
  RLock,
  Semaphore,
} from "./synchronize.ts";
import {
  Array,
  dict,
  type DictConstructor,
  list,
  type ListConstructor,
  Namespace,
  type NamespaceConstructor,
  Value,
  type ValueConstructor,
} from "./values.ts";

const POOL = signature<Record<"processes" | "initializer" | "initargs", unknown>>(
  "Pool",
  { processes: null, initializer: null, initargs: [] },
  { method: false },
);

/**
 * Threads that call functions: a `ThreadPool`. CPython: `multiprocessing.dummy.Pool`.
 *
 * @param processes How many threads.
 * @param initializer A function that each thread calls first, with `initargs`.
 * @throws {ValueError} `Number of processes must be at least 1`
 *
 * @example
 * ```ts
 * import { Pool } from "@pystd/multiprocessing/dummy";
 * await using pool = Pool(4);
 * console.log(await pool.map((x: number) => x * 10, [1, 2, 3])); // [ 10, 20, 30 ]
 * ```
 */
export const Pool: ThreadPoolConstructor = new Proxy(ThreadPool, {
  apply: (_target, _self, given) => makePool(given),
  construct: (_target, given) => makePool(given),
});

function makePool(given: unknown[]): ThreadPool {
  const { processes, initializer, initargs } = parseArguments(POOL, given);
  return ThreadPool({ processes, initializer, initargs } as never);
}

/** Does nothing: threads need no frozen program. CPython: `dummy.freeze_support`. */
export function freeze_support(): void {
  takes("freeze_support", arguments, FUNCTION);
}

/** Does nothing: there is no server. CPython: `multiprocessing.dummy.shutdown`. */
export function shutdown(): void {
  takes("shutdown", arguments, FUNCTION);
}

/** What `Manager` gives: the names of this module. */
export interface DummyManager {
  /** See {@linkcode DummyProcess}. */
  readonly Process: typeof DummyProcess;
  /** See {@linkcode current_process}. */
  readonly current_process: typeof current_process;
  /** See {@linkcode active_children}. */
  readonly active_children: typeof active_children;
  /** See {@linkcode freeze_support}. */
  readonly freeze_support: typeof freeze_support;
  /** See {@linkcode Lock}. */
  readonly Lock: PlainConstructor<Lock>;
  /** See {@linkcode RLock}. */
  readonly RLock: PlainConstructor<RLock>;
  /** See {@linkcode Semaphore}. */
  readonly Semaphore: CountConstructor<Semaphore>;
  /** See {@linkcode BoundedSemaphore}. */
  readonly BoundedSemaphore: CountConstructor<BoundedSemaphore>;
  /** See {@linkcode Condition}. */
  readonly Condition: ConditionConstructor;
  /** See {@linkcode Event}. */
  readonly Event: PlainConstructor<Event>;
  /** See {@linkcode Barrier}. */
  readonly Barrier: BarrierConstructor<Barrier>;
  /** See {@linkcode Queue}. */
  readonly Queue: QueueConstructor;
  /** The same as `Queue`. */
  readonly JoinableQueue: QueueConstructor;
  /** See {@linkcode Pipe}. */
  readonly Pipe: typeof Pipe;
  /** See {@linkcode Pool}. */
  readonly Pool: ThreadPoolConstructor;
  /** See {@linkcode Manager}. */
  readonly Manager: typeof Manager;
  /** See {@linkcode Namespace}. */
  readonly Namespace: NamespaceConstructor;
  /** See {@linkcode Value}. */
  readonly Value: ValueConstructor;
  /** See {@linkcode Array}. */
  readonly Array: typeof Array;
  /** See {@linkcode dict}. */
  readonly dict: DictConstructor;
  /** See {@linkcode list}. */
  readonly list: ListConstructor;
  /** See {@linkcode shutdown}. */
  readonly shutdown: typeof shutdown;
  /** Does nothing, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}

const manager: DummyManager = {
  ...{ Process: DummyProcess, current_process, active_children, freeze_support },
  ...{ Lock, RLock, Semaphore, BoundedSemaphore, Condition, Event, Barrier },
  ...{ Queue, JoinableQueue: Queue, Pipe, Pool, Manager },
  ...{ Namespace, Value, Array, dict, list, shutdown },
  [Symbol.asyncDispose]: async () => {},
};

/**
 * The names of this module, as the object of a manager: nothing is started. CPython:
 * `multiprocessing.dummy.Manager`, which gives the module itself.
 *
 * @example
 * ```ts
 * import { Manager } from "@pystd/multiprocessing/dummy";
 * await using manager = Manager();
 * const d = await manager.dict({ a: 1 });
 * console.log(await d.a); // 1
 * ```
 */
export function Manager(): DummyManager {
  takes("Manager", arguments, FUNCTION);
  return manager;
}
