/**
 * Tickets for the objects that a message speaks of: the sender's part of hub/tickets.ts.
 *
 * @module
 */
import type { Peer } from "../peer.ts";
import { Kind } from "../wire/message.ts";

/** The tickets of one message. */
export class Tickets {
  readonly numbers: number[] = [];
  readonly #objects: number[] = [];
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Has the hub hold an object for the receiver of the message; gives the ticket. */
  add(object: number): number {
    const ticket = randomTicket();
    this.#peer.post([Kind.Share, object, ticket]);
    this.numbers.push(ticket);
    this.#objects.push(object);
    return ticket;
  }

  /** The message will not be sent. */
  cancel(): void {
    for (const [i, object] of this.#objects.entries()) {
      this.#peer.post([Kind.Unshare, object, this.numbers[i]!]);
    }
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
export function ticketFor(peer: Peer, object: number): number {
  if (!isCollecting) return new Tickets(peer).add(object); // a queue's item, say
  collected ??= new Tickets(peer);
  return collected.add(object);
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
    (collected as Tickets | undefined)?.cancel();
    throw error;
  } finally {
    tickets = collected;
    collected = outer;
    isCollecting = wasCollecting;
  }
  return use(message, tickets);
}
