/**
 * The ends of a pipe, as the hub sees them: an end is a shared object, so the hub knows
 * who holds it. The messages between two ends are in channel.ts. Pure.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message } from "../wire/message.ts";
import { PipeChannel } from "./channel.ts";
import type { PipeDescription } from "./description.ts";
import { PipeMethod, type SharedObject, type Surroundings } from "./object.ts";

/** One end of a pipe. */
export class PipeEndState implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;
  /** The other end; undefined until it is made. */
  #other: number | undefined;
  /** The direction in which this end reads; undefined if it cannot. */
  #incoming: PipeChannel | undefined;
  /** The direction in which it writes; undefined if it cannot. */
  #outgoing: PipeChannel | undefined;

  /**
   * @param args Nothing for the first end of a pipe, which reads. For the second: the
   * number of the first, and 1 if both shall read and write.
   * @param first The object of that number.
   * @throws {ProtocolError} if `first` is no end, or has its other end already
   */
  constructor(
    id: number,
    args: readonly number[],
    first: SharedObject | undefined,
    out: Surroundings,
  ) {
    this.#id = id;
    this.#out = out;
    if (args.length === 0) return;
    if (!(first instanceof PipeEndState) || first.#incoming !== undefined) {
      throw new ProtocolError(`no end of a pipe to be joined with ${id}`);
    }
    [first.#other, this.#other] = [id, first.#id];
    first.#incoming = this.#outgoing = new PipeChannel(first.#id, id, out);
    if (args[1] !== 1) return;
    this.#incoming = first.#outgoing = new PipeChannel(id, first.#id, out);
  }

  /** Whether there is a message, or no process left that could send one. */
  get isReadable(): boolean {
    return this.#incoming?.isReadable ?? true;
  }

  /** Whether any process is left that could read what is sent. */
  get isWritable(): boolean {
    return this.#outgoing?.isWritable ?? false;
  }

  receive(process: number, message: Message): void {
    switch (message[0]) {
      case Kind.Send:
        return this.#writing().send(process, message[2], message[3]);
      case Kind.SendShared: {
        const cargo = this.#out.pack(process, message[4], message[5]);
        return this.#writing().send(process, message[2], message[3], cargo);
      }
      case Kind.Ack:
        return this.#reading().take(process);
      case Kind.AckUpTo:
        return this.#reading().takeUpTo(process, message[2]);
      case Kind.Want:
        return this.#reading().want(process, message[2]);
      case Kind.Unwant:
        return this.#reading().unwant(process);
      case Kind.Watch:
        return this.#reading().watch(process);
      case Kind.Return:
        return this.#reading().giveBack(process);
      case Kind.Call:
        return this.#call(process, message[2], message[3]);
    }
  }

  #reading(): PipeChannel {
    if (this.#incoming !== undefined) return this.#incoming;
    throw new ProtocolError(`end ${this.#id} of a pipe cannot be read`);
  }

  #writing(): PipeChannel {
    if (this.#outgoing !== undefined) return this.#outgoing;
    throw new ProtocolError(`end ${this.#id} of a pipe cannot be written`);
  }

  #call(process: number, call: number, method: number): void {
    if (method === PipeMethod.IsWritable) this.#outgoing?.writer(process);
    const answer = method === PipeMethod.IsWritable ? this.isWritable : this.isReadable;
    this.#out.send(process, [Kind.Answer, this.#id, call, answer]);
  }

  leave(process: number): void {
    this.#incoming?.readerLeft(process);
    this.#outgoing?.writerLeft(process);
  }

  claimsEnded(process: number): void {
    this.#incoming?.claimsEnded(process);
  }

  abandoned(): void {
    const hasUnread = this.#incoming?.readersGone() ?? false;
    this.#outgoing?.writersGone(hasUnread);
  }

  settle(): void {}

  describe(now: number): PipeDescription {
    const nothing = { depth: 0, bytes: 0, receives: 0, readers: [] };
    const incoming = this.#incoming?.describe(now) ?? nothing;
    const [other, sends] = [this.#other ?? null, this.#outgoing?.sends ?? 0];
    return { kind: "pipe", other, sends, ...incoming };
  }
}
