/** Queues on a server: what is not in CPython's cases, which `cpython_test.ts` runs. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { RedisQueue } from "../../src/redis.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER, until } from "./server.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

async function take(queue: RedisQueue<number>, count: number): Promise<number[]> {
  const items: number[] = [];
  while (items.length < count) items.push(await queue.get());
  return items;
}

ON_SERVER.test("items of any size and kind come out as they were put", async (server) => {
  const q = server.context().Queue<unknown>();
  const items = [
    ...[null, undefined, 0, -1.5, 10n ** 30n, "", "ä€😀", "\0:1:2:", true],
    ...[new Date(5), new Map([[1, [2]]]), new Set(["a"]), { a: { b: [1] } }],
    ...[new Uint8Array([0, 255, 58, 10]), "x".repeat(300_000)],
  ];
  for (const item of items) await q.put(item);
  for (const item of items) deepStrictEqual(await q.get(), item);
});

ON_SERVER.test("what is put is encoded at the call", async (server) => {
  const q = server.context().Queue<{ a: number }>();
  const item = { a: 1 };
  const put = q.put(item);
  item.a = 2;
  await put;
  deepStrictEqual(await q.get(), { a: 1 });
  await raises(() => q.put((() => {}) as never), "PicklingError");
});

ON_SERVER.test("many puts and gets at a time keep their order", async (server) => {
  const q = server.context().Queue<number>();
  const gets = range(3000).map(() => q.get());
  await Promise.all(range(3000).map((i) => q.put(i)));
  deepStrictEqual(await Promise.all(gets), range(3000));
  await Promise.all(range(3000).map((i) => q.put(i)));
  deepStrictEqual(await Promise.all(range(3000).map(() => q.get())), range(3000));
  strictEqual(await q.qsize(), 0);
});

ON_SERVER.test("puts wait for room, in their order", async (server) => {
  const q = server.context().Queue<number>(2);
  const puts = range(10).map((i) => q.put(i));
  await raises(() => q.put(99, { timeout: MOMENT }), "Full");
  await raises(() => q.put_nowait(99), "Full");
  strictEqual(await q.qsize(), 2);
  strictEqual(await q.full(), true);
  deepStrictEqual(await take(q, 10), range(10));
  await Promise.all(puts);
  strictEqual(await q.empty(), true);
});

ON_SERVER.test("waits end by their signals", async (server) => {
  const mp = server.context();
  const [q, full] = [mp.Queue<number>(), mp.Queue<number>(1)];
  await full.put(1);
  const reason = new TypeError("enough");
  const calls = [
    (signal: AbortSignal) => q.get({ signal }),
    (signal: AbortSignal) => full.put(2, { signal }),
    (signal: AbortSignal) => mp.Semaphore(0).acquire({ signal }),
    (signal: AbortSignal) => mp.Event().wait({ signal }),
    (signal: AbortSignal) => mp.Barrier(2).wait({ signal }),
  ];
  for (const call of calls) {
    const controller = new AbortController();
    const waiting = call(controller.signal);
    await q.qsize(); // it waits on the server by now
    controller.abort(reason);
    await raises(waiting, "TypeError", "enough");
    await raises(() => call(AbortSignal.abort(reason)), "TypeError", "enough");
  }
  await q.put(3);
  strictEqual(await q.get(), 3); // no wait was left
  strictEqual(await full.get(), 1);
  strictEqual(await full.empty(), true);
});

ON_SERVER.test("a shut down queue gives what is left, and ends loops", async (server) => {
  const q = server.context().Queue<number>(3);
  for (const i of range(3)) await q.put(i);
  const waiting = raises(() => q.put(4), "ShutDown");
  await q.qsize();
  await q.shutdown();
  await waiting;
  await raises(() => q.put(5), "ShutDown");
  const items: number[] = [];
  for await (const item of q) items.push(item);
  deepStrictEqual(items, range(3));
  await raises(() => q.get(), "ShutDown");
  await raises(() => q.get_nowait(), "ShutDown");
});

ON_SERVER.test("a shut down queue tells those who wait", async (server) => {
  const q = server.context().JoinableQueue<number>();
  const waiting = range(3).map(() => raises(() => q.get(), "ShutDown"));
  await q.qsize();
  await q.shutdown();
  await Promise.all(waiting);
  const dropping = server.context().JoinableQueue<number>();
  await dropping.put(1);
  await dropping.put(2);
  const joined = dropping.join();
  await dropping.shutdown(true);
  await joined;
  await raises(() => dropping.get(), "ShutDown");
});

ON_SERVER.test("a queue with a name is the same in all contexts", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const here = one.Queue<number>({ name: "jobs", maxsize: 2 });
  const there = two.Queue<number>({ name: "jobs" });
  strictEqual(one.Queue({ name: "jobs" }), here);
  await here.put(1);
  await here.put(2);
  strictEqual(await there.full(), true);
  await raises(() => there.put(3, { timeout: MOMENT }), "Full");
  strictEqual(await there.get(), 1);
  strictEqual(await there.get(), 2);
  await raises(
    () => two.Lock({ name: "jobs" }).acquire(),
    "TypeError",
    /it is a queue/,
  );
  const waiting = raises(() => there.get(), "FileNotFoundError");
  await here.qsize();
  await until(async () => await server.command("LLEN", `{mp:test}:o:n.jobs:w`) === 1);
  await here.unlink();
  await waiting;
  await raises(() => here.put(1), "FileNotFoundError");
});

ON_SERVER.test("a queue with a name outlives its programs", async (server) => {
  const one = server.context();
  await one.Queue<number>({ name: "jobs" }).put(1);
  await one.shutdown();
  ok((await server.keys()).length > 0);
  const two = server.context();
  strictEqual(await two.Queue<number>({ name: "jobs" }).get(), 1);
  await two.unlink();
  deepStrictEqual(await server.keys(), []);
});

ON_SERVER.test("with prefetch, items come in order, and once", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const puts = one.Queue<number>({ name: "jobs" });
  const gets = two.Queue<number>({ name: "jobs", prefetch: 50 });
  for (const i of range(1000)) void puts.put(i);
  deepStrictEqual(await take(gets, 1000), range(1000));
  strictEqual(await gets.qsize(), 0); // which tells the server what was taken
  await puts.unlink();
});

ON_SERVER.test("items that were prefetched are had by who waits for them", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const hoarder = one.Queue<number>({ name: "jobs", prefetch: 50 });
  for (const i of range(10)) await hoarder.put(i);
  strictEqual(await hoarder.get(), 0);
  strictEqual(await hoarder.qsize(), 9);
  const other = two.Queue<number>({ name: "jobs" });
  strictEqual(await other.qsize(), 9);
  deepStrictEqual(await take(other, 4), [1, 2, 3, 4]);
  strictEqual(await hoarder.get(), 5);
  strictEqual(await other.get(), 6);
  hoarder.close();
  deepStrictEqual(await take(other, 3), [7, 8, 9]);
  await other.unlink();
});

ON_SERVER.test("items of a process that leaves are in their places again", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const leaving = one.JoinableQueue<number>({
    name: "jobs",
    prefetch: 5,
    redeliver: 1,
  });
  const staying = two.JoinableQueue<number>({ name: "jobs", redeliver: 1 });
  for (const i of range(8)) await staying.put(i);
  deepStrictEqual(await take(leaving, 3), range(3));
  await leaving.task_done({ item: 1 });
  await one.shutdown();
  deepStrictEqual(await take(staying, 7), [0, 2, 3, 4, 5, 6, 7]);
  for (let i = 0; i < 7; i++) await staying.task_done();
  await staying.join();
  await raises(() => staying.task_done(), "ValueError");
  await staying.unlink();
});

ON_SERVER.test("an item that came back too often is a dead letter", async (server) => {
  const last = server.context();
  const q = last.JoinableQueue<string>({ name: "jobs", redeliver: 1 });
  await q.put("deadly");
  for (let i = 0; i < 2; i++) {
    const mp = server.context();
    strictEqual(await mp.JoinableQueue<string>({ name: "jobs" }).get(), "deadly");
    await mp.shutdown();
  }
  await raises(() => q.get_nowait(), "Empty");
  const joined = q.join();
  deepStrictEqual(await q.dead_letters(), ["deadly"]);
  await joined;
  await q.unlink();
});

ON_SERVER.test("wrong arguments are refused as of the package's own", async (server) => {
  const mp = server.context();
  await raises(() => mp.Queue("x" as never), "TypeError");
  await raises(() => mp.Queue({ maxsiz: 1 } as never), "TypeError", /maxsize/);
  await raises(() => mp.Queue({ prefetch: -1 }), "ValueError");
  await raises(() => mp.Queue({ name: "" }), "ValueError");
  await raises(() => mp.JoinableQueue({ redeliver: -1 }), "ValueError");
  const q = mp.Queue<number>();
  await raises(() => q.get(true, "x" as never), "TypeError");
  await raises(() => (q as unknown as { put(): Promise<void> }).put(), "TypeError");
  q.close();
  await raises(() => q.put(1), "ValueError", /is closed$/);
  await q.join_thread();
  const simple = mp.SimpleQueue<number>();
  await simple.put(1);
  strictEqual(await simple.empty(), false);
  strictEqual(await simple.get(), 1);
  simple.close();
  await raises(() => simple.get(), "OSError", "handle is closed");
});
