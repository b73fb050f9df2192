/** A manager's queue, without a server. */

import { match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { CANCELLED } from "../../../src/managers/protocol/caller.ts";
import { ManagedQueue } from "../../../src/managers/types/queue.ts";
import { alive } from "../../helpers/alive.ts";
import { client } from "../../helpers/managed_client.ts";
import { test } from "../../suite.ts";

test("a wait that is given up has not happened", async () => {
  const [a, b] = [client("a"), client("b")];
  const queue = new ManagedQueue(1);
  const getting = a.run(() => queue.get()) as Promise<unknown>;
  a.cancel();
  await getting.then(() => ok(false), (error) => strictEqual(error, CANCELLED));
  b.run(() => queue.put("x"));
  strictEqual(queue.get(), "x");
});

test("who waits for room, or for an item, is served in order", async () => {
  const queue = new ManagedQueue(1);
  queue.put("a");
  const putting = [queue.put("b"), queue.put("c")];
  strictEqual(queue.full(), true);
  strictEqual(queue.get(), "a");
  await putting[0];
  strictEqual(queue.get(), "b");
  strictEqual(queue.get(), "c");
  await putting[1];
  const getting = [queue.get(), queue.get()];
  queue.put("d");
  queue.put("e");
  strictEqual(await getting[0], "d");
  strictEqual(await getting[1], "e");
  strictEqual(queue.qsize(), 0);
});

test("a put whose time is over has not happened", async () => {
  const queue = new ManagedQueue({ maxsize: 1 });
  queue.put(1);
  const late = queue.put(2, true, 0.01);
  await rejects(alive(late as Promise<void>), { name: "Full" });
  throws(() => queue.put(2, true, -1), {
    message: "'timeout' must be a non-negative number",
  });
  strictEqual(queue.get(), 1);
  throws(() => queue.get(false), { name: "Empty" });
});

test("join waits until all is done, and shutdown frees who waits", async () => {
  const queue = new ManagedQueue();
  queue.put(1);
  let isDone = false;
  const joining = (queue.join() as Promise<void>).then(() => isDone = true);
  queue.get();
  ok(!isDone);
  queue.task_done();
  await joining;
  throws(() => queue.task_done(), { message: "task_done() called too many times" });
  const getting = queue.get() as Promise<unknown>;
  queue.shutdown();
  await rejects(getting, { name: "ShutDown" });
  throws(() => queue.put(2), { name: "ShutDown" });
  match(String(queue), /^<queue\.Queue object at 0x[0-9a-f]{12}>$/);
});
