/**
 * Mirrors the class `Connection` of `multiprocessing/connection.py`: objects and bytes,
 * sent and received as whole messages, by any transport (see transport.ts).
 *
 * @module
 */
import type { ConnectionStats } from "../hub/stats.ts";
import { currentPeer } from "../link/peer.ts";
import { asTimeout, parseArguments, takes } from "../python/arguments.ts";
import {
  BufferTooShort,
  EOFError,
  OSError,
  UnpicklingError,
  ValueError,
} from "../python/errors.ts";
import {
  type DumpContext,
  dumps,
  dumpsView,
  loads,
  REDUCE_SHARED,
  registerTransferable,
} from "../reduction/mod.ts";
import type { Payload } from "../wire/message.ts";
import {
  argumentsOfSendBytes,
  asLimit,
  asOffset,
  type BytesLike,
  bytesOf,
  owned,
  partOf,
  POLL,
  type PollOptions,
  RECV,
  RECV_BYTES,
  RECV_BYTES_INTO,
  type RecvBytesIntoOptions,
  type RecvBytesOptions,
  SEND,
  type SendBytesOptions,
  type SignalOptions,
  type StatsOptions,
  takeNumber,
} from "./arguments.ts";
import {
  type Arrived,
  type Codec,
  isTransport,
  notATransport,
  type Taker,
  type Transport,
  WAITABLE,
  type Waitable,
} from "./transport.ts";
import { EndStats } from "./end_stats.ts";
import { type OpenHandle, release, releaseWith } from "./open_handle.ts";
import { waitFor } from "./wait_for.ts";
import { address, printAsText } from "../python/printing.ts";

/** The fields of a connection that is sent. */
interface ConnectionFields<F> {
  /** The fields of its transport. */
  end: F;
  readable: boolean;
  writable: boolean;
}

/**
 * One end of a pipe, or of a connection made by a socket. It can be given to a process at
 * its start, and sent to any other one in a message; sender and receiver have then a
 * connection each to the same end. Nobody may still send when all connections to an
 * end are closed, garbage, or in processes that have ended.
 * CPython: `multiprocessing.connection.Connection`.
 *
 * `Receives` is the type of what `recv` gives, `Sends` of what `send` takes, in this order:
 * the other end of a `Connection<string, number>` is a `Connection<number, string>`. Made by
 * `Pipe`.
 *
 * Not as in Python: `send` is done when there is room for the next message, but never
 * waits for a reader; several tasks may wait in `recv`, and are served in order.
 *
 * @example
 * ```ts
 * import { Pipe } from "@pystd/multiprocessing";
 * const [a, b] = Pipe();
 * await a.send([1, "hello", null]);
 * console.log(await b.recv()); // [ 1, "hello", null ]
 * a.close();
 * await b.recv().catch((error) => console.log(error.name)); // EOFError
 * ```
 */
// deno-lint-ignore no-explicit-any -- an untyped connection takes and gives anything
export class Connection<Receives = any, Sends = any> {
  readonly #handle: OpenHandle;
  #isReadable: boolean;
  readonly #isWritable: boolean;
  /** Takes for the calls that have no signal of their own. */
  readonly #taker: Taker;
  #waitable: Waitable | undefined;
  #stats: EndStats | undefined;

