/**
 * What programs log with. Mirrors `Logger` of `logging/__init__.py`; there is one logger
 * and no root above it.
 *
 * @module
 */

import { type Handler, StreamHandler } from "./handler.ts";
import {
  checkLevel,
  CRITICAL,
  DEBUG,
  ERROR,
  INFO,
  type Level,
  levelName,
  NOTSET,
  WARNING,
} from "./levels.ts";
import { LogRecord } from "./record.ts";

/** Where records of a logger without handlers go. Python: `logging.lastResort`. */
const lastResort = new StreamHandler();
lastResort.setLevel(WARNING);

/**
 * Takes messages, and hands those that are important enough to its handlers. Without a
 * handler, warnings and worse go to stderr, bare. Python: `logging.Logger`.
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
  /** Where records go. */
  readonly handlers: Handler[] = [];

  /**
   * Makes a logger; users ask {@linkcode get_logger} for the one there is.
   *
   * @param name How the logger is called.
   */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * Sets the level.
   *
   * @param level What is below it is left out; a number or a name such as `"INFO"`.
   */
  setLevel(level: Level): void {
    this.level = checkLevel(level);
  }

  /**
   * The level that counts.
   *
   * @returns Its number: WARNING where none is set.
   */
  getEffectiveLevel(): number {
    return this.level === NOTSET ? WARNING : this.level;
  }

  /**
   * Whether a message would be shown.
   *
   * @param level A level as a number.
   * @returns Whether a message of that level is handed on.
   */
  isEnabledFor(level: number): boolean {
    return level >= this.getEffectiveLevel();
  }

  /**
   * Logs at level DEBUG.
   *
   * @param msg A text, or a template for {@linkcode percent}.
   * @param args What fills it.
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

  /** As {@linkcode Logger.debug}, at level ERROR. */
  error(msg: unknown, ...args: unknown[]): void {
    this.log(ERROR, msg, ...args);
  }

  /** As {@linkcode Logger.debug}, at level CRITICAL. */
  critical(msg: unknown, ...args: unknown[]): void {
    this.log(CRITICAL, msg, ...args);
  }

  /**
   * Logs at any level.
   *
   * @param level The level as a number.
   * @param msg A text or a template.
   * @param args What fills it.
   * @throws {TypeError} `level must be an integer`.
   */
  log(level: number, msg: unknown, ...args: unknown[]): void {
    if (!Number.isInteger(level)) throw new TypeError("level must be an integer");
    if (!this.isEnabledFor(level)) return;
    const record = new LogRecord(this.name, level, msg, args);
    const handlers = this.handlers.length === 0 ? [lastResort] : [...this.handlers];
    for (const handler of handlers) {
      if (level >= handler.level) handler.handle(record);
    }
  }

  /**
   * Adds a handler.
   *
   * @param handler Gets the records from now on; once, however often it is added.
   */
  addHandler(handler: Handler): void {
    if (!this.handlers.includes(handler)) this.handlers.push(handler);
  }

  /**
   * Takes a handler away.
   *
   * @param handler Gets no more records.
   */
  removeHandler(handler: Handler): void {
    const index = this.handlers.indexOf(handler);
    if (index !== -1) this.handlers.splice(index, 1);
  }

  /**
   * The logger as Python's `repr` shows it.
   *
   * @returns `<Logger multiprocessing (WARNING)>`.
   */
  toString(): string {
    const level = this.getEffectiveLevel();
    return `<Logger ${this.name} (${levelName(level)})>`;
  }
}
