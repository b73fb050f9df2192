/**
 * What the hub tells of itself to those who look inside: plain data. To describe an object
 * changes nothing, and takes as long as it has processes that wait.
 *
 * Ages are seconds.
 *
 * @module
 */

/** Calls of one process that wait at an object. */
export interface Waiting {
  readonly process: number;
  /** How many calls. */
  readonly count: number;
  /** For how long the first of them has waited; null if that is not known. */
  readonly age: number | null;
  /**
   * Seconds until they give up. Only managers' servers know that: where it is not there or
   * null, either they do not, or only their processes know.
   */
  readonly left?: number | null;
}

/** What is behind Queue, JoinableQueue and SimpleQueue. */
export interface QueueDescription {
  readonly kind: "queue";
  /** Items that were put and not yet taken. */
  readonly depth: number;
  /** The bound; 0 for none. */
  readonly maxsize: number;
  readonly puts: number;
  /** Items taken; one that came back and was taken again counts each time. */
  readonly gets: number;
  /** How long the next item has been there; null without items. */
  readonly oldest: number | null;
  /** Items without `task_done`. */
  readonly unfinished: number;
  /** Items that came back too often, and were not fetched yet. */
  readonly dead: number;
  readonly isShutDown: boolean;
  readonly getters: readonly Waiting[];
  readonly putters: readonly Waiting[];
  readonly joiners: readonly Waiting[];
}

/** What is behind locks and semaphores. */
export interface LockDescription {
  readonly kind: "lock";
  /** Free permits. */
  readonly value: number;
  /** The most there may be. */
  readonly max: number;
  /** Whether a permit belongs to its taker: so with locks. */
  readonly isOwned: boolean;
  /** Whether processes take it in memory that they share. */
  readonly isShared: boolean;
  /** The processes that have permits, as far as the hub knows. */
  readonly takers: readonly Waiting[];
  /** How often it was given; of a semaphore in shared memory some may be missed. */
  readonly grants: number;
  readonly waiters: readonly Waiting[];
}

/** Conditions, events and barriers. */
export interface SignalDescription {
  readonly kind: "condition" | "event" | "barrier";
  /** Whether an event is set, or a barrier broken. */
  readonly isSet: boolean;
  /** The number that a barrier waits for; null for others. */
  readonly parties: number | null;
  /** The condition's lock; null for others. */
  readonly lock: number | null;
  readonly waiters: readonly Waiting[];
}

/** One end of a pipe. */
export interface PipeDescription {
  readonly kind: "pipe";
  /** The other end; null if there never was one. */
  readonly other: number | null;
  /**
   * Messages and bytes that were sent to this end and not yet received, as far as the hub
   * knows: a process that has the end alone tells of what it takes now and then.
   */
  readonly depth: number;
  readonly bytes: number;
  /** Messages that were sent and received at this end. */
  readonly sends: number;
  readonly receives: number;
  readonly readers: readonly Waiting[];
}

/** What a state machine tells of itself, told apart by `kind`. */
export type Description =
  | QueueDescription
  | LockDescription
  | SignalDescription
  | PipeDescription;

/** A shared object. */
export type ObjectDescription = Description & {
  readonly id: number;
  /** The process that made it. */
  readonly maker: number;
  /** The processes that hold it. */
  readonly holders: readonly number[];
  /** Handles of it that are on their way. */
  readonly inTransit: number;
};

/** A process. */
export interface MemberDescription {
  readonly number: number;
  /** The process that started it; the root's own number for the root. */
  readonly parent: number;
}

/** All of the hub. */
export interface HubDescription {
  readonly objects: readonly ObjectDescription[];
  readonly members: readonly MemberDescription[];
}

/** How long ago something was; null if that is not known. */
export function ageOf(now: number, since: number | undefined): number | null {
  return since === undefined ? null : Math.max(0, now - since) / 1000;
}
