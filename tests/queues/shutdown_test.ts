/**
 * The cases about `shutdown` of CPython 3.13's `test/test_queue.py`, which has them for
 * `queue.Queue`, with queues of all kinds; and what CPython has not: `for await`. Written
 * afresh from what each case checks.
 *
 * Changed throughout: threads are processes, but for the kind that has threads; their results
 * come by a queue.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Queue, SimpleQueue } from "../../mod.ts";
import { CLAIM_WAIT, raises, started } from "../cpython/helpers/checks.ts";
import { ALL, bind, endAll, startAll } from "../cpython/helpers/kinds.ts";
import * as targets from "../cpython/helpers/shutdown_targets.ts";
import { test } from "../suite.ts";

const queueCase = bind("shutdown", ALL);

/** So many results, sorted. */
async function takeSorted<T>(results: Queue<T>, count: number): Promise<T[]> {
  const found: T[] = [];
  while (found.length < count) found.push(await results.get(true, CLAIM_WAIT));
  return found.sort();
}

queueCase("test_shutdown_empty", async (kind) => {
  const q = await kind.Queue<string>();
  await q.shutdown();
  await raises(() => q.put("data"), "ShutDown", "");
  await raises(() => q.get(), "ShutDown", "");
});

queueCase("test_shutdown_nonempty", async (kind) => {
  const q = await kind.Queue<string>();
  await q.put("data");
  await q.shutdown();
  strictEqual(await q.get(), "data");
  await raises(() => q.get(), "ShutDown", "");
});

queueCase("test_shutdown_immediate", async (kind) => {
  const q = await kind.Queue<string>();
  await q.put("data");
  await q.shutdown({ immediate: true });
  await raises(() => q.get(), "ShutDown", "");
});

queueCase("test_shutdown_allowed_transitions", async (kind) => {
  const q = await kind.Queue<string>();
  await q.put("data");
  await q.shutdown();
  strictEqual(await q.qsize(), 1);
  await q.shutdown(true);
  strictEqual(await q.qsize(), 0);
  await q.shutdown(false);
  await raises(() => q.put("data"), "ShutDown");
});

for (const immediate of [false, true]) {
  const name = (rest: string) =>
    `test_shutdown_${immediate ? "immediate_" : ""}${rest}`;

  queueCase(name("all_methods_in_one_thread"), async (kind) => {
    const q = await kind.JoinableQueue<string>(2);
    await q.put("L");
    await q.put_nowait("O");
    await q.shutdown(immediate);
    await raises(() => q.put("E"), "ShutDown", "");
    await raises(() => q.put_nowait("W"), "ShutDown", "");
    await raises(() => q.put("E", true, 1), "ShutDown", "");
    if (immediate) {
      await raises(() => q.task_done(), "ValueError");
    } else {
      strictEqual(await q.get(), "L");
      await q.task_done();
      strictEqual(await q.get(), "O");
      await q.task_done();
    }
    await q.join();
    await raises(() => q.get(), "ShutDown", "");
    await raises(() => q.get_nowait(), "ShutDown", "");
    await raises(() => q.get(true, 1), "ShutDown", "");
    strictEqual(await q.empty(), true);
  });

  queueCase(name("all_methods_in_many_threads"), async (kind) => {
    const q = await kind.JoinableQueue<number>();
    const results = await kind.Queue<[string, number]>();
    const start = await kind.Barrier(5), over = await kind.Event();
    const count = kind.TYPE === "processes" ? 4000 : 400;
    const processes = [
      ...await startAll(kind, 2, targets.write, [q, count, start, over, results]),
      ...await startAll(kind, 3, targets.read, [q, start, results]),
      ...await startAll(kind, 1, targets.shutDown, [q, over, immediate]),
    ];
    const found = await takeSorted(results, 5);
    await endAll(processes);
    strictEqual(found.filter(([what]) => what === "put").length, 2);
    const sum = (what: string) =>
      found.reduce((n, [is, count]) => is === what ? n + count : n, 0);
    const [put, got] = [sum("put"), sum("got")];
    if (immediate) ok(got <= put, `${got} of ${put}`);
    else strictEqual(got, put);
    strictEqual(await q.empty(), true);
    await q.join();
  });

  queueCase(name("get"), async (kind) => {
    const q = await kind.Queue<string>(2), results = await kind.Queue<string>();
    const go = await kind.Event();
    await q.put("Y");
    await q.put("D");
    const processes = await startAll(kind, 3, targets.getOne, [q, go, results]);
    await q.shutdown(immediate);
    await go.set();
    deepStrictEqual(
      await takeSorted(results, 3),
      immediate ? ["ShutDown", "ShutDown", "ShutDown"] : ["D", "ShutDown", "Y"],
    );
    await endAll(processes);
  });

  queueCase(name("put"), async (kind) => {
    const q = await kind.Queue<string>(2), results = await kind.Queue<string>();
    const go = await kind.Event();
    await q.put("Y");
    await q.put("D");
    const processes = await startAll(kind, 2, targets.putOne, [q, "E", go, results]);
    await go.set();
    await q.shutdown(immediate);
    deepStrictEqual(await takeSorted(results, 2), ["ShutDown", "ShutDown"]);
    await endAll(processes);
  });

  queueCase(name("join"), async (kind) => {
    const q = await kind.JoinableQueue<string>(), results = await kind.Queue<string>();
    const go = await kind.Event();
    await q.put("Y");
    const processes = [
      ...await startAll(kind, 2, targets.join, [q, results]),
      ...await startAll(kind, immediate ? 0 : 1, targets.getAndFinish, [
        q,
        go,
        results,
      ]),
    ];
    await q.shutdown(immediate);
    await go.set();
    deepStrictEqual(
      await takeSorted(results, processes.length),
      immediate ? ["joined", "joined"] : ["Y", "joined", "joined"],
    );
    await endAll(processes);
  });

  queueCase(name("put_join"), async (kind) => {
    const q = await kind.JoinableQueue<string>(2), results = await kind.Queue<string>();
    const go = await kind.Event();
    await q.put("Y");
    const processes = [
      ...await startAll(kind, 1, targets.putOne, [q, "E", go, results]),
      ...await startAll(kind, 1, targets.join, [q, results]),
    ];
    await q.shutdown(immediate);
    await go.set();
    if (immediate) await raises(() => q.get_nowait(), "ShutDown");
    else {
      strictEqual(await q.get(), "Y");
      await q.task_done();
    }
    deepStrictEqual(await takeSorted(results, 2), ["ShutDown", "joined"]);
    await endAll(processes);
  });
}

