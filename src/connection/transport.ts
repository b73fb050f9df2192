/**
 * What a `Connection` asks of whatever carries its messages: a pipe through the hub, a
 * socket; and what all transports share.
 *
 * A transport moves messages that are bytes, whole and in order. It knows nothing of
 * values, and nothing of which direction a `Connection` lets its user use.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";
import { type Waiter, waitHere, withoutTimeout } from "../link/waiting.ts";
import type { Peer } from "../link/peer.ts";
import { AttributeError, OSError, osError, ValueError } from "../python/errors.ts";
import { pythonTypeName } from "../python/repr.ts";
import type { DumpContext, PendingPayload } from "../reduction/mod.ts";
import type { Payload } from "../wire/message.ts";

/**
 * Makes the bytes of a message.
 *
 * @param isView Whether they are used up before anything else happens, so that they may
 * be a view of memory that will change.
 */
export type Encode = (isView: boolean) => Payload | PendingPayload;

/** The user of a transport: a `Connection`, in one of its methods. */
export interface User {
  /** The connection. Closing it ends what it waits for. */
  readonly owner: object;
  readonly signal: AbortSignal | undefined;
  /** Whether the process need not stay alive while it waits. */
  readonly isBackground?: boolean;
}

/** A user that takes a message. */
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

/** An object that `wait` takes. */
export interface WaitableObject {
  /** @throws {OSError} if it is closed */
  [WAITABLE](): Waitable;
}

/** How objects become messages where it is not by reduction.ts. */
export interface Codec {
  encode(value: unknown): Payload | PendingPayload;
  decode(message: Payload): unknown;
}

/** Carries the messages of connections. */
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
  /** How it travels: a name for `registerConnection`, and what is needed there. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>];
}

// ----------------------------------------------------------------------- waiting

/** Waits for a message in `take`. */
interface WaitingTaker {
  readonly taker: Taker;
  readonly waiter: Waiter<Payload>;
}

/** The takers that wait for a message of one transport, oldest first. */
export class Takers extends WaitList<WaitingTaker> {
  /**
   * Takes out the first one that a message of `length` bytes is welcome to; undefined if
   * there is none. Those before it are refused.
   */
  next(length: number): Place<WaitingTaker> | undefined {
    for (;;) {
      const place = this.first;
      if (place === undefined) return undefined;
      this.remove(place);
      const { taker, waiter } = place.item;
      if (length <= taker.maxlength) return place;
      waiter.reject(taker.refuse());
    }
  }

  /** Ends what a connection that is closed waits for; gives how many waits that were. */
  close(owner: object | undefined): number {
    const closed = this.takeAll(({ taker }) => taker.owner === owner);
    for (const { waiter } of closed) waiter.reject(new OSError("handle is closed"));
    return closed.length;
  }

  /** There will be no message. */
  end(error: Error): void {
    for (const { waiter } of this.takeAll()) waiter.reject(error);
  }
}

/**
 * Waits in `list` until there is room again. A message has been sent, so a signal that ends
 * the wait is no failure.
 */
export async function waitForRoom(
  peer: Peer,
  list: WaitList<Waiter<void>>,
  user: User,
): Promise<void> {
  try {
    await waitHere<void>(peer, withoutTimeout(user), (waiter) => list.enter(waiter));
  } catch (error) {
    const { signal } = user;
    if (!signal?.aborted || error !== signal.reason) throw error;
  }
}

// -------------------------------------------------------------------- travelling

/** The fields of an end of a pipe that travels. */
export interface EndFields {
  id: number;
  /** Which ways the end goes: not which of them a connection lets its user use. */
  reads: boolean;
  writes: boolean;
  /** How the receiver gets hold of the end; not needed at the start of a process. */
  token: number | null;
}

/** Something that carries messages and has come from another process. */
export interface Arrived extends Transport {
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Whether a value carries messages. */
export function isTransport(handle: unknown): handle is Transport {
  return typeof handle === "object" && handle !== null && "takeNow" in handle;
}

/** The error for what does not; it may be meant as a file descriptor. */
export function notATransport(handle: unknown): Error {
  if (typeof handle !== "number" || !Number.isInteger(handle)) {
    const type = pythonTypeName(handle);
    return new AttributeError(`'${type}' object has no attribute '__index__'`);
  }
  return handle < 0 ? new ValueError("invalid handle") : osError("EBADF");
}
