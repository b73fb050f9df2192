/**
 * Tickets for the objects that a message speaks of: the sender's part of hub/tickets.ts.
 *
 * @module
 */
import type { Peer } from "../peer.ts";
import { Kind } from "../wire/message.ts";

/** This process's part of an object that can be sent. */
export interface Traveller {
  /** Its number in the hub. */
  readonly id: number;
  /** It is used once more. */
  open(): void;
  /** It is used once less. */
  close(user: undefined): void;
}

/** The tickets of one message; until that has left, this process keeps the objects. */
export class Tickets {
  readonly numbers: number[] = [];
  readonly objects: number[] = [];
  readonly #travellers: Traveller[] = [];

  /** A ticket for an object that the message speaks of. */
  add(traveller: Traveller): number {
    traveller.open();
    const ticket = randomTicket();
    this.#travellers.push(traveller);
    this.objects.push(traveller.id);
    this.numbers.push(ticket);
    return ticket;
  }

  /** The message has left, or never will. */
  release(): void {
    for (const traveller of this.#travellers.splice(0)) traveller.close(undefined);
  }
}

/** 52 random bits. */
function randomTicket(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! >>> 12) * 2 ** 32 + low!;
}

/** Whether a message is being encoded that will carry its tickets, and its tickets so far. */
let isCollecting = false;
let collected: Tickets | undefined;

/** A ticket for an object that the message being encoded speaks of. */
export function ticketFor(peer: Peer, traveller: Traveller): number {
  if (isCollecting) return (collected ??= new Tickets()).add(traveller);
  // It goes into a queue, say: the hub keeps the object from now on.
  const ticket = randomTicket();
  peer.post([Kind.Share, traveller.id, ticket]);
  return ticket;
}

/** Encodes a message, and hands it on together with its tickets, if there are any. */
export function withTickets<T, R>(
  encode: () => T,
  use: (message: T, tickets: Tickets | undefined) => R,
): R {
  // Encoding may run code of the user's, which may send something else meanwhile.
  const outer = collected;
  const wasCollecting = isCollecting;
  collected = undefined;
  isCollecting = true;
  let tickets: Tickets | undefined;
  let message: T;
  try {
    message = encode();
  } catch (error) {
    (collected as Tickets | undefined)?.release();
    throw error;
  } finally {
    tickets = collected;
    collected = outer;
    isCollecting = wasCollecting;
  }
  return use(message, tickets);
}
