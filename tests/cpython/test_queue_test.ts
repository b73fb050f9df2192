/**
 * `_TestQueue` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs as
 * processes. Written afresh from what each case checks.
 *
 * Changed throughout: an Event is a queue that holds one null; nothing is timed (but
 * that a timeout is not early); no sleeping until buffers are flushed, as there are
 * none.
 *
 * Left out:
 * - `test_queue_feeder_on_queue_feeder_error`: `put` raises at the call, to the caller,
 *   so there is nothing left to hand to a hook.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { JoinableQueue, Process, Queue } from "../../mod.ts";
import { test } from "../suite.ts";
import { exitcodeOf, PATIENCE, raises } from "./helpers/checks.ts";
import * as targets from "./helpers/queue_targets.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

test("_TestQueue.test_put", async () => {
  const queue = Queue<number>({ maxsize: 6 });
  const start = Queue<null>(), done = Queue<null>();
  const p = new Process({ target: targets.takeSix, args: [queue, start, done] });
  p.daemon = true;
  await p.start();

  strictEqual(await queue.empty(), true);
  strictEqual(await queue.full(), false);

  await queue.put(1);
  await queue.put(2, true);
  await queue.put(3, true, null);
  await queue.put(4, false);
  await queue.put(5, false, null);
  await queue.put_nowait(6);

  strictEqual(await queue.empty(), false);
  strictEqual(await queue.full(), true);

  await raises(() => queue.put(7, false), "Full", "");
  await raises(() => queue.put(7, false, null), "Full", "");
  await raises(() => queue.put_nowait(7), "Full", "");
  await raises(() => queue.put(7, true, MOMENT), "Full", "");
  await raises(() => queue.put(7, false, MOMENT), "Full", "");
  await raises(() => queue.put(7, { timeout: MOMENT }), "Full", "");
  await raises(() => queue.put(7, { block: false, timeout: MOMENT }), "Full", "");
  await raises(() => queue.put(7, true, -1), "Full", "");
  strictEqual(await queue.qsize(), 6);

  await start.put(null);
  await done.get(true, PATIENCE);
  strictEqual(await queue.empty(), true);
  strictEqual(await queue.full(), false);
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestQueue.test_get", async () => {
  const queue = Queue<number>();
  const start = Queue<null>(), done = Queue<null>();
  const p = new Process({ target: targets.putFour, args: [queue, start, done] });
  p.daemon = true;
  await p.start();

  strictEqual(await queue.empty(), true);
  await start.put(null);
  await done.get(true, PATIENCE);
  strictEqual(await queue.empty(), false);

  strictEqual(await queue.get(true, null), 2);
  strictEqual(await queue.get(true), 3);
  strictEqual(await queue.get({ timeout: 1 }), 4);
  strictEqual(await queue.get_nowait(), 5);
  strictEqual(await queue.empty(), true);

  await raises(() => queue.get(false), "Empty", "");
  await raises(() => queue.get(false, null), "Empty", "");
  await raises(() => queue.get_nowait(), "Empty", "");
  await raises(() => queue.get(true, MOMENT), "Empty", "");
  await raises(() => queue.get(false, MOMENT), "Empty", "");
  await raises(() => queue.get({ timeout: MOMENT }), "Empty", "");
  await raises(() => queue.get({ block: false, timeout: MOMENT }), "Empty", "");
  await raises(() => queue.get(true, -1), "Empty", "");
  strictEqual(await exitcodeOf(p), 0);
});

// Changed: the child is spawned, there is no fork.
test("_TestQueue.test_fork", async () => {
  const queue = Queue<number>();
  for (let i = 0; i < 10; i++) await queue.put(i);
  const p = new Process({ target: targets.putTen, args: [queue] });
  p.daemon = true;
  await p.start();
  const items: number[] = [];
  while (items.length < 20) items.push(await queue.get(true, PATIENCE));
  deepStrictEqual(items, Array.from({ length: 20 }, (_, i) => i));
  await raises(() => queue.get(false), "Empty");
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestQueue.test_qsize", async () => {
  const q = Queue<number>();
  strictEqual(await q.qsize(), 0);
  await q.put(1);
  strictEqual(await q.qsize(), 1);
  await q.put(5);
  strictEqual(await q.qsize(), 2);
  await q.get();
  strictEqual(await q.qsize(), 1);
  await q.get();
  strictEqual(await q.qsize(), 0);
});

test("_TestQueue.test_task_done", async () => {
  const queue = JoinableQueue<number | null>();
  const seen = Queue<number>();
  const workers = Array.from(
    { length: 4 },
    () => new Process({ target: targets.work, args: [queue, seen], daemon: true }),
  );
  for (const p of workers) await p.start();
  const tasks = Array.from({ length: 10 }, (_, i) => i);
  for (const task of tasks) await queue.put(task);
  await queue.join();
  strictEqual(await queue.empty(), true);
  for (const _ of workers) await queue.put(null);
  for (const p of workers) strictEqual(await exitcodeOf(p), 0);
  const done: number[] = [];
  while (!await seen.empty()) done.push(await seen.get());
  deepStrictEqual(done.sort((a, b) => a - b), tasks);
});

// Changed: a module with await at its top; imported here, and by a child.
test("_TestQueue.test_no_import_lock_contention", async () => {
  const { knock, tellKnock } = await import("./helpers/queue_at_import.ts");
  strictEqual(knock, "knock knock");
  const q = Queue<string>();
  const p = new Process({ target: tellKnock, args: [q] });
  await p.start();
  strictEqual(await q.get(true, PATIENCE), "knock knock");
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestQueue.test_timeout", async () => {
  const q = Queue<never>();
  const start = performance.now();
  await raises(() => q.get(true, 0.2), "Empty", "");
  ok(performance.now() - start >= 100);
});

// Changed: the caller of put gets the error; a symbol is what cannot be sent.
test("_TestQueue.test_queue_feeder_donot_stop_onexc", async () => {
  for (const maxsize of [0, 1]) {
    const q = Queue<unknown>(maxsize);
    await raises(() => q.put(Symbol("stuck")), "TypeError");
    await q.put(true);
    strictEqual(await q.qsize(), 1);
    strictEqual(await q.get(true, PATIENCE), true);
    strictEqual(await q.empty(), true);
  }
});

test("_TestQueue.test_closed_queue_empty_exceptions", async () => {
  for (const q of [Queue<string>(), JoinableQueue<string>()]) {
    q.close();
    await q.join_thread();
    strictEqual(await q.empty(), true);
  }
  for (const q of [Queue<string>(), JoinableQueue<string>()]) {
    await q.put("foo");
    q.close();
    await q.join_thread();
    await raises(() => q.empty(), "OSError", /is closed/);
  }
});

test("_TestQueue.test_closed_queue_put_get_exceptions", async () => {
  for (const q of [Queue<string>(), JoinableQueue<string>()]) {
    q.close();
    await raises(() => q.put("foo"), "ValueError", /is closed/);
    await raises(() => q.get(), "ValueError", /is closed/);
  }
});
