/**
 * Mirrors `multiprocessing/context.py`: contexts, which hold all the factories.
 *
 * What differs: the start methods are `spawn` and `forkserver`; `fork` raises what CPython
 * raises on Windows. `forkserver` has no server that forks: processes are started ahead, see
 * link/spares.ts.
 *
 * @module
 */
import { parseArguments, REQUIRED, signature, takes } from "../python/arguments.ts";
import { Pipe } from "../connection/pipe.ts";
import {
  AuthenticationError,
  BufferTooShort,
  NotImplementedError,
  ProcessError,
  RuntimeError,
  TimeoutError,
  ValueError,
} from "../python/errors.ts";
import { Manager } from "../managers/sync_manager.ts";
import { Pool } from "../pool/pool.ts";
import "../process/start_options.ts";
import { ForkServerProcess, Process, SpawnProcess } from "../process/classes.ts";
import { active_children, current_process } from "../process/current.ts";
import { parent_process } from "../process/parent.ts";
import { JoinableQueue } from "../queues/joinable.ts";
import { Queue } from "../queues/queue.ts";
import { SimpleQueue } from "../queues/simple.ts";
import {
  Array as SharedArray,
  RawArray,
  RawValue,
  Value,
} from "../sharedctypes/factories.ts";
import { Barrier } from "../synchronize/barrier.ts";
import { Condition } from "../synchronize/condition.ts";
import { Event } from "../synchronize/event.ts";
import { Lock, RLock } from "../synchronize/lock.ts";
import { BoundedSemaphore, Semaphore } from "../synchronize/semaphore.ts";
import { repr } from "../python/repr.ts";
import * as reduction from "../reduction.ts";
import {
  allow_connection_pickling,
  cpu_count,
  freeze_support,
  get_logger,
  log_to_stderr,
} from "./machine.ts";
import { set_forkserver_preload } from "./ahead.ts";
import { type ChosenMethod, FORKSERVER, identity, SPAWN } from "../process/identity.ts";
import { concrete, set_executable } from "../process/start_method.ts";
import { addressed, printAsText } from "../python/printing.ts";

const GET_CONTEXT = signature<{ method: unknown }>("BaseContext.get_context", {
  method: null,
});
const GET_DEFAULT = signature<{ method: unknown }>("DefaultContext.get_context", {
  method: null,
});
const GET_START_METHOD = signature<{ allow_none: unknown }>(
  "DefaultContext.get_start_method",
  { allow_none: false },
);
const SET_START_METHOD = signature<{ method: unknown; force: unknown }>(
  "DefaultContext.set_start_method",
  { method: REQUIRED, force: false },
);

/**
 * All that CPython's contexts carry as methods. CPython:
 * `multiprocessing.context.BaseContext`.
 */
