/** Tests of src/queues/base.ts: what it says to the hub, to the letter. */
import { deepStrictEqual, rejects } from "node:assert/strict";
import { Empty } from "../../src/python/errors.ts";
import { QueueConsumer } from "../../src/queues/base.ts";
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
