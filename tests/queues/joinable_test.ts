/** `JoinableQueue` with redelivery, among processes; what is killed at random is in tests/kill. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { JoinableQueue, Pipe, Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "../cpython/helpers/checks.ts";
import * as targets from "../helpers/redelivery_targets.ts";
import { test } from "../suite.ts";

test("JoinableQueue: what a killed process had taken and not done comes back", async () => {
  const q = JoinableQueue<number>({ redeliver: 3 });
  const taken = Queue<number>();
  for (let i = 0; i < 5; i++) await q.put(i);
  const p = await started(targets.takeAndHang, [q, taken, 3, 1]);
  for (const i of [0, 1, 2]) strictEqual(await taken.get(true, CLAIM_WAIT), i);
  let isDone = false;
  const joining = q.join().then(() => isDone = true);
  p.kill();
  await exitcodeOf(p);
  strictEqual(await q.qsize(), 4); // all but the first, which was done
  for (const i of [1, 2, 3, 4]) {
    strictEqual(await q.get(), i);
    strictEqual(isDone, false);
    await q.task_done();
  }
  await joining;
});

test("JoinableQueue: without redelivery, what a killed process has taken is gone", async () => {
  const q = JoinableQueue<number>();
  const taken = Queue<number>();
  for (let i = 0; i < 5; i++) await q.put(i);
  const p = await started(targets.takeAndHang, [q, taken, 3, 0]);
  for (const i of [0, 1, 2]) strictEqual(await taken.get(true, CLAIM_WAIT), i);
  p.kill();
  await exitcodeOf(p);
  strictEqual(await q.qsize(), 2);
  for (let n = 0; n < 5; n++) await q.task_done(); // anybody may say so
  await q.join();
});

test("JoinableQueue: a process says which of its items are done", async () => {
  const q = JoinableQueue<unknown>({ redeliver: 1 });
  const said = Queue<string>();
  const items = [{ n: 1 }, "same", { n: 1 }, "same", 7];
  for (const item of items) await q.put(item);
  const p = await started(targets.finishSome, [q, said]);
  strictEqual(
    await said.get(true, CLAIM_WAIT),
    "ValueError: task_done() of an item that is not in progress here",
  );
  p.kill();
  await exitcodeOf(p);
  // Done were the second object, one of the equal texts, and then the oldest.
  deepStrictEqual([await q.get(), await q.get()], ["same", 7]);
  strictEqual(await q.empty(), true);
});

test("JoinableQueue: a connection in an item that came back is broken", async () => {
  const q = JoinableQueue<Connection>({ redeliver: 1 });
  const taken = Queue<string>();
  const [here, there] = Pipe();
  await q.put(there);
  const p = await started(targets.takeConnection, [q, taken]);
  ok((await taken.get(true, CLAIM_WAIT)).includes("Connection"));
  p.kill();
  await exitcodeOf(p);
  const other = await started(targets.useConnection, [q, taken]);
  strictEqual(await taken.get(true, CLAIM_WAIT), "BrokenPipeError");
  strictEqual(await taken.get(true, CLAIM_WAIT), "EOFError");
  await q.join();
  strictEqual(await exitcodeOf(other), 0);
  here.close();
  there.close();
});

test("JoinableQueue: an item that kills its takers is a dead letter in the end", async () => {
  const q = JoinableQueue<string>({ redeliver: 2 });
  await q.put("poison");
  await q.put("food");
  for (let n = 0; n < 3; n++) {
    strictEqual(await exitcodeOf(started(targets.eat, [q])), 3);
  }
  strictEqual(await exitcodeOf(started(targets.eat, [q])), 0);
  await q.join();
  deepStrictEqual(await q.dead_letters(), ["poison"]);
  deepStrictEqual(await q.dead_letters(), []);
  strictEqual(await q.empty(), true);
});

test("JoinableQueue: takers end when the queue is shut down and all is done", async () => {
  const q = JoinableQueue<number>({ redeliver: 1, maxsize: 4 });
  const taken = Queue<number>(), results = Queue<number>();
  await q.put(1);
  const victim = await started(targets.takeAndHang, [q, taken, 1, 0]);
  strictEqual(await taken.get(true, CLAIM_WAIT), 1);
  const p = await started(targets.workAll, [q, results]);
  for (const i of [2, 3]) await q.put(i);
  await q.shutdown();
  deepStrictEqual([await results.get(), await results.get()], [2, 3]);
  strictEqual(p.is_alive(), true); // an item may come back
  victim.kill();
  strictEqual(await results.get(true, CLAIM_WAIT), 1);
  strictEqual(await exitcodeOf(p), 0);
  await q.join();
  await exitcodeOf(victim);
});

test("JoinableQueue: what is wrong with its arguments", async () => {
  await raises(() => JoinableQueue({ redeliver: -1 }), "ValueError", /non-negative/);
  await raises(() => JoinableQueue({ redeliver: "x" as never }), "TypeError");
  await raises(() => JoinableQueue({ redeliver: 1.5 }), "TypeError");
  await raises(
    () => JoinableQueue(1, 2 as never),
    "TypeError",
    "BaseContext.JoinableQueue() takes from 1 to 2 positional arguments but 3 were given",
  );
  const q = JoinableQueue(3, { redeliver: 2 ** 40 });
  strictEqual(await q.full(), false);
  await raises(() => q.task_done(), "ValueError", "task_done() called too many times");
});
