import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Empty, Full, JoinableQueue, Process, Queue } from "../../src/dummy.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

test("items are the objects themselves, in order", async () => {
  const q = Queue();
  const [a, b] = [{ f: () => 1 }, Symbol("b")];
  await q.put(a);
  await q.put_nowait(b);
  deepStrictEqual([await q.qsize(), await q.empty(), await q.full()], [
    2,
    false,
    false,
  ]);
  strictEqual(await q.get(), a);
  strictEqual(await q.get_nowait(), b);
  strictEqual(JoinableQueue, Queue);
  deepStrictEqual([q.maxsize, new Queue(3).maxsize], [0, 3]);
});

test("a bounded queue makes the putter wait", async () => {
  const q = Queue<number>(1);
  const p = new Process({
    target: async () => {
      for (let i = 0; i < 3; i++) await q.put(i);
    },
  });
  await p.start();
  strictEqual(p.is_alive() && await q.full(), true);
  await rejects(q.put(9, false), Full);
  await rejects(q.put(9, { timeout: 0.01 }), Full);
  deepStrictEqual([await q.get(), await q.get(), await q.get()], [0, 1, 2]);
  await p.join();
  await rejects(q.get(false), Empty);
  await rejects(q.get({ timeout: 0.01 }), Empty);
});

test("join waits until all items are dealt with", async () => {
  const q = JoinableQueue<number | null>();
  const done: number[] = [];
  const p = new Process({
    target: async () => {
      for (let item; (item = await q.get()) !== null;) {
        done.push(item);
        await q.task_done();
      }
    },
  });
  await p.start();
  for (let i = 0; i < 3; i++) await q.put(i);
  await q.join();
  deepStrictEqual(done, [0, 1, 2]);
  await q.put(null);
  await p.join();
  await q.task_done();
  await rejects(q.task_done(), { message: "task_done() called too many times" });
});

test("a signal ends a get; shutdown ends all", async () => {
  const q = Queue();
  const stop = new AbortController();
  const waiting = q.get({ signal: stop.signal });
  stop.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  const ended = rejects(q.get(), { name: "ShutDown" });
  await q.shutdown();
  await ended;
  await rejects(q.put(1), { name: "ShutDown" });
});

test("a loop of gets that find nothing lets others have their turn", async () => {
  const q = Queue<number>();
  let isOver = false;
  void nextTurn().then(() => isOver = true);
  while (!isOver) await rejects(q.get(false), Empty);
});