export class BaseContext {
  /** The package's {@linkcode ProcessError}. */
  readonly ProcessError: typeof ProcessError = ProcessError;
  /** The package's {@linkcode BufferTooShort}. */
  readonly BufferTooShort: typeof BufferTooShort = BufferTooShort;
  /** The package's {@linkcode TimeoutError}. */
  readonly TimeoutError: typeof TimeoutError = TimeoutError;
  /** The package's {@linkcode AuthenticationError}. */
  readonly AuthenticationError: typeof AuthenticationError = AuthenticationError;
  /** The package's {@linkcode Manager}. */
  readonly Manager: typeof Manager = Manager;
  /** The package's {@linkcode Pool}. */
  readonly Pool: typeof Pool = Pool;
  /** The package's {@linkcode Queue}. */
  readonly Queue: typeof Queue = Queue;
  /** The package's {@linkcode JoinableQueue}. */
  readonly JoinableQueue: typeof JoinableQueue = JoinableQueue;
  /** The package's {@linkcode SimpleQueue}. */
  readonly SimpleQueue: typeof SimpleQueue = SimpleQueue;
  /** The package's {@linkcode Pipe}. */
  readonly Pipe: typeof Pipe = Pipe;
  /** The package's {@linkcode Lock}. */
  readonly Lock: typeof Lock = Lock;
  /** The package's {@linkcode RLock}. */
  readonly RLock: typeof RLock = RLock;
  /** The package's {@linkcode Semaphore}. */
  readonly Semaphore: typeof Semaphore = Semaphore;
  /** The package's {@linkcode BoundedSemaphore}. */
  readonly BoundedSemaphore: typeof BoundedSemaphore = BoundedSemaphore;
  /** The package's {@linkcode Condition}. */
  readonly Condition: typeof Condition = Condition;
  /** The package's {@linkcode Event}. */
  readonly Event: typeof Event = Event;
  /** The package's {@linkcode Barrier}. */
  readonly Barrier: typeof Barrier = Barrier;
  /** The package's {@linkcode Value}. */
  readonly Value: typeof Value = Value;
  /** The package's {@linkcode Array}. */
  readonly Array: typeof SharedArray = SharedArray;
  /** The package's {@linkcode RawValue}. */
  readonly RawValue: typeof RawValue = RawValue;
  /** The package's {@linkcode RawArray}. */
  readonly RawArray: typeof RawArray = RawArray;
  /** The package's {@linkcode active_children}. */
  readonly active_children: typeof active_children = active_children;
  /** The package's {@linkcode allow_connection_pickling}. */
  readonly allow_connection_pickling: typeof allow_connection_pickling =
    allow_connection_pickling;
  /** The package's {@linkcode cpu_count}. */
  readonly cpu_count: typeof cpu_count = cpu_count;
  /** The package's {@linkcode current_process}. */
  readonly current_process: typeof current_process = current_process;
  /** The package's {@linkcode freeze_support}. */
  readonly freeze_support: typeof freeze_support = freeze_support;
  /** The package's {@linkcode get_logger}. */
  readonly get_logger: typeof get_logger = get_logger;
  /** The package's {@linkcode log_to_stderr}. */
  readonly log_to_stderr: typeof log_to_stderr = log_to_stderr;
  /** The package's {@linkcode parent_process}. */
  readonly parent_process: typeof parent_process = parent_process;
  /** The package's {@linkcode set_executable}. */
  readonly set_executable: typeof set_executable = set_executable;
  /** The package's {@linkcode set_forkserver_preload}. */
  readonly set_forkserver_preload: typeof set_forkserver_preload =
    set_forkserver_preload;

  /**
   * How objects are sent: the functions of `reduction`. CPython: `BaseContext.reducer`.
   *
   * @throws {NotImplementedError} when it is set: `reducer.register` changes how a class is
   * sent
   */
  get reducer(): typeof reduction {
    return reduction;
  }
  set reducer(_reduction: typeof reduction) {
    throw new NotImplementedError(
      "the reducer cannot be replaced: reducer.register() changes how a class is sent",
    );
  }

  /**
   * A context by its start method; null for this one. CPython:
   * `BaseContext.get_context`.
   *
   * @param method `spawn`, `forkserver`, or null.
   * @throws {ValueError} `cannot find context for 'fork'`: if there is no such method
   */
  get_context(method?: string | null | { method?: string | null }): BaseContext;
  get_context(...given: unknown[]): BaseContext {
    const { method } = parseArguments(GET_CONTEXT, given);
    return method === null ? this : contextOf(method);
  }

  /**
   * The start method's name. CPython: `BaseContext.get_start_method`.
   *
   * @param _allow_none Whether null may be the answer, where none was chosen yet.
   */
  get_start_method(_allow_none?: boolean | { allow_none?: boolean }): string | null {
    takes("BaseContext.get_start_method", arguments, { least: 0, most: 1 });
    return null;
  }

