import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Inbox, MAX_UNSAID } from "../src/inbox.ts";
import { bytes, TestPeer } from "./connection/support.ts";
import { test } from "./suite.ts";

const ID = 7;

test("Inbox: each item that is taken is said to be, before it is given out", () => {
  const there = new TestPeer(), inbox = new Inbox(there.peer, ID);
  inbox.add(bytes(1));
  inbox.add(bytes(2));
  deepStrictEqual([inbox.length, inbox.first], [2, bytes(1)]);
  deepStrictEqual(there.kinds(), []);
  deepStrictEqual(inbox.take(), bytes(1));
  deepStrictEqual(there.kinds(), [["Taken"]]);
  inbox.pass([bytes(9)], 1); // never was in it
  deepStrictEqual(there.kinds(), [["Taken"]]);
  deepStrictEqual(inbox.take(), bytes(2));
  strictEqual(inbox.take(), undefined);
  deepStrictEqual(there.kinds(), [["Taken"]]);
});

test("Inbox: if it need not say each, it says from time to time how many", () => {
  const there = new TestPeer(), inbox = new Inbox(there.peer, ID);
  inbox.saysEach = false;
  const size = 100;
  let count = 0;
  while (there.sent.length === 0) {
    inbox.pass([bytes(size)], 1);
    count++;
  }
  deepStrictEqual(there.kinds(), [["TakenUpTo", count]]);
  strictEqual(count, Math.ceil(MAX_UNSAID / (size + 4)));
  inbox.pass([bytes(MAX_UNSAID)], 1); // a long one is said at once
  deepStrictEqual(there.kinds(), [["TakenUpTo", count + 1]]);
});

test("Inbox: what was not said is said when asked for, and only then", () => {
  const there = new TestPeer(), inbox = new Inbox(there.peer, ID);
  inbox.say();
  inbox.saysEach = false;
  inbox.say();
  deepStrictEqual(there.kinds(), []);
  inbox.pass([bytes(1)], 1);
  inbox.say();
  inbox.say();
  deepStrictEqual(there.kinds(), [["TakenUpTo", 1]]);
  inbox.pass([bytes(1)], 1);
  inbox.saysEach = true;
  deepStrictEqual(there.kinds(), [["TakenUpTo", 2]]);
});

test("Inbox: gives back what was not taken, after saying what was", () => {
  const there = new TestPeer(), inbox = new Inbox(there.peer, ID);
  inbox.saysEach = false;
  for (let i = 0; i < 5; i++) inbox.add(bytes(i));
  inbox.take();
  inbox.take();
  inbox.giveBack();
  deepStrictEqual(there.kinds(), [["TakenUpTo", 2], ["Return", 2, 5]]);
  strictEqual(inbox.length, 0);
  inbox.pass([bytes(1)], 1); // from now on each is said
  deepStrictEqual(there.kinds(), [["Taken"]]);
});

test("Inbox: several that are taken as they come are said at once", () => {
  const there = new TestPeer(), inbox = new Inbox(there.peer, ID);
  const items = [bytes(1), bytes(2), bytes(3)];
  inbox.pass(items, 0);
  deepStrictEqual(there.kinds(), []);
  inbox.pass(items, 2); // the third is somebody else's
  deepStrictEqual(there.kinds(), [["TakenUpTo", 2]]);
  inbox.add(items[2]!);
  inbox.take();
  deepStrictEqual(there.kinds(), [["Taken"]]);
});
