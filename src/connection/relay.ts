/**
 * The relay by which a connection over a socket is sent to another process.
 *
 * The runtimes cannot hand an open socket to another process. So this process keeps it,
 * makes a pipe, sends one end of that, and relays messages between the other end and the
 * socket, until one of the two is closed:
 *
 * ```
 *  peer ── socket ── this process ── pipe (hub) ── process that was sent the connection
 * ```
 *
 * Nothing is taken from the socket before the other process has said that it has its end:
 * if it never gets it, the connection is as it was. From then on both ways hold at most as
 * much as a pipe and a socket's buffers; a sender of more has to wait. As in CPython, sender
 * and receiver both have the connection, and the socket is closed when all have closed it,
 * or have no reference to it any more.
 *
 * Loaded with sockets, and where the first such end comes.
 *
 * Mirrors `reduce_connection` of `multiprocessing/connection.py` and
 * `multiprocessing/resource_sharer.py`.
 *
 * @module
 */
import { currentPeer } from "../link/peer.ts";
import {
  BrokenPipeError,
  ConnectionResetError,
  EOFError,
  OSError,
  osError,
  UnpicklingError,
} from "../python/errors.ts";
import {
  type DumpContext,
  dumps,
  loads,
  type PendingPayload,
} from "../reduction/mod.ts";
import { concat } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { loads as loadPickle } from "../pickle/reader.ts";
import { dumps as dumpPickle } from "../pickle/writer.ts";
import { registerConnection } from "./connection.ts";
import { makeEnds } from "./pipe.ts";
import { PipeEnd } from "./pipe_end.ts";
import type {
  Arrived,
  Codec,
  Encode,
  EndFields,
  Taker,
  Transport,
  User,
} from "./transport.ts";

// ------------------------------------------------------- in the process with the socket

/** Starts a relay; gives the name and fields of the end that is sent for the socket. */
export function reduceRelayed(
  socket: Transport,
  codec: SocketCodec,
  context: DumpContext,
): [name: string, fields: Record<string, unknown>] {
  const [near, far] = makeEnds(currentPeer(), true);
  far.open();
  const [, fields] = far.reduce(context);
  // By then the receiver has it, or the message that it is sent in.
  queueMicrotask(() => far.close(undefined));
  void new Relay(socket, near).run();
  return reducedEnd(fields, codec, true);
}

/** Relays messages between a socket and the near end of a pipe. */
class Relay {
  readonly #socket: Transport;
  readonly #near: PipeEnd;
  readonly #taker: Taker;
  #isOver = false;

  constructor(socket: Transport, near: PipeEnd) {
    this.#socket = socket;
    this.#near = near;
    this.#taker = {
      owner: this,
      signal: undefined,
      isBackground: true,
      maxlength: Infinity,
      refuse: () => new OSError("bad message length"),
    };
    socket.open();
    near.open();
  }

  async run(): Promise<void> {
    try {
      await this.#near.take(this.#taker); // it has arrived
    } catch {
      return this.#close();
    }
    void this.#handIn();
    await this.#handOut();
  }

  /** From the process to the socket, until no process has the end any more. */
  async #handOut(): Promise<void> {
    try {
      for (;;) {
        const message = await this.#take(this.#near);
        await this.#socket.send(() => message, this.#taker);
      }
    } catch (error) {
      // A socket that takes no more messages may still have some to read.
      if (!(error instanceof EOFError)) this.#finish();
      this.#close();
    }
  }

  /** From the socket to the process, until the socket has ended. */
  async #handIn(): Promise<void> {
    try {
      while (!this.#isOver) await this.#give(await this.#take(this.#socket));
    } catch (error) {
      // If the process is gone, the messages that it sent before still leave.
      if (error instanceof BrokenPipeError) return;
      this.#end(new OSError("bad message length")); // a pipe's messages are shorter
    }
  }

  async #take(from: Transport): Promise<Uint8Array> {
    try {
      return from.takeNow(this.#taker) ?? await from.take(this.#taker);
    } catch (error) {
      if (from === this.#socket) this.#end(error);
      throw from === this.#near ? endOfPipe(error) : error;
    }
  }

  #give(message: Uint8Array): Promise<void> {
    return this.#near.send(() => withStatus(Status.Message, message), this.#taker);
  }

  /** The socket is dead: sends its remaining messages to the process. */
  #finish(): void {
    try {
      for (;;) {
        const message = this.#socket.takeNow(this.#taker);
        if (message === undefined) break;
        this.#give(message).catch(() => {});
      }
    } catch (error) {
      this.#end(error);
    }
  }

  /** The socket has ended: tells the process how. */
  #end(error: unknown): void {
    if (this.#isOver) return;
    if (!(error instanceof EOFError)) {
      const message = withStatus(statusOf(error), new Uint8Array(0));
      this.#near.send(() => message, this.#taker).catch(() => {});
    }
    this.#close();
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#near.close(this);
    this.#socket.close(this);
  }
}

/** What this end of the relay has not read tells nothing of the socket. */
function endOfPipe(error: unknown): unknown {
  return error instanceof ConnectionResetError ? new EOFError() : error;
}

function statusOf(error: unknown): number {
  const { message } = error as Error;
  if (message === "got end of file during message") return Status.Torn;
  return message === "bad message length" ? Status.TooLong : Status.Failed;
}

// -------------------------------------------------- in the process that gets the end

/** The first byte of all that comes through the pipe: a message follows, or it has failed. */
const Status = { Message: 0, Torn: 1, TooLong: 2, Failed: 3 } as const;

