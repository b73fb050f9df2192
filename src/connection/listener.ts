/**
 * `Listener` and `Client`: connections by address, also with CPython's programs.
 *
 * Mirrors the classes and functions of these names in `multiprocessing/connection.py`.
 * Unlike there, to listen and to connect are awaited. A client that is slow in showing
 * that it has the key does not keep others from being accepted; after 20 seconds it is
 * dropped, and `accept` waits on.
 *
 * Limits of a listener with a key: as many peers that have not shown it yet as handshake.ts
 * allows; and {@linkcode MAX_WAITING} whose turn has not come. When one more comes, the
 * oldest of them is dropped, as it is the most likely one of an attacker. Without a key the
 * newest is.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { WaitList } from "../collections/wait_list.ts";
import { ops } from "../link/observed.ts";
import { currentPeer } from "../link/peer.ts";
import { abortable, listenWhileOpen, type Waiter, waitHere } from "../link/waiting.ts";
import { parseArguments, REQUIRED, signature, takes } from "../python/arguments.ts";
import { asOSError, AttributeError, OSError } from "../python/errors.ts";
import { hmac } from "../runtime/hmac.ts";
import {
  connectSocket,
  listenSocket,
  type Socket,
  type SocketAddress,
  type SocketServer,
} from "../runtime/sockets.ts";
import {
  address_type,
  arbitrary_address,
  asBacklog,
  asSocketAddress,
  default_family,
  validateFamily,
} from "./address.ts";
import { Connection } from "./connection.ts";
import {
  answerChallenge,
  authenticate,
  deliverChallenge,
  type Handshake,
  MESSAGE_LENGTH,
  PendingHandshakes,
  runHandshake,
  wasSlow,
} from "./handshake.ts";
import { MAX_MESSAGE, MessageSocket } from "./message_socket.ts";
import type { CodecName } from "./relay.ts";
import { SocketTransport } from "./socket_transport.ts";
import { addressed, printAsText } from "../python/printing.ts";

/** Options of `Client`. */
export interface ClientOptions {
  /** `AF_INET` or `AF_UNIX`; by default what the address looks like. */
  family?: string | null;
  /** The key that both sides must have; null for none. */
  authkey?: Uint8Array | null;
  /** The encoding of objects; by default CBOR, until the other side sends a pickle. */
  codec?: CodecName | null;
  /** Gives up when it is aborted. */
  signal?: AbortSignal;
}

/** Options of `Listener`. */
export interface ListenerOptions extends ClientOptions {
  /** The address; a path or a port of its own if it is not given. */
  address?: SocketAddress | null;
  /** Connections that the system may hold ready; it is never less than some hundreds. */
  backlog?: number;
}

interface ListenerArguments {
  address: unknown;
  family: unknown;
  backlog: unknown;
  authkey: unknown;
  codec: unknown;
}

const LISTENER = signature<ListenerArguments>(
  "Listener.__init__",
  { address: null, family: null, backlog: 1, authkey: null, codec: null },
  { keywordOnly: ["codec"] },
);
const CLIENT = signature<Omit<ListenerArguments, "backlog">>(
  "Client",
  { address: REQUIRED, family: null, authkey: null, codec: null },
  { method: false, keywordOnly: ["codec"] },
);
const ACCEPT = signature<Record<never, unknown>>("Listener.accept", {});

/** Most connections that wait for `accept`. */
const MAX_WAITING = 256;

function checkKey(authkey: unknown): asserts authkey is Uint8Array | null {
  if (authkey === null || isUint8Array(authkey)) return;
  throw new TypeError("authkey should be a byte string");
}

interface Accepted {
  connection: Connection;
  peer: SocketAddress;
}

/** What `Listener` makes. CPython: `multiprocessing.connection.Listener`. */
export class ListenerClass {
  #server: SocketServer | null = null;
  readonly #authkey: Uint8Array | null;
  readonly #codec: CodecName | undefined;
  #lastAccepted: SocketAddress | null = null;
  /** Called at the end. */
  #forget: () => void = () => {};
  /** Connections whose turn has not come. */
  readonly #waiting = new WaitList<Socket>();
  readonly #accepting = new WaitList<Waiter<Accepted>>();
  /** Accepted when no call of `accept` waited any more. */
  readonly #ready = new WaitList<Accepted>();
  readonly #handshakes = new PendingHandshakes();

  /** @internal */
  constructor(authkey: Uint8Array | null, codec: CodecName | undefined) {
    this.#authkey = authkey;
    this.#codec = codec;
  }

