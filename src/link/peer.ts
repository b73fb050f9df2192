/**
 * A process's link to the hub: what it sends, what it waits for, what it is sent.
 *
 * Every process has exactly one peer. The root's reaches the hub by function calls, a
 * child's by frames; nobody above this file can tell the difference. One table holds
 * all pending calls, and when the link ends every one of them is rejected with the
 * reason: no call can hang.
 *
 * @module
 */
import type { Claims } from "../hub/claims.ts";
import type { SharedObject } from "../hub/object.ts";
import { type Pending, PendingCalls } from "./pending_calls.ts";
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
  /** A queue's next item without a lease: only the root's own process gets one so. */
  takeNow(queue: number): Payload | undefined;
  /** An object's state machine, where the hub is in this process. */
  objectHere?(object: number): SharedObject | undefined;
  /** Where this process claims what it takes; undefined where it says so instead. */
  readonly ownClaims?: Claims | undefined;
  /** How often all that was sent here before has become void. */
  readonly voided?: number;
  /** Whether what comes now is void. */
  readonly isVoid?: boolean;
  /** Nothing more can be claimed: all that was sent here so far is void. */
  endClaims?(): void;
}

/** Takes the messages that concern one object. */
export type Receiver = (message: ToPeer) => void;

/** How many operations may complete at once before others get their turn. */
const OPERATIONS_PER_TURN = 128;

/** See the file's head. */
export class Peer {
  /** This process's number in the hub. */
  readonly id: number;
  readonly #link: Link;
  /** Where this process's numbers for new objects and processes lie. */
  readonly #idRange: number;
  #counter = 0;
  #lastCall = 0;
  readonly #pending = new PendingCalls<Scalar>();
  readonly #receivers = new Map<number, Receiver>();
  /** Messages of the hub, from the one that is being handled on. */
  readonly #received: ToPeer[] = [];
  #refs = 0;
  #operations = 0;
  /** Why the link has ended; undefined while it is up. */
  #ended: Error | undefined;
  readonly #dropped = new FinalizationRegistry<number>((object) => this.drop(object));

  constructor(id: number, idRange: number, link: Link) {
    this.id = id;
    this.#idRange = idRange;
    this.#link = link;
  }

  /** Whether a payload's bytes may change once it was posted. */
  get copies(): boolean {
    return this.#link.copies;
  }

  /** A number for a new object or process. */
  newId(): number {
    return this.#idRange * 2 ** 32 + ++this.#counter;
  }

  /** Sends a message that has no answer. */
  post(message: ToHub): void {
    this.#link.post(message);
  }

  /** A function that posts the same message each time. */
  repeat(message: ToHub): () => void {
    return this.#link.repeat(message);
  }

  /** A queue's next item, if it can be had without asking. */
  takeNow(queue: number): Payload | undefined {
    return this.#link.takeNow(queue);
  }

  /**
   * An object's state machine, where the hub is in this process; undefined elsewhere.
   * To ask it, and to do what causes no message.
   */
  objectHere(object: number): SharedObject | undefined {
    return this.#link.objectHere?.(object);
  }

  /** Where this process claims what it takes; undefined where it says so instead. */
  get claims(): Claims | undefined {
    return this.#link.ownClaims;
  }

  /** How often all that was sent here before has become void. */
  get voided(): number {
    return this.#link.voided ?? 0;
  }

  /** Whether what comes now is void. */
  get isVoid(): boolean {
    return this.#link.isVoid ?? false;
  }

  /** Nothing more can be claimed: all that was sent here so far is void. */
  endClaims(): void {
    this.#link.endClaims?.();
  }

  /** A number for a call; to be used in the message given to `request`. */
  newCall(): number {
    return ++this.#lastCall;
  }

  /** Sends a message whose answer `pending` gets; the root's may come before this returns. */
  request(call: number, message: ToHub, pending: Pending<Scalar>): void {
    if (this.#ended !== undefined) return pending.reject(this.#ended);
    this.#pending.add(call, pending);
    try {
      this.#link.post(message);
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
    // In the root the answer may be there: a loop that asks until something has changed
    // would never let it change.
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

  /** The process stays alive until `unref` has been called as often. */
  ref(): void {
    if (this.#refs++ === 0) runtime.keepAlive(true);
  }

  unref(): void {
    if (--this.#refs === 0) runtime.keepAlive(false);
  }

  /** Has messages about an object handed to `receiver` until the object is dropped. */
  listen(object: number, receiver: Receiver): void {
    this.#receivers.set(object, receiver);
  }

  /** Ends what `listen` began. */
  unlisten(object: number): void {
    this.#receivers.delete(object);
  }

  /** Lets go of `object` in the hub once `handle` is garbage. */
  dropWith(handle: object, object: number): void {
    this.#dropped.register(handle, object);
  }

  /** Lets go of an object. */
  drop(object: number): void {
    this.#receivers.delete(object);
    if (this.#ended === undefined) this.post([Kind.Drop, object]);
  }

  /**
   * Handles a message of the hub. In the root one may cause the next: that is handled
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
      case Kind.Answer: // unless nobody waits for it any more
        return this.#pending.take(message[2])?.resolve(message[3]);
      case Kind.Failure: {
        const [, object, call, name, text] = message;
        if (call === 0) return this.#receivers.get(object)?.(message);
        return this.#pending.take(call)?.reject(makeError(name, text));
      }
      default:
        this.#receivers.get(message[1])?.(message);
    }
  }

  /** The link has ended: everybody who waits is told why. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#pending.rejectAll(reason);
  }

  /**
   * To be awaited by operations that need not wait, if it is not undefined. A loop of
   * such operations would otherwise run in microtasks alone, and keep timers, other
   * tasks and the hub itself from their turn.
   */
  yieldToLoop(): Promise<void> | undefined {
    if (++this.#operations < OPERATIONS_PER_TURN) return undefined;
    this.#operations = 0;
    return new Promise((resolve) => runtime.nextTurn(resolve));
  }
}

/** The error that a `Failure` names. */
export function makeError(name: string, message: string): Error {
  return reviveError(errorClasses.get(name) ?? RuntimeError, message);
}

let peer: Peer | undefined;
let factory: (() => Peer) | undefined;

/** Says how this process gets its peer when it first needs one. */
export function setPeerFactory(create: () => Peer): void {
  factory = create;
}

/** This process's peer. */
export function currentPeer(): Peer {
  return peer ??= factory!();
}
