/**
 * `_TestPool` of CPython 3.13's `test/_test_multiprocessing.py`, as it runs with processes
 * and with threads. Written afresh from what each case checks.
 *
 * Changed throughout: blocking calls are awaited, `for` over an iterator is `for await`;
 * nothing is timed: where Python measures that a call has waited, a queue tells what has
 * happened meanwhile.
 *
 * Left out:
 * - `test_release_task_refs`, `test_resource_warning`: when an object is collected is up
 *   to the runtime.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Pool, Queue, RemoteTraceback, ValueError } from "../../mod.ts";
import { ThreadPool } from "../../src/pool.ts";
import type { BasePool } from "../../src/pool/base_pool.ts";
import type { PoolWorker } from "../../src/pool/worker_link.ts";
import { test } from "../suite.ts";
import { PATIENCE, raises, wrong } from "./helpers/checks.ts";
import * as targets from "./helpers/pool_targets.ts";
import { list, range, squares } from "./helpers/pool_values.ts";

const { sqr, mul, exceptionThrowingGenerator } = targets;

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

/** What makes pools of a kind. */
type Make = (
  processes: number,
  initializer?: ((q: Queue<number>) => unknown) | null,
  initargs?: [Queue<number>],
) => BasePool<PoolWorker>;

/** A test with processes, and with threads. */
function eachTest(name: string, fn: (make: Make) => Promise<void>): void {
  test(`_TestPool.${name}, with processes`, () => fn(Pool));
  test(`_TestPool.${name}, with threads`, () => fn(ThreadPool));
}

/** The same with a pool of its own. */
function poolTest(
  name: string,
  processes: number,
  fn: (pool: BasePool<PoolWorker>) => Promise<void>,
): void {
  eachTest(name, async (make) => {
    const pool = make(processes);
    try {
      await fn(pool);
    } finally {
      await pool.terminate();
      await pool.join();
    }
  });
}

poolTest("test_apply, test_map, test_starmap, test_starmap_async", 4, async (pool) => {
  strictEqual(await pool.apply(sqr, [5]), 25);
  strictEqual(await pool.apply(targets.sqrByKeyword, [], { x: 3 }), 9);

  deepStrictEqual(await pool.map(sqr, range(10)), squares(10));
  deepStrictEqual(await pool.map(sqr, range(100), { chunksize: 20 }), squares(100));

  const pairs = (n: number) => range(n).map((i): [number, number] => [i, n - 1 - i]);
  const products = (n: number) => pairs(n).map(([a, b]) => a * b);
  deepStrictEqual(await pool.starmap(mul, pairs(10)), products(10));
  deepStrictEqual(
    await pool.starmap(mul, pairs(100), { chunksize: 20 }),
    products(100),
  );
  deepStrictEqual(await pool.starmap_async(mul, pairs(100)).get(), products(100));
});

poolTest(
  "test_map_async, test_map_async_callbacks, test_map_chunksize",
  4,
  async (pool) => {
    deepStrictEqual(await pool.map_async(sqr, range(10)).get(), squares(10));

    const calls: unknown[] = [];
    const options = {
      callback: (values: unknown[]) => calls.push(values),
      error_callback: (error: unknown) => calls.push(error),
    };
    await pool.map_async(targets.int, ["1"], options).wait();
    deepStrictEqual(calls, [[1]]);
    await pool.map_async(targets.int, ["a"], options).wait();
    strictEqual(calls.length, 2);
    ok(calls.at(-1) instanceof ValueError);

    await pool.map_async(sqr, [], { chunksize: 1 }).get({ timeout: PATIENCE });
  },
);

test("_TestPool.test_map_unplicklable, with processes", async () => {
  const pool = Pool(4);
  const things = range(10).map(() => wrong(new targets.Unpicklable()));
  await raises(() => pool.map(sqr, things), "RuntimeError", "cannot pickle");
  await pool.terminate();
});

poolTest("test_map_handle_iterable_exception", 4, async (pool) => {
  for (const [total, when] of [[1, -1], [1, -1], [10, 3]] as const) {
    await raises(
      () => pool.map(sqr, exceptionThrowingGenerator(total, when), 1),
      "ValueError",
      "Somebody said when",
    );
  }
});

poolTest("test_async", 3, async (pool) => {
  strictEqual(await pool.apply_async(sqr, [7, MOMENT]).get(), 49);
});

poolTest("test_async_timeout", 3, async (pool) => {
  const result = pool.apply_async(sqr, [6, 10 * MOMENT]);
  await raises(() => result.get({ timeout: MOMENT }), "TimeoutError", "");
  strictEqual(await result.get(), 36);
});

poolTest("test_imap", 4, async (pool) => {
  deepStrictEqual(await list(pool.imap(sqr, range(10))), squares(10));

  const ten = pool.imap(sqr, range(10));
  for (let i = 0; i < 10; i++) strictEqual(await ten.next(), i * i);
  await raises(() => ten.next(), "StopIteration", "");

  const thousand = pool.imap(sqr, range(1000), { chunksize: 100 });
  for (let i = 0; i < 1000; i++) strictEqual(await thousand.next(), i * i);
  await raises(() => thousand.next(), "StopIteration", "");
});

