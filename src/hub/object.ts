/**
 * The interfaces between the hub and the state machines of its shared objects, and the
 * numbers of their types and methods.
 *
 * @module
 */
import type { Message, Payload, ToPeer } from "../wire/message.ts";
import type { Claims } from "./claims.ts";
import type { Description } from "./description.ts";
import type { Owners } from "./owners.ts";
import type { Patience } from "./patience.ts";
import type { SharedWord } from "./word.ts";

/** Objects in a message. */
export interface Cargo {
  /** A process has taken the message, and will claim their objects. */
  handOver(process: number): void;
  /** The message is lost. */
  discard(): void;
}

/** What a state machine needs to lie in a word that processes share; see sharing.ts. */
export interface WordSource {
  /** A word, which is 0; null if there is none, undefined if there may be one later. */
  newWord(): SharedWord | null | undefined;
  /** Whether a process may have what all processes of the program share. */
  mayShare(process: number): boolean;
  readonly owners: Owners;
  readonly patience: Patience;
}

/** Everything that a state machine may ask for: its only way to the outside. */
export interface Surroundings {
  /** Sends a message to a process; it is handed on in the order of the calls. */
  send(process: number, message: ToPeer): void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /**
   * The same in whole milliseconds, as of the first call since the hub has settled: for what
   * happens often.
   */
  time(): number;
  /** Calls back once, after `milliseconds`, unless cancelled. */
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
  /** Has `settle()` of the object called before the hub rests. */
  touch(object: SharedObject): void;
  /** The number of processes and tokens that hold an object. */
  holders(object: number): number;
  /** Puts objects of a process into a message of its own; see transfer_tokens.ts. */
  pack(process: number, objects: readonly number[], tokens: readonly number[]): Cargo;
  /** The log in which a process claims items; undefined as long as it sends `Ack` instead. */
  claims(process: number): Claims | undefined;
  /** Items could be prefetched to a process, if it claimed them. */
  offerClaims(process: number): void;
  /** False where processes are sent no more than they have asked for. */
  readonly mayPrefetch?: boolean | undefined;
  /** A process has received these bytes, and the hub does not need them any more. */
  reuse?(process: number, bytes: Payload): void;
  /** The numbers by which the arenas' files are found. */
  readonly arenas: Set<number>;
  /** The file of an arena is to go. */
  removeArena?(name: number): void;
  /** Undefined where nothing lies in a word. */
  readonly words?: WordSource | undefined;
  /** Reports something about a process, whose name the text is put behind. */
  warn(process: number, text: string): void;
}

/** The part of it that locks, conditions, events and barriers ask for. */
export type Outlet =
  & Pick<Surroundings, "send" | "warn">
  & Partial<Pick<Surroundings, "words" | "time">>;

/** A shared object's state machine. */
export interface SharedObject {
  /** Handles a message of a process that holds the object. */
  receive(process: number, message: Message): void;
  /** The process holds the object from now on. Its work, with the handle in it, comes later. */
  joined?(process: number): void;
  /** The process does not hold the object any more: it died, or has dropped it. */
  leave(process: number): void;
  /** A process claims no more, and takes none of the items that it was sent so far. */
  claimsEnded?(process: number): void;
  /** Nobody holds the object any more. */
  abandoned?(): void;
  /** Does what is better done once for many messages. */
  settle(): void;
  /** What it is like at the time `now`, in milliseconds; undefined for what nobody waits at. */
  describe?(now: number): Description;
}

/** The `type` field of `Create`. */
export const ObjectType = {
  Queue: 1,
  Semaphore: 2,
  Condition: 3,
  Event: 4,
  Barrier: 5,
  PipeEnd: 6,
  Arena: 7,
  Block: 8,
} as const;

/**
 * The `method` field of `Call`, by type of object. `TaskDone` may get the item's number,
 * `ShutDown` gets whether that is immediate, `Knows` is not answered.
 */
export const QueueMethod = {
  Size: 0,
  TaskDone: 1,
  Join: 2,
  ShutDown: 3,
  /** The sender has been told of the shutdown, and puts no more. */
  Knows: 4,
  /** Takes out the oldest item that came back too often; null if there is none. */
  DeadLetter: 5,
} as const;

/** A method of all that can be described: the answer is the text of hub/stats.ts. */
export const STATS = 255;

/** As above. `Freed`: a permit is free in the word; it is not answered. */
export const SemaphoreMethod = { Value: 0, Freed: 1 } as const;

/** As above. `Notify` gets a number of sleepers, and is not answered. */
export const ConditionMethod = { Wait: 0, Notify: 1, Sleepers: 2 } as const;

/** As above. */
export const EventMethod = { IsSet: 0, Set: 1, Clear: 2, Wait: 3 } as const;

/** As above. `Acted` gets the call of the `Wait` and whether the action went well. */
export const BarrierMethod = {
  Wait: 0,
  Acted: 1,
  Abort: 2,
  Reset: 3,
  Waiting: 4,
  IsBroken: 5,
} as const;

/** As above. */
export const PipeMethod = { IsReadable: 0, IsWritable: 1 } as const;
