import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Tickets } from "../../src/hub/tickets.ts";
import { test } from "../suite.ts";

const OBJECT = 50;

/** Tickets, the objects that they have let go of, and the timers they asked for. */
function scene() {
  const released: number[] = [];
  const timers: [callback: () => void, milliseconds: number][] = [];
  const tickets = new Tickets((object) => void released.push(object), {
    setTimer: (callback, milliseconds) => timers.push([callback, milliseconds]),
  });
  return {
    tickets,
    released,
    timers,
    ring: () => timers.splice(0).forEach(([callback]) => callback()),
  };
}

test("Tickets: each is good once, and for its own object", () => {
  const { tickets, released } = scene();
  strictEqual(tickets.add(1, OBJECT, 7), true);
  strictEqual(tickets.add(2, OBJECT + 1, 7), false); // in use
  strictEqual(tickets.take(OBJECT + 1, 7), false);
  strictEqual(tickets.take(OBJECT, 8), false);
  strictEqual(tickets.take(OBJECT, 7), true);
  strictEqual(tickets.take(OBJECT, 7), false);
  deepStrictEqual([released, tickets.size], [[], 0]); // whoever took it has it now
});

test("Tickets: a message that is lost lets go of what it speaks of", () => {
  const { tickets, released } = scene();
  for (const ticket of [1, 2, 3]) tickets.add(4, OBJECT + ticket, ticket);
  const cargo = tickets.pack(4, [1, 2]);
  tickets.take(OBJECT + 1, 1); // was claimed by a receiver that is gone
  cargo.discard();
  cargo.discard();
  deepStrictEqual([released, tickets.size], [[OBJECT + 2], 1]);
});

test("Tickets: nobody can put another process's ticket into a message", () => {
  const { tickets, released } = scene();
  tickets.add(4, OBJECT, 1);
  tickets.pack(5, [1, 99]).discard();
  deepStrictEqual([released, tickets.size], [[], 1]);
});

test("Tickets: the death of its receiver ends a ticket, the sender's does not", () => {
  const { tickets, released, timers } = scene();
  tickets.add(4, OBJECT, 1);
  const cargo = tickets.pack(4, [1]);
  tickets.gone(4);
  deepStrictEqual([released, timers.length], [[], 0]); // it is in a message
  cargo.handOver(5);
  tickets.gone(6);
  deepStrictEqual(released, []);
  tickets.gone(5);
  deepStrictEqual([released, tickets.size], [[OBJECT], 0]);
});

test("Tickets: where nobody knows the message, its objects live a minute longer", () => {
  const { tickets, released, timers, ring } = scene();
  tickets.add(4, OBJECT, 1);
  tickets.add(4, OBJECT + 1, 2);
  tickets.gone(4);
  deepStrictEqual(timers.map(([, milliseconds]) => milliseconds), [60_000]);
  tickets.gone(4); // another process with the same number
  strictEqual(timers.length, 1);
  strictEqual(tickets.take(OBJECT, 1), true); // claimed in time
  ring();
  deepStrictEqual([released, tickets.size], [[OBJECT + 1], 0]);
});