  /** @internal */
  static async _listen(given: unknown[]): Promise<ListenerClass> {
    const { address, family, backlog, authkey, codec } = parseArguments(
      LISTENER,
      given,
    );
    const isGiven = address !== null && address !== ""; // as in Python
    const type = family ?? (isGiven ? address_type(address) : default_family);
    // Without an address, `arbitrary_address` is the first to look at the family.
    if (isGiven || type === "AF_PIPE") validateFamily(String(type));
    const where = isGiven ? address : arbitrary_address(String(type));
    const most = Math.max(asBacklog(backlog), MAX_WAITING);
    checkKey(authkey);
    const listener = new ListenerClass(authkey, codec as CodecName | null ?? undefined);
    try {
      const place = asSocketAddress(where, "bind");
      listener.#server = await currentPeer().refWhile(
        listenSocket(place, most, (socket) => listener.#arrive(socket)),
      );
    } catch (error) {
      throw asOSError(error);
    }
    listener.#forget = listenWhileOpen();
    return listener;
  }

  /** Its address. CPython: `Listener.address`. @throws {AttributeError} after `close` */
  get address(): SocketAddress {
    if (this.#server !== null) return this.#server.address;
    throw new AttributeError("'NoneType' object has no attribute '_address'");
  }

  /**
   * The address of the last one accepted: `[host, port]`, `""` for a path; null at first.
   * CPython: `Listener.last_accepted`.
   */
  get last_accepted(): SocketAddress | null {
    return this.#lastAccepted;
  }

  /**
   * Waits for somebody who connects, and who has the key. CPython: `Listener.accept`.
   *
   * @param options `signal` ends the wait.
   * @throws {OSError} after `close`
   * @throws {AuthenticationError} if somebody came who does not have the key
   */
  accept(options?: { signal?: AbortSignal }): Promise<Connection>;
  async accept(...given: unknown[]): Promise<Connection> {
    const { signal } = parseArguments(ACCEPT, given);
    if (this.#server === null) throw new OSError("listener is closed");
    const { connection, peer } = this.#ready.shift() ?? await waitHere<Accepted>(
      currentPeer(),
      { timeout: null, signal },
      (waiter) => {
        const leave = this.#accepting.enter(waiter);
        this.#work();
        return leave;
      },
      undefined,
      ops.accept,
    );
    this.#lastAccepted = peer;
    return connection;
  }

  #arrive(socket: Socket): void {
    if (this.#waiting.length >= MAX_WAITING) {
      if (this.#authkey === null) return socket.destroy();
      this.#waiting.shift()!.destroy();
    }
    this.#waiting.push(socket);
    this.#work();
  }

  /** Takes as many connections as calls wait for, and more where these are slow. */
  #work(): void {
    while (this.#accepting.length > 0) {
      const socket = this.#waiting.shift();
      if (socket === undefined) return;
      void this.#take(socket);
    }
  }