  /**
   * Not to be called: `Pipe`, `Client` and `Listener` make connections.
   *
   * @param handle What carries the messages; made inside of this package. CPython: a
   * file descriptor, which there is none of here.
   * @param readable Whether messages may be received.
   * @param writable Whether messages may be sent.
   * @throws {ValueError} if neither may be
   */
  constructor(handle: Transport | number, readable = true, writable = true) {
    if (!isTransport(handle)) throw notATransport(handle);
    if (!readable && !writable) {
      throw new ValueError("at least one of `readable` and `writable` must be True");
    }
    this.#handle = { transport: handle, number: takeNumber() };
    this.#isReadable = readable;
    this.#isWritable = writable;
    this.#taker = this.#takerOf(undefined);
    handle.open();
    releaseWith(this, this.#handle);
  }

  /** Whether `close` was called. CPython: `Connection.closed`. */
  get closed(): boolean {
    return this.#handle.transport === null;
  }

  /** Whether messages may be received. CPython: `Connection.readable`. */
  get readable(): boolean {
    return this.#isReadable;
  }

  /** Whether messages may be sent. CPython: `Connection.writable`. */
  get writable(): boolean {
    return this.#isWritable;
  }

  /**
   * The connection's number among those open in this process. CPython:
   * `Connection.fileno`, a file descriptor there.
   *
   * @throws {OSError} after `close`
   */
  fileno(): number {
    takes("_ConnectionBase.fileno", arguments);
    this.#open();
    return this.#handle.number;
  }

  /**
   * Lets go of the end. What was sent arrives all the same; what waits here for a message
   * raises OSError. CPython: `Connection.close`.
   */
  close(): void {
    takes("_ConnectionBase.close", arguments);
    release(this.#handle, this);
  }

  /**
   * Sends an object. It is encoded now: later changes do not show. CPython:
   * `Connection.send`.
   *
   * @param obj The object.
   * @param options `signal` ends the wait: if the object has not left yet, it will not,
   * and the signal's reason is thrown; if it has, `send` is done.
   * @returns Settles when there is room for more: at once, while less than 64 KiB (or a
   * little more) that was sent here before this object has not been received.
   * @throws {PicklingError} if the object cannot be sent
   * @throws {BrokenPipeError} if nobody is left who could receive it
   * @throws {OSError} `handle is closed`, `connection is read-only`
   */
  send(obj: Sends, options?: SignalOptions): Promise<void>;
  send(...given: unknown[]): Promise<void> {
    try {
      const { obj, signal } = given.length === 1
        ? { obj: given[0], signal: undefined }
        : parseArguments(SEND, given);
      const transport = this.#openToWrite();
      signal?.throwIfAborted();
      const user = signal === undefined ? this.#taker : { owner: this, signal };
      const { codec } = transport;
      return transport.send(
        codec !== undefined
          ? () => codec.encode(obj)
          : (isView) => isView ? dumpsView(obj) : dumps(obj),
        user,
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Receives an object, waiting for it. CPython: `Connection.recv`.
   *
   * @param options `signal`: if it is aborted, the message stays where it is.
   * @throws {EOFError} if nobody is left who could send one
   * @throws {ConnectionResetError} the same, once, if they have left what was sent to them
   * unread, in a pipe of two ways
   * @throws {OSError} `handle is closed`, `connection is write-only`
   */
  recv(options?: SignalOptions): Promise<Receives>;
  recv(...given: unknown[]): Promise<Receives> {
    const codec = this.#handle.transport?.codec;
    const use = codec === undefined
      ? load
      : (message: Payload) => codec.decode(message);
    return this.#receive(given, use) as Promise<Receives>;
  }

  /** Receives a message and makes something of it, at once if it is here. */
  #receive<R>(
    given: unknown[],
    use: (message: Payload) => R | Promise<R>,
  ): Promise<R> {
    try {
      const signal = given.length === 0
        ? undefined
        : parseArguments(RECV, given).signal;
      const transport = this.#openToRead();
      const taker = signal === undefined ? this.#taker : this.#takerOf(signal);
      return this.#take(transport, taker, use);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #take<R>(
    transport: Transport,
    taker: Taker,
    use: (message: Payload) => R | Promise<R>,
  ): Promise<R> {
    taker.signal?.throwIfAborted();
    const message = transport.takeNow(taker);
    if (message === undefined) return transport.take(taker).then(use);
    const turn = currentPeer().yieldToLoop();
    if (turn !== undefined) return turn.then(() => use(message));
    return Promise.resolve(use(message));
  }

  /**
   * Whether there is a message, or nobody who could send one. Takes nothing. CPython:
   * `Connection.poll`.
   *
   * @param timeout Seconds to wait for it; null for ever.
   * @throws {OSError} `handle is closed`, `connection is write-only`
   */
  poll(timeout?: number | null, options?: SignalOptions): Promise<boolean>;
  /** With Python's keywords. */
  poll(options: PollOptions): Promise<boolean>;
  async poll(...given: unknown[]): Promise<boolean> {
    const { timeout, signal } = parseArguments(POLL, given);
    this.#openToRead();
    const limit = { timeout: asTimeout(timeout), signal };
    const waitable = this[WAITABLE]();
    if (waitable.isReady && !signal?.aborted) {
      await currentPeer().yieldToLoop();
      return true;
    }
    return (await waitFor(new Map([[this, waitable]]), limit)).length > 0;
  }

  /**
   * Sends bytes as one message. CPython: `Connection.send_bytes`.
   *
   * @param buf A typed array, a DataView or an ArrayBuffer; later changes do not show.
   * @param offset The first byte that is sent.
   * @param size How many bytes are sent; null for the rest.
   * @returns Settles when there is room for more; see `send`.
   * @throws {ValueError} if these are not in the buffer
   * @throws {BrokenPipeError} if nobody is left who could receive it
   * @throws {OSError} `handle is closed`, `connection is read-only`
   */
  send_bytes(
    buf: BytesLike,
    offset?: number,
    size?: number | null,
    options?: SignalOptions,
  ): Promise<void>;
  /** With Python's keywords. */
  send_bytes(buf: BytesLike, options: SendBytesOptions): Promise<void>;
  send_bytes(...given: unknown[]): Promise<void> {
    try {
      const { buf, offset, size, signal } = argumentsOfSendBytes(given);
      const transport = this.#openToWrite();
      const bytes = partOf(bytesOf(buf), offset, size);
      signal?.throwIfAborted();
      const user = signal === undefined ? this.#taker : { owner: this, signal };
      return transport.send((isView) => isView ? bytes : new Uint8Array(bytes), user);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Receives a message as bytes, waiting for it. CPython: `Connection.recv_bytes`.
   *
   * @param maxlength Bytes; a longer message cannot be received, and no other after it.
   * @returns The bytes. Those of a message of more than 64 KiB may begin later than the
   * buffer they are in.
   * @throws {EOFError} if nobody is left who could send one
   * @throws {ConnectionResetError} the same, once, if they have left what was sent to them
   * unread, in a pipe of two ways
   * @throws {OSError} `bad message length`, `handle is closed`, `connection is write-only`
   */
  recv_bytes(
    maxlength?: number | null,
    options?: SignalOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** With Python's keywords. */
  recv_bytes(options: RecvBytesOptions): Promise<Uint8Array<ArrayBuffer>>;
  recv_bytes(...given: unknown[]): Promise<Uint8Array<ArrayBuffer>> {
    if (given.length === 0) return this.#receive(given, owned);
    try {
      const { maxlength, signal } = parseArguments(RECV_BYTES, given);
      const transport = this.#openToRead();
      const taker = this.#takerOf(signal, asLimit(maxlength));
      return this.#take(transport, taker, owned);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Receives a message as bytes, and writes them into a buffer. CPython:
   * `Connection.recv_bytes_into`.
   *
   * @param buf A typed array, a DataView or an ArrayBuffer.
   * @param offset Where the first byte goes, in bytes.
   * @returns How many bytes the message had.
   * @throws {BufferTooShort} with the message in `args[0]`, if there is no room for it
   * @throws {ValueError} if the offset is not in the buffer
   * @throws {EOFError} if nobody is left who could send a message
   * @throws {OSError} `handle is closed`, `connection is write-only`
   */
  recv_bytes_into(
    buf: BytesLike,
    offset?: number,
    options?: SignalOptions,
  ): Promise<number>;
  /** With Python's keywords. */
  recv_bytes_into(buf: BytesLike, options: RecvBytesIntoOptions): Promise<number>;
  async recv_bytes_into(...given: unknown[]): Promise<number> {
    const { buf, offset: value, signal } = parseArguments(RECV_BYTES_INTO, given);
    const transport = this.#openToRead();
    const bytes = bytesOf(buf);
    const offset = asOffset(value);
    if (offset < 0) throw new ValueError("negative offset");
    if (offset > bytes.length) throw new ValueError("offset too large");
    const taker = this.#takerOf(signal);
    const message = await this.#take(transport, taker, (message) => message);
    if (bytes.length < offset + message.length) {
      throw new BufferTooShort(owned(message));
    }
    bytes.set(message, offset);
    return message.length;
  }

  /**
   * How this end of a pipe is doing, as a frozen object: what was sent to it and not yet
   * received, and how many messages were sent and received here, by all processes. What one
   * has received that has the end alone may show a little later. Not in CPython.
   *
   * @param options `reset` has the counters begin anew, for later calls by this object.
   * @throws {OSError} `handle is closed`
   * @throws {NotImplementedError} if it is made by a socket
   */
  stats(options?: StatsOptions): Promise<ConnectionStats>;
  stats(...given: unknown[]): Promise<ConnectionStats> {
    return (this.#stats ??= new EndStats(() => this.#open())).ask(given);
  }

  /** Received objects, until `recv` would raise `EOFError`. Not in CPython. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Receives, void, void> {
    for (;;) {
      const transport = this.#openToRead();
      let message: Payload;
      try {
        message = await this.#take(transport, this.#taker, (bytes) => bytes);
      } catch (error) {
        if (error instanceof EOFError) return;
        throw error;
      }
      yield await decode(message, transport.codec) as Receives;
    }
  }

  /** CPython: `Connection.__enter__`. @throws {OSError} never, as there */
  __enter__(): this {
    return this;
  }

  /** Closes it. CPython: `Connection.__exit__`. */
  __exit__(): void {
    this.close();
  }

  /** Closes it: for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Tells whether it is ready: for `wait`. */
  [WAITABLE](): Waitable {
    this.#open();
    return this.#waitable ??= this.#makeWaitable();
  }

  #makeWaitable(): Waitable {
    const open = () => this.#open(); // it may be closed during the wait
    return {
      get isReady() {
        return open().isReady;
      },
      get isCertain() {
        return open().isCertain;
      },
      ask: () => open().ask(),
      watch: (callback) => open().watch(callback),
    };
  }

  /** @internal It may be sent to any process; the end stays open until the receiver has it. */
  [REDUCE_SHARED](context: DumpContext): [string, ConnectionFields<unknown>] {
    const [name, end] = this.#open().reduce(context);
    return [name, { end, readable: this.#isReadable, writable: this.#isWritable }];
  }

  /** Python's `repr`. */
  toString(): string {
    const place = address(this.#handle.number);
    return `<multiprocessing.connection.Connection object at ${place}>`;
  }

  #takerOf(signal: AbortSignal | undefined, maxlength = Infinity): Taker {
    return { owner: this, signal, maxlength, refuse: () => this.#refuse() };
  }

  /** A message was too long: those after it cannot be read either, as in CPython. */
  #refuse(): OSError {
    if (this.#isWritable) this.#isReadable = false;
    else this.close();
    return new OSError("bad message length");
  }

  #open(): Transport {
    const { transport } = this.#handle;
    if (transport === null) throw new OSError("handle is closed");
    return transport;
  }

  #openToRead(): Transport {
    const transport = this.#open();
    if (!this.#isReadable) throw new OSError("connection is write-only");
    return transport;
  }

  #openToWrite(): Transport {
    const transport = this.#open();
    if (!this.#isWritable) throw new OSError("connection is read-only");
    return transport;
  }
}

printAsText(Connection);

function decode(message: Payload, codec: Codec | undefined): unknown {
  return codec === undefined ? load(message) : codec.decode(message);
}

function load(message: Payload): unknown {
  if (message.length === 0) throw new EOFError("Ran out of input");
  return loads(message);
}

/**
 * Registers the function that rebuilds a transport where its connection arrives.
 *
 * @param name As the transport's `reduce` gives it.
 * @param make Makes the transport of the fields that `reduce` gave. They come from another
 * process: check them.
 */
export function registerConnection<F extends object>(
  name: string,
  make: (end: F) => Arrived,
): void {
  registerTransferable(name, {
    rebuild(sent: ConnectionFields<F> | null) {
      if (typeof sent?.end !== "object" || sent.end === null) {
        throw new UnpicklingError("malformed connection");
      }
      const { readable, writable } = sent;
      const end = make(sent.end);
      return new Connection(end, readable && end.reads, writable && end.writes);
    },
  });
}
