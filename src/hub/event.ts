/**
 * An event, as the hub sees it: a flag, and who waits for it to be set. Pure: messages
 * in, messages out.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import { type Caller, Line } from "./line.ts";
import { EventMethod, type Outlet, type SharedObject } from "./object.ts";

/** See the file's head. */
export class EventState implements SharedObject {
  readonly #id: number;
  readonly #out: Outlet;
  #isSet = false;
  /** Who waits; nobody while the flag is set. */
  readonly #waiting = new Line<Caller>();

  constructor(id: number, out: Outlet) {
    this.#id = id;
    this.#out = out;
  }

  /** The flag. */
  get isSet(): boolean {
    return this.#isSet;
  }

  receive(process: number, message: Message): void {
    if (message[0] === Kind.Cancel) return this.#cancel(process, message[2]);
    if (message[0] === Kind.Call) {
      const caller = { process, call: message[2] };
      switch (message[3]) {
        case EventMethod.IsSet:
          return this.#answer(caller, this.#isSet);
        case EventMethod.Set:
          this.#set();
          return this.#answer(caller, null);
        case EventMethod.Clear:
          this.#isSet = false;
          return this.#answer(caller, null);
        case EventMethod.Wait:
          if (this.#isSet) this.#answer(caller, true);
          else this.#waiting.push(caller);
          return;
      }
    }
    throw new ProtocolError(`no message of an event: ${message[0]}`);
  }

  leave(process: number): void {
    this.#waiting.removeAll(process);
  }

  settle(): void {}

  #set(): void {
    this.#isSet = true;
    for (const caller of this.#waiting.clear()) this.#answer(caller, true);
  }

  #cancel(process: number, call: number): void {
    const caller = this.#waiting.remove(process, call);
    if (caller !== undefined) this.#answer(caller, false); // else it has been answered
  }

  #answer({ process, call }: Caller, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }
}
