/**
 * The logger, finalizers and the end of a process.
 *
 * Mirrors `multiprocessing/util.py`. What differs: there is no fork, so
 * `register_after_fork` has nothing to wait for, and what guards descriptors and locks
 * against forks is missing.
 *
 * @module
 */

import { _run_finalizers, isThenable } from "./finalize.ts";
import { asOSError } from "./errors.ts";
import { debug, info } from "./log.ts";
import { runtime } from "./runtime/mod.ts";
import { makeTempDir, removeDir } from "./runtime/temp.ts";

export { _run_finalizers, Finalize, type FinalizeOptions } from "./finalize.ts";
export {
  debug,
  get_logger,
  info,
  log_to_stderr,
  type LoggingState,
  loggingState,
  restoreLoggingState,
  sub_debug,
  sub_warning,
  SUBDEBUG,
  SUBWARNING,
} from "./log.ts";
export {
  CRITICAL,
  DEBUG,
  ERROR,
  Formatter,
  Handler,
  INFO,
  type Level,
  Logger,
  LogRecord,
  NOTSET,
  setLogSink,
  setProcessNameSource,
  StreamHandler,
  WARNING,
  writeToLog,
} from "./logging.ts";

/**
 * In Python, has a function called with an object in each forked child. No process is
 * forked here: nothing is kept and nothing called.
 * Python: `multiprocessing.util.register_after_fork`.
 *
 * @param _obj The object.
 * @param _func The function.
 *
 * @example
 * ```ts
 * import { register_after_fork } from "./util.ts";
 * register_after_fork({}, console.log); // prints nothing
 * ```
 */
export function register_after_fork<T>(_obj: T, _func: (obj: T) => void): void {}

let tempDir: string | undefined;

/**
 * A directory of this process's own (mode 0700), for sockets; it is removed when the
 * process ends. Python: `multiprocessing.util.get_temp_dir`.
 *
 * @returns Its path, the same each time.
 *
 * @example
 * ```ts
 * import { get_temp_dir } from "./util.ts";
 * console.log(get_temp_dir() === get_temp_dir()); // true
 * ```
 */
export function get_temp_dir(): string {
  if (tempDir !== undefined) return tempDir;
  try {
    const path = tempDir = makeTempDir();
    runtime.onExit(() => removeDir(path));
    return path;
  } catch (error) {
    throw asOSError(error);
  }
}

/** Whether the process has begun to end. */
let exiting = false;

/**
 * Whether this process has begun to end. Python: `multiprocessing.util.is_exiting`.
 *
 * @returns True from the start of {@linkcode _exit_function} on.
 *
 * @example
 * ```ts
 * import { is_exiting } from "./util.ts";
 * console.log(is_exiting()); // false
 * ```
 */
export function is_exiting(): boolean {
  return exiting;
}

/** What {@linkcode _exit_function} needs of a child process. */
export interface ExitingChild {
  /** For the log. */
  readonly name: string;
  /** Whether it is told to end, rather than waited for only. */
  readonly daemon: boolean;
  /** Tells it to end. */
  terminate(): void;
  /** Waits for its end. */
  join(): PromiseLike<void> | void;
}

/**
 * What a process does at its end, in CPython's order: finalizers of priority 0 and more,
 * then the daemonic children are terminated, then all children joined, then the other
 * finalizers run. The second call does nothing.
 * Python: `multiprocessing.util._exit_function`.
 *
 * @param activeChildren The living children; asked for twice.
 * @returns Settles when all is done. As long as nothing returns a promise, all is done
 * when it returns.
 *
 * @example
 * ```ts
 * import { _exit_function } from "./util.ts";
 * await _exit_function(() => []);
 * ```
 */
export async function _exit_function(
  activeChildren: () => Iterable<ExitingChild>,
): Promise<void> {
  if (exiting) return;
  exiting = true;
  info("process shutting down");
  debug('running all "atexit" finalizers with priority >= 0');
  // Awaited only where there is something to wait for: while the process exits, what can
  // run synchronously has to.
  const first = _run_finalizers(0);
  if (first !== undefined) await first;
  for (const child of activeChildren()) {
    if (!child.daemon) continue;
    info("calling terminate() for daemon %s", child.name);
    child.terminate();
  }
  for (const child of activeChildren()) {
    info("calling join() for process %s", child.name);
    const joined = child.join();
    if (isThenable(joined)) await joined;
  }
  debug('running the remaining "atexit" finalizers');
  const rest = _run_finalizers();
  if (rest !== undefined) await rest;
}
