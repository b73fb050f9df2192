/**
 * Mirrors `multiprocessing/context.py`: contexts, and the functions of the default one.
 *
 * What differs: there is one start method, `spawn`; the others raise what CPython
 * raises on Windows.
 *
 * @module
 */
import "./link/root.ts";
import "./child_mode.ts";
import "./public_functions.ts";

export {
  AuthenticationError,
  BufferTooShort,
  ProcessError,
  TimeoutError,
} from "./python/errors.ts";
export {
  BaseContext,
  DefaultContext,
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
  set_forkserver_preload,
} from "./context/machine.ts";
export { Process, SpawnProcess } from "./process/classes.ts";
