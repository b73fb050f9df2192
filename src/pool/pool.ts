/**
 * `Pool` and `ThreadPool`: pools whose workers are processes, or threads.
 *
 * @module
 */
import { ownClass } from "../process/class_names.ts";
import { factory, processClass } from "../process/start_method.ts";
import { asSequence, type Target } from "../process/arguments.ts";
import { asHost, asWeight, type HostOption } from "../process/hosts.ts";
import { asWanted, grantsFor } from "../process/permissions.ts";
import { asStart } from "../process/start_options.ts";
import { parseArguments } from "../python/arguments.ts";
import { osError, RuntimeError, ValueError } from "../python/errors.ts";
import { get_logger } from "../python/log.ts";
import {
  asInitializer,
  asPositive,
  INIT_POOL,
  INIT_THREAD_POOL,
  type PoolContext,
  type PoolOptions,
  type ThreadPoolOptions,
} from "./arguments.ts";
import { BasePool } from "./base_pool.ts";
import { Placement } from "./placement.ts";
import { asSizes } from "./sizes.ts";
import type { WorkerProcess } from "./worker_link.ts";
import {
  startProcess,
  type WorkerClass,
  type WorkerOptions,
} from "./worker_process.ts";
import { startThread, type WorkerThread } from "./worker_thread.ts";

/** The options of `Process` that are given for a pool's workers. */
function givenOptions(
  { permissions, execArgv, env, cwd, inspect, host }: Record<
    keyof WorkerOptions,
    unknown
  >,
): WorkerOptions {
  const all = Object.entries({ permissions, execArgv, env, cwd, inspect, host });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

/** Where workers are started; undefined where they all are started alike. */
function placementOf(
  hosts: unknown,
  host: unknown,
): Placement<HostOption | null> | undefined {
  if (hosts === null) return undefined;
  if (host !== null) throw new ValueError("a pool has either host or hosts");
  const list = asSequence(hosts) as (HostOption | null)[];
  if (list.length === 0) throw new ValueError("hosts must not be empty");
  const nameOf = (option: HostOption | null, at: number) =>
    option === null ? "this machine" : asHost(option, `hosts[${at}]`).name;
  const names = new Map(list.map((option, at) => [option, nameOf(option, at)]));
  return new Placement(
    list.map((option, at) => [option, asWeight(option, `hosts[${at}]`)]),
    (option) => {
      const text = "no worker of a pool could be started on %s, which is left out";
      get_logger().warning(text, names.get(option)!);
    },
  );
}

/** What `Pool` makes. CPython: `multiprocessing.pool.Pool`. */
export class PoolClass extends BasePool<WorkerProcess> {
  /** As {@linkcode PoolConstructor} says. */
  constructor(...given: unknown[]) {
    const values = parseArguments(INIT_POOL, given);
    const { initializer, initargs, maxtasksperchild, context, permissions } = values;
    const sizes = asSizes(values, () => osError("EAGAIN"));
    const maxtasks = asPositive(maxtasksperchild, "maxtasksperchild");
    const { Process } = context as PoolContext ?? { Process: processClass() };
    const isPlain = ownClass((Process as WorkerClass).name) === Process;
    const plan = {
      Process: Process as WorkerClass,
      initializer: asInitializer(initializer),
      initargs: [...initargs as Iterable<unknown>],
      maxtasksperchild: maxtasks,
      maxmemory: asPositive(values.maxmemory, "maxmemory"),
      options: givenOptions(values),
      placement: placementOf(values.hosts, values.host),
    };
    asStart(values);
    const wanted = asWanted(permissions);
    if (wanted) grantsFor(wanted); // what cannot be is told here, not by the workers
    super({
      sizes,
      maxtasks: maxtasks ?? Infinity,
      isRemote: true,
      acceptsEarlyTasks: isPlain && plan.initializer === null,
      spareFailures: plan.placement?.spareFailures,
      start: (events) => startProcess(plan, events),
    });
  }
}

/** Worker processes that call functions; made by the function of the same name. */
export type Pool = PoolClass;

/** `Pool` as a value: a class that may be called without `new`. */
export interface PoolConstructor {
  /** With everything by name. */
  new <F extends Target = Target>(options: PoolOptions<F>): PoolClass;
  /** With the number of workers, and the rest by name. */
  new <F extends Target = Target>(
    processes: number | null,
    options: PoolOptions<F>,
  ): PoolClass;
  /** With everything in Python's order. */
  new <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    context?: PoolContext | null,
  ): PoolClass;
  <F extends Target = Target>(options: PoolOptions<F>): PoolClass;
  <F extends Target = Target>(
    processes: number | null,
    options: PoolOptions<F>,
  ): PoolClass;
  <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    context?: PoolContext | null,
  ): PoolClass;
  /** The methods of all pools. */
  readonly prototype: PoolClass;
}

