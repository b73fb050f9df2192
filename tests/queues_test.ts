import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Empty, JoinableQueue, Queue, SimpleQueue } from "../mod.ts";
import { echo, takeAndHang, takeManyAndHang } from "./children/basics.ts";
import { countHandles } from "../src/link/handle.ts";
import { collectGarbage } from "./helpers/gc.ts";
import { test } from "./suite.ts";
import { nextTurn, started } from "./cpython/helpers/checks.ts";

test("Queue snapshots an item when it is put", async () => {
  const q = Queue<number[]>();
  const item = [1];
  void q.put(item);
  item.push(2);
  deepStrictEqual(await q.get(), [1]);
});

test("Queue is made with and without new, and with keywords", async () => {
  for (const q of [Queue(1), new Queue(1), Queue({ maxsize: 1 })]) {
    await q.put(1);
    strictEqual(await q.full(), true);
  }
  throws(() => Queue("x" as never), TypeError);
});

test("Queue.put and get wait for each other in turn", async () => {
  const q = Queue<number>(1);
  const puts = Promise.all([1, 2, 3].map((n) => q.put(n)));
  deepStrictEqual([await q.get(), await q.get(), await q.get()], [1, 2, 3]);
  await puts;
});

test("Queue.get can be aborted, and the next item goes to somebody else", async () => {
  const q = Queue<number>();
  const controller = new AbortController();
  const aborted = q.get({ signal: controller.signal });
  const other = q.get();
  controller.abort("enough");
  await rejects(aborted, (reason) => reason === "enough");
  await q.put(5);
  strictEqual(await other, 5);
});

test("Queue.put that was aborted has put nothing", async () => {
  const q = Queue<number>(1);
  await q.put(1);
  const controller = new AbortController();
  const aborted = q.put(2, { signal: controller.signal });
  controller.abort("enough");
  await rejects(aborted, (reason) => reason === "enough");
  strictEqual(await q.qsize(), 1);
});

test("Queue carries items to a child and back in order", async () => {
  const there = Queue<number>(), back = Queue<number>();
  const p = await started(echo, [there, back, 500]);
  const expected = Array.from({ length: 500 }, (_, i) => i);
  for (const n of expected) await there.put(n);
  const found: number[] = [];
  while (found.length < 500) found.push(await back.get());
  deepStrictEqual(found, expected);
  await p.join();
});

test("Queue has again what a killed consumer had not taken", async () => {
  const q = Queue<number>(), taken = Queue<number>();
  const p = await started(takeAndHang, [q, taken]);
  for (let n = 0; n < 100; n++) await q.put(n);
  strictEqual(await taken.get(), 0);
  p.kill();
  await p.join();
  const left: number[] = [];
  for (;;) {
    const next = await q.get(false).catch((error) => {
      if (error instanceof Empty) return undefined;
      throw error;
    });
    if (next === undefined) break;
    left.push(next);
  }
  // It may have taken the second item before it was killed, and no more.
  deepStrictEqual(
    left,
    Array.from({ length: left.length }, (_, i) => 100 - left.length + i),
  );
  strictEqual(left.length >= 98, true);
});

test("Queue gives gets that are under way together their items, and loses none", async () => {
  const q = Queue<number>(), taken = Queue<number[]>();
  const p = await started(takeManyAndHang, [q, taken, 50]);
  for (let n = 0; n < 80; n++) await q.put(n);
  const first = Array.from({ length: 50 }, (_, n) => n);
  deepStrictEqual(await taken.get(), first);
  p.kill();
  await p.join();
  const left = await Promise.all(Array.from({ length: 30 }, () => q.get()));
  deepStrictEqual(left, Array.from({ length: 30 }, (_, n) => 50 + n));
  strictEqual(await q.empty(), true);
});

test("JoinableQueue.join waits for as many task_done as puts", async () => {
  const q = JoinableQueue<number>();
  await q.put(1);
  let isJoined = false;
  const joined = q.join().then(() => isJoined = true);
  await q.get();
  strictEqual(isJoined, false);
  await q.task_done();
  await joined;
  await rejects(q.task_done(), {
    name: "ValueError",
    message: "task_done() called too many times",
  });
});

test("calls of queues that only ask can be aborted too", async () => {
  const q = JoinableQueue<number>(2);
  const signal = AbortSignal.abort("enough");
  const calls = [
    () => q.put(1, { signal }),
    () => q.put_nowait(1, { signal }),
    () => Queue<number>().put(1, { signal }),
    () => q.get({ signal }),
    () => q.get_nowait({ signal }),
    () => q.qsize({ signal }),
    () => q.empty({ signal }),
    () => q.full({ signal }),
    () => q.task_done({ signal }),
    () => q.join({ signal }),
    () => SimpleQueue<number>().put(1, { signal }),
    () => SimpleQueue<number>().get({ signal }),
    () => SimpleQueue<number>().empty({ signal }),
  ];
  for (const call of calls) {
    await rejects(call(), (reason) => reason === "enough", String(call));
  }
  strictEqual(await q.qsize({ signal: new AbortController().signal }), 0);
});

test("queues that nobody has any more leave nothing behind", async () => {
  const kept = Queue();
  const before = countHandles();
  for (let n = 0; n < 500; n++) Queue();
  strictEqual(countHandles(), before + 500);
  // The last ones may still be on the stack of the code that made them.
  for (let n = 0; n < 20 && countHandles() > before + 20; n++) await collectGarbage();
  ok(countHandles() <= before + 20, `${countHandles() - before} are left`);
  await kept.put(1);
});

test("a loop of gets that find nothing lets timers and other tasks have their turn", async () => {
  const q = Queue<number>();
  let isOver = false;
  void nextTurn().then(() => isOver = true);
  while (!isOver) await rejects(q.get(false), Empty);
});
