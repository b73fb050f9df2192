/** Tests of src/pool/sizes.ts: pools that have as many workers as they need. */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { get_context, Pool, Queue } from "../../mod.ts";
import { ThreadPool } from "../../src/pool.ts";
import { asSizes } from "../../src/pool/sizes.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { nextTurn, processExists, raises, wrong } from "../cpython/helpers/checks.ts";
import * as work from "../helpers/pool_work.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

const { square } = work;

function sizes(options: object) {
  const none = { processes: null, min: null, max: null, idle: null };
  return asSizes({ ...none, ...options }, () => new RangeError("too many"));
}

test("sizes: what is given, and the defaults", () => {
  const cpus = runtime.usableCpuCount;
  deepStrictEqual(sizes({}), { min: cpus, max: cpus, idle: Infinity });
  deepStrictEqual(sizes({ processes: 3 }), { min: 3, max: 3, idle: Infinity });
  deepStrictEqual(sizes({ min: 1, max: 3 }), { min: 1, max: 3, idle: 10 });
  deepStrictEqual(sizes({ idle: 0.5 }), { min: 0, max: cpus, idle: 0.5 });
  deepStrictEqual(sizes({ max: 2, idle: Infinity }), {
    min: 0,
    max: 2,
    idle: Infinity,
  });
  deepStrictEqual(sizes({ min: 40 }).max, Math.max(40, cpus));
});

test("sizes: what cannot be is told at the call", async () => {
  const cases: [object, string, string][] = [
    [{ min: -1 }, "ValueError", "min must be at least 0"],
    [{ max: 0 }, "ValueError", "max must be at least 1"],
    [{ max: -3 }, "ValueError", "max must be at least 1"],
    [{ min: 3, max: 2 }, "ValueError", "min must not be greater than max"],
    [
      { idle: -1 },
      "ValueError",
      "idle must be None or a number of seconds from 0 up",
    ],
    [
      { idle: NaN },
      "ValueError",
      "idle must be None or a number of seconds from 0 up",
    ],
    ...[{ min: 1 }, { max: 1 }, { idle: 1 }].map((
      option,
    ): [object, string, string] => [
      { processes: 2, ...option },
      "ValueError",
      "processes cannot be given together with min, max or idle",
    ]),
  ];
  for (const [options, name, text] of cases) {
    await raises(() => Pool(options), name, text);
    await raises(() => ThreadPool(options), name, text);
  }
  for (const option of ["min", "max", "idle"]) {
    await raises(() => Pool({ [option]: wrong("2") }), "TypeError");
    await raises(() => Pool({ [option]: wrong([]) }), "TypeError");
  }
  for (const option of ["min", "max"]) {
    await raises(() => Pool({ [option]: 1.5 }), "TypeError");
  }
  await raises(() => Pool({ max: 1e9 }), "BlockingIOError");
  await raises(() => ThreadPool({ min: 1e9 }), "RuntimeError");
});

test("Pool: without work there is no worker, and with work as many as there may be", async () => {
  const q = Queue<number>();
  await using pool = Pool({
    max: 2,
    idle: Infinity,
    initializer: work.keepGate,
    initargs: [q],
  });
  deepStrictEqual([pool._pool, pool._processes], [[], 2]);
  const results = [7, 8, 9].map((n) => pool.apply_async(work.waitAtGate, [n]));
  while (pool._pool.length < 2) await nextTurn();
  for (let i = 0; i < 3; i++) await q.put(i);
  deepStrictEqual(await Promise.all(results.map((result) => result.get())), [7, 8, 9]);
  strictEqual(pool._pool.length, 2);
});

test("Pool: one task after the other needs one worker", async () => {
  await using pool = Pool({ max: 3 });
  const pids = new Set<number>();
  for (let i = 0; i < 5; i++) pids.add(await pool.apply(work.pidOf, [i]));
  let ask = () => {};
  async function* slowly() {
    for (let i = 0; i < 3; i++) {
      const asked = new Promise<void>((resolve) => ask = resolve);
      yield i;
      await asked;
    }
  }
  for await (const pid of pool.imap(work.pidOf, slowly())) {
    pids.add(pid);
    ask();
  }
  deepStrictEqual([...pids], pool._pool.map(({ pid }) => pid));
  strictEqual(pids.size, 1);
});

