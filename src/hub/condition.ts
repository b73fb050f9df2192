/**
 * Conditions and events, as the hub sees them. Pure: messages in, messages out.
 *
 * The callers that sleep in a condition have given up its lock:
 *
 *   Wait (gives up the lock) ──► sleeps ──Notify, or its time is over──► waits for the
 *   lock, in its order ──► is answered: true if it was notified, else false
 *
 * To give up the lock and to sleep is one message, so no `Notify` can fall between.
 * Without sleepers it has no effect. A wake-up is complete when the woken caller
 * releases the lock again; if it dies before, the next sleeper wakes up instead.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import type { SignalDescription } from "./description.ts";
import { type Caller, Line } from "./line.ts";
import {
  ConditionMethod,
  EventMethod,
  type Outlet,
  type SharedObject,
} from "./object.ts";
import { RELEASED_TOO_OFTEN, SemaphoreState, type WakeUp } from "./semaphore.ts";
import { Sharing } from "./sharing.ts";
import { NONE_WAITED, SET, TRIES, type Word } from "./word.ts";

/** The state machine behind Condition. */
export class ConditionState implements SharedObject, WakeUp {
  readonly #id: number;
  readonly #lock: SemaphoreState;
  readonly #out: Outlet;
  readonly #sleepers = new Line<Caller>();

  constructor(id: number, lock: SharedObject | undefined, out: Outlet) {
    if (!(lock instanceof SemaphoreState)) {
      throw new ProtocolError("a condition needs a lock");
    }
    this.#id = id;
    this.#lock = lock;
    this.#out = out;
  }

  /** The number of sleepers. */
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

  describe(now: number): SignalDescription {
    const waiters = this.#sleepers.describe(now);
    return {
      ...{ kind: "condition", isSet: false, parties: null },
      lock: this.#lock.id,
      waiters,
    };
  }

  #wait({ process, call }: Caller): void {
    if (this.#lock.release(process)) {
      return void this.#sleepers.push({ process, call, since: this.#out.time?.() });
    }
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

  #wake({ process, call }: Caller, value: boolean): void {
    const wakeUp = value ? this : undefined;
    this.#lock.enqueue({ process, call, object: this.#id, value, wakeUp });
  }
}

/**
 * The state machine behind Event: a flag, and the callers that wait for it to be set. One
 * that is used much moves into a word that processes share, see sharing.ts. While a caller
 * waits only the hub sets it, so all that wait go on, also if it is cleared right after.
 */
export class EventState implements SharedObject {
  readonly #id: number;
  readonly #out: Outlet;
  #flag = false;
  /** Has the flag's place once processes share it. */
  #word: Word | undefined;
  #sharing: Sharing | undefined;
  /** None while the flag is set, unless it was set without the hub. */
  readonly #waiting = new Line<Caller>();

  constructor(id: number, out: Outlet) {
    this.#id = id;
    this.#out = out;
  }

  get isSet(): boolean {
    return this.#word === undefined ? this.#flag : this.#word.load() === SET;
  }

  receive(process: number, message: Message): void {
    if (message[0] === Kind.Cancel) return this.#cancel(process, message[2]);
    if (message[0] === Kind.Call) {
      const caller = { process, call: message[2] };
      switch (message[3]) {
        case EventMethod.IsSet:
          this.#used(process);
          return this.#answer(caller, this.isSet);
        case EventMethod.Set:
          this.#used(process);
          this.#set();
          return this.#answer(caller, null);
        case EventMethod.Clear:
          this.#used(process);
          this.#clear();
          return this.#answer(caller, null);
        case EventMethod.Wait:
          this.#used(process);
          if (this.#mustWait()) {
            this.#waiting.push({ ...caller, since: this.#out.time?.() });
          } else this.#answer(caller, true);
          return;
      }
    }
    throw new ProtocolError(`no message of an event: ${message[0]}`);
  }

  leave(process: number): void {
    this.#waiting.removeAll(process);
    this.#sharing?.left(process);
  }

  abandoned(): void {
    this.#sharing?.end();
  }

  settle(): void {}

  describe(now: number): SignalDescription {
    const { isSet } = this;
    const waiters = this.#waiting.describe(now);
    return { kind: "event", isSet, parties: null, lock: null, waiters };
  }

  #set(): void {
    if (this.#word === undefined) this.#flag = true;
    else this.#word.store(SET);
    for (const caller of this.#waiting.clear()) this.#answer(caller, true);
  }

  #clear(): void {
    if (this.#word === undefined) this.#flag = false;
    else this.#word.replace(SET, 0);
  }

  /** Whether it is not set; then the hub is asked to set it from now on. */
  #mustWait(): boolean {
    if (this.#word === undefined) return !this.#flag;
    for (let tries = 0; tries < TRIES; tries++) {
      const word = this.#word.load();
      if (word === SET) return false;
      if (this.#word.replace(word, NONE_WAITED)) return true;
    }
    return true; // some process writes to it all the time, and will be waited for
  }

  #cancel(process: number, call: number): void {
    const caller = this.#waiting.remove(process, call);
    if (caller !== undefined) this.#answer(caller, false); // else it has been answered
  }

  #answer({ process, call }: Caller, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }

  #used(process: number): void {
    if (this.#out.words === undefined) return;
    this.#sharing ??= new Sharing(
      this.#id,
      this.#out,
      (word) => this.#move(word),
      () => this.#moveBack(),
    );
    this.#sharing.used(process);
  }

  #move(word: Word): void {
    const isWaitedFor = this.#waiting.length > 0;
    word.store(this.#flag ? SET : isWaitedFor ? NONE_WAITED : 0);
    this.#word = word;
  }

  #moveBack(): void {
    this.#flag = this.isSet;
    this.#word = undefined;
    if (this.#flag) this.#set();
  }
}
