/**
 * The part of Python's `logging` that a `multiprocessing` logger shows: levels, records,
 * handlers, formatters and the logger itself.
 *
 * Mirrors `logging/__init__.py`. What differs: there is one logger and no root above it,
 * so `propagate` has no effect; nothing is read from the call stack (`%(filename)s` and
 * the like are missing).
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { ValueError } from "./errors.ts";
import { DEBUG, INFO, processName, writeToLog } from "./log_calls.ts";
import { percent } from "./percent.ts";
import { isPlain, repr, reprTuple, str } from "./repr.ts";
import { formatException } from "./traceback.ts";
import { printAsText } from "./printing.ts";
import { isError } from "../runtime/brands.ts";

// ----------------------------------------------------------------------- levels

/** The level of a logger that takes the root logger's level, which is WARNING. */
export const NOTSET = 0;
/** The level of warnings; lower levels are not shown by default. */
export const WARNING = 30;
/** The level of failures. */
export const ERROR = 40;
/** The level of failures that end the program. */
export const CRITICAL = 50;

const LEVEL_NAMES: ReadonlyMap<number, string> = new Map([
  [NOTSET, "NOTSET"],
  [DEBUG, "DEBUG"],
  [INFO, "INFO"],
  [WARNING, "WARNING"],
  [ERROR, "ERROR"],
  [CRITICAL, "CRITICAL"],
]);

const LEVELS: ReadonlyMap<string, number> = new Map([
  ...Array.from(LEVEL_NAMES, ([level, name]) => [name, level] as const),
  ["WARN", WARNING],
  ["FATAL", CRITICAL],
]);

/** A level: a number, or `"DEBUG"`, `"INFO"`, `"WARNING"`, `"ERROR"`, `"CRITICAL"`. */
export type Level = number | string;

/** The name of a level; `Level 25` where it has none. Python: `logging.getLevelName`. */
export function levelName(level: number): string {
  return LEVEL_NAMES.get(level) ?? `Level ${level}`;
}

/**
 * The number of a level, which may be a name in capitals.
 *
 * @throws {ValueError} `Unknown level: 'info'`.
 * @throws {TypeError} `Level not an integer or a valid string: None`.
 */
export function checkLevel(level: Level): number {
  if (typeof level === "number" && Number.isInteger(level)) return level;
  if (typeof level !== "string") {
    throw new TypeError(`Level not an integer or a valid string: ${repr(level)}`);
  }
  const number = LEVELS.get(level);
  if (number === undefined) throw new ValueError(`Unknown level: ${repr(level)}`);
  return number;
}

// ------------------------------------------------------------ records and lines

/** One event of the log. Python: `logging.LogRecord`. */
export class LogRecord {
  /** The logger's name. */
  readonly name: string;
  /** The level as a number. */
  readonly levelno: number;
  /** The level's name; `Level 25` where it has none. */
  readonly levelname: string;
  /** The template. */
  readonly msg: unknown;
  /** The values for the template. */
  readonly args: readonly unknown[];
  /** The time, in seconds since 1970. */
  readonly created: number;
  /** The id of the process. */
  readonly process: number;
  /** The name of the process. */
  readonly processName: string;
  /** The text of an error that is told with it. */
  readonly exc_text: string | null;

  /** Makes a record of now. */
  constructor(
    name: string,
    level: number,
    msg: unknown,
    args: readonly unknown[],
    exc_text: string | null = null,
  ) {
    this.name = name;
    this.levelno = level;
    this.levelname = levelName(level);
    this.msg = msg;
    this.args = args;
    this.created = Date.now() / 1000;
    this.process = runtime.pid;
    this.processName = processName();
    this.exc_text = exc_text;
  }

  /** The template, filled; a template without arguments is left as it is. */
  getMessage(): string {
    return this.args.length === 0 ? str(this.msg) : percent(str(this.msg), this.args);
  }
}

/** Makes a line of a record. Python: `logging.Formatter`. */
export class Formatter {
  /** The layout of a line. */
  readonly fmt: string;