test("Pool: a worker that has had nothing to do ends, and the next task has a new one", async () => {
  await using pool = Pool({ max: 1, idle: 0 });
  const first = await pool.apply(work.pidOf, [0]);
  while (pool._pool.length > 0) await nextTurn();
  ok(!processExists(first));
  const [result, process] = [pool.apply(work.pidOf, [0]), pool._pool[0]];
  while (pool._pool[0] === undefined) await nextTurn();
  notStrictEqual(await result, first);
  const worker = process ?? pool._pool[0];
  await worker?.join();
  strictEqual(worker?.exitcode ?? 0, 0);
});

test("Pool: workers end down to the least number, and results are in order", async () => {
  await using pool = Pool({ min: 1, max: 3, idle: 0 });
  const values = Array.from({ length: 60 }, (_, i) => i);
  deepStrictEqual(await pool.map(square, values, 1), values.map(square));
  while (pool._pool.length > 1) await nextTurn();
  deepStrictEqual(await pool.map(square, values, 7), values.map(square));
});

test("Pool: a killed worker is replaced if it is needed", async () => {
  const q = Queue<number>();
  await using pool = Pool({
    max: 1,
    idle: Infinity,
    initializer: work.keepGate,
    initargs: [q],
  });
  const lost = pool.apply_async(work.begin, [5]);
  const waiting = pool.apply_async(square, [4]);
  strictEqual(await q.get(), 5);
  process.kill(pool._pool[0]!.pid!, "SIGKILL");
  await raises(() => lost.get(), "WorkerLostError", /while it worked on begin\(5\)/);
  strictEqual(await waiting.get(), 16);
  const [idle] = pool._pool;
  process.kill(idle!.pid!, "SIGKILL");
  await idle!.join();
  while (pool._pool.length > 0) await nextTurn();
  strictEqual(await pool.apply(square, [5]), 25);
});

test("Pool: a broken initializer ends a pool that starts its workers when they are needed", async () => {
  const pool = Pool({ max: 2, initializer: work.failToStart });
  const result = pool.apply_async(square, [1]);
  await raises(() => result.get(), "WorkerLostError", /^the pool gives up: /);
  await raises(() => pool.apply(square, [1]), "ValueError", "Pool not running");
  await pool.join();
});

test("Pool: recycled workers and bounds go together", async () => {
  await using pool = Pool({ max: 1, maxtasksperchild: 2, idle: 60 });
  const pids = await pool.map(work.pidOf, [1, 2, 3, 4, 5], 1);
  deepStrictEqual(pids.map((pid) => pids.indexOf(pid)), [0, 0, 2, 2, 4]);
});

test("Pool: close and join, with and without a worker", async () => {
  const unused = Pool({ max: 2 });
  unused.close();
  await unused.join();
  const pool = Pool({ max: 2, idle: 0 });
  const result = pool.map_async(square, [1, 2, 3, 4], 1);
  pool.close();
  await pool.join();
  deepStrictEqual(await result.get(), [1, 4, 9, 16]);
});

test("Pool: bounds in the context of forkserver", async () => {
  await using pool = get_context("forkserver").Pool({ max: 2, idle: 0 });
  deepStrictEqual(await pool.map(square, [1, 2, 3], 1), [1, 4, 9]);
  const name = await pool.apply(work.workerName);
  ok(/^ForkServerPoolWorker-\d+$/.test(name), name);
});

test("Pool: the timer of idle workers keeps no program", async () => {
  strictEqual(await outputOf("tests/children/pools.ts", ["idle"]), "9\n");
});

test("ThreadPool: threads come and go as well", async () => {
  const made: number[] = [];
  await using pool = ThreadPool({
    max: 2,
    idle: 0,
    initializer: () => made.push(made.length),
  });
  deepStrictEqual([pool._pool.length, pool._processes], [0, 2]);
  strictEqual(await pool.apply((x: number) => x + 1, [1]), 2);
  while (pool._pool.length > 0) await nextTurn();
  let open = () => {};
  const gate = new Promise<void>((resolve) => open = resolve);
  const results = [1, 2, 3].map(() => pool.apply_async(() => gate));
  while (made.length < 3) await nextTurn();
  open();
  for (const result of results) await result.get();
  while (pool._pool.length > 0) await nextTurn();
  strictEqual(made.length, 3);
});
