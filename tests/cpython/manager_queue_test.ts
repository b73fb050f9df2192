/**
 * `_TestQueue` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs with a
 * manager. Written afresh from what each case checks.
 *
 * Changed throughout: an Event is a queue that holds one null; nothing is timed, but that a
 * timeout is not early.
 *
 * Left out, as they do not use the manager's queue in CPython either:
 * - `test_no_import_lock_contention`, `test_closed_queue_empty_exceptions` and
 *   `test_closed_queue_put_get_exceptions` make queues of the package in every variant;
 * - `test_queue_feeder_donot_stop_onexc` and `test_queue_feeder_on_queue_feeder_error` are
 *   skipped with a manager: there is no feeder.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { raises } from "./helpers/checks.ts";
import { drain, endAll, managed, startAll } from "./helpers/managed.ts";
import * as targets from "./helpers/queue_targets.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;
const NEGATIVE = "'timeout' must be a non-negative number";

managed("_TestQueue.test_put (manager)", async (manager) => {
  const queue = await manager.Queue<number>({ maxsize: 6 });
  const [start, done] = [await manager.Queue<null>(), await manager.Queue<null>()];
  const processes = await startAll(1, targets.takeSix, [queue, start, done]);

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
  await raises(() => queue.put(7, true, -1), "ValueError", NEGATIVE);
  strictEqual(await queue.qsize(), 6);

  await start.put(null);
  await done.get();
  strictEqual(await queue.empty(), true);
  strictEqual(await queue.full(), false);
  await endAll(processes);
});

managed("_TestQueue.test_get (manager)", async (manager) => {
  const queue = await manager.Queue<number>();
  const [start, done] = [await manager.Queue<null>(), await manager.Queue<null>()];
  const processes = await startAll(1, targets.putFour, [queue, start, done]);

  strictEqual(await queue.empty(), true);
  await start.put(null);
  await done.get();
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
  await raises(() => queue.get(true, -1), "ValueError", NEGATIVE);
  await endAll(processes);
});

managed("_TestQueue.test_fork (manager)", async (manager) => {
  const queue = await manager.Queue<number>();
  for (let i = 0; i < 10; i++) await queue.put(i);
  const processes = await startAll(1, targets.putTen, [queue]);
  for (let i = 0; i < 20; i++) strictEqual(await queue.get(), i);
  await raises(() => queue.get(false), "Empty", "");
  await endAll(processes);
});

managed("_TestQueue.test_qsize (manager)", async (manager) => {
  const q = await manager.Queue<number>();
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

managed("_TestQueue.test_task_done (manager)", async (manager) => {
  const queue = await manager.JoinableQueue<number | null>();
  const seen = await manager.Queue<number>();
  const workers = await startAll(4, targets.work, [queue, seen]);
  const tasks = Array.from({ length: 10 }, (_, i) => i);
  for (const task of tasks) await queue.put(task);
  await queue.join();
  strictEqual(await queue.empty(), true);
  for (const _ of workers) await queue.put(null);
  await endAll(workers);
  deepStrictEqual((await drain(seen)).toSorted((a, b) => a - b), tasks);
});

managed("_TestQueue.test_timeout (manager)", async (manager) => {
  const q = await manager.Queue<never>();
  const start = performance.now();
  await raises(() => q.get(true, 0.2), "Empty", "");
  ok(performance.now() - start >= 100);
});
