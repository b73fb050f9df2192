/**
 * The arguments of `inspect`.
 *
 * @module
 */
import { parseArguments, pythonTypeName, signature } from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import type { Deadlock, Snapshot } from "./snapshot.ts";

/** What `inspect` is told, with all defaults. */
export interface ParsedOptions {
  readonly port: number;
  readonly page: boolean;
  readonly args: boolean;
  readonly logs: boolean;
  /** Seconds. */
  readonly interval: number;
  readonly onDeadlock: ((deadlock: Deadlock, snapshot: Snapshot) => void) | null;
  readonly signal: AbortSignal | undefined;
}

const INSPECT = signature<Record<keyof Omit<ParsedOptions, "signal">, unknown>>(
  "inspect",
  { port: 0, page: true, args: true, logs: true, interval: 0.5, onDeadlock: null },
);

/** Seconds between two looks, at least and at most. */
const SHORTEST = 0.01;
export const LONGEST = 3600;

/**
 * Reads the arguments.
 *
 * @throws {TypeError} if one is unknown or of a wrong type
 * @throws {ValueError} if one makes no sense
 */
export function parseInspectOptions(given: unknown[]): ParsedOptions {
  const { port, page, args, logs, interval, onDeadlock, signal } = parseArguments(
    INSPECT,
    given,
  );
  const isPort = Number.isInteger(port) && Number(port) >= 0 && Number(port) < 65536;
  if (!isPort) throw new ValueError("port must be an integer from 0 to 65535");
  if (typeof interval !== "number") {
    throw new TypeError(`interval must be a number, not '${pythonTypeName(interval)}'`);
  }
  if (!(interval >= SHORTEST && interval <= LONGEST)) {
    throw new ValueError(`interval must be between ${SHORTEST} and ${LONGEST} seconds`);
  }
  if (onDeadlock !== null && typeof onDeadlock !== "function") {
    throw new TypeError(`'${pythonTypeName(onDeadlock)}' object is not callable`);
  }
  return {
    ...{ port: Number(port), interval, signal },
    ...{ page: Boolean(page), args: Boolean(args), logs: Boolean(logs) },
    onDeadlock: onDeadlock as ParsedOptions["onDeadlock"],
  };
}
