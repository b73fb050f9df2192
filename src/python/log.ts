/**
 * The package's own logger. The functions that the package logs with are in log_calls.ts.
 *
 * Mirrors the logging part of `multiprocessing/util.py`.
 *
 * @module
 */

import { FUNCTION, parseArguments, signature, takes } from "./arguments.ts";
import { logsToStderr, setLogger } from "./log_calls.ts";
import { Formatter, type Level, Logger, StreamHandler } from "./logging.ts";

export { SUBDEBUG, SUBWARNING } from "./log_calls.ts";

/**
 * The format of {@linkcode log_to_stderr}'s lines. CPython: `util.DEFAULT_LOGGING_FORMAT`.
 */
export const DEFAULT_LOGGING_FORMAT = "[%(levelname)s/%(processName)s] %(message)s";

/** Made by the first {@linkcode get_logger}: until then the package logs nothing. */
let logger: Logger | undefined;

/**
 * The package's logger. Python: `multiprocessing.util.get_logger`.
 *
 * @returns The same one each time; at first at level NOTSET and without handlers, so that
 * only warnings and worse are shown, bare, on stderr.
 *
 * The package logs CPython's lines at CPython's levels: the life of processes at INFO, of
 * pools, managed objects and their proxies at DEBUG, finalizers at level 5. There is no line
 * for what CPython has inside and this package has not: handles of semaphores, the threads
 * that feed queues, a pool's handler threads, the connections of a manager's threads.
 *
 * @example
 * ```ts
 * import { get_logger } from "@pystd/multiprocessing/util";
 * get_logger().setLevel("INFO");
 * ```
 */
export function get_logger(): Logger {
  takes("get_logger", arguments, FUNCTION);
  if (logger === undefined) {
    logger = new Logger("multiprocessing");
    logger.propagate = false;
    setLogger(logger);
  }
  return logger;
}

const LOG_TO_STDERR = signature<{ level: Level | null }>(
  "log_to_stderr",
  { level: null },
  { method: false },
);

/**
 * Shows the package's log on stderr, as `[INFO/MainProcess] text`. Children that are
 * started afterwards do the same. Python: `multiprocessing.util.log_to_stderr`.
 *
 * @param level Sets the logger's level too, unless it is null or 0.
 * @returns The logger.
 *
 * As in Python a second call adds a second handler, and each line shows twice.
 *
 * @example
 * ```ts
 * import { log_to_stderr } from "@pystd/multiprocessing/util";
 * log_to_stderr("INFO").info("%s is ready", "all"); // [INFO/MainProcess] all is ready
 * ```
 */
export function log_to_stderr(level?: Level | null): Logger;
/** The same with Python's keyword. */
export function log_to_stderr(options: { readonly level?: Level | null }): Logger;
export function log_to_stderr(...args: unknown[]): Logger {
  const { level } = parseArguments(LOG_TO_STDERR, args);
  const ours = get_logger();
  const handler = new StreamHandler();
  handler.setFormatter(new Formatter(DEFAULT_LOGGING_FORMAT));
  ours.addHandler(handler);
  if (level) ours.setLevel(level);
  logsToStderr();
  return ours;
}