  /**
   * Refuses: only the package itself has a choice. CPython:
   * `BaseContext.set_start_method`.
   *
   * @throws {ValueError} `cannot set start method of concrete context`
   */
  set_start_method(
    _method: string | null | { method: string | null; force?: boolean },
    _force?: boolean | { force?: boolean },
  ): void {
    takes("BaseContext.set_start_method", arguments, { least: 1, most: 2 });
    throw new ValueError("cannot set start method of concrete context");
  }

  /** `<multiprocessing.context.SpawnContext object at 0x…>`. */
  toString(): string {
    return addressed(this, `multiprocessing.context.${this.constructor.name}`);
  }
}

printAsText(BaseContext);

/** The factories that ask their context for the start method. */
const FACTORIES = [
  "Array",
  "Barrier",
  "BoundedSemaphore",
  "Condition",
  "Event",
  "JoinableQueue",
  "Lock",
  "Manager",
  "Pool",
  "Queue",
  "RLock",
  "Semaphore",
  "SimpleQueue",
  "Value",
] as const;

/** A context that has one start method for good. */
export abstract class ConcreteContext extends BaseContext {
  /** The start method's name. */
  readonly _name: string;

  /** @internal */
  constructor(name: string) {
    super();
    this._name = name;
    // What it makes does not settle which method the default context has.
    for (const factory of FACTORIES) {
      const value = concrete<object>(this[factory], name);
      Object.defineProperty(this, factory, { value });
    }
  }

  /** Always its own. */
  override get_start_method(_allow_none?: boolean | { allow_none?: boolean }): string {
    takes("BaseContext.get_start_method", arguments, { least: 0, most: 1 });
    return this._name;
  }
}

/**
 * The context of the start method `spawn`, the default. CPython:
 * `multiprocessing.context.SpawnContext`.
 *
 * @example
 * ```ts
 * import { get_context } from "@pystd/multiprocessing";
 * const ctx = get_context("spawn");
 * console.log(ctx.get_start_method(), new ctx.Process().name); // spawn SpawnProcess-1
 * ```
 */
export class SpawnContext extends ConcreteContext {
  /** Its class of processes. */
  readonly Process: typeof SpawnProcess = SpawnProcess;

  constructor() {
    super(SPAWN);
  }
}

/**
 * The context of the start method `forkserver`: its processes are taken from a few that were
 * started ahead, which have loaded this package and the modules of
 * {@linkcode set_forkserver_preload}. CPython: `multiprocessing.context.ForkServerContext`.
 *
 * @example
 * ```ts
 * import { get_context } from "@pystd/multiprocessing";
 * const ctx = get_context("forkserver");
 * console.log(ctx.get_start_method(), new ctx.Process().name); // forkserver ForkServerProcess-1
 * ```
 */
export class ForkServerContext extends ConcreteContext {
  /** Its class of processes. */
  readonly Process: typeof ForkServerProcess = ForkServerProcess;

  constructor() {
    super(FORKSERVER);
  }
}

/**
 * The context of the package's own functions. CPython:
 * `multiprocessing.context.DefaultContext`.
 */
export class DefaultContext extends BaseContext {
  /** The package's class of processes. */
  readonly Process: typeof Process = Process;
  readonly #method: ChosenMethod;

  /**
   * A default context of its own, which users have no need for.
   *
   * @param method Where it keeps which start method it has.
   */
  constructor(method: ChosenMethod = { name: null }) {
    super();
    this.#method = method;
  }

