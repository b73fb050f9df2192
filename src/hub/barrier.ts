/**
 * A barrier, as the hub sees it. Pure: messages in, messages out.
 *
 *                  last one arrives                   went well
 *   filling ───────────────────────► its action runs ──────────► all answered: filling
 *      │    \  (no action)                 │
 *      │     └───────────────────────────────────────────────► all answered: filling
 *      │ somebody gives up or dies,        │ it fails, dies or
 *      │ Abort                             │ is aborted
 *      └──────────────► broken ◄───────────┘
 *                         │ Reset
 *                         └───────► filling
 *
 * All parties are answered at one moment, so CPython's states in which a barrier drains
 * or resets have no duration here: no party can be found in between. A party that comes
 * while the action runs waits to belong to the next round.
 *
 * The last party is told to run the action by the answer null, and says `Acted`.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { Kind, type Message, type Scalar } from "../wire/message.ts";
import { ageOf, type SignalDescription } from "./description.ts";
import { type Caller, Line } from "./line.ts";
import { BarrierMethod, type Outlet, type SharedObject } from "./object.ts";

interface Party extends Caller {
  /** Its time was over, or it died, before it could belong to a round. */
  isLate: boolean;
}

/** The state machine behind Barrier. */
export class BarrierState implements SharedObject {
  readonly #id: number;
  readonly #out: Outlet;
  readonly #parties: number;
  readonly #hasAction: boolean;
  /** This round's parties, in the order they arrived; without the one that acts. */
  readonly #waiting = new Line<Party>();
  /** The party that runs the action. */
  #acting: Party | undefined;
  /** Parties that have come while the action runs. */
  readonly #arrivals = new Line<Party>();
  #isBroken = false;

  /** @param args The number of parties; 1 if there is an action. */
  constructor(id: number, args: readonly number[], out: Outlet) {
    const [parties = 0, hasAction = 0] = args;
    if (!Number.isInteger(parties) || parties < 1) {
      throw new ProtocolError(`no barrier can be made of ${args}`);
    }
    this.#id = id;
    this.#out = out;
    this.#parties = parties;
    this.#hasAction = hasAction !== 0;
  }

  /** The number of parties that wait. */
  get waiting(): number {
    return this.#waiting.length + (this.#acting === undefined ? 0 : 1);
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  receive(process: number, message: Message): void {
    if (message[0] === Kind.Cancel) return this.#cancel(process, message[2]);
    if (message[0] !== Kind.Call) {
      throw new ProtocolError(`no message of a barrier: ${message[0]}`);
    }
    const since = this.#out.time?.();
    const party = { process, call: message[2], isLate: false, since };
    const [call = 0, ok = 0] = message[4];
    switch (message[3]) {
      case BarrierMethod.Wait:
        if (this.#acting !== undefined) this.#arrivals.push(party);
        else this.#enter(party);
        return;
      case BarrierMethod.Acted:
        return this.#answer(party, this.#acted(process, call, ok === 1));
      case BarrierMethod.Abort:
        this.#dismiss(true);
        return this.#answer(party, null);
      case BarrierMethod.Reset:
        this.#dismiss(false);
        return this.#answer(party, null);
      case BarrierMethod.Waiting:
        return this.#answer(party, this.waiting);
      case BarrierMethod.IsBroken:
        return this.#answer(party, this.#isBroken);
    }
    throw new ProtocolError(`no method ${message[3]} of a barrier`);
  }

  leave(process: number): void {
    for (const party of this.#arrivals.of(process)) party.isLate = true;
    if (this.#acting?.process === process || this.#waiting.has(process)) {
      this.#dismiss(true);
    }
  }

  settle(): void {}

  describe(now: number): SignalDescription {
    const waiters = [...this.#waiting.describe(now), ...this.#arrivals.describe(now)];
    const acting = this.#acting;
    if (acting !== undefined) {
      const { process, since } = acting;
      waiters.push({ process, count: 1, age: ageOf(now, since) });
    }
    const [isSet, parties] = [this.#isBroken, this.#parties];
    return { kind: "barrier", isSet, parties, lock: null, waiters };
  }

  #enter(party: Party): void {
    if (this.#isBroken) return this.#answer(party, false);
    this.#waiting.push(party);
    if (party.isLate) return this.#dismiss(true);
    if (this.#waiting.length < this.#parties) return;
    if (!this.#hasAction) return this.#release();
    this.#acting = this.#waiting.remove(party.process, party.call);
    this.#answer(party, null);
  }

  /** All pass. */
  #release(): void {
    for (const [index, party] of this.#waiting.clear().entries()) {
      this.#answer(party, index);
    }
  }

  /** The action has ended; false if the barrier was broken meanwhile, or is now. */
  #acted(process: number, call: number, ok: boolean): boolean {
    const acting = this.#acting;
    if (acting?.process !== process || acting.call !== call) return false;
    if (!ok) {
      this.#dismiss(true);
      return false;
    }
    this.#acting = undefined;
    this.#release();
    this.#admit();
    return true;
  }

  /** Lets those in who came while the action ran. */
  #admit(): void {
    while (this.#acting === undefined) {
      const party = this.#arrivals.shift();
      if (party === undefined) return;
      this.#enter(party);
    }
  }

  /** Tells all that wait that they cannot pass; then the barrier is broken, or as new. */
  #dismiss(isBroken: boolean): void {
    this.#isBroken = isBroken;
    this.#acting = undefined; // it is told when it has acted
    for (const party of this.#waiting.clear()) this.#answer(party, false);
    this.#admit();
  }

  #cancel(process: number, call: number): void {
    const late = this.#arrivals.get(process, call);
    const waits = this.#waiting.get(process, call) !== undefined;
    if (late !== undefined) late.isLate = true;
    else if (waits && this.#acting === undefined) this.#dismiss(true);
    // Else it has been answered, or passes if the action goes well: all are there.
  }

  #answer({ process, call }: Party, value: Scalar): void {
    this.#out.send(process, [Kind.Answer, this.#id, call, value]);
  }
}
