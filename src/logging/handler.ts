/**
 * Where records go. Mirrors `Handler` and `StreamHandler` of `logging/__init__.py`.
 *
 * @module
 */

import { repr, reprTuple } from "../repr.ts";
import { formatException } from "../traceback.ts";
import { checkLevel, type Level, NOTSET } from "./levels.ts";
import { Formatter, type LogRecord } from "./record.ts";
import { writeToLog } from "./sink.ts";

/** Takes the records of a logger somewhere; to be extended. Python: `logging.Handler`. */
export abstract class Handler {
  /** Records below it are left out. */
  level: number = NOTSET;
  /** Makes the lines; null for the bare message. */
  formatter: Formatter | null = null;

  /**
   * Sets the level.
   *
   * @param level Records below it are left out.
   */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
  }

  /**
   * Sets the formatter.
   *
   * @param formatter Makes the lines; null for the bare message.
   */
  setFormatter(formatter: Formatter | null): void {
    this.formatter = formatter;
  }

  /**
   * Makes the line of a record.
   *
   * @param record The event.
   * @returns The line, without its end.
   */
  format(record: LogRecord): string {
    return (this.formatter ?? BARE).format(record);
  }

  /**
   * Takes one record; what goes wrong with it is told on stderr, not to the program that
   * logs.
   *
   * @param record The event.
   */
  handle(record: LogRecord): void {
    try {
      this.emit(record);
    } catch (error) {
      reportLoggingError(error, record);
    }
  }

  /**
   * Brings one record where it belongs.
   *
   * @param record The event.
   */
  abstract emit(record: LogRecord): void;
}

const BARE = new Formatter();

/** Writes records to stderr, one line each. Python: `logging.StreamHandler`. */
export class StreamHandler extends Handler {
  readonly #write: (text: string) => void;

  /**
   * Makes a handler.
   *
   * @param write Takes lines with their ends; stderr if it is not given.
   */
  constructor(write: (text: string) => void = writeToLog) {
    super();
    this.#write = write;
  }

  /**
   * Writes one record.
   *
   * @param record The event.
   */
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
    // Where log lines go is what is broken: there is nowhere left to tell it.
  }
}
