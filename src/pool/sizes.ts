/**
 * How many workers a pool has: always the same number, or as many as its tasks need, between
 * two bounds. Python's pools have the former only.
 *
 * @module
 */
import { asInteger, asTimeout } from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";

/** The bounds. Where both are the same number, that is how many workers there always are. */
export interface PoolSizes {
  /** The number of workers that stay although there is no work. */
  readonly min: number;
  /** The number of workers that there are at most. */
  readonly max: number;
  /** Seconds without work after which a worker beyond `min` ends. */
  readonly idle: number;
}

/** The options that say how many workers there are; null for what is not given. */
export type SizeArguments = Record<"processes" | "min" | "max" | "idle", unknown>;

/** Those of them that Python has not, as they are in a signature. */
export const SIZES = { min: null, max: null, idle: null };

/** The number of processes or threads that a system has by default at most. */
const MAX_COUNT = 32768;

/** Seconds without work after which a worker ends if nothing is said of that. */
const IDLE = 10;

/**
 * Checks the number of workers, or its bounds.
 *
 * @param tooMany Makes the error for more than there can be.
 * @throws {ValueError} `Number of processes must be at least 1`, `max must be at least 1`,
 * `min must be at least 0`, `min must not be greater than max`, for a bad `idle`, and for
 * `processes` beside one of the others
 */
export function asSizes(
  { processes, min, max, idle }: SizeArguments,
  tooMany: () => Error,
): PoolSizes {
  if (min === null && max === null && idle === null) {
    const count = asCount(processes, "Number of processes", 1, tooMany) ??
      defaultCount();
    return { min: count, max: count, idle: Infinity };
  }
  if (processes !== null) {
    throw new ValueError("processes cannot be given together with min, max or idle");
  }
  const least = asCount(min, "min", 0, tooMany) ?? 0;
  const most = asCount(max, "max", 1, tooMany) ?? Math.max(least, defaultCount());
  if (least > most) throw new ValueError("min must not be greater than max");
  return { min: least, max: most, idle: asIdle(idle) };
}

function defaultCount(): number {
  return Math.max(1, runtime.usableCpuCount || 1);
}

function asCount(
  value: unknown,
  what: string,
  least: number,
  tooMany: () => Error,
): number | null {
  if (value === null) return null;
  if (typeof value === "number" && value < least) throw tooFew(what, least);
  const count = asInteger(value, "<");
  if (count < least) throw tooFew(what, least);
  if (count > MAX_COUNT) throw tooMany();
  return count;
}

function tooFew(what: string, least: number): ValueError {
  return new ValueError(`${what} must be at least ${least}`);
}

function asIdle(value: unknown): number {
  if (value === Infinity) return Infinity;
  if (typeof value === "number" && !(value >= 0)) {
    throw new ValueError("idle must be None or a number of seconds from 0 up");
  }
  return asTimeout(value, "comparison") ?? IDLE;
}
