/**
 * What an object of a manager's server tells of itself to those who look inside: who waits at
 * it and who has it, by clients.
 *
 * @module
 */
import type { Blocked, Owner } from "../protocol/caller.ts";

/** The method that tells it: a symbol, so that no client can call it. */
export const DESCRIBE: unique symbol = Symbol("describe");

/** An object, as it tells of itself. */
export interface ManagedDescription {
  readonly kind: "queue" | "lock" | "event" | "condition" | "barrier";
  /** Items; free permits; 1 if it is set or broken. */
  readonly value: number;
  /** The bound of a queue, the parties of a barrier; else 0. */
  readonly bound: number;
  /** Whether it belongs to who has taken it. */
  readonly isOwned: boolean;
  /** Those who have it. */
  readonly takers: readonly Owner[];
  /** Those who wait: for it, for items, for the others. */
  readonly waiters: readonly Blocked[];
  /** Those who wait for room. */
  readonly putters: readonly Blocked[];
  /** Those who wait until all is done. */
  readonly joiners: readonly Blocked[];
  /** Items without `task_done`; null for what has no items. */
  readonly unfinished: number | null;
  readonly isShutDown: boolean;
  /** The lock of a condition. */
  readonly lock: object | null;
}

/** A description; what is not given is nothing. */
export function plain(
  kind: ManagedDescription["kind"],
  value: number,
  waiters: readonly Blocked[],
  more: Partial<ManagedDescription> = {},
): ManagedDescription {
  return {
    ...{ kind, value, waiters, bound: 0, isOwned: false, takers: [], putters: [] },
    ...{ joiners: [], unfinished: null, isShutDown: false, lock: null },
    ...more,
  };
}

/** Whether an object tells of itself. */
export function describes(
  object: object,
): object is { [DESCRIBE](): ManagedDescription } {
  return DESCRIBE in object;
}