/** The name under which connections by such an end are sent. */
const RELAYED = "relayed:rebuild";

/** Bytes of the status before each message. */
const STATUS_LENGTH = 1;

/** The fields of an end that stands for a socket. */
interface RelayedFields extends EndFields {
  codec: CodecName | null;
  /** The relay was not told yet that the end has arrived. */
  isNew: boolean;
}

/** The end of the pipe that was sent: a socket's connection, for its user. */
class RelayedEnd implements Arrived {
  readonly codec: SocketCodec;
  readonly #end: PipeEnd;
  /** The error of the socket, once it is known here. */
  #failure: Error | undefined;

  constructor(end: PipeEnd, codec: CodecName | undefined) {
    this.#end = end;
    this.codec = new SocketCodec(codec);
  }

  /** The end that `fields` describe. @throws {UnpicklingError} if they make no sense */
  static from(fields: RelayedFields): RelayedEnd {
    const { codec } = fields;
    if (codec !== null && codec !== "cbor" && codec !== "pickle") {
      throw new UnpicklingError("malformed connection");
    }
    const end = PipeEnd.from(currentPeer(), fields);
    if (!end.reads || !end.writes) throw new UnpicklingError("malformed connection");
    const relayed = new RelayedEnd(end, codec ?? undefined);
    if (fields.isNew) end.send(() => new Uint8Array(0), BACKGROUND).catch(() => {});
    return relayed;
  }

  readonly reads = true;
  readonly writes = true;

  get isReady(): boolean {
    return this.#failure !== undefined || this.#end.isReady;
  }

  get isCertain(): boolean {
    return this.#failure !== undefined || this.#end.isCertain;
  }

  async ask(): Promise<boolean> {
    return this.#failure !== undefined || await this.#end.ask();
  }

  watch(callback: () => void): () => void {
    return this.#end.watch(callback);
  }

  send(encode: Encode, user: User): Promise<void> {
    return this.#end.send(encode, user);
  }

  takeNow(taker: Taker): Payload | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    const message = this.#takeNow(withRoom(taker));
    return message && this.#open(message);
  }

  #takeNow(taker: Taker): Payload | undefined {
    try {
      return this.#end.takeNow(taker);
    } catch (error) {
      throw endOfPipe(error);
    }
  }

  async take(taker: Taker): Promise<Payload> {
    try {
      return this.#open(await this.#end.take(withRoom(taker)));
    } catch (error) {
      // Takers behind the one that got the failure get the end of the pipe instead.
      const end = endOfPipe(error);
      throw end instanceof EOFError ? this.#failure ?? end : end;
    }
  }

  #open(message: Payload): Payload {
    switch (message[0]) {
      case Status.Message:
        return message.subarray(STATUS_LENGTH);
      case Status.Torn:
        throw this.#failure = new OSError("got end of file during message");
      case Status.TooLong:
        throw this.#failure = new OSError("bad message length");
      default:
        throw this.#failure = osError("ECONNRESET");
    }
  }

  open(): void {
    this.#end.open();
  }

  close(owner: object | undefined): void {
    this.#end.close(owner);
  }

  /** It is sent on as it has come: through the same relay. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>] {
    const [, fields] = this.#end.reduce(context);
    return reducedEnd(fields, this.codec, false);
  }
}

/** The name and fields of an end that is sent. */
function reducedEnd(
  fields: Record<string, unknown>,
  { name }: SocketCodec,
  isNew: boolean,
): [name: string, fields: Record<string, unknown>] {
  return [RELAYED, { ...fields, codec: name ?? null, isNew }];
}

/** A message as it goes through the pipe, towards the end that was sent. */
function withStatus(status: number, message: Payload): Payload {
  return concat(Uint8Array.of(status), message);
}

function withRoom(taker: Taker): Taker {
  return { ...taker, maxlength: taker.maxlength + STATUS_LENGTH };
}

/** A user that waits without keeping the process alive. */
const BACKGROUND: User = { owner: {}, signal: undefined, isBackground: true };

registerConnection(RELAYED, (end: RelayedFields) => RelayedEnd.from(end));

// ------------------------------------------------------------------- objects

/** The encodings of objects. */
export type CodecName = "cbor" | "pickle";

const PROTO = 0x80;
const STOP = 0x2e;
const NEWEST_PROTOCOL = 5;

/** Whether a message is a pickle of protocol 2 or later: no CBOR item looks like one. */
function isPickle(message: Payload): boolean {
  return message.length > 2 && message[0] === PROTO && message[1]! >= 2 &&
    message[1]! <= NEWEST_PROTOCOL && message.at(-1) === STOP;
}

/**
 * The encoding of objects over sockets, CBOR between programs of this package or pickles to
 * and from CPython's: the one that was asked for; else CBOR, until the other side sends a
 * pickle.
 */
export class SocketCodec implements Codec {
  #name: CodecName | undefined;

  constructor(name: CodecName | undefined) {
    this.#name = name;
  }

  /** The encoding that was asked for, or detected; undefined until then. */
  get name(): CodecName | undefined {
    return this.#name;
  }

  encode(value: unknown): Payload | PendingPayload {
    return this.#name === "pickle" ? dumpPickle(value) : dumps(value);
  }

  decode(message: Payload): unknown {
    this.#name ??= isPickle(message) ? "pickle" : undefined;
    return this.#name === "pickle" ? loadPickle(message) : loads(message);
  }
}