/**
 * Worker processes that call functions. CPython: `multiprocessing.Pool`.
 *
 * What differs from Python: without an initializer the first worker starts first, and the
 * others when there is work for them, when somebody looks, or as soon as it is there. With
 * `min`, `max` or `idle` instead of `processes` there are as many workers as tasks wait for:
 * they are started one for each task that no worker is free for, up to `max`, and end after
 * `idle` seconds without work, down to `min`.
 *
 * @param processes How many workers; by default as many as this process may use
 * processors.
 * @param initializer An exported function that each worker calls first, with `initargs`.
 * @param maxtasksperchild After so many tasks a worker makes room for a new one; with the
 * option `maxmemory` also when it holds more bytes than that.
 * @throws {ValueError} `Number of processes must be at least 1`,
 * `maxtasksperchild must be a positive int or None`, the same for `maxmemory`; `min must not be greater than max` and the
 * like; if there is `processes` beside `min`, `max` or `idle`
 * @throws {TypeError} `initializer must be a callable`
 * @throws {ValueError} if `permissions`, `execArgv`, `env`, `cwd`, `inspect`, `host` or `hosts`
 * is malformed
 * @throws {PermissionError} if the workers shall have permissions that this process does
 * not hold
 * @throws {NotImplementedError} if the runtime cannot limit what shall be limited
 *
 * @example
 * ```ts
 * import { is_main, Pool } from "@pystd/multiprocessing";
 * export function f(x: number): number {
 *   return x * x;
 * }
 * if (is_main(import.meta)) {
 *   await using pool = Pool(5);
 *   console.log(await pool.map(f, [1, 2, 3])); // [ 1, 4, 9 ]
 * }
 * ```
 */
export const Pool: PoolConstructor = factory("Pool", PoolClass);

/** What `ThreadPool` makes. CPython: `multiprocessing.pool.ThreadPool`. */
export class ThreadPoolClass extends BasePool<WorkerThread> {
  /** As {@linkcode ThreadPoolConstructor} says. */
  constructor(...given: unknown[]) {
    const values = parseArguments(INIT_THREAD_POOL, given);
    const { initializer, initargs } = values;
    const sizes = asSizes(values, () => new RuntimeError("can't start new thread"));
    const plan = {
      initializer: asInitializer(initializer),
      initargs: [...initargs as Iterable<unknown>],
    };
    super({
      sizes,
      maxtasks: Infinity,
      isRemote: false,
      acceptsEarlyTasks: false,
      start: (events) => startThread(plan, events),
    });
  }
}

/** Threads of this process that call functions; made by the function of the same name. */
export type ThreadPool = ThreadPoolClass;

/** `ThreadPool` as a value: a class that may be called without `new`. */
export interface ThreadPoolConstructor {
  /** With everything by name. */
  new <F extends Target = Target>(options: ThreadPoolOptions<F>): ThreadPoolClass;
  /** With the number of threads, and the rest by name. */
  new <F extends Target = Target>(
    processes: number | null,
    options: ThreadPoolOptions<F>,
  ): ThreadPoolClass;
  /** With everything in Python's order. */
  new <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
  ): ThreadPoolClass;
  <F extends Target = Target>(options: ThreadPoolOptions<F>): ThreadPoolClass;
  <F extends Target = Target>(
    processes: number | null,
    options: ThreadPoolOptions<F>,
  ): ThreadPoolClass;
  <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
  ): ThreadPoolClass;
  /** The methods of all thread pools. */
  readonly prototype: ThreadPoolClass;
}

/**
 * A pool without processes: asynchronous functions run beside each other in this one,
 * `processes` of them at a time. For what waits (for the network, for files, for children)
 * and not for what computes. CPython: `multiprocessing.pool.ThreadPool`.
 *
 * It does all that `Pool` does. Functions may be closures, arguments and results are not
 * copied, and an error arrives as it was thrown, without a `RemoteTraceback`. A running
 * function cannot be killed: one that takes longer than `timeout`, or whose `signal` is
 * aborted, fails at once, and its thread is free when it ends. So `terminate()` does not
 * wait for what runs; `join()` does.
 *
 * What differs from Python: a function that computes without a pause holds up all others.
 * A `ThreadPool` is no instance of `Pool`. `min`, `max` and `idle` are those of `Pool`.
 *
 * @param processes How many threads; by default as many as this process may use
 * processors.
 * @param initializer A function that each thread calls first, with `initargs`.
 * @throws {ValueError} `Number of processes must be at least 1`, and for bad bounds, as `Pool`
 * @throws {TypeError} `initializer must be a callable`, and for any other option
 *
 * @example
 * ```ts
 * import { ThreadPool } from "@pystd/multiprocessing/pool";
 * await using pool = ThreadPool(4);
 * const factor = 10;
 * console.log(await pool.map((x: number) => x * factor, [1, 2, 3])); // [ 10, 20, 30 ]
 * ```
 */
export const ThreadPool: ThreadPoolConstructor = factory(
  "ThreadPool",
  ThreadPoolClass,
);
