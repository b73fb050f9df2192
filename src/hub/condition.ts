/**
 * A condition, as the hub sees it: who sleeps until notified, and the lock that they
 * gave up for it. Pure: messages in, messages out.
 *
 *   Wait (gives up the lock) ──► sleeps ──Notify, or its time is over──► waits for the
 *   lock, in its order ──► is answered: true if it was notified, else false
 *
 * To give up the lock and to sleep is one message, so no `Notify` can fall between.
 * Without sleepers it has no effect. A wake-up is done with when the one who was woken
 * lets go of the lock again; if it dies before, the next sleeper wakes up instead.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message } from "../wire/message.ts";
import { Line } from "./line.ts";
import { ConditionMethod, type Outlet, type SharedObject } from "./object.ts";
import { RELEASED_TOO_OFTEN, SemaphoreState, type WakeUp } from "./semaphore.ts";

interface Sleeper {
  readonly process: number;
  readonly call: number;
}

/** See the file's head. */
export class ConditionState implements SharedObject, WakeUp {
  readonly #id: number;
  readonly #lock: SemaphoreState;
  readonly #out: Outlet;
  readonly #sleepers = new Line<Sleeper>();

  constructor(id: number, lock: SharedObject | undefined, out: Outlet) {
    if (!(lock instanceof SemaphoreState)) {
      throw new ProtocolError("a condition needs a lock");
    }
    this.#id = id;
    this.#lock = lock;
    this.#out = out;
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  receive(process: number, message: Message): void {
    if (message[0] === Kind.Cancel) return this.#cancel(process, message[2]);
    if (message[0] === Kind.Call) {
      const [, , call, method, [n = 0]] = message;
      switch (method) {
        case ConditionMethod.Wait:
          return this.#wait({ process, call });
        case ConditionMethod.Notify:
          return this.#notify(n);
        case ConditionMethod.Sleepers:
          return this.#out.send(
            process,
            [Kind.Answer, this.#id, call, this.sleepers],
          );
      }
    }
    throw new ProtocolError(`no message of a condition: ${message[0]}`);
  }

  passOn(dead: number): void {
    this.#sleepers.removeAll(dead);
    this.#notify(1);
  }

  leave(process: number): void {
    this.#sleepers.removeAll(process);
  }

  settle(): void {}

  #wait(sleeper: Sleeper): void {
    const { process, call } = sleeper;
    if (this.#lock.release(process)) return void this.#sleepers.push(sleeper);
    this.#out.send(
      process,
      [Kind.Failure, this.#id, call, "ValueError", RELEASED_TOO_OFTEN],
    );
  }

  #notify(n: number): void {
    for (let left = n; left > 0 && this.#sleepers.length > 0; left--) {
      this.#wake(this.#sleepers.shift()!, true);
    }
  }

  /** Its time is over, unless it was notified before. */
  #cancel(process: number, call: number): void {
    const sleeper = this.#sleepers.remove(process, call);
    if (sleeper !== undefined) this.#wake(sleeper, false);
  }

  #wake({ process, call }: Sleeper, value: boolean): void {
    const wakeUp = value ? this : undefined;
    this.#lock.enqueue({ process, call, object: this.#id, value, wakeUp });
  }
}
