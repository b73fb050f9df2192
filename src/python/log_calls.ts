/**
 * What the package logs with, and where the lines go. The logger itself (log.ts) is loaded
 * by programs that ask for it: until then nothing is logged.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";

/** The level of details for finding errors. */
export const DEBUG = 10;
/** The level of confirmations that everything works. */
export const INFO = 20;
/** The level of {@linkcode sub_debug}. Python: `multiprocessing.SUBDEBUG`. */
export const SUBDEBUG = 5;
/** The level of {@linkcode sub_warning}. Python: `multiprocessing.SUBWARNING`. */
export const SUBWARNING = 25;

/** As much of the logger as is needed here. */
interface LogReceiver {
  log(level: number, msg: unknown, ...args: unknown[]): void;
  getEffectiveLevel(): number;
}

let logger: LogReceiver | undefined;
let toStderr = false;

let onFirst: (() => void) | undefined;

/** There is a logger from now on. */
export function setLogger(made: LogReceiver): void {
  logger = made;
  onFirst?.();
}

/** Calls back when there is a logger: it is told of the process's end, children or not. */
export function onFirstLogger(callback: () => void): void {
  if (logger === undefined) onFirst = callback;
  else callback();
}

/** `log_to_stderr` was called: children call it too. */
export function logsToStderr(): void {
  toStderr = true;
}

/** Logs at level 5, shown as `Level 5`, if `get_logger` was ever called. */
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

/** Gives the name of this process, for `%(processName)s`. */
let nameSource: () => string = () => "MainProcess";

/** Writes log lines. */
let writeLog: (text: string) => void = writeToStderr;

const encoder = new TextEncoder();

function writeToStderr(text: string): void {
  runtime.writeStderrSync(encoder.encode(text));
}

/** Sets the source of this process's name; for the layer that knows processes. */
export function setProcessNameSource(source: () => string): void {
  nameSource = source;
}

/** The name of this process; `MainProcess` without another source. */
export function processName(): string {
  return nameSource();
}

/** Sends log lines, with their line ends, to a function; undefined for stderr again. */
export function setLogSink(write: ((text: string) => void) | undefined): void {
  writeLog = write ?? writeToStderr;
}

/** Writes whole lines, with their line ends, to the log's sink: stderr. */
export function writeToLog(text: string): void {
  writeLog(text);
}
