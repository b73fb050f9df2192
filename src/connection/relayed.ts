/**
 * A socket's connection where it has come from another process: an end of a pipe, at
 * whose other end that process hands on what comes and goes. See relay.ts. Loaded when
 * the first one comes.
 *
 * @module
 */
import { EOFError, OSError, osError, UnpicklingError } from "../errors.ts";
import { currentPeer } from "../peer.ts";
import { type DumpContext, registerName } from "../reduction.ts";
import type { Payload } from "../wire/message.ts";
import { type Arrived, registerTransport } from "./transports.ts";
import { type EndFields, PipeEnd } from "./pipe_end.ts";
import { type CodecName, SocketCodec } from "./socket_codec.ts";
import type { Encode, Taker, User } from "./transport.ts";

/** The first byte of what comes through the pipe: a message follows, or it has failed. */
export const Mark = { Message: 0, Torn: 1, TooLong: 2, Failed: 3 } as const;

/** Bytes before each message. */
const HEAD = 1;

/** What travels of the end. */
export interface RelayedFields extends EndFields {
  codec: CodecName | null;
  /** Nobody has told the other process yet that it has arrived. */
  isNew: boolean;
}

/** See the file's head. */
export class RelayedEnd implements Arrived {
  readonly codec: SocketCodec;
  readonly #end: PipeEnd;
  /** How the socket has failed, once that is known here. */
  #failure: Error | undefined;

  constructor(end: PipeEnd, codec: CodecName | undefined) {
    this.#end = end;
    this.codec = new SocketCodec(codec);
  }

  /** The end that `fields` tell of. @throws {UnpicklingError} if they make no sense */
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
    const message = this.#end.takeNow(withHead(taker));
    return message && this.#open(message);
  }

  async take(taker: Taker): Promise<Payload> {
    try {
      return this.#open(await this.#end.take(withHead(taker)));
    } catch (error) {
      // Who waited behind the one that was told of a failure hears of the end.
      throw error instanceof EOFError ? this.#failure ?? error : error;
    }
  }

  #open(message: Payload): Payload {
    switch (message[0]) {
      case Mark.Message:
        return message.subarray(HEAD);
      case Mark.Torn:
        throw this.#failure = new OSError("got end of file during message");
      case Mark.TooLong:
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

  /** It goes on as it has come, through the same process. */
  reduce(context: DumpContext): [name: string, fields: Record<string, unknown>] {
    const [, fields] = this.#end.reduce(context);
    return reducedEnd(fields, this.codec, false);
  }
}

/** What travels of an end: also the class, so that this file is loaded where it comes. */
export function reducedEnd(
  fields: Record<string, unknown>,
  { name }: SocketCodec,
  isNew: boolean,
): [name: string, fields: Record<string, unknown>] {
  return ["RelayedEnd", { ...fields, codec: name ?? null, isNew, class: RelayedEnd }];
}

/** A message as it goes through the pipe, towards the end that has travelled. */
export function withMark(mark: number, message: Payload): Payload {
  const marked = new Uint8Array(HEAD + message.length);
  marked[0] = mark;
  marked.set(message, HEAD);
  return marked;
}

function withHead(taker: Taker): Taker {
  return { ...taker, maxlength: taker.maxlength + HEAD };
}

/** Who waits without keeping the process alive. */
export const BACKGROUND: User = { owner: {}, signal: undefined, isBackground: true };

registerName("relayed:RelayedEnd", RelayedEnd);
registerTransport<RelayedFields>("RelayedEnd", (fields) => RelayedEnd.from(fields));
