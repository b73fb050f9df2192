/**
 * What a `Connection` asks of whatever carries its messages: a pipe through the hub, a
 * socket. Types only, and the name under which `wait` finds out what it can wait for.
 *
 * A transport moves messages that are bytes, whole and in order. It knows nothing of
 * values, and nothing of which direction a `Connection` lets its user use.
 *
 * @module
 */
import type { DumpContext, PendingPayload } from "../reduction.ts";
import type { Payload } from "../wire/message.ts";

/**
 * Makes the bytes of a message.
 *
 * @param isView Whether they are used up before anything else happens, so that they may
 * be a view of memory that will change.
 */
export type Encode = (isView: boolean) => Payload | PendingPayload;

/** Who does something with a transport: a `Connection`, by one of its methods. */
export interface User {
  /** The connection. Closing it ends what it waits for. */
  readonly owner: object;
  readonly signal: AbortSignal | undefined;
  /** Whether the process need not stay alive while it waits. */
  readonly isBackground?: boolean;
}

/** Who takes a message. */
export interface Taker extends User {
  /** Bytes of the longest message that is welcome. */
  readonly maxlength: number;
  /** Makes the error for a longer one. */
  refuse(): Error;
}

/** The name of the method that makes an object one that `wait` can wait for. */
export const WAITABLE: unique symbol = Symbol("waitable");

/** Something that is ready or not. */
export interface Waitable {
  /** Whether it is ready, as far as is known here. */
  readonly isReady: boolean;
  /** Whether `isReady` is kept up to date without `ask` and `watch`. */
  readonly isCertain: boolean;
  /** Whether it is ready, including all that happened before this was called. */
  ask(): Promise<boolean>;
  /**
   * Calls back when it may have become ready, perhaps more than once.
   *
   * @returns Ends that.
   */
  watch(callback: () => void): () => void;
}

/** What `wait` takes. */
export interface WaitableObject {
  /** @throws {OSError} if it is closed */
  [WAITABLE](): Waitable;
}

/** How objects become messages where it is not by reduction.ts. */
export interface Codec {
  encode(value: unknown): Payload | PendingPayload;
  decode(message: Payload): unknown;
}

/** See the file's head. */
export interface Transport extends Waitable {
  /** How objects become messages; reduction.ts's way if there is none. */
  readonly codec?: Codec;
  /**
   * Sends a message. One whose bytes are not known yet keeps its place.
   *
   * @returns Settles when there is room for the next one.
   * @throws {BrokenPipeError} if nobody can receive it; as a rejection, like all errors
   * but those of `encode`
   */
  send(encode: Encode, user: User): Promise<void>;
  /**
   * The next message, if it is here. It belongs to the caller.
   *
   * @throws {EOFError} if there will be none
   */
  takeNow(taker: Taker): Payload | undefined;
  /** Waits for a message. It belongs to the caller. @throws {EOFError} as above */
  take(taker: Taker): Promise<Payload>;
  /** One more connection uses it. */
  open(): void;
  /**
   * A connection uses it no longer; undefined for one that is garbage. What was sent
   * arrives all the same.
   */
  close(owner: object | undefined): void;
  /** How it travels: a name for `registerTransport`, and what is needed there. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>];
}
