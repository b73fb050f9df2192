/**
 * What a process holds in place of an object that was lost on its way. Pure.
 *
 * @module
 */
import { Kind, type Message } from "../wire/message.ts";
import type { Description } from "./description.ts";
import { PipeMethod, type SharedObject, type Surroundings } from "./object.ts";

/**
 * The object that a process gets for a void token: no other process has a part in it, and
 * it looks like the end of a pipe whose other end is closed.
 */
export class DanglingObject implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;

  constructor(id: number, out: Surroundings) {
    this.#id = id;
    this.#out = out;
  }

  readonly isReadable = true;
  readonly isWritable = false;

  /** The process learns of the loss by itself; until then its calls must have an end. */
  receive(process: number, message: Message): void {
    const isAsked = message[0] === Kind.Call || message[0] === Kind.Send ||
      message[0] === Kind.SendShared;
    if (!isAsked || message[2] === 0) return;
    const isReadable = message[0] === Kind.Call &&
      message[3] === PipeMethod.IsReadable;
    this.#out.send(process, [Kind.Answer, this.#id, message[2], isReadable]);
  }

  leave(_process: number): void {}

  settle(): void {}

  describe(): Description {
    const nothing = { depth: 0, bytes: 0, sends: 0, receives: 0, readers: [] };
    return { kind: "pipe", other: null, ...nothing };
  }
}
