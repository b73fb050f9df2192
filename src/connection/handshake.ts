/**
 * The handshake by which the two ends of a connection show each other that they have the
 * same key: its steps, message by message, and their way over a socket.
 *
 * ```
 * deliver                                   answer
 *   #CHALLENGE#{sha256}<40 random bytes> ──►
 *                  ◄── {sha256}<HMAC of all after #CHALLENGE#>
 *   #WELCOME# or #FAILURE#               ──►
 * ```
 *
 * Then the two change parts. Python before 3.12 has MD5 only: its challenge is 20 bytes
 * without a prefix, and its answer always 16.
 *
 * Mirrors the authentication in `multiprocessing/connection.py` of 3.12 and later, which
 * also speaks with earlier versions.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { after, type Waiter } from "../link/waiting.ts";
import {
  AssertionError,
  AuthenticationError,
  EOFError,
  OSError,
  TimeoutError,
  ValueError,
} from "../python/errors.ts";
import { pythonTypeName, repr } from "../python/repr.ts";
import { hmac } from "../runtime/hmac.ts";
import { concat } from "../wire/bytes.ts";
import { MAX_HANDSHAKE_MESSAGE, type MessageSocket } from "./message_socket.ts";

/** Random bytes in a challenge. */
export const MESSAGE_LENGTH = 40;

/** HMAC by Python's name of the digest; undefined if there is no such digest here. */
export type Hmac = (
  digest: string,
  key: Uint8Array,
  data: Uint8Array,
) => Uint8Array | undefined;

/** The caller's next step: to send a message, or receive one of at most so many bytes. */
type HandshakeStep = { send: Uint8Array } | { receive: number };

/** One part of a handshake: asks for steps, and throws if the other end has not the key. */
export type Handshake = Generator<HandshakeStep, void, Uint8Array>;

const CHALLENGE = ascii("#CHALLENGE#");
const WELCOME = ascii("#WELCOME#");
const FAILURE = ascii("#FAILURE#");

const DIGESTS = ["md5", "sha256", "sha384", "sha3_256", "sha3_384"];

/** Bytes of a challenge without a prefix: of Python before 3.12. */
const LEGACY_CHALLENGE = 20;

/** Bytes of an answer without one: HMAC-MD5. */
const LEGACY_ANSWER = 16;

const RECEIVE: HandshakeStep = { receive: MAX_HANDSHAKE_MESSAGE };

/**
 * Asks the other end for a proof that it has the key, by a challenge of 40 random bytes. The
 * steps throw AuthenticationError if the proof is wrong, after the other end has been told.
 *
 * @throws {ValueError} If the key is not bytes.
 */
export function deliverChallenge(
  hmac: Hmac,
  authkey: Uint8Array,
  random: Uint8Array,
  digest = "sha256",
): Handshake {
  checkKey(authkey);
  if (random.length !== MESSAGE_LENGTH) {
    throw new AssertionError("protocol constraint");
  }
  return deliver(hmac, authkey, concat(ascii(`{${digest}}`), random));
}

function* deliver(hmac: Hmac, authkey: Uint8Array, message: Uint8Array): Handshake {
  yield { send: concat(CHALLENGE, message) };
  const response = yield RECEIVE;
  try {
    verifyResponse(hmac, authkey, message, response);
  } catch (error) {
    yield { send: FAILURE };
    throw error;
  }
  yield { send: WELCOME };
}

/**
 * Proves to the other end that this one has the key. The steps throw AuthenticationError if
 * there is no challenge, or one of an unknown kind, or if the proof is rejected.
 *
 * @throws {ValueError} If the key is not bytes.
 */
export function answerChallenge(hmac: Hmac, authkey: Uint8Array): Handshake {
  checkKey(authkey);
  return answer(hmac, authkey);
}

function* answer(hmac: Hmac, authkey: Uint8Array): Handshake {
  const challenge = yield RECEIVE;
  if (!isEqual(challenge.subarray(0, CHALLENGE.length), CHALLENGE)) {
    const text = `message=${repr(challenge)}`;
    throw new AuthenticationError(`Protocol error, expected challenge: ${text}`);
  }
  const message = challenge.subarray(CHALLENGE.length);
  if (message.length < LEGACY_CHALLENGE) {
    // The braces are CPython's: it forgot to fill in the number.
    throw new AuthenticationError("challenge too short: {len(message)} bytes");
  }
  yield { send: createResponse(hmac, authkey, message) };
  const verdict = yield RECEIVE;
  if (!isEqual(verdict, WELCOME)) {
    throw new AuthenticationError("digest sent was rejected");
  }
}

/**
 * Makes the proof for a challenge without `#CHALLENGE#`, with a prefix if that has one.
 *
 * @throws {AuthenticationError} If the challenge is of an unknown kind.
 * @throws {ValueError} If the runtime does not have the digest.
 */
