/**
 * `TestSimpleQueue` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh
 * from what each case checks.
 *
 * Changed: an Event is a queue that holds one null; `test_closed` asks the queue itself, as
 * it has no ends of a pipe.
 */
import { strictEqual } from "node:assert/strict";
import { Queue, SimpleQueue } from "../../mod.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "./helpers/checks.ts";
import { putEmpty } from "./helpers/queue_targets.ts";

test("TestSimpleQueue.test_empty_exceptions", async () => {
  const q = SimpleQueue<number>();
  q.close();
  await raises(() => q.empty(), "OSError", "handle is closed");
  await raises(() => q.put(1), "OSError", "handle is closed");
  await raises(() => q.get(), "OSError", "handle is closed");
});

test("TestSimpleQueue.test_empty", async () => {
  const queue = SimpleQueue<boolean>();
  const start = Queue<null>(), done = Queue<null>();
  const p = await started(putEmpty, [queue, start, done], { daemon: true });
  strictEqual(await queue.empty(), true);

  await start.put(null);
  await done.get(true, CLAIM_WAIT);
  strictEqual(await queue.empty(), false);
  strictEqual(await queue.get(), true);
  strictEqual(await queue.get(), false);
  strictEqual(await queue.empty(), true);
  strictEqual(await exitcodeOf(p), 0);
});

test("TestSimpleQueue.test_close", () => {
  const queue = SimpleQueue<number>();
  queue.close();
  queue.close();
});

test("TestSimpleQueue.test_closed", async () => {
  const queue = SimpleQueue<number>();
  await queue.put(1);
  queue.close();
  for (const use of [() => queue.get(), () => queue.put(2), () => queue.empty()]) {
    await raises(use, "OSError", "handle is closed");
  }
});
