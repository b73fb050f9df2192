/**
 * What the hub and the state machines of its shared objects know of each other.
 * Types and numbers only.
 *
 * @module
 */
import type { Message, ToPeer } from "../wire/message.ts";

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
}

/** A shared object's state machine. */
export interface SharedObject {
  /** Handles a message of a process that holds the object. */
  receive(process: number, message: Message): void;
  /** The process holds the object no longer: it died, or has let go of it. */
  leave(process: number): void;
  /** Does what is better done once for many messages. */
  settle(): void;
}

/** The `type` field of `Create`. */
export const ObjectType = { Queue: 1 } as const;

/** The `method` field of `Call`, by type of object. */
export const QueueMethod = {
  Size: 0,
  TaskDone: 1,
  Join: 2,
} as const;