  async #take(socket: Socket): Promise<void> {
    const messages = new MessageSocket(socket, MAX_MESSAGE);
    try {
      const transport = await this.#handshakes.run(messages, () => {
        return makeTransport(messages, this.#authkey, true, this.#codec);
      });
      this.#hand({ connection: new Connection(transport), peer: socket.peer });
    } catch (error) {
      const isNews = !this.#handshakes.wasDropped(error) && !wasSlow(error);
      if (isNews) this.#accepting.shift()?.reject(error);
    } finally {
      this.#work();
    }
  }

  /** Gives a connection to the call that has waited longest, or keeps it for the next. */
  #hand(accepted: Accepted): void {
    const waiter = this.#accepting.shift();
    if (waiter !== undefined) waiter.resolve(accepted);
    else if (this.#server !== null) this.#ready.push(accepted);
    else accepted.connection.close();
  }

  /** Listens no longer; removes the path. CPython: `Listener.close`. */
  close(): void {
    takes("Listener.close", arguments);
    this.#server?.close();
    this.#server = null;
    this.#forget();
    for (const socket of this.#waiting.takeAll()) socket.destroy();
    this.#handshakes.drop();
    for (const { connection } of this.#ready.takeAll()) connection.close();
    for (const waiter of this.#accepting.takeAll()) {
      waiter.reject(new OSError("listener is closed"));
    }
  }

  /** Gives itself. CPython: `Listener.__enter__`. */
  __enter__(): this {
    return this;
  }

  /** The same as `close`. CPython: `Listener.__exit__`. */
  __exit__(..._exception: unknown[]): void {
    this.close();
  }

  /** Closes it: for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** `<multiprocessing.connection.Listener object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.connection.Listener");
  }
}

printAsText(ListenerClass);

async function makeTransport(
  messages: MessageSocket,
  authkey: Uint8Array | null,
  isServer: boolean,
  codec: CodecName | undefined,
): Promise<SocketTransport> {
  if (authkey === null) return new SocketTransport(messages, codec);
  const reader = await authenticate(messages, authkey, isServer, MAX_MESSAGE);
  return new SocketTransport(messages, codec, reader.rest());
}

/** Waits for connections at an address; made by the function of the same name. */
export type Listener = ListenerClass;

/** `Listener` as a value; with `new` or without, it gives a promise. */
export interface ListenerConstructor {
  /** Everything by name. */
  new (options?: ListenerOptions): Promise<ListenerClass>;
  /** The address by position. */
  new (
    address: SocketAddress | null,
    options?: ListenerOptions,
  ): Promise<ListenerClass>;
  /** As in Python; `codec` by name. */
  new (
    address: SocketAddress | null,
    family: string | null,
    backlog?: number,
    authkey?: Uint8Array | null,
    options?: ListenerOptions,
  ): Promise<ListenerClass>;
  /** Without `new`, as in Python. */
  (options?: ListenerOptions): Promise<ListenerClass>;
  /** The address by position. */
  (address: SocketAddress | null, options?: ListenerOptions): Promise<ListenerClass>;
  (
    address: SocketAddress | null,
    family: string | null,
    backlog?: number,
    authkey?: Uint8Array | null,
    options?: ListenerOptions,
  ): Promise<ListenerClass>;
}

/**
 * Listens for connections. CPython: `multiprocessing.connection.Listener`.
 *
 * @returns Settles when others can connect.
 * @throws {OSError} if the address is in use
 * @throws {ValueError} if the family is not served here
 * @throws {TypeError} if the key is not bytes
 *
 * @example
 * ```ts
 * import { Client, Listener } from "@pystd/multiprocessing/connection";
 * const authkey = new TextEncoder().encode("secret password");
 * using listener = await Listener(["localhost", 0], { authkey });
 * const [conn, client] = await Promise.all([
 *   listener.accept(),
 *   Client(listener.address, { authkey }),
 * ]);
 * await conn.send([2.25, null, "junk"]);
 * console.log(await client.recv()); // [ 2.25, null, "junk" ]
 * conn.close();
 * client.close();
 * ```
 */
export const Listener: ListenerConstructor = function (...given: unknown[]) {
  return ListenerClass._listen(given);
} as unknown as ListenerConstructor;

/**
 * Connects to a listener. CPython: `multiprocessing.connection.Client`.
 *
 * @param address Where the listener is.
 * @returns Settles when the connection is there and both sides have shown the key.
 * @throws {OSError} such as ConnectionRefusedError and FileNotFoundError
 * @throws {AuthenticationError} if the keys differ
 * @throws {TypeError} if the key is not bytes
 */
export function Client(
  address: SocketAddress,
  options?: ClientOptions,
): Promise<Connection>;
/** The same with positional arguments. */
export function Client(
  address: SocketAddress,
  family: string | null,
  authkey?: Uint8Array | null,
  options?: ClientOptions,
): Promise<Connection>;
export async function Client(...given: unknown[]): Promise<Connection> {
  const { address, family, authkey, codec, signal } = parseArguments(CLIENT, given);
  signal?.throwIfAborted();
  validateFamily(String(family ?? address_type(address)));
  const connected = (async () => {
    let socket: Socket;
    try {
      socket = await connectSocket(asSocketAddress(address, "connect"));
    } catch (error) {
      throw asOSError(error);
    }
    const messages = new MessageSocket(socket, MAX_MESSAGE);
    try {
      checkKey(authkey);
      const name = codec as CodecName | null ?? undefined;
      return await makeTransport(messages, authkey, false, name);
    } catch (error) {
      messages.close();
      throw error;
    }
  })();
  try {
    return new Connection(await abortable(currentPeer(), connected, undefined));
  } catch (error) {
    // Given up: it is not used any more. If it failed, that error is thrown.
    void connected.then((transport) => new Connection(transport).close(), () => {});
    throw error;
  }
}

function exchange(connection: Connection, steps: Handshake): Promise<void> {
  return runHandshake(
    steps,
    (message) => connection.send_bytes(message),
    (maxLength) => connection.recv_bytes(maxLength),
  );
}

/**
 * Has the other side show that it has the key. CPython:
 * `multiprocessing.connection.deliver_challenge`.
 *
 * @param digest_name The digest; `sha256`, and also as an option.
 * @throws {AuthenticationError} if it does not @throws {ValueError} if the key is not bytes
 */
export async function deliver_challenge(
  connection: Connection,
  authkey: Uint8Array,
  digest_name: string | { digest_name?: string } = "sha256",
): Promise<void> {
  takes("deliver_challenge", arguments, { least: 2, most: 3, self: 0 });
  const digest = typeof digest_name === "string"
    ? digest_name
    : digest_name.digest_name ?? "sha256";
  const random = crypto.getRandomValues(new Uint8Array(MESSAGE_LENGTH));
  await exchange(connection, deliverChallenge(hmac, authkey, random, digest));
}

/**
 * Shows the other side that we have the key. CPython:
 * `multiprocessing.connection.answer_challenge`.
 *
 * @throws {AuthenticationError} if it is not content @throws {ValueError} as above
 */
export async function answer_challenge(
  connection: Connection,
  authkey: Uint8Array,
): Promise<void> {
  takes("answer_challenge", arguments, { most: 2, self: 0 });
  await exchange(connection, answerChallenge(hmac, authkey));
}
