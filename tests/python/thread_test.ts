import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  asThread,
  current_thread,
  current_thread_id,
  inThread,
  newThread,
} from "../../src/python/thread.ts";
import { test } from "../suite.ts";

test("all code is the main thread unless it is told otherwise", async () => {
  const tasks = [1, 2].map(async () => {
    await Promise.resolve();
    return current_thread_id();
  });
  deepStrictEqual(await Promise.all(tasks), [0, 0]);
  deepStrictEqual(current_thread(), { id: 0, name: "MainThread" });
});

test("asThread: what it runs, and all that this awaits or starts, is another thread", async () => {
  const started: Promise<number>[] = [];
  const work = async () => {
    const before = current_thread_id();
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    started.push(Promise.resolve().then(current_thread_id));
    return [before, current_thread_id()];
  };
  const [first, second] = await Promise.all([
    asThread(null, work),
    asThread(null, work),
  ]);
  const [a, b] = [first[0]!, second[0]!];
  deepStrictEqual([first, second], [[a, a], [b, b]]);
  deepStrictEqual(await Promise.all(started), [a, b]);
  deepStrictEqual(new Set([0, a, b]).size, 3);
  strictEqual(current_thread_id(), 0);
});

test("asThread names threads, gives what the function gives, and can be nested", () => {
  const number = asThread(null, () => Number(current_thread().name.slice(7)));
  strictEqual(asThread("helper", () => current_thread().name), "helper"); // takes none
  const { name } = asThread(null, () => asThread(null, current_thread));
  strictEqual(name, `Thread-${number + 2}`);
});

test("newThread and inThread: one thread may run several pieces of code", () => {
  const thread = newThread("worker");
  match(thread.name, /^Thread-\d+ \(worker\)$/);
  strictEqual(inThread(thread, current_thread), thread);
  strictEqual(inThread(thread, current_thread_id), thread.id);
  strictEqual(current_thread_id(), 0);
});
