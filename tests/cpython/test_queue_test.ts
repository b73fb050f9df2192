/**
 * `_TestQueue` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks.
 *
 * Changed throughout: an Event is a queue that holds one null; nothing is timed (but
 * that a timeout is not early); no sleeping until buffers are flushed, as there are
 * none.
 *
 * What makes queues of the package in every variant of CPython's does so here.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { AttributeError, JoinableQueue, Queue } from "../../mod.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "./helpers/checks.ts";
import { ALL, bind, drain, endAll, startAll, type Type } from "./helpers/kinds.ts";
import * as targets from "./helpers/queue_targets.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

const queueCase = bind("_TestQueue", ALL);
const PROCESSES: readonly Type[] = ["processes"];

const AS_THREADS = ["ValueError", "'timeout' must be a non-negative number"];

/** The error of a timeout below zero. */
const NEGATIVE = {
  processes: { put: ["Full", ""], get: ["Empty", ""] },
  manager: { put: AS_THREADS, get: AS_THREADS },
  threads: { put: AS_THREADS, get: AS_THREADS },
} as Record<Type, Record<"put" | "get", [string, string]>>;

queueCase("test_put", async (kind) => {
  const queue = await kind.Queue<number>({ maxsize: 6 });
  const start = await kind.Queue<null>(), done = await kind.Queue<null>();
  const processes = await startAll(kind, 1, targets.takeSix, [queue, start, done]);

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
  await raises(() => queue.put(7, true, -1), ...NEGATIVE[kind.TYPE].put);
  strictEqual(await queue.qsize(), 6);

  await start.put(null);
  await done.get(true, CLAIM_WAIT);
  strictEqual(await queue.empty(), true);
  strictEqual(await queue.full(), false);
  await endAll(processes);
});

queueCase("test_get", async (kind) => {
  const queue = await kind.Queue<number>();
  const start = await kind.Queue<null>(), done = await kind.Queue<null>();
  const processes = await startAll(kind, 1, targets.putFour, [queue, start, done]);

  strictEqual(await queue.empty(), true);
  await start.put(null);
  await done.get(true, CLAIM_WAIT);
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
  await raises(() => queue.get(true, -1), ...NEGATIVE[kind.TYPE].get);
  await endAll(processes);
});

// Changed: the child is spawned, there is no fork.
queueCase("test_fork", async (kind) => {
  const queue = await kind.Queue<number>();
  for (let i = 0; i < 10; i++) await queue.put(i);
  const processes = await startAll(kind, 1, targets.putTen, [queue]);
  const items: number[] = [];
  while (items.length < 20) items.push(await queue.get(true, CLAIM_WAIT));
  deepStrictEqual(items, Array.from({ length: 20 }, (_, i) => i));
  await raises(() => queue.get(false), "Empty");
  await endAll(processes);
});

queueCase("test_qsize", async (kind) => {
  const q = await kind.Queue<number>();
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

queueCase("test_task_done", async (kind) => {
  const queue = await kind.JoinableQueue<number | null>();
  const seen = await kind.Queue<number>();
  const workers = await startAll(kind, 4, targets.work, [queue, seen]);
  const tasks = Array.from({ length: 10 }, (_, i) => i);
  for (const task of tasks) await queue.put(task);
  await queue.join();
  strictEqual(await queue.empty(), true);
  for (const _ of workers) await queue.put(null);
  await endAll(workers);
  deepStrictEqual((await drain(seen)).toSorted((a, b) => a - b), tasks);
});

// Changed: a module with await at its top; imported here, and by a child.
queueCase("test_no_import_lock_contention", async () => {
  const { knock, tellKnock } = await import("./helpers/queue_at_import.ts");
  strictEqual(knock, "knock knock");
  const q = Queue<string>();
  strictEqual(await exitcodeOf(started(tellKnock, [q])), 0);
  strictEqual(await q.get(true, CLAIM_WAIT), "knock knock");
});

queueCase("test_timeout", async (kind) => {
  const q = await kind.Queue<never>();
  const start = performance.now();
  await raises(() => q.get(true, 0.2), "Empty", "");
  ok(performance.now() - start >= 100);
});

/** What fails when it is to be taken apart. */
class NotSerializable {
  asked = 0;

  __reduce__(): never {
    this.asked++;
    throw new AttributeError("not this one");
  }
}

// Changed: the caller of put gets the error; a symbol cannot be sent either.
queueCase("test_queue_feeder_donot_stop_onexc", async () => {
  for (const maxsize of [0, 1]) {
    const q = Queue<unknown>(maxsize);
    await raises(() => q.put(new NotSerializable()), "AttributeError", "not this one");
    await raises(() => q.put(Symbol("stuck")), "TypeError");
    await q.put(true);
    strictEqual(await q.qsize(), 1);
    strictEqual(await q.get(true, CLAIM_WAIT), true);
    strictEqual(await q.empty(), true);
  }
}, { only: PROCESSES });

// Changed: the caller of put gets the error as well.
queueCase("test_queue_feeder_on_queue_feeder_error", async () => {
  const told: unknown[] = [];
  class SafeQueue extends Queue<unknown> {
    override _on_queue_feeder_error(error: unknown, obj: unknown): void {
      told.push(error, obj);
    }
  }
  const q = new SafeQueue();
  const obj = new NotSerializable();
  const error = await raises(() => q.put(obj), "AttributeError");
  strictEqual(obj.asked, 1);
  deepStrictEqual(told, [error, obj]);
  strictEqual(told[1], obj);
  await q.put(true);
  strictEqual(await q.get(true, CLAIM_WAIT), true);
}, { only: PROCESSES });

queueCase("test_closed_queue_empty_exceptions", async () => {
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

queueCase("test_closed_queue_put_get_exceptions", async () => {
  for (const q of [Queue<string>(), JoinableQueue<string>()]) {
    q.close();
    await raises(() => q.put("foo"), "ValueError", /is closed/);
    await raises(() => q.get(), "ValueError", /is closed/);
  }
});
