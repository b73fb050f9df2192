import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { ticketFor, Tickets, withTickets } from "../../src/connection/tickets.ts";
import { test } from "../suite.ts";
import { TestPeer } from "./support.ts";

/** Something that counts how often it is used. */
function traveller(id: number) {
  const it = {
    id,
    uses: 0,
    open: () => void it.uses++,
    close: () => void it.uses--,
  };
  return it;
}

test("Tickets: a number for each object, which is kept until the message has left", () => {
  const tickets = new Tickets(), a = traveller(1), b = traveller(2);
  const numbers = [tickets.add(a), tickets.add(b), tickets.add(a)];
  deepStrictEqual([tickets.objects, tickets.numbers], [[1, 2, 1], numbers]);
  strictEqual(new Set(numbers).size, 3);
  ok(numbers.every((number) => Number.isSafeInteger(number) && number >= 0));
  deepStrictEqual([a.uses, b.uses], [2, 1]);
  tickets.release();
  tickets.release();
  deepStrictEqual([a.uses, b.uses], [0, 0]);
});

test("ticketFor: outside of a message the hub is told at once", () => {
  const there = new TestPeer(), a = traveller(3);
  const ticket = ticketFor(there.peer, a);
  deepStrictEqual(there.kinds(), [["Share", ticket]]);
  strictEqual(a.uses, 0); // the hub keeps it
});

test("withTickets: what is asked for meanwhile belongs to the message", () => {
  const there = new TestPeer(), a = traveller(4);
  const [message, tickets] = withTickets(
    () => ticketFor(there.peer, a),
    (message, tickets) => [message, tickets] as const,
  );
  deepStrictEqual([tickets?.objects, tickets?.numbers], [[4], [message]]);
  deepStrictEqual([there.take(), a.uses], [[], 1]);
  withTickets(() => "nothing", (_, none) => strictEqual(none, undefined));
});

test("withTickets: a message within another has its own", () => {
  const there = new TestPeer(), a = traveller(5), b = traveller(6), c = traveller(7);
  withTickets(() => {
    ticketFor(there.peer, a);
    withTickets(
      () => ticketFor(there.peer, b),
      (_, inner) => deepStrictEqual(inner?.objects, [6]),
    );
    ticketFor(there.peer, c);
  }, (_, outer) => deepStrictEqual(outer?.objects, [5, 7]));
});

test("withTickets: if the message cannot be made, all is let go of", () => {
  const there = new TestPeer(), a = traveller(8), b = traveller(9);
  const failure = new Error("cannot");
  throws(
    () =>
      withTickets(() => {
        ticketFor(there.peer, a);
        throw failure;
      }, () => {}),
    failure,
  );
  strictEqual(a.uses, 0);
  // And nothing is left over for the next.
  withTickets(() => ticketFor(there.peer, b), (ticket, tickets) => {
    notStrictEqual(ticket, undefined);
    deepStrictEqual(tickets?.objects, [9]);
  });
});
