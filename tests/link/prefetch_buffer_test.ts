import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ClaimLog } from "../../src/hub/claims.ts";
import { MAX_UNSAID, PrefetchBuffer } from "../../src/link/prefetch_buffer.ts";
import { bytes, TestPeer } from "../connection/support.ts";
import { memoryFiles } from "../hub/claim_memory.ts";
import { test } from "../suite.ts";

const ID = 7;

test("Inbox: each item that is taken is said to be, before it is given out", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  inbox.add(bytes(1));
  inbox.add(bytes(2));
  deepStrictEqual([inbox.length, inbox.first], [2, bytes(1)]);
  deepStrictEqual(there.kinds(), []);
  deepStrictEqual(inbox.take(), bytes(1));
  deepStrictEqual(there.kinds(), [["Ack"]]);
  deepStrictEqual(inbox.take(), bytes(2));
  strictEqual(inbox.take(), undefined);
  deepStrictEqual(there.kinds(), [["Ack"]]);
});

test("Inbox: if it need not say each, it says from time to time how many", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  inbox.saysEach = false;
  const size = 100;
  let count = 0;
  while (there.sent.length === 0) {
    pass(inbox, bytes(size));
    count++;
  }
  deepStrictEqual(there.kinds(), [["AckUpTo", count]]);
  strictEqual(count, Math.ceil(MAX_UNSAID / (size + 4)));
  pass(inbox, bytes(MAX_UNSAID)); // a long one is said at once
  deepStrictEqual(there.kinds(), [["AckUpTo", count + 1]]);
});

test("Inbox: what was not said is said when asked for, and only then", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  inbox.say();
  inbox.saysEach = false;
  inbox.say();
  deepStrictEqual(there.kinds(), []);
  pass(inbox, bytes(1));
  inbox.say();
  inbox.say();
  deepStrictEqual(there.kinds(), [["AckUpTo", 1]]);
  pass(inbox, bytes(1));
  inbox.saysEach = true;
  deepStrictEqual(there.kinds(), [["AckUpTo", 2]]);
});

test("Inbox: gives back what was not taken, after saying what was", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  inbox.saysEach = false;
  for (let i = 0; i < 5; i++) inbox.add(bytes(i));
  inbox.take();
  inbox.take();
  inbox.giveBack();
  deepStrictEqual(there.kinds(), [["AckUpTo", 2], ["Return", 2, 5]]);
  strictEqual(inbox.length, 0);
  pass(inbox, bytes(1)); // from now on each is said
  deepStrictEqual(there.kinds(), [["Ack"]]);
});

test("Inbox: several that are taken at once are said at once", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  const items = [bytes(1), bytes(2), bytes(3)];
  for (const item of items) inbox.add(item);
  deepStrictEqual(inbox.takeSome(0), []);
  deepStrictEqual(there.kinds(), []);
  deepStrictEqual(inbox.takeSome(2), items.slice(0, 2));
  deepStrictEqual(there.kinds(), [["AckUpTo", 2]]);
  deepStrictEqual(inbox.takeSome(5), [items[2]]);
  deepStrictEqual(there.kinds(), [["Ack"]]);
});

test("Inbox: what is claimed is told when half is gone, or each time if wanted", () => {
  for (const tellsEach of [false, true]) {
    const { there, inbox, sender } = claimed(tellsEach);
    for (let i = 0; i < 6; i++) inbox.add(bytes(i));
    inbox.tellHalf();
    const told: boolean[] = [];
    for (let n = 1; n <= 6; n++) {
      strictEqual(inbox.take()?.length, n - 1);
      strictEqual(sender.look(ID), n);
      told.push(there.kinds().length > 0);
    }
    const expected = [false, false, true, false, false, false];
    deepStrictEqual(told, tellsEach ? told.map(() => true) : expected);
  }
});

test("Inbox: what was taken back is not here any more, nor what comes of it later", () => {
  const { inbox, sender } = claimed();
  for (let i = 0; i < 3; i++) inbox.add(bytes(i));
  inbox.take();
  strictEqual(sender.advance(ID, 5), 1); // two of them are still on their way
  strictEqual(inbox.take(), undefined);
  deepStrictEqual([inbox.length, inbox.received], [0, 3]);
  for (let i = 3; i < 8; i++) inbox.add(bytes(i));
  deepStrictEqual(inbox.takeSome(2), [bytes(5), bytes(6)]);
  strictEqual(inbox.length, 1);
  strictEqual(sender.look(ID), 7);
});

test("Inbox: what was given back is void, until the hub has heard of it", () => {
  const there = new TestPeer(), inbox = new PrefetchBuffer(there.peer, ID);
  inbox.add(bytes(1));
  inbox.giveBack(true);
  inbox.add(bytes(2));
  deepStrictEqual([inbox.length, inbox.received], [0, 2]);
  inbox.endVoid();
  inbox.add(bytes(3));
  deepStrictEqual(inbox.take(), bytes(3));
  deepStrictEqual(there.kinds(), [["Return", 0, 1], ["Ack"]]);
});

function pass(inbox: PrefetchBuffer, item: Uint8Array): void {
  inbox.add(item);
  deepStrictEqual(inbox.take(), item);
}

/** An inbox whose items are claimed, and the sender's side of that. */
function claimed(tellsEach = false) {
  const [files, holderFiles] = memoryFiles();
  const there = new TestPeer(new ClaimLog(holderFiles, "holder"));
  const inbox = new PrefetchBuffer(there.peer, ID, true, tellsEach);
  return { there, inbox, sender: new ClaimLog(files, "sender") };
}
