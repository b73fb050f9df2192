/**
 * The interface of the transports that carry the messages of a `Connection`, a pipe through
 * the hub or a socket; and the code that they share.
 *
 * A transport moves messages that are bytes, whole and in order. It knows nothing of
 * values, nor of the directions in which a `Connection` may be used.
 *
 * @module
 */
import { type Place, WaitList } from "../collections/wait_list.ts";
import { type Waiter, waitHere, withoutTimeout } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import type { Peer } from "../link/peer.ts";
import { AttributeError, OSError, osError, ValueError } from "../python/errors.ts";
import { pythonTypeName } from "../python/repr.ts";
import type { DumpContext, PendingPayload } from "../reduction/mod.ts";
import type { Payload } from "../wire/message.ts";

/**
 * Makes the bytes of a message. With `isView` they are used up before anything else happens,
 * so they may be a view of memory that will change.
 */
export type Encode = (isView: boolean) => Payload | PendingPayload;

/** The user of a transport: a `Connection`, in one of its methods. */
export interface User {
  /** The connection. To close it ends its waits. */
  readonly owner: object;
  readonly signal: AbortSignal | undefined;
  /** Whether the process need not stay alive while it waits. */
  readonly isBackground?: boolean;
}

/** A user that takes a message. */
export interface Taker extends User {
  /** Bytes of the longest message that it accepts. */
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
  /** Whether it is ready, after all that happened before this call. */
  ask(): Promise<boolean>;
  /** Calls back, perhaps often, when it may have become ready; gives what ends that. */
  watch(callback: () => void): () => void;
}

/** An object that `wait` takes. */
export interface WaitableObject {
  /** @throws {OSError} if it is closed */
  [WAITABLE](): Waitable;
}

/** An encoding of objects other than that of reduction.ts. */
export interface Codec {
  encode(value: unknown): Payload | PendingPayload;
  decode(message: Payload): unknown;
}

/** Carries the messages of connections. */
export interface Transport extends Waitable {
  /** The encoding of objects; that of reduction.ts if there is none. */
  readonly codec?: Codec;
  /**
   * Sends a message. One whose bytes are not known yet keeps its place.
   *
   * @returns Settles when there is room for the next one.
   * @throws {BrokenPipeError} if it has no receiver any more; as a rejection, like all errors
   * but those of `encode`
   */
  send(encode: Encode, user: User): Promise<void>;
  /**
   * The next message, if it is here. It belongs to the caller.
   *
   * @throws {EOFError} if no more messages come
   */
  takeNow(taker: Taker): Payload | undefined;
  /** Waits for a message. It belongs to the caller. @throws {EOFError} as above */
  take(taker: Taker): Promise<Payload>;
  /** The text of hub/stats.ts; undefined where the hub has no part in it. */
  stats?(): Promise<string>;
  /** One more connection uses it. */
  open(): void;
  /**
   * A connection, or undefined for one that is garbage, does not use it any more. Messages
   * that were sent arrive all the same.
   */
  close(owner: object | undefined): void;
  /** The name for `registerConnection`, and the fields, under which it is sent. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>];
}

// ----------------------------------------------------------------------- waiting

/** A taker that waits in `take`. */
interface WaitingTaker {
  readonly taker: Taker;
  readonly waiter: Waiter<Payload>;
}

/** The takers that wait for a message of one transport, oldest first. */
export class Takers extends WaitList<WaitingTaker> {
  /** Takes out the first one that accepts `length` bytes, if any; refuses those before it. */
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

  /** Ends the waits of a connection that is closed; gives how many those were. */
  close(owner: object | undefined): number {
    const closed = this.takeAll(({ taker }) => taker.owner === owner);
    for (const { waiter } of closed) waiter.reject(new OSError("handle is closed"));
    return closed.length;
  }

  /** No more messages come. */
  end(error: () => Error): void {
    for (const { waiter } of this.takeAll()) waiter.reject(error());
  }
}

/**
 * Waits in `list` until there is room again. A message has been sent, so a signal that ends
 * the wait is no failure.
 *
 * @param end The pipe's end; none for a socket.
 */
export async function waitForRoom(
  peer: Peer,
  list: WaitList<Waiter<void>>,
  user: User,
  end?: number,
): Promise<void> {
  const enter = (waiter: Waiter<void>) => list.enter(waiter);
  const op = end === undefined ? ops.sendSocket : ops.send;
  try {
    await waitHere<void>(peer, withoutTimeout(user), enter, undefined, op, end);
  } catch (error) {
    const { signal } = user;
    if (!signal?.aborted || error !== signal.reason) throw error;
  }
}

// -------------------------------------------------------------------- travelling

/** The fields of an end of a pipe that is sent. */
export interface EndFields {
  id: number;
  /** The directions of the end: not those in which a connection may be used. */
  reads: boolean;
  writes: boolean;
  /** The token by which the receiver gets the end; none at the start of a process. */
  token: number | null;
}

/** A transport that was sent by another process. */
export interface Arrived extends Transport {
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Whether a value carries messages. */
export function isTransport(handle: unknown): handle is Transport {
  return typeof handle === "object" && handle !== null && "takeNow" in handle;
}

/** The error for a value that does not; it may be meant as a file descriptor. */
export function notATransport(handle: unknown): Error {
  if (typeof handle !== "number" || !Number.isInteger(handle)) {
    const type = pythonTypeName(handle);
    return new AttributeError(`'${type}' object has no attribute '__index__'`);
  }
  return handle < 0 ? new ValueError("invalid handle") : osError("EBADF");
}