export function createResponse(
  hmac: Hmac,
  authkey: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  let { digest } = parse(message);
  if (digest === "") {
    const proof = hmac("md5", authkey, message);
    if (proof !== undefined) return proof;
    digest = "sha256"; // where MD5 is forbidden; the other end may know it
  }
  const proof = hmac(digest, authkey, message);
  if (proof === undefined) throw new ValueError(`unsupported hash type ${digest}`);
  return concat(ascii(`{${digest}}`), proof);
}

/** Checks the other end's proof. @throws {AuthenticationError} If it is wrong. */
export function verifyResponse(
  hmac: Hmac,
  authkey: Uint8Array,
  message: Uint8Array,
  response: Uint8Array,
): void {
  const parsed = parse(response);
  const digest = parsed.digest || "md5";
  const expected = hmac(digest, authkey, message);
  if (expected === undefined) {
    throw new AuthenticationError(`response_digest='${digest}' unsupported`);
  }
  if (expected.length !== parsed.payload.length) {
    throw new AuthenticationError(
      `expected '${digest}' of length ${expected.length} got ${parsed.payload.length}`,
    );
  }
  if (!isEqual(expected, parsed.payload)) {
    throw new AuthenticationError("digest received was wrong");
  }
}

/** Takes the prefix off; the digest is empty where there can be none. */
function parse(message: Uint8Array): { digest: string; payload: Uint8Array } {
  if (message.length === LEGACY_CHALLENGE || message.length === LEGACY_ANSWER) {
    return { digest: "", payload: message };
  }
  for (const digest of DIGESTS) {
    const prefix = ascii(`{${digest}}`);
    if (isEqual(message.subarray(0, prefix.length), prefix)) {
      return { digest, payload: message.subarray(prefix.length) };
    }
  }
  throw new AuthenticationError(
    "unsupported message length, missing digest prefix, or unsupported digest: " +
      `message=${repr(message)}`,
  );
}

/** Takes the same time whichever bytes differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

function checkKey(authkey: unknown): void {
  if (isUint8Array(authkey)) return;
  const type = pythonTypeName(authkey);
  throw new ValueError(`Authkey must be bytes, not <class '${type}'>`);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

// ------------------------------------------------------------------------ over a socket
//
// There are limits for a peer that has not yet shown that it has the key: 256 bytes a
// message, some seconds in all, and a number of peers at once.

/** Seconds that a handshake may take, as CPython's `CONNECTION_TIMEOUT`. */
export const HANDSHAKE_TIMEOUT = 20;

/** Handshakes that one server may have under way at once. */
export const MAX_HANDSHAKES = 64;

/**
 * The handshakes of one server that are under way. When there are too many the oldest is
 * dropped, as it is the most likely one of an attacker.
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
 * Reads the messages of a socket, one at a time, until its user listens. The next one is not
 * looked at before it is asked for: messages right behind a handshake may be longer than
 * those in it.
 */
export class MessageReader {
  readonly #messages: Uint8Array[] = [];
  #waiter: Waiter<Uint8Array> | undefined;
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

  /** The messages that have come and were not read; the last call of all. */
  rest(): Uint8Array[] {
    return this.#messages.splice(0);
  }

  /** The reason why no more messages come; undefined as long as they may. */
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
  let step = steps.next();
  while (!step.done) {
    const { value } = step;
    if ("receive" in value) step = steps.next(await receive(value.receive));
    else {
      await send(value.send);
      step = steps.next();
    }
  }
}

/** Runs both parts: the server delivers its challenge first, the client answers first. */
async function both(
  socket: MessageSocket,
  reader: MessageReader,
  authkey: Uint8Array,
  isServer: boolean,
): Promise<void> {
  const random = crypto.getRandomValues(new Uint8Array(MESSAGE_LENGTH));
  const run = (steps: Handshake) =>
    runHandshake(steps, (message) => socket.send(message), () => reader.read());
  const deliver = () => run(deliverChallenge(hmac, authkey, random));
  const answer = () => run(answerChallenge(hmac, authkey));
  for (const part of isServer ? [deliver, answer] : [answer, deliver]) await part();
}

/** Errors that mean that the peer was too slow. */
const slow = new WeakSet<object>();

/** Whether a handshake failed because the peer was too slow. */
export function wasSlow(error: unknown): boolean {
  return typeof error === "object" && error !== null && slow.has(error);
}

/**
 * Has both ends of a connection show that they have the key; gives the reader of the next
 * messages, of at most `maxLength` bytes.
 *
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
  const late = new TimeoutError("handshake timed out");
  const stop = after(seconds, () => socket.fail(late));
  try {
    await both(socket, reader, authkey, isServer);
  } catch (error) {
    socket.close(); // not `fail`: the last message, that the key is wrong, has to arrive
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
