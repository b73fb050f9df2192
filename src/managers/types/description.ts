/**
 * What an object of a manager's server tells of itself: to those who look inside who waits at
 * it and who has it, by clients; to a call of `stats` its numbers.
 *
 * @module
 */
import type {
  LockDescription,
  QueueDescription,
  SignalDescription,
} from "../../hub/description.ts";
import { type StatsOwner, statsText } from "../../hub/stats.ts";
import { pythonTypeName } from "../../python/arguments.ts";
import { AttributeError } from "../../python/errors.ts";
import { runtime } from "../../runtime/mod.ts";
import type { Blocked, Owner } from "../protocol/caller.ts";
import { blockedAt } from "./machine.ts";

/** The method that tells it: a symbol, so that no client can call it. */
export const DESCRIBE: unique symbol = Symbol("describe");

/** What a machine tells of itself, to which each call is a process. */
export type MachineDescription =
  | QueueDescription
  | LockDescription
  | SignalDescription;

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
  /** What is behind it, with all numbers. */
  readonly machine: MachineDescription;
}

/** What tells of itself. */
export interface Describing {
  /** @param now On the runtime's clock. */
  [DESCRIBE](now: number): ManagedDescription;
}

/** What a machine has told, and who has it or waits, of whom that knows the calls only. */
export function described(
  machine: MachineDescription,
  more: Partial<ManagedDescription> = {},
): ManagedDescription {
  return {
    ...{ kind: machine.kind, machine, value: valueOf(machine), bound: 0 },
    ...{ isOwned: machine.kind === "lock" && machine.isOwned, takers: [], putters: [] },
    ...{ joiners: [], unfinished: null, isShutDown: false, lock: null },
    waiters: machine.kind === "queue" ? [] : blockedAt(machine.waiters),
    ...more,
  };
}

function valueOf(machine: MachineDescription): number {
  switch (machine.kind) {
    case "queue":
      return machine.depth;
    case "lock":
      return machine.value;
    default:
      return Number(machine.isSet);
  }
}

/** Whether an object tells of itself. */
export function describes(object: object): object is Describing {
  return DESCRIBE in object;
}

/** What the numbers are of that `stats` of a proxy gives, and the numbers, as JSON. */
export type StatsAnswer = [
  kind: "joinable" | "lock" | "semaphore" | "condition" | "event" | "barrier",
  text: string,
];

/**
 * Answers a call of `stats`.
 *
 * @throws {AttributeError} if the object has no numbers
 */
export function statsOf(object: object): StatsAnswer {
  if (!describes(object)) {
    const type = pythonTypeName(object);
    throw new AttributeError(`'${type}' object has no attribute 'stats'`);
  }
  const { machine, isOwned, takers: [owner] } = object[DESCRIBE](runtime.now());
  const text = statsText(machine, () => owner === undefined ? null : named(owner));
  if (machine.kind === "queue") return ["joinable", text];
  return [
    machine.kind !== "lock" ? machine.kind : isOwned ? "lock" : "semaphore",
    text,
  ];
}

/** A client by its process's name, which it tells with its pid. */
function named({ name, pid }: Owner): StatsOwner {
  const suffix = ` (pid ${pid})`;
  return { name: name.endsWith(suffix) ? name.slice(0, -suffix.length) : name, pid };
}
