/**
 * Mirrors `multiprocessing/context.py`: contexts, which hold all the factories.
 *
 * What differs: there is one start method, `spawn`; the others raise what CPython
 * raises on Windows.
 *
 * @module
 */
import { parseArguments, REQUIRED, signature } from "./arguments.ts";
import { Pipe } from "./connection.ts";
import { NotImplementedError, RuntimeError, ValueError } from "./errors.ts";
import { Manager } from "./managers.ts";
import { Pool } from "./pool.ts";
import {
  active_children,
  current_process,
  parent_process,
  Process,
  SpawnProcess,
} from "./process.ts";
import { JoinableQueue, Queue, SimpleQueue } from "./queues.ts";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
} from "./synchronize.ts";
import { repr } from "./repr.ts";
import { runtime } from "./runtime/mod.ts";
import { set_executable } from "./spawn.ts";
import { get_logger, log_to_stderr } from "./util.ts";

/**
 * How many logical processors the machine has. CPython: `multiprocessing.cpu_count`.
 *
 * @throws {NotImplementedError} if that cannot be told
 *
 * @example
 * ```ts
 * import { cpu_count } from "@pystd/multiprocessing";
 * console.log(cpu_count() >= 1); // true
 * ```
 */
export function cpu_count(): number {
  const count = runtime.cpuCount;
  if (!(count >= 1)) {
    throw new NotImplementedError("cannot determine number of cpus");
  }
  return count;
}

/**
 * Does nothing: it is there so that ports keep their line. CPython:
 * `multiprocessing.freeze_support`.
 *
 * @example
 * ```ts
 * import { freeze_support } from "@pystd/multiprocessing";
 * freeze_support();
 * ```
 */
export function freeze_support(): void {}

/**
 * Whether the module is the program itself: Python's `__name__ == "__main__"`. False in
 * every child. Where the runtime has it, `import.meta.main` says the same.
 *
 * @param meta The module's `import.meta`.
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * if (is_main(import.meta)) console.log("the program itself");
 * ```
 */
export function is_main(meta: ImportMeta): boolean {
  if (parent_process() !== null) return false;
  return meta.main ?? meta.url === runtime.mainModule;
}

/**
 * All that CPython's contexts carry as methods. CPython:
 * `multiprocessing.context.BaseContext`.
 */
export class BaseContext {
  readonly Manager: typeof Manager = Manager;
  readonly Pool: typeof Pool = Pool;
  readonly Queue: typeof Queue = Queue;
  readonly JoinableQueue: typeof JoinableQueue = JoinableQueue;
  readonly SimpleQueue: typeof SimpleQueue = SimpleQueue;
  readonly Pipe: typeof Pipe = Pipe;
  readonly Lock: typeof Lock = Lock;
  readonly RLock: typeof RLock = RLock;
  readonly Semaphore: typeof Semaphore = Semaphore;
  readonly BoundedSemaphore: typeof BoundedSemaphore = BoundedSemaphore;
  readonly Condition: typeof Condition = Condition;
  readonly Event: typeof Event = Event;
  readonly Barrier: typeof Barrier = Barrier;
  readonly active_children: typeof active_children = active_children;
  readonly cpu_count: typeof cpu_count = cpu_count;
  readonly current_process: typeof current_process = current_process;
  readonly freeze_support: typeof freeze_support = freeze_support;
  readonly get_logger: typeof get_logger = get_logger;
  readonly log_to_stderr: typeof log_to_stderr = log_to_stderr;
  readonly parent_process: typeof parent_process = parent_process;
  readonly set_executable: typeof set_executable = set_executable;

  /**
   * A context by its start method; null for this one. CPython:
   * `BaseContext.get_context`.
   *
   * @throws {ValueError} if there is no such method
   */
  get_context(method: string | null = null): BaseContext {
    return method === null ? this : contextOf(method);
  }

  /** The start method's name. CPython: `BaseContext.get_start_method`. */
  get_start_method(_allow_none = false): string | null {
    return null;
  }

  /** Refuses. CPython: `BaseContext.set_start_method`. @throws {ValueError} */
  set_start_method(_method: string | null, _force = false): void {
    throw new ValueError("cannot set start method of concrete context");
  }
}

/** The context of the one start method there is. CPython: `multiprocessing.context.SpawnContext`. */
export class SpawnContext extends BaseContext {
  readonly _name: string = "spawn";
  readonly Process: typeof SpawnProcess = SpawnProcess;

  override get_start_method(_allow_none = false): string {
    return this._name;
  }
}

/** What the package's own functions belong to. CPython: `multiprocessing.context.DefaultContext`. */
export class DefaultContext extends BaseContext {
  readonly Process: typeof Process = Process;
  #actual: SpawnContext | null = null;

  override get_context(method: string | null = null): BaseContext {
    return method === null ? this.#actual ??= spawn : contextOf(method);
  }

  override get_start_method(allow_none = false): string | null {
    if (this.#actual === null && allow_none) return null;
    this.#actual ??= spawn;
    return this.#actual._name;
  }

  override set_start_method(method: string | null, force = false): void {
    if (this.#actual !== null && !force) {
      throw new RuntimeError("context has already been set");
    }
    this.#actual = method === null && force ? null : contextOf(method ?? "spawn");
  }

  /** The names of the start methods, the default first. CPython: `get_all_start_methods`. */
  get_all_start_methods(): string[] {
    return [spawn._name];
  }
}

const GET_CONTEXT = signature<{ method: unknown }>("DefaultContext.get_context", {
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

const spawn = new SpawnContext();
const defaultContext = new DefaultContext();

function contextOf(method: unknown): SpawnContext {
  if (method === spawn._name) return spawn;
  throw new ValueError(`cannot find context for ${repr(method)}`);
}

/**
 * The context of a start method, with all factories as methods; null for the default.
 * CPython: `multiprocessing.get_context`.
 *
 * @throws {ValueError} for anything but `spawn`
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
export function get_context(...given: unknown[]): SpawnContext {
  const { method } = parseArguments(GET_CONTEXT, given);
  return defaultContext.get_context(method as string | null) as SpawnContext;
}

/**
 * The start method, always `spawn`; null if `allow_none` and none was chosen or needed
 * yet. CPython: `multiprocessing.get_start_method`.
 *
 * @example
 * ```ts
 * import { get_start_method } from "@pystd/multiprocessing";
 * console.log(get_start_method()); // spawn
 * ```
 */
export function get_start_method(allow_none?: false): string;
export function get_start_method(
  allow_none: boolean | { allow_none?: boolean },
): string | null;
export function get_start_method(...given: unknown[]): string | null {
  const { allow_none } = parseArguments(GET_START_METHOD, given);
  return defaultContext.get_start_method(Boolean(allow_none));
}

/**
 * Chooses the start method, once. CPython: `multiprocessing.set_start_method`.
 *
 * @throws {RuntimeError} if one was chosen or needed before, unless `force`
 * @throws {ValueError} for anything but `spawn`
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
export function set_start_method(
  options: { method: string | null; force?: boolean },
): void;
export function set_start_method(...given: unknown[]): void {
  const { method, force } = parseArguments(SET_START_METHOD, given);
  defaultContext.set_start_method(method as string | null, Boolean(force));
}

/**
 * The names of the start methods. CPython: `multiprocessing.get_all_start_methods`.
 *
 * @example
 * ```ts
 * import { get_all_start_methods } from "@pystd/multiprocessing";
 * console.log(get_all_start_methods()); // [ "spawn" ]
 * ```
 */
export function get_all_start_methods(): string[] {
  return defaultContext.get_all_start_methods();
}
