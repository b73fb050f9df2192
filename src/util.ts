/**
 * Mirrors `multiprocessing/util.py`: finalizers, the package's log, and what libraries ask
 * of a process.
 *
 * What differs: no process is forked and no descriptor is inherited, so
 * `register_after_fork` calls nothing, and `close_all_fds_except`, `close_fds` and
 * `spawnv_passfds` are missing. A finalizer may return a promise, which is awaited before
 * the next one runs.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

import { finishProcess, installExitFunction } from "./link/exit.ts";

export {
  DEBUG,
  debug,
  INFO,
  info,
  sub_debug,
  sub_warning,
  SUBDEBUG,
  SUBWARNING,
} from "./python/log_calls.ts";
export { DEFAULT_LOGGING_FORMAT, get_logger, log_to_stderr } from "./python/log.ts";
export {
  _run_finalizers,
  Finalize,
  type FinalizeOptions,
  get_temp_dir,
  is_exiting,
  register_after_fork,
} from "./python/util.ts";
export {
  abstract_sockets_supported,
  is_abstract_socket_namespace,
} from "./util/abstract_sockets.ts";
export type { Formatter, Handler, Level, Logger, LogRecord } from "./python/logging.ts";
export {
  type AcquireOptions,
  ForkAwareLocal,
  ForkAwareThreadLock,
} from "./util/fork_aware.ts";

/** The level of a logger that takes that of its parent. CPython: `util.NOTSET`. */
export const NOTSET = 0;

/** The name of the package's logger. CPython: `util.LOGGER_NAME`. */
export const LOGGER_NAME = "multiprocessing";

/**
 * Runs what is to be done at the end of the process, now: finalizers of priority 0 and more,
 * the ends of the children, the other finalizers. The second call does nothing. CPython:
 * `multiprocessing.util._exit_function`.
 *
 * @returns Settles when all is done.
 */
export function _exit_function(): Promise<void> {
  return finishProcess();
}

// As in CPython, finalizers run at the end of a program that has imported this.
installExitFunction();
