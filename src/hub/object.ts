/**
 * What the hub and the state machines of its shared objects know of each other.
 * Types and numbers only.
 *
 * @module
 */
import type { Message, Payload, ToPeer } from "../wire/message.ts";
import type { Claims } from "./claims.ts";

/** Objects in a message. */
export interface Cargo {
  /** A process has taken the message, and will claim their objects. */
  handOver(process: number): void;
  /** The message is lost. */
  discard(): void;
}

/** What a state machine may ask for. It has no other way to the outside. */
export interface Surroundings {
  /** Sends a message to a process; it is handed on in the order of the calls. */
  send(process: number, message: ToPeer): void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Calls back once, after `milliseconds`, unless cancelled. */
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
  /** Has `settle()` of the object called before the hub rests. */
  touch(object: SharedObject): void;
  /** How many processes hold an object; tokens count as well. */
  holders(object: number): number;
  /** Puts objects of a process into a message of its own, by a token each; see hub/transfer_tokens.ts. */
  pack(process: number, objects: readonly number[], tokens: readonly number[]): Cargo;
  /** Where a process claims what it takes; undefined as long as it says `Ack` instead. */
  claims(process: number): Claims | undefined;
  /** There is something that could be sent ahead to a process, if that claimed. */
  offerClaims(process: number): void;
  /** False where processes are sent no more than they have asked for. */
  readonly mayPrefetch?: boolean | undefined;
  /** A process has received these bytes, and here nobody has them any more. */
  reuse?(process: number, bytes: Payload): void;
  /** Reports something about a process, whose name the text is put behind. */
  warn(process: number, text: string): void;
}

/** As much of it as the machines of locks, conditions, events and barriers ask for. */
export type Outlet = Pick<Surroundings, "send" | "warn">;

/** A shared object's state machine. */
export interface SharedObject {
  /** Handles a message of a process that holds the object. */
  receive(process: number, message: Message): void;
  /** The process holds the object no longer: it died, or has let go of it. */
  leave(process: number): void;
  /** A process will claim no more, and takes nothing of what it was sent so far. */
  claimsEnded?(process: number): void;
  /** Nobody holds the object any more. */
  abandoned?(): void;
  /** Does what is better done once for many messages. */
  settle(): void;
}

/** The `type` field of `Create`. */
export const ObjectType = {
  Queue: 1,
  Semaphore: 2,
  Condition: 3,
  Event: 4,
  Barrier: 5,
  PipeEnd: 6,
} as const;

/** The `method` field of `Call`, by type of object. */
export const QueueMethod = {
  Size: 0,
  TaskDone: 1,
  Join: 2,
} as const;

/** As above. */
export const SemaphoreMethod = { Value: 0 } as const;

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
