/**
 * What a process gets whose ticket for an object is void: nobody else has a part in it,
 * and it looks like the end of a pipe whose other end is closed. Pure.
 *
 * @module
 */
import { Kind, type Message } from "../wire/message.ts";
import { PipeMethod, type SharedObject, type Surroundings } from "./object.ts";

/** See the file's head. */
export class LostObject implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;

  constructor(id: number, out: Surroundings) {
    this.#id = id;
    this.#out = out;
  }

  /** Whether there is a message, or nobody who could send one. */
  get isReadable(): boolean {
    return true;
  }

  /** Whether somebody is there who could read what is sent. */
  get isWritable(): boolean {
    return false;
  }

  /** The process learns of the loss by itself; until then its calls must have an end. */
  receive(process: number, message: Message): void {
    if (message[0] !== Kind.Call) return;
    const isReadable = message[3] === PipeMethod.IsReadable;
    this.#out.send(process, [Kind.Answer, this.#id, message[2], isReadable]);
  }

  leave(_process: number): void {}

  settle(): void {}
}
