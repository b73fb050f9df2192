/**
 * What is logged, and how it becomes a line. Mirrors `LogRecord` and `Formatter` of
 * `logging/__init__.py`; fields that need the call stack are missing.
 *
 * @module
 */

import { percent } from "../percent.ts";
import { str } from "../repr.ts";
import { runtime } from "../runtime/mod.ts";
import { levelName } from "./levels.ts";
import { processName } from "./sink.ts";

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
  /** What fills it. */
  readonly args: readonly unknown[];
  /** When, in seconds since 1970. */
  readonly created: number;
  /** The id of the process. */
  readonly process: number;
  /** The name of the process. */
  readonly processName: string;

  /**
   * Makes a record of now.
   *
   * @param name The logger's name.
   * @param level The level as a number.
   * @param msg The template.
   * @param args What fills it.
   */
  constructor(name: string, level: number, msg: unknown, args: readonly unknown[]) {
    this.name = name;
    this.levelno = level;
    this.levelname = levelName(level);
    this.msg = msg;
    this.args = args;
    this.created = Date.now() / 1000;
    this.process = runtime.pid;
    this.processName = processName();
  }

  /**
   * The template, filled; a template without arguments is left as it is.
   *
   * @returns The text.
   */
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

  /**
   * Makes the line of a record.
   *
   * @param record The event.
   * @returns The line, without its end.
   */
  format(record: LogRecord): string {
    return percent(this.fmt, [{
      ...record,
      message: record.getMessage(),
      asctime: localTime(record.created),
    }]);
  }
}

/** `2024-01-31 16:49:45,896`, in local time. */
function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace(".", ",").slice(0, 23);
}
