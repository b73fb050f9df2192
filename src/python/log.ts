/**
 * The package's own logger, and the functions that the package logs with.
 *
 * Mirrors the logging part of `multiprocessing/util.py`.
 *
 * @module
 */

import { parseArguments, signature } from "./arguments.ts";
import {
  DEBUG,
  Formatter,
  INFO,
  type Level,
  Logger,
  StreamHandler,
} from "./logging.ts";

/** The level of {@linkcode sub_debug}. Python: `multiprocessing.SUBDEBUG`. */
export const SUBDEBUG = 5;
/** The level of {@linkcode sub_warning}. Python: `multiprocessing.SUBWARNING`. */
export const SUBWARNING = 25;

/** The format of {@linkcode log_to_stderr}'s lines. */
const LINE = "[%(levelname)s/%(processName)s] %(message)s";

/** Made by the first {@linkcode get_logger}: until then the package logs nothing. */
let logger: Logger | undefined;

/** Whether `log_to_stderr` was called: then children call it too. */
let toStderr = false;

/**
 * The package's logger. Python: `multiprocessing.get_logger`.
 *
 * @returns The same one each time; at first at level NOTSET and without handlers, so that
 * only warnings and worse are shown, bare, on stderr.
 *
 * @example
 * ```ts
 * import { get_logger } from "@pystd/multiprocessing";
 * get_logger().setLevel("INFO");
 * ```
 */
export function get_logger(): Logger {
  if (logger === undefined) {
    logger = new Logger("multiprocessing");
    logger.propagate = false;
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
 * started afterwards do the same. Python: `multiprocessing.log_to_stderr`.
 *
 * @param level Sets the logger's level too, unless it is null or 0.
 * @returns The logger.
 *
 * As in Python a second call adds a second handler, and each line shows twice.
 *
 * @example
 * ```ts
 * import { log_to_stderr } from "@pystd/multiprocessing";
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
  handler.setFormatter(new Formatter(LINE));
  ours.addHandler(handler);
  if (level) ours.setLevel(level);
  toStderr = true;
  return ours;
}

/** Logs at level 5, shown as `Level 5`, if {@linkcode get_logger} was ever called. */
export function sub_debug(msg: unknown, ...args: unknown[]): void {
  logger?.log(SUBDEBUG, msg, ...args);
}

/** As {@linkcode sub_debug}, at level DEBUG. */
export function debug(msg: unknown, ...args: unknown[]): void {
  logger?.log(DEBUG, msg, ...args);
}

/** As {@linkcode sub_debug}, at level INFO. */
export function info(msg: unknown, ...args: unknown[]): void {
  logger?.log(INFO, msg, ...args);
}

/** As {@linkcode sub_debug}, at level 25, shown as `Level 25`. */
export function sub_warning(msg: unknown, ...args: unknown[]): void {
  logger?.log(SUBWARNING, msg, ...args);
}

/** The state that a child takes over from its parent, to log as that does. */
export interface LoggingState {
  /** The logger's effective level; null if `get_logger` was never called. */
  readonly level: number | null;
  /** Whether `log_to_stderr` was called. */
  readonly stderr: boolean;
}

/** The state for a new child. */
export function loggingState(): LoggingState {
  return { level: logger?.getEffectiveLevel() ?? null, stderr: toStderr };
}

/** Makes this process log as the process that the state comes from. */
export function restoreLoggingState(state: LoggingState): void {
  if (state.stderr) log_to_stderr();
  if (state.level !== null) get_logger().setLevel(state.level);
}