queueCase("test_shutdown_get_task_done_join", async (kind) => {
  const q = await kind.JoinableQueue<string>(2), results = await kind.Queue<string>();
  const go = await kind.Event();
  await q.put("Y");
  await q.put("D");
  const processes = [
    ...await startAll(kind, 2, targets.getAndFinish, [q, go, results]),
    ...await startAll(kind, 2, targets.join, [q, results]),
  ];
  await go.set();
  await q.shutdown(false);
  deepStrictEqual(await takeSorted(results, 4), ["D", "Y", "joined", "joined"]);
  await endAll(processes);
});

queueCase("test_shutdown_pending_get", async (kind) => {
  const q = await kind.Queue<string>(), results = await kind.Queue<string>();
  const ready = await kind.Queue<string>();
  const processes = await startAll(kind, 2, targets.getNow, [q, ready, results]);
  const here = targets.outcome(q.get());
  for (let n = 0; n < 2; n++) await ready.get(true, CLAIM_WAIT);
  await q.shutdown({ immediate: false });
  deepStrictEqual(await takeSorted(results, 2), ["ShutDown", "ShutDown"]);
  strictEqual(await here, "ShutDown");
  await endAll(processes);
});

// ------------------------------------------------------------------------ not CPython's

queueCase("for await ends when the queue is shut down and empty", async (kind) => {
  const q = await kind.Queue<number>(), results = await kind.Queue<number[]>();
  const processes = await startAll(kind, 3, targets.takeAll, [q, results]);
  for (let i = 0; i < 100; i++) await q.put(i);
  await q.shutdown();
  const parts: number[][] = [];
  for (let n = 0; n < 3; n++) parts.push(await results.get(true, CLAIM_WAIT));
  for (const part of parts) deepStrictEqual(part, part.toSorted((a, b) => a - b));
  deepStrictEqual(
    parts.flat().sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  await endAll(processes);
});

queueCase("a loop that is left has taken nothing more", async (kind) => {
  const q = await kind.Queue<number>(), results = await kind.Queue<number>();
  for (let i = 0; i < 10; i++) await q.put(i);
  const [p] = await startAll(kind, 1, targets.takeFirst, [q, results]);
  await endAll([p!]);
  for await (const item of q) {
    if (item === 3) break;
  }
  strictEqual(await results.get(), 0);
  strictEqual(await q.qsize(), 6);
  strictEqual(await q.get(), 4);
});

queueCase("two loops share the items, and each is ended", async (kind) => {
  const q = await kind.Queue<number>(3);
  const found: number[] = [];
  const loops = [1, 2].map(async () => {
    for await (const item of q) found.push(item);
  });
  for (let i = 0; i < 50; i++) await q.put(i);
  await q.shutdown();
  await Promise.all(loops);
  deepStrictEqual(found.sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
});

queueCase("a process that is started after the shutdown knows of it", async (kind) => {
  for (const maxsize of [0, 1]) {
    const q = await kind.Queue<string>(maxsize);
    await q.shutdown();
    const go = await kind.Event(), results = await kind.Queue<string>();
    await go.set();
    const late = [q, "late", go, results] as const;
    const processes = await startAll(kind, 1, targets.putOne, [...late]);
    strictEqual(await results.get(), "ShutDown");
    await endAll(processes);
    await raises(() => q.get(), "ShutDown");
  }
});

test("SimpleQueue is shut down too, and ends a loop", async () => {
  const q = SimpleQueue<number>(), results = SimpleQueue<number[]>();
  const p = await started(targets.takeAll, [q, results] as never);
  for (let i = 0; i < 20; i++) await q.put(i);
  await q.shutdown();
  deepStrictEqual(await results.get(), Array.from({ length: 20 }, (_, i) => i));
  await raises(() => q.put(1), "ShutDown", "");
  await raises(() => q.get(), "ShutDown", "");
  await endAll([p]);
  const dropped = SimpleQueue<number>();
  await dropped.put(1);
  await dropped.shutdown({ immediate: true });
  await raises(() => dropped.get(), "ShutDown");
});

test("a loop over a queue that this process has closed raises what get does", async () => {
  const q = SimpleQueue<number>();
  q.close();
  await raises(
    async () => {
      for await (const _ of q);
    },
    "OSError",
    "handle is closed",
  );
});