  /** See {@linkcode get_context}. */
  override get_context(
    method?: string | null | { method?: string | null },
  ): SpawnContext;
  override get_context(...given: unknown[]): SpawnContext {
    const { method } = parseArguments(GET_DEFAULT, given);
    return contextOf(method ?? (this.#method.name ??= SPAWN));
  }

  /** See {@linkcode get_start_method}. */
  override get_start_method(
    allow_none?: boolean | { allow_none?: boolean },
  ): string | null;
  override get_start_method(...given: unknown[]): string | null {
    const { allow_none } = parseArguments(GET_START_METHOD, given);
    return allow_none ? this.#method.name : this.#method.name ??= SPAWN;
  }

  /** See {@linkcode set_start_method}. */
  override set_start_method(
    method: string | null | { method: string | null; force?: boolean },
    force?: boolean | { force?: boolean },
  ): void;
  override set_start_method(...given: unknown[]): void {
    const { method, force } = parseArguments(SET_START_METHOD, given);
    if (this.#method.name !== null && !force) {
      throw new RuntimeError("context has already been set");
    }
    const isReset = method === null && force;
    this.#method.name = isReset ? null : contextOf(method ?? SPAWN)._name;
  }

  /** The names of the start methods, the default first. CPython: `get_all_start_methods`. */
  get_all_start_methods(): string[] {
    takes("DefaultContext.get_all_start_methods", arguments);
    return [SPAWN, FORKSERVER];
  }
}

/** The contexts, by their start methods. */
const contexts = new Map<unknown, SpawnContext>([
  [SPAWN, new SpawnContext()],
  [FORKSERVER, new ForkServerContext()],
]);
const defaultContext = new DefaultContext(identity.startMethod);

function contextOf(method: unknown): SpawnContext {
  const context = contexts.get(method);
  if (context !== undefined) return context;
  throw new ValueError(`cannot find context for ${repr(method)}`);
}

/**
 * The context of a start method, with all factories as methods; null for the default.
 * CPython: `multiprocessing.get_context`.
 *
 * @throws {ValueError} for anything but `spawn` and `forkserver`
 *
 * @example
 * ```ts
 * import { get_context } from "@pystd/multiprocessing";
 * const q = get_context("spawn").Queue<number>();
 * await q.put(1);
 * ```
 */
export function get_context(
  method?: string | null | { method?: string | null },
): SpawnContext;
export function get_context(
  ...given: [method?: string | null | { method?: string | null }]
): SpawnContext {
  return defaultContext.get_context(...given);
}

/**
 * The start method, by default `spawn`; null if `allow_none` and none was chosen or needed
 * yet. CPython: `multiprocessing.get_start_method`.
 *
 * @example
 * ```ts
 * import { get_start_method } from "@pystd/multiprocessing";
 * console.log(get_start_method()); // spawn
 * ```
 */
export function get_start_method(allow_none?: false): string;
/** The same, which may give null. */
export function get_start_method(
  allow_none: boolean | { allow_none?: boolean },
): string | null;
export function get_start_method(
  ...given: [allow_none?: boolean | { allow_none?: boolean }]
): string | null {
  return defaultContext.get_start_method(...given);
}

/**
 * Chooses the start method, once. CPython: `multiprocessing.set_start_method`.
 *
 * It is needed as soon as a process is started, or a pool, a manager, a queue, a lock or
 * the like is made, but not a pipe.
 *
 * @throws {RuntimeError} `context has already been set`: if one was chosen or needed
 * before, unless `force`
 * @throws {ValueError} for anything but `spawn` and `forkserver`
 *
 * @example
 * ```ts
 * import { set_start_method } from "@pystd/multiprocessing";
 * set_start_method("spawn", true);
 * ```
 */
export function set_start_method(
  method: string | null,
  force?: boolean | { force?: boolean },
): void;
/** The same with everything by name. */
export function set_start_method(
  options: { method: string | null; force?: boolean },
): void;
export function set_start_method(
  ...given: Parameters<DefaultContext["set_start_method"]>
): void {
  defaultContext.set_start_method(...given);
}

/**
 * The names of the start methods. CPython: `multiprocessing.get_all_start_methods`.
 *
 * @example
 * ```ts
 * import { get_all_start_methods } from "@pystd/multiprocessing";
 * console.log(get_all_start_methods()); // [ "spawn", "forkserver" ]
 * ```
 */
export function get_all_start_methods(): string[] {
  takes("DefaultContext.get_all_start_methods", arguments);
  return defaultContext.get_all_start_methods();
}