  /**
   * Makes a formatter.
   *
   * @param fmt The layout: `%(message)s`, `%(levelname)s`, `%(levelno)d`, `%(name)s`,
   * `%(process)d`, `%(processName)s`, `%(created)f`, `%(asctime)s`.
   */
  constructor(fmt = "%(message)s") {
    this.fmt = fmt;
  }

  /** Makes the line of a record, without its end; an error's text is below it. */
  format(record: LogRecord): string {
    const line = percent(this.fmt, [{
      ...record,
      message: record.getMessage(),
      asctime: localTime(record.created),
    }]);
    if (record.exc_text === null) return line;
    return `${line}${line.endsWith("\n") ? "" : "\n"}${record.exc_text}`;
  }
}

/** `2024-01-31 16:49:45,896`, in local time. */
function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace(".", ",").slice(0, 23);
}

// --------------------------------------------------------------------- handlers

/** Handles the records of a logger; to be extended. Python: `logging.Handler`. */
export abstract class Handler {
  /** Records below it are left out. */
  level: number = NOTSET;
  /** Makes the lines; null for the bare message. */
  formatter: Formatter | null = null;

  /** Sets the level: records below it are left out. */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
  }

  /** Sets what makes the lines; null for the bare message. */
  setFormatter(formatter: Formatter | null): void {
    this.formatter = formatter;
  }

  /** Makes the line of a record, without its end. */
  format(record: LogRecord): string {
    return (this.formatter ?? BARE).format(record);
  }

  /** Handles one record; an error is reported on stderr, not raised to the caller. */
  handle(record: LogRecord): void {
    try {
      this.emit(record);
    } catch (error) {
      reportLoggingError(error, record);
    }
  }

  /** Outputs one record. */
  abstract emit(record: LogRecord): void;
}

const BARE = new Formatter();

/** Writes records to stderr, one line each. Python: `logging.StreamHandler`. */
export class StreamHandler extends Handler {
  readonly #write: (text: string) => void;

  /** @param write Takes lines with their ends; stderr if it is not given. */
  constructor(write: (text: string) => void = writeToLog) {
    super();
    this.#write = write;
  }

  /** Writes one record. */
  override emit(record: LogRecord): void {
    this.#write(`${this.format(record)}\n`);
  }
}

function reportLoggingError(error: unknown, record: LogRecord): void {
  try {
    writeToLog(
      `--- Logging error ---\n${formatException(error)}Message: ${repr(record.msg)}\n` +
        `Arguments: ${reprTuple(record.args)}\n`,
    );
  } catch {
    // The log's sink itself is broken: there is no place left to report it.
  }
}

// ------------------------------------------------------------------- the logger

/** The handler of a logger without handlers. Python: `logging.lastResort`. */
const lastResort = new StreamHandler();
lastResort.setLevel(WARNING);

/**
 * Passes messages of its level and above to its handlers. Without a handler, warnings and
 * worse go to stderr, bare. Python: `logging.Logger`.
 *
 * @example
 * ```ts
 * import { get_logger } from "@pystd/multiprocessing";
 * const logger = get_logger();
 * logger.setLevel("INFO");
 * logger.info("%d workers", 4);
 * ```
 */
export class Logger {
  /** `multiprocessing`. */
  readonly name: string;
  /** NOTSET leaves it at WARNING. */
  level: number = NOTSET;
  /** As in Python; there is no logger above, so it changes nothing. */
  propagate: boolean | number = true;
  /** The handlers of its records. */
  readonly handlers: Handler[] = [];

  /** Makes a logger; users get the only one from {@linkcode get_logger}. */
  constructor(name: string) {
    this.name = name;
  }

