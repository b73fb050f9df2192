/**
 * The peer: a process's end of its link to the hub. It sends messages, keeps pending calls
 * and hands on what the hub sends.
 *
 * Every process has exactly one peer. The root's reaches the hub by function calls, a
 * child's by frames; no layer above can tell the difference. One table holds all pending
 * calls, and when the link ends every one of them is rejected with the reason: no call can
 * hang.
 *
 * @module
 */
import type { Claims } from "../hub/claims.ts";
import type { SharedObject } from "../hub/object.ts";
import { PendingCalls, type Waiter } from "./pending_calls.ts";
import { errorClasses, reviveError, RuntimeError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import {
  Kind,
  type Payload,
  type Scalar,
  type ToHub,
  type ToPeer,
} from "../wire/message.ts";

/** The way to the hub. */
export interface Link {
  post(message: ToHub): void;
  /** Whether `post` is done with a payload's bytes when it returns. */
  readonly copies: boolean;
  /** A function that posts the same message each time, as cheaply as can be. */
  repeat(message: ToHub): () => void;
  /** A queue's next item, taken at once: only the root's own process can do that. */
  takeNow(queue: number): Payload | undefined;
  /** An object's state machine, where the hub is in this process. */
  objectHere?(object: number): SharedObject | undefined;
  /** The log in which this process claims items; undefined where it sends `Ack` instead. */
  readonly ownClaims?: Claims | undefined;
  /** The number of times that all items sent here before have become void. */
  readonly voided?: number;
  /** Whether items that come now are void. */
  readonly isVoid?: boolean;
  /** Nothing more can be claimed: all items that were sent here so far are void. */
  endClaims?(): void;
}

/** Takes the messages that concern one object. */
type Receiver = (message: ToPeer) => void;

/** Operations that may complete at once before the event loop gets its turn. */
const OPERATIONS_PER_TURN = 128;

/** This process's end of its link to the hub. */
export class Peer {
  /** This process's number in the hub. */
  readonly id: number;
  /** The way to the hub; what is posted there goes past this peer. */
  readonly link: Link;
  /** The range of this process's numbers for new objects and processes. */
  readonly idRange: number;
  #counter = 0;
  #lastCall = 0;
  readonly #pending = new PendingCalls<Scalar>();
  readonly #receivers = new Map<number, Receiver>();
  /** Messages of the hub, beginning with the one that is being handled. */
  readonly #received: ToPeer[] = [];
  /** Objects that were shut down before this process has made its handles. */
  readonly #shutDown = new Map<number, ToPeer>();
  #refs = 0;
  #operations = 0;
  /** Why the link has ended; undefined while it is up. */
  #ended: Error | undefined;
  readonly #dropped = new FinalizationRegistry<number>((object) => this.drop(object));

  constructor(id: number, idRange: number, link: Link) {
    this.id = id;
    this.idRange = idRange;
    this.link = link;
  }

  /** As {@linkcode Link.copies}. */
  get copies(): boolean {
    return this.link.copies;
  }

  /** A number for a new object or process. */
  newId(): number {
    return this.idRange * 2 ** 32 + ++this.#counter;
  }

  /** Sends a message that has no answer. */
  post(message: ToHub): void {
    this.link.post(message);
  }

  /** As {@linkcode Link.repeat}. */
  repeat(message: ToHub): () => void {
    return this.link.repeat(message);
  }

  /** As {@linkcode Link.takeNow}. */
  takeNow(queue: number): Payload | undefined {
    return this.link.takeNow(queue);
  }

  /** An object's state machine, where the hub is here: to do what causes no message. */
  objectHere(object: number): SharedObject | undefined {
    return this.link.objectHere?.(object);
  }

  /** As {@linkcode Link.endClaims}. */
  endClaims(): void {
    this.link.endClaims?.();
  }

  /** A number for a call; to be used in the message given to `request`. */
  newCall(): number {
    return ++this.#lastCall;
  }

  /** Sends a message whose answer `pending` gets; the root's may come before this returns. */
  request(call: number, message: ToHub, pending: Waiter<Scalar>): void {
    if (this.#ended !== undefined) return pending.reject(this.#ended);
    this.#pending.add(call, pending);
    try {
      this.link.post(message);
    } catch (error) {
      this.#pending.take(call);
      throw error;
    }
  }

  /** Sends a message and waits for its answer, keeping the process alive. */
  call(call: number, message: ToHub): Promise<Scalar> {
    const answer = this.refWhile(
      new Promise<Scalar>((resolve, reject) => {
        this.request(call, message, { resolve, reject });
      }),
    );
    // In the root the answer may be there already: a loop that asks until something has
    // changed would never let it change.
    const turn = this.yieldToLoop();
    return turn === undefined ? answer : turn.then(() => answer);
  }

  /** Keeps the process alive until the promise settles. */
  refWhile<T>(promise: Promise<T>): Promise<T> {
    this.ref();
    const unref = () => this.unref();
    promise.then(unref, unref);
    return promise;
  }

  /** Keeps the process alive until `unref` has been called as often. */
  ref(): void {
    if (this.#refs++ === 0) runtime.keepAlive(true);
  }

  unref(): void {
    if (--this.#refs === 0) runtime.keepAlive(false);
  }

  /** Has messages about an object handed to `receiver` until the object is dropped. */
  listen(object: number, receiver: Receiver): void {
    this.#receivers.set(object, receiver);
    const early = this.#shutDown.get(object);
    if (early === undefined) return;
    this.#shutDown.delete(object);
    receiver(early);
  }

  /** Ends what `listen` began. */
  unlisten(object: number): void {
    this.#receivers.delete(object);
  }

  /** Drops `object` once `handle` is garbage. */
  dropWith(handle: object, object: number): void {
    this.#dropped.register(handle, object);
  }

  /** Tells the hub that this process does not hold an object any more. */
  drop(object: number): void {
    this.#receivers.delete(object);
    if (this.#ended === undefined) this.post([Kind.Drop, object]);
  }

  /**
   * Handles a message of the hub. In the root one may cause another one, which is handled
   * after it, not within.
   */
  receive(message: ToPeer): void {
    this.#received.push(message);
    if (this.#received.length > 1) return;
    let failure: { error: unknown } | undefined;
    for (let at = 0; at < this.#received.length; at++) {
      try {
        this.#handle(this.#received[at]!);
      } catch (error) {
        failure ??= { error };
      }
    }
    this.#received.length = 0;
    if (failure !== undefined) throw failure.error;
  }

  #handle(message: ToPeer): void {
    switch (message[0]) {
      case Kind.Answer:
        return this.#pending.take(message[2])?.resolve(message[3]);
      case Kind.Failure: {
        const [, object, call, name, text] = message;
        if (call === 0) return this.#receivers.get(object)?.(message);
        return this.#pending.take(call)?.reject(failureError(name, text));
      }
      default: {
        const receiver = this.#receivers.get(message[1]);
        if (receiver !== undefined) receiver(message);
        else if (message[0] === Kind.ShutDown) this.#shutDown.set(message[1], message);
      }
    }
  }

  /** The link has ended: rejects all calls with the reason. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#pending.rejectAll(reason);
  }

  /**
   * To be awaited, unless undefined, by operations that need not wait. A loop of them would
   * otherwise run in microtasks alone, and keep timers, other tasks and the hub itself from
   * their turn.
   *
   * @param later Calls back in a later turn; that of `runtime` keeps the process alive.
   */
  yieldToLoop(
    later: (callback: () => void) => void = runtime.nextTurn,
  ): Promise<void> | undefined {
    if (++this.#operations < OPERATIONS_PER_TURN) return undefined;
    this.#operations = 0;
    return new Promise((resolve) => later(resolve));
  }

  /** Waits, keeping the process alive, until what is due in this turn has been handled. */
  nextTurn(): Promise<void> {
    return this.refWhile(new Promise((resolve) => runtime.nextTurn(resolve)));
  }
}

/** The error that a `Failure` names. */
export function failureError(name: string, message: string): Error {
  return reviveError(errorClasses.get(name) ?? RuntimeError, message);
}

let peer: Peer | undefined;
let factory: (() => Peer) | undefined;

/** Sets the function that makes this process's peer at its first use. */
export function setPeerFactory(create: () => Peer): void {
  factory = create;
}

/** This process's peer. */
export function currentPeer(): Peer {
  return peer ??= factory!();
}
