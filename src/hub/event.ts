/**
 * An event, as the hub sees it: a flag, and who waits for it to be set. Pure: messages
 * in, messages out.
 *
 * @module
 */
import { ProtocolError } from "../errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import { EventMethod, type SharedObject, type Surroundings } from "./object.ts";

interface Caller {
  readonly process: number;
  readonly call: number;
}

/** See the file's head. */
export class EventState implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;
  #isSet = false;
  /** Who waits; nobody while the flag is set. */
  #waiting: Caller[] = [];

  constructor(id: number, out: Surroundings) {
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
    this.#waiting = this.#waiting.filter((caller) => caller.process !== process);
  }

  settle(): void {}

  #set(): void {
    this.#isSet = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const caller of waiting) this.#answer(caller, true);
  }

  #cancel(process: number, call: number): void {
    const rest = this.#waiting.filter((caller) =>
      caller.process !== process || caller.call !== call
    );
    if (rest.length === this.#waiting.length) return; // it has been answered
    this.#waiting = rest;
    this.#answer({ process, call }, false);
  }

  #answer({ process, call }: Caller, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }
}
