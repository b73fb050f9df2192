/**
 * What `stats()` of a shared object answers: numbers alone, made of what its state machine
 * tells of itself. The answer's size does not depend on what processes do. Pure.
 *
 * @module
 */
import type {
  Description,
  LockDescription,
  PipeDescription,
  QueueDescription,
  SignalDescription,
  Waiting,
} from "./description.ts";

/** A process, as `stats()` names it. */
export interface StatsOwner {
  /** Its name when it was started. */
  readonly name: string;
  /** The number that its system knows it by. */
  readonly pid: number;
}

/** What `Queue.stats` and `SimpleQueue.stats` give. */
export interface QueueStats {
  /** Items that were put and not yet taken, as `qsize()`. */
  readonly depth: number;
  /** Most items in it; 0 for any number. */
  readonly maxsize: number;
  /** Items put, since the queue was made or the counters were reset. */
  readonly puts: number;
  /** Items taken; one that came back and was taken again counts each time. */
  readonly gets: number;
  /** Seconds that the next item has been in the queue; null without items. */
  readonly oldest: number | null;
  /** Calls of `get` that wait for an item, in all processes. */
  readonly getters: number;
  /** Calls of `put` that wait for room. */
  readonly putters: number;
  /** Whether the queue was shut down. */
  readonly isShutDown: boolean;
}

/** What `JoinableQueue.stats` gives. */
export interface JoinableQueueStats extends QueueStats {
  /** Items without `task_done`. */
  readonly unfinished: number;
  /** Calls of `join` that wait. */
  readonly joiners: number;
  /** Items that came back too often and were not fetched by `dead_letters`. */
  readonly dead: number;
}

/** What the numbers of locks and semaphores have in common. */
export interface PermitStats {
  /** How often it was acquired, since it was made or the counters were reset. */
  readonly grants: number;
  /** Calls that wait for it, in all processes. */
  readonly waiters: number;
  /** Seconds that the first of them has waited; null without any. */
  readonly longest: number | null;
}

/** What `Lock.stats` and `RLock.stats` give. */
export interface LockStats extends PermitStats {
  /** Whether a process has it. */
  readonly isLocked: boolean;
  /** Which process has it; null if none does. */
  readonly owner: StatsOwner | null;
  /** Seconds that it has had it; null where that is not known. */
  readonly held: number | null;
}

/** What `Semaphore.stats` and `BoundedSemaphore.stats` give. */
export interface SemaphoreStats extends PermitStats {
  /** Permits that are free. */
  readonly value: number;
}

/** What `Condition.stats` gives. */
export interface ConditionStats {
  /** Calls of `wait` that nobody has notified, in all processes. */
  readonly waiters: number;
  /** Seconds that the first of them has waited; null without any. */
  readonly longest: number | null;
}

/** What `Event.stats` gives. */
export interface EventStats extends ConditionStats {
  /** Whether it is set. */
  readonly isSet: boolean;
}

/** What `Barrier.stats` gives. */
export interface BarrierStats extends ConditionStats {
  /** The number that must wait for all to pass. */
  readonly parties: number;
  /** Whether it is broken. */
  readonly isBroken: boolean;
}

/** What `Connection.stats` gives, of one end of a pipe. */
export interface ConnectionStats {
  /** Messages that were sent to this end and not yet received. */
  readonly depth: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Messages sent at this end, since it was made or the counters were reset. */
  readonly sends: number;
  /** Messages received at this end. */
  readonly receives: number;
}

/** All that may be answered; each class takes its part of it. */
export type AnyStats = Record<string, number | boolean | null | StatsOwner>;

function count(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { count }) => sum + count, 0);
}

/** The age of the call that has waited longest. */
function longest(waiting: readonly Waiting[]): number | null {
  const ages = waiting.map(({ age }) => age ?? 0);
  return ages.length === 0 ? null : Math.max(...ages);
}

function queueStats(queue: QueueDescription): AnyStats {
  const { kind: _, getters, putters, joiners, ...numbers } = queue;
  return {
    ...numbers,
    getters: count(getters),
    putters: count(putters),
    joiners: count(joiners),
  };
}

function lockStats(
  { value, isOwned, takers, grants, waiters }: LockDescription,
  name: (process: number) => StatsOwner | null,
): AnyStats {
  const [owner] = isOwned ? takers : [];
  return {
    ...{ value, isLocked: value === 0, grants },
    owner: owner === undefined ? null : name(owner.process),
    held: owner?.age ?? null,
    ...{ waiters: count(waiters), longest: longest(waiters) },
  };
}

function signalStats({ isSet, parties, waiters }: SignalDescription): AnyStats {
  return {
    ...{ isSet, isBroken: isSet, parties },
    ...{ waiters: count(waiters), longest: longest(waiters) },
  };
}

function pipeStats({ depth, bytes, sends, receives }: PipeDescription): AnyStats {
  return { depth, bytes, sends, receives };
}

/** Characters of a process's name: its starter may choose any. */
const NAME_LENGTH = 100;

/**
 * The answer to `stats()`, as JSON.
 *
 * @param name Names a process; null if it is gone.
 */
export function statsText(
  description: Description,
  name: (process: number) => StatsOwner | null,
): string {
  const short = (process: number) => {
    const found = name(process);
    return found && { ...found, name: found.name.slice(0, NAME_LENGTH) };
  };
  return JSON.stringify(statsOf(description, short));
}

function statsOf(
  description: Description,
  name: (process: number) => StatsOwner | null,
): AnyStats {
  switch (description.kind) {
    case "queue":
      return queueStats(description);
    case "lock":
      return lockStats(description, name);
    case "pipe":
      return pipeStats(description);
    default:
      return signalStats(description);
  }
}
