/**
 * Mirrors `multiprocessing/context.py`: contexts, and the functions of the default one.
 *
 * What differs: the start methods are `spawn` and `forkserver`; `fork` raises what CPython
 * raises on Windows.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";
import "./startup/public_functions.ts";

export {
  AuthenticationError,
  BufferTooShort,
  ProcessError,
  TimeoutError,
} from "./python/errors.ts";
export {
  BaseContext,
  type ConcreteContext,
  DefaultContext,
  ForkServerContext,
  get_all_start_methods,
  get_context,
  get_start_method,
  set_start_method,
  SpawnContext,
} from "./context/context.ts";
export {
  allow_connection_pickling,
  cpu_count,
  freeze_support,
  is_main,
} from "./context/machine.ts";
export type { CommonJSModule } from "./reduction/mod.ts";
export { type PreloadOptions, set_forkserver_preload } from "./context/ahead.ts";
export { ForkServerProcess, Process, SpawnProcess } from "./process/classes.ts";
