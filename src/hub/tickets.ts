/**
 * Objects that travel from process to process other than at a start. The sender has the
 * hub hold the object under a random number, the ticket, and sends that along with its
 * message; the receiver claims the object by it. Pure.
 *
 * A ticket that nobody claims holds its object until
 * - the message is lost that speaks of it, where the hub knows the message (in a pipe);
 * - the process has ended that took this message;
 * - in all other cases, a minute after the process has ended that sent it.
 *
 * @module
 */
import type { Cargo, Surroundings } from "./object.ts";

/** Milliseconds that the objects outlive their sender, where nobody knows if they are lost. */
const GRACE = 60_000;

interface Ticket {
  readonly object: number;
  /** Who sent the ticket, or has got it; undefined while it is in a message. */
  owner: number | undefined;
  /** Whether the owner is the only one who could claim it. */
  hasArrived: boolean;
}

/** See the file's head. */
export class Tickets {
  readonly #tickets = new Map<number, Ticket>();
  readonly #release: (object: number) => void;
  readonly #out: Pick<Surroundings, "setTimer">;

  /** @param release Is told when a ticket holds an object no longer. */
  constructor(
    release: (object: number) => void,
    out: Pick<Surroundings, "setTimer">,
  ) {
    this.#release = release;
    this.#out = out;
  }

  /** How many there are. */
  get size(): number {
    return this.#tickets.size;
  }

  /** A process sends an object, which is held already; false if there is such a ticket. */
  add(process: number, object: number, ticket: number): boolean {
    if (this.#tickets.has(ticket)) return false;
    this.#tickets.set(ticket, { object, owner: process, hasArrived: false });
    return true;
  }

  /** Takes a ticket away; its object stays held. False if it is void. */
  take(object: number, ticket: number): boolean {
    return this.#tickets.get(ticket)?.object === object && this.#tickets.delete(ticket);
  }

  /** Puts tickets of a process into a message. */
  pack(process: number, tickets: readonly number[]): Cargo {
    const own = tickets.filter((ticket) =>
      this.#tickets.get(ticket)?.owner === process
    );
    this.#assign(own, undefined);
    return {
      handOver: (receiver) => this.#assign(own, receiver),
      discard: () => own.forEach((ticket) => this.#cancel(ticket)),
    };
  }

  #assign(tickets: readonly number[], owner: number | undefined): void {
    for (const ticket of tickets) {
      const known = this.#tickets.get(ticket);
      if (known === undefined) continue;
      known.owner = owner;
      known.hasArrived = owner !== undefined;
    }
  }

  #cancel(ticket: number): void {
    const known = this.#tickets.get(ticket);
    if (known === undefined) return;
    this.#tickets.delete(ticket);
    this.#release(known.object);
  }

  /** A process has ended. */
  gone(process: number): void {
    const late: number[] = [];
    for (const [ticket, { owner, hasArrived }] of this.#tickets) {
      if (owner !== process) continue;
      if (hasArrived) this.#cancel(ticket);
      else late.push(ticket);
    }
    if (late.length === 0) return;
    // Nobody owns them now: another process may get this one's number.
    this.#assign(late, undefined);
    this.#out.setTimer(() => late.forEach((ticket) => this.#cancel(ticket)), GRACE);
  }
}
