/** Tests of src/queues/base.ts: what it says to the hub, to the letter. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Empty, ShutDown } from "../../src/python/errors.ts";
import { QueueMethod } from "../../src/hub/object.ts";
import { QueueConsumer } from "../../src/queues/base.ts";
import { Receipts } from "../../src/queues/receipts.ts";
import { Kind } from "../../src/wire/message.ts";
import { bytes, TestPeer } from "../connection/support.ts";
import { test } from "../suite.ts";

const ID = 9;

function consumer(): { there: TestPeer; consumer: QueueConsumer } {
  const there = new TestPeer();
  return { there, consumer: new QueueConsumer(there.peer, ID, false) };
}

const forever = { timeout: null, signal: undefined };

test("QueueConsumer tells the hub of gets of one moment together, and of one given up", async () => {
  const { there, consumer: c } = consumer();
  const controller = new AbortController();
  const aborted = c.take({ timeout: null, signal: controller.signal });
  const other = c.take(forever);
  await null;
  deepStrictEqual(there.kinds(), [["Ask", 0, 2]]);
  controller.abort("enough");
  await rejects(aborted, (reason) => reason === "enough");
  deepStrictEqual(there.kinds(), [["Ask", 0, 1]]);
  there.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await other, bytes(1));
  deepStrictEqual(there.kinds(), [["Ack"]]);
});

test("QueueConsumer tells of those who wait before it asks for an item now", async () => {
  const { there, consumer: c } = consumer();
  const first = c.take(forever), second = c.grab();
  deepStrictEqual(there.kinds(), [["Ask", 0, 1], ["Grab", 1, 0, 1]]);
  there.receive([Kind.Items, ID, [bytes(1)]]);
  there.receive([Kind.Answer, ID, 1, false]);
  deepStrictEqual(await first, bytes(1));
  await rejects(second, Empty);
});

test("QueueConsumer asks again if the item went to one who had waited longer", async () => {
  const { there, consumer: c } = consumer();
  const first = c.take(forever), second = c.grab();
  there.take();
  there.receive([Kind.Items, ID, [bytes(1)]]);
  there.receive([Kind.Answer, ID, 1, true]);
  deepStrictEqual(await first, bytes(1));
  deepStrictEqual(there.kinds(), [["Ack"], ["Grab", 2, 1, 0]]);
  there.receive([Kind.Items, ID, [bytes(2)]]);
  deepStrictEqual(await second, bytes(2));
});

test("QueueConsumer says that it knows of a shutdown, and goes on", async () => {
  const { there, consumer: c } = consumer();
  const coming = c.take(forever);
  await null;
  there.take();
  there.receive([Kind.ShutDown, ID, false]);
  deepStrictEqual(there.kinds(), [["Call", 0, QueueMethod.Knows, []]]);
  strictEqual(c.isShutDown, true);
  there.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await coming, bytes(1));
});

test("QueueConsumer ends all gets when the queue is shut down and empty", async () => {
  const { there, consumer: c } = consumer();
  const first = c.take(forever), second = c.take(forever), asking = c.grab();
  there.take();
  there.receive([Kind.ShutDown, ID, true]);
  await rejects(first, ShutDown);
  await rejects(second, ShutDown);
  there.receive([Kind.Failure, ID, 1, "ShutDown", ""]);
  await rejects(asking, ShutDown);
  // What comes back all the same is had by the next.
  const next = c.take(forever);
  await null;
  deepStrictEqual(there.kinds(), [["Ask", 0, 1]]);
  there.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await next, bytes(1));
});

test("QueueConsumer counts the items that it takes, one by one or several", async () => {
  const there = new TestPeer();
  const receipts = new Receipts();
  const c = new QueueConsumer(there.peer, ID, false, receipts);
  const coming = [1, 2, 3].map(() => c.take(forever));
  await null;
  there.receive([Kind.Items, ID, [bytes(1)]]);
  there.receive([Kind.Items, ID, [bytes(2), bytes(3)]]);
  for (const [i, payload] of (await Promise.all(coming)).entries()) {
    receipts.add(payload, `item ${i}`);
  }
  for (const i of [1, 0, 2]) strictEqual(receipts.take({ obj: `item ${i}` }), i);
});