poolTest("test_imap_handle_iterable_exception", 4, async (pool) => {
  for (
    const [total, when, chunksize, before] of [
      [1, -1, 1, 0],
      [1, -1, 1, 0],
      [10, 3, 1, 3],
      // The error is at the start of the chunk in which it occurs.
      [20, 7, 2, 6],
      [20, 7, 4, 4],
    ] as const
  ) {
    const it = pool.imap(sqr, exceptionThrowingGenerator(total, when), chunksize);
    for (let i = 0; i < before; i++) strictEqual(await it.next(), i * i);
    await raises(() => it.next(), "ValueError", "Somebody said when");
  }
});

poolTest("test_imap_unordered", 4, async (pool) => {
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
  deepStrictEqual(sorted(await list(pool.imap_unordered(sqr, range(10)))), squares(10));
  deepStrictEqual(
    sorted(await list(pool.imap_unordered(sqr, range(1000), { chunksize: 100 }))),
    squares(1000),
  );
});

poolTest("test_imap_unordered_handle_iterable_exception", 4, async (pool) => {
  const until = async (total: number, when: number) => {
    const it = pool.imap_unordered(sqr, exceptionThrowingGenerator(total, when), 1);
    const values: number[] = [];
    await raises(
      async () => {
        for (;;) values.push(await it.next());
      },
      "ValueError",
      "Somebody said when",
    );
    return values;
  };
  deepStrictEqual(await until(1, -1), []);
  deepStrictEqual(await until(1, -1), []);
  // An error of the input may overtake results.
  for (const value of await until(10, 3)) ok([0, 1, 4].includes(value));
  for (const value of await until(20, 7)) ok(squares(7).includes(value));
});

eachTest("test_make_pool", async (make) => {
  for (const processes of [-1, 0]) {
    await raises(
      () => make(processes),
      "ValueError",
      "Number of processes must be at least 1",
    );
  }
  const pool = make(3);
  strictEqual(pool._pool.length, 3);
  pool.close();
  await pool.join();
});

eachTest("test_terminate", async (make) => {
  const pool = make(3);
  // A thread cannot be killed; it does not begin anything new.
  const seconds = make === Pool ? 1000 : MOMENT;
  const result = pool.map_async(targets.sleep, range(10_000).map(() => seconds), {
    chunksize: 1,
  });
  await raises(() => result.get(MOMENT), "TimeoutError");
  await pool.terminate();
  await pool.join();
  await raises(() => result.get(), "ProcessError");
});

poolTest("test_empty_iterable", 1, async (pool) => {
  deepStrictEqual(await pool.map(sqr, []), []);
  deepStrictEqual(await list(pool.imap(sqr, [])), []);
  deepStrictEqual(await list(pool.imap_unordered(sqr, [])), []);
  deepStrictEqual(await pool.map_async(sqr, []).get(), []);
  pool.close();
  await pool.join();
});

eachTest("test_context", async (make) => {
  // What `await using pool = Pool(2)` does; not all runtimes can read that yet.
  const pool = make(2);
  deepStrictEqual(await pool.map_async(sqr, range(10)).get(), squares(10));
  await pool[Symbol.asyncDispose]();
  await pool.join();
  await raises(() => pool.map_async(sqr, range(10)), "ValueError", "Pool not running");
});

test("_TestPool.test_traceback, with processes", async () => {
  const pool = Pool(1);
  const error = await raises(
    () => pool.apply(targets.testTraceback),
    "RuntimeError",
    "123",
  );
  const { cause } = error;
  ok(cause instanceof RemoteTraceback);
  // A stack shows no source text, but says where it was.
  const place = /pool_targets\.[jt]s:\d+/;
  ok(place.test(cause.tb), cause.tb);
  ok(cause.tb.includes("RuntimeError: 123"));
  ok(cause.message.startsWith('\n"""\n') && cause.message.endsWith('"""'));

  // What the input raises is not of another process.
  const own = await raises(
    () => pool.map(sqr, exceptionThrowingGenerator(1, -1), 1),
    "ValueError",
  );
  ok(own instanceof targets.SayWhenError);
  strictEqual(own.cause, undefined);
  await pool.terminate();
});

poolTest("test_wrapped_exception", 1, async (pool) => {
  const error = await raises(() => pool.apply(targets.testTraceback), "RuntimeError");
  strictEqual(error.cause instanceof RemoteTraceback, pool instanceof Pool);
});

eachTest("test_map_no_failfast", async (make) => {
  const q = Queue<number>();
  const pool = make(2, targets.keepQueue, [q]);
  await raises(() => pool.map(targets.raiseLargeValueError, [0, 1]), "ValueError");
  // Both have run, although one of them has failed long before the other.
  const seen = [await q.get_nowait(), await q.get_nowait()];
  deepStrictEqual(seen.toSorted(), [0, 1]);
  pool.close();
  await pool.join();
});

eachTest("test_enter", async (make) => {
  const pool = make(1);
  strictEqual(pool.__enter__(), pool);
  await pool.__exit__();
  await raises(() => pool.__enter__(), "ValueError", "Pool not running");
  await pool.join();
});
