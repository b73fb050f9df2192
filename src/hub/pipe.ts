/**
 * The ends of a pipe, as the hub sees them: an end is a shared object, so the hub knows
 * who holds it. What goes on between two ends is in channel.ts. Pure.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message } from "../wire/message.ts";
import { Channel } from "./channel.ts";
import { PipeMethod, type SharedObject, type Surroundings } from "./object.ts";

/** One end of a pipe. */
export class PipeEndState implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;
  /** The direction in which this end reads; undefined if it cannot. */
  #incoming: Channel | undefined;
  /** The direction in which it writes; undefined if it cannot. */
  #outgoing: Channel | undefined;

  /**
   * @param args Nothing for the first end of a pipe, which reads. For the second: the
   * number of the first, and 1 if both shall read and write.
   * @param first The object of that number.
   * @throws {ProtocolError} if that is no end, or one that has its other end already
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
    first.#incoming = this.#outgoing = new Channel(first.#id, id, out);
    if (args[1] !== 1) return;
    this.#incoming = first.#outgoing = new Channel(id, first.#id, out);
  }

  /** Whether there is a message, or nobody who could send one. */
  get isReadable(): boolean {
    return this.#incoming?.isReadable ?? true;
  }

  /** Whether somebody is there who could read what is sent. */
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

  #reading(): Channel {
    return this.#incoming ?? this.#complain("read");
  }

  #writing(): Channel {
    return this.#outgoing ?? this.#complain("written");
  }

  #complain(how: string): never {
    throw new ProtocolError(`end ${this.#id} of a pipe cannot be ${how}`);
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
    this.#incoming?.readersGone();
    this.#outgoing?.writersGone();
  }

  /** Nothing is ever put off. */
  settle(): void {}
}
