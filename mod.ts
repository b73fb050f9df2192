/**
 * Python's `multiprocessing`, under its own names, for Deno, Bun and Node.
 *
 * This file is the table of contents: the names of the default context. The sources:
 *
 * - `src/process.ts`, `src/queues.ts`, … — modules with CPython's names
 * - `src/link/launch.ts`, `src/child.ts` — the start of a process, on both sides
 * - `src/hub/` — the state of all shared objects, without I/O
 * - `src/codec/`, `src/wire/` — values and messages as bytes, without I/O
 * - `src/runtime/` — the only files that depend on the runtime
 *
 * @example
 * ```ts
 * import { is_main, Process } from "@pystd/multiprocessing";
 * export function f(name: string) {
 *   console.log("hello", name);
 * }
 * if (is_main(import.meta)) {
 *   const p = new Process({ target: f, args: ["bob"] });
 *   p.start();
 *   await p.join();
 * }
 * ```
 *
 * @module
 */
export { Pipe } from "./src/connection/pipe.ts";
export * from "./src/python/errors/classes.ts";
export type { PythonError } from "./src/python/errors/exception.ts";
export { set_executable } from "./src/process/start_method.ts";
export {
  allow_connection_pickling,
  cpu_count,
  freeze_support,
  get_all_start_methods,
  get_context,
  get_start_method,
  is_main,
  type PreloadOptions,
  set_forkserver_preload,
  set_start_method,
} from "./src/context.ts";
export { Manager } from "./src/managers/sync_manager.ts";
export { Pool } from "./src/pool.ts";
export {
  active_children,
  current_process,
  parent_process,
  Process,
} from "./src/process.ts";
export { JoinableQueue, Queue, SimpleQueue } from "./src/queues.ts";
export {
  bound,
  type BoundMethod,
  type Callable,
  type Class,
  type CommonJSModule,
  exported,
  type MethodName,
} from "./src/reduction/mod.ts";
export { Array, RawArray, RawValue, Value } from "./src/sharedctypes/factories.ts";
export {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
} from "./src/synchronize.ts";
export { get_logger, log_to_stderr } from "./src/context/machine.ts";
export { SUBDEBUG, SUBWARNING } from "./src/python/log.ts";