  /** Sets the level, a number or a name such as `"INFO"`: lower ones are left out. */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
  }

  /** The number of the level in effect: WARNING if none is set. */
  getEffectiveLevel(): number {
    return this.level === NOTSET ? WARNING : this.level;
  }

  /** Whether messages of a level are handled. */
  isEnabledFor(level: number): boolean {
    return level >= this.getEffectiveLevel();
  }

  /**
   * Logs at level DEBUG.
   *
   * @param msg A text, or a template for {@linkcode percent}.
   * @param args The values for the template; then `{ exc_info: error }` has the error and its
   *   stack told below. Of another level the same.
   */
  debug(msg: unknown, ...args: unknown[]): void {
    this.log(DEBUG, msg, ...args);
  }

  /** As {@linkcode Logger.debug}, at level INFO. */
  info(msg: unknown, ...args: unknown[]): void {
    this.log(INFO, msg, ...args);
  }

  /** As {@linkcode Logger.debug}, at level WARNING. */
  warning(msg: unknown, ...args: unknown[]): void {
    this.log(WARNING, msg, ...args);
  }

  /** The same as `warning`, as in Python, where it is deprecated. */
  warn(msg: unknown, ...args: unknown[]): void {
    this.log(WARNING, msg, ...args);
  }

  /** As {@linkcode Logger.debug}, at level ERROR. */
  error(msg: unknown, ...args: unknown[]): void {
    this.log(ERROR, msg, ...args);
  }

  /** As {@linkcode Logger.debug}, at level CRITICAL. */
  critical(msg: unknown, ...args: unknown[]): void {
    this.log(CRITICAL, msg, ...args);
  }

  /** The same as `critical`. */
  fatal(msg: unknown, ...args: unknown[]): void {
    this.log(CRITICAL, msg, ...args);
  }

  /**
   * Logs at level ERROR, with an error and its stack below. Python takes the error that is
   * being handled, which JavaScript does not tell: it is the last argument. The template may
   * use it, too.
   */
  exception(msg: unknown, ...args: unknown[]): void {
    const error = args.at(-1);
    if (!isError(error) || !this.isEnabledFor(ERROR)) {
      return this.log(ERROR, msg, ...args);
    }
    const template = str(msg);
    const count = template.replaceAll("%%", "").split("%").length - 1;
    this.log(ERROR, template, ...args.slice(0, count), { exc_info: error });
  }

  /** As {@linkcode Logger.debug}, at any level. @throws {TypeError} `level must be an integer` */
  log(level: number, msg: unknown, ...args: unknown[]): void {
    if (!Number.isInteger(level)) throw new TypeError("level must be an integer");
    if (!this.isEnabledFor(level)) return;
    const { exc_info, values } = withoutKeywords(args);
    const record = new LogRecord(this.name, level, msg, values, errorText(exc_info));
    const handlers = this.handlers.length === 0 ? [lastResort] : [...this.handlers];
    for (const handler of handlers) {
      if (level >= handler.level) handler.handle(record);
    }
  }

  /** Adds a handler, if it is not there yet. */
  addHandler(handler: Handler): void {
    if (!this.handlers.includes(handler)) this.handlers.push(handler);
  }

  /** Removes a handler. */
  removeHandler(handler: Handler): void {
    const index = this.handlers.indexOf(handler);
    if (index !== -1) this.handlers.splice(index, 1);
  }

  /** `<Logger multiprocessing (WARNING)>`, as Python's `repr` shows it. */
  toString(): string {
    const level = this.getEffectiveLevel();
    return `<Logger ${this.name} (${levelName(level)})>`;
  }
}

/** Python's keyword at the end of the values. */
function withoutKeywords(args: readonly unknown[]) {
  const last = args.at(-1);
  return isPlain(last) && Object.hasOwn(last, "exc_info")
    ? { exc_info: last["exc_info"], values: args.slice(0, -1) }
    : { exc_info: null, values: args };
}

/** As Python shows the error that is being handled; JavaScript does not tell of that one. */
function errorText(exc_info: unknown): string | null {
  if (!exc_info) return null;
  return isError(exc_info) ? formatException(exc_info).trimEnd() : "NoneType: None";
}

printAsText(Logger);
