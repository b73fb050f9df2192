/**
 * The levels of log messages. Mirrors that part of `logging/__init__.py`. Pure.
 *
 * @module
 */

import { ValueError } from "../errors.ts";
import { repr } from "../repr.ts";

/** The level of a logger that leaves it to the root logger, whose level is WARNING. */
export const NOTSET = 0;
/** The level of details for finding errors. */
export const DEBUG = 10;
/** The level of news that everything works. */
export const INFO = 20;
/** The level of what may go wrong; what is less is not shown by default. */
export const WARNING = 30;
/** The level of what went wrong. */
export const ERROR = 40;
/** The level of what ends the program. */
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

/**
 * The name of a level. Python: `logging.getLevelName`.
 *
 * @param level The number.
 * @returns Its name; `Level 25` where it has none.
 *
 * @example
 * ```ts
 * import { levelName } from "../logging.ts";
 * console.log(levelName(20), levelName(25)); // INFO Level 25
 * ```
 */
export function levelName(level: number): string {
  return LEVEL_NAMES.get(level) ?? `Level ${level}`;
}

/**
 * Checks a level.
 *
 * @param level A number, or a level's name in capitals.
 * @returns The number.
 * @throws {ValueError} `Unknown level: 'info'`.
 * @throws {TypeError} `Level not an integer or a valid string: None`.
 *
 * @example
 * ```ts
 * import { checkLevel } from "../logging.ts";
 * console.log(checkLevel("INFO")); // 20
 * ```
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
