/**
 * Checks of numeric arguments, with the errors that CPython raises for each of them;
 * the texts are those of CPython 3.11 and 3.13, which agree.
 *
 * What differs from Python: an infinite timeout waits for ever, where Python raises
 * OverflowError or OSError.
 *
 * @module
 */

import { isMap, isSet } from "../runtime/brands.ts";
import { osError, OverflowError, ValueError } from "./errors.ts";
import { isPlain, pythonTypeName } from "./repr.ts";

/**
 * The first operation of CPython on a timeout, which decides its errors:
 * - `"clock"` adds it to the time of day: `Queue.get`, `Process.join`,
 *   `Connection.poll`, `connection.wait`, `Barrier.wait`, `Condition.wait_for`.
 * - `"semaphore"` passes it to a semaphore: `Lock.acquire`, `Queue.put`, `Event.wait`,
 *   `Condition.wait`.
 * - `"comparison"` compares it with 0: `AsyncResult.get`, `AsyncResult.wait`,
 *   `IMapIterator.next`.
 */
export type TimeoutUse = "clock" | "semaphore" | "comparison";

/**
 * Checks a timeout in seconds: null, undefined and Infinity wait for ever and give null; a
 * negative number gives 0.
 *
 * @throws {TypeError} For other types: `unsupported operand type(s) for +: 'float' and
 * 'str'` (clock), `must be real number, not str` (semaphore), `'>' not supported between
 * instances of 'str' and 'int'` (comparison).
 * @throws {ValueError} For NaN (clock): `cannot convert float NaN to integer`.
 * @throws {OSError} For NaN (semaphore): `[Errno 22] Invalid argument`. With
 * "comparison", NaN is 0.
 */
export function asTimeout(value: unknown, use: TimeoutUse = "clock"): number | null {
  if (value === null || value === undefined || value === Infinity) return null;
  const seconds = asNumber(value);
  if (seconds === undefined) throw notATimeout(value, use);
  if (seconds > 0) return seconds;
  if (!Number.isNaN(seconds) || use === "comparison") return 0;
  if (use === "semaphore") throw osError("EINVAL");
  throw new ValueError("cannot convert float NaN to integer");
}

/** The number of a value, as Python's booleans are integers; undefined for other types. */
function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "bigint" || typeof value === "boolean"
    ? Number(value)
    : undefined;
}

function notATimeout(value: unknown, use: TimeoutUse): TypeError {
  const type = pythonTypeName(value);
  if (use === "comparison") return comparisonError(">", value);
  return new TypeError(
    use === "clock"
      ? `unsupported operand type(s) for +: 'float' and '${type}'`
      : `must be real number, not ${type}`,
  );
}

/** `'<=' not supported between instances of 'str' and 'int'`: `value` stands on the left. */
export function comparisonError(operator: string, value: unknown): TypeError {
  const type = pythonTypeName(value);
  return new TypeError(
    `'${operator}' not supported between instances of '${type}' and 'int'`,
  );
}

/**
 * The number of an integer: of a whole number, a bigint or a boolean.
 *
 * @param operator The comparison that CPython makes first, if it makes one: its error is
 * then raised for other types. `<=` for the size of a `Queue` and the chunk size of
 * `Pool.map`, `<` for that of `imap` and the processes of a `Pool`, none for the value of
 * a `Semaphore`.
 * @throws {TypeError} `'float' object cannot be interpreted as an integer`, or the
 * comparison's error.
 */
export function asInteger(value: unknown, operator?: "<" | "<="): number {
  const number = asNumber(value);
  if (number !== undefined && Number.isInteger(number)) return number;
  if (operator !== undefined && number === undefined) {
    throw comparisonError(operator, value);
  }
  throw new TypeError(
    `'${pythonTypeName(value)}' object cannot be interpreted as an integer`,
  );
}

/**
 * As {@linkcode asInteger}, for an integer that has to fit a C `int`, such as the value of a
 * semaphore.
 *
 * @throws {OverflowError} `Python int too large to convert to C int`, also for one that
 * is too small.
 */
export function asCInt(value: unknown, operator?: "<" | "<="): number {
  const number = asInteger(value, operator);
  if (number !== (number | 0)) {
    throw new OverflowError("Python int too large to convert to C int");
  }
  return number;
}

/** Python's `bool()`: containers without items are false, not-a-number is true. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    const { length, size } = value as { length?: unknown; size?: unknown };
    if (Array.isArray(value) || ArrayBuffer.isView(value)) return length !== 0;
    if (isMap(value) || isSet(value)) return size !== 0;
    const isDict = isPlain(value) && Object.getPrototypeOf(value) !== null;
    return !isDict || Object.keys(value).length > 0;
  }
  // Of these JavaScript thinks as Python does, but for not-a-number.
  return Boolean(value) || Number.isNaN(value);
}
