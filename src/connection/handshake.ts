/**
 * The steps of challenge.ts over a socket, and the limits on peers that have not yet shown
 * that they have the key: 256 bytes a message, some seconds in all, and so many at once.
 *
 * @module
 */
import { after } from "../link/waiting.ts";
import {
  AuthenticationError,
  EOFError,
  OSError,
  TimeoutError,
} from "../python/errors.ts";
import { hmac } from "../runtime/hmac.ts";
import {
  answerChallenge,
  CHALLENGE_LENGTH,
  deliverChallenge,
  type Handshake,
} from "../wire/challenge.ts";
import { MAX_HANDSHAKE_MESSAGE, type MessageSocket } from "./message_socket.ts";

/** Seconds that a handshake may take, as CPython's `CONNECTION_TIMEOUT`. */
export const HANDSHAKE_TIMEOUT = 20;

/** Handshakes that one server may have under way at once. */
export const MAX_HANDSHAKES = 64;

/**
 * The handshakes of one server that are under way. When there are too many the oldest is
 * dropped, as it is the most likely to mean no good.
 */
export class PendingHandshakes {
  readonly #sockets = new Set<MessageSocket>();
  readonly #dropped = new OSError("dropped before its handshake was over");

  /** Waits for a handshake over a socket, which may be dropped meanwhile. */
  async run<T>(socket: MessageSocket, handshake: () => Promise<T>): Promise<T> {
    const [oldest] = this.#sockets;
    if (this.#sockets.size >= MAX_HANDSHAKES) {
      this.#sockets.delete(oldest!);
      oldest!.fail(this.#dropped);
    }
    this.#sockets.add(socket);
    try {
      return await handshake();
    } finally {
      this.#sockets.delete(socket);
    }
  }

  /** Whether a handshake failed because it was dropped. */
  wasDropped(error: unknown): boolean {
    return error === this.#dropped;
  }

  /** Drops all: the server ends. */
  drop(): void {
    for (const socket of this.#sockets) socket.fail(this.#dropped);
  }
}

/**
 * The messages of a socket, one at a time, while nobody listens for good. The next one is not
 * looked at before it is asked for: what comes right behind a handshake may be longer than
 * what is in it.
 */
export class MessageReader {
  readonly #messages: Uint8Array[] = [];
  #waiter:
    | { resolve(message: Uint8Array): void; reject(error: unknown): void }
    | undefined;
  #failure: Error | undefined;
  readonly #socket: MessageSocket;

  constructor(socket: MessageSocket) {
    this.#socket = socket;
    socket.start({
      onMessage: (message) => this.#add(message),
      onEnd: (error) => this.#fail(error ?? new EOFError()),
    });
  }

  #add(message: Uint8Array): void {
    this.#socket.holdBack(true);
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) return waiter.resolve(message);
    this.#messages.push(message.slice());
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiter?.reject(error);
    this.#waiter = undefined;
  }

  /** The next message. @throws {EOFError} if the peer is gone */
  read(): Promise<Uint8Array> {
    if (this.#messages.length === 0) this.#socket.holdBack(false);
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiter = { resolve, reject });
  }

  /** Messages that have come and were not read; nobody may read any more. */
  rest(): Uint8Array[] {
    return this.#messages.splice(0);
  }

  /** Whether the peer is gone, and why. */
  get failure(): Error | undefined {
    return this.#failure;
  }
}

/** Carries out one part of a handshake. */
export async function runHandshake(
  steps: Handshake,
  send: (message: Uint8Array) => void | Promise<void>,
  receive: (maxLength: number) => Promise<Uint8Array>,
): Promise<void> {
  let received: Uint8Array | undefined;
  for (;;) {
    const { done, value } = received === undefined
      ? steps.next()
      : steps.next(received);
    if (done) return;
    received = undefined;
    if ("send" in value) await send(value.send);
    else received = await receive(value.receive);
  }
}

/** Python's `deliver_challenge` then `answer_challenge`, or the other way round. */
async function both(
  socket: MessageSocket,
  reader: MessageReader,
  authkey: Uint8Array,
  isServer: boolean,
): Promise<void> {
  const random = crypto.getRandomValues(new Uint8Array(CHALLENGE_LENGTH));
  const run = (steps: Handshake) =>
    runHandshake(steps, (message) => socket.send(message), () => reader.read());
  const deliver = () => run(deliverChallenge(hmac, authkey, random));
  const answer = () => run(answerChallenge(hmac, authkey));
  if (isServer) {
    await deliver();
    await answer();
  } else {
    await answer();
    await deliver();
  }
}

/** Errors that mean that the peer was too slow. */
const slow = new WeakSet<object>();

/** Whether a handshake failed because the peer was too slow. */
export function wasSlow(error: unknown): boolean {
  return typeof error === "object" && error !== null && slow.has(error);
}

/**
 * Has both ends of a connection show that they have the key.
 *
 * @param maxLength The longest message that is taken afterwards.
 * @returns The reader, for what comes next.
 * @throws {AuthenticationError} The connection is closed then.
 */
export async function authenticate(
  socket: MessageSocket,
  authkey: Uint8Array,
  isServer: boolean,
  maxLength: number,
  seconds: number = HANDSHAKE_TIMEOUT,
): Promise<MessageReader> {
  socket.maxLength = MAX_HANDSHAKE_MESSAGE;
  const reader = new MessageReader(socket);
  const stop = after(
    seconds,
    () => socket.fail(new TimeoutError("handshake timed out")),
  );
  try {
    await both(socket, reader, authkey, isServer);
  } catch (error) {
    // What was said last, that the key is wrong, has to arrive.
    socket.close();
    if (!(error instanceof TimeoutError)) throw error;
    const refusal = new AuthenticationError(error.message);
    slow.add(refusal);
    throw refusal;
  } finally {
    stop();
  }
  socket.maxLength = maxLength;
  return reader;
}
