/**
 * `_TestPool` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs with a
 * manager: the pool is the server's. Written afresh from what each case checks.
 *
 * Changed throughout: blocking calls are awaited, `for` over an iterator is `for await`;
 * where Python measures that a call has waited, a managed queue tells what has happened
 * meanwhile. What a callback does is seen in a managed list, as in CPython.
 *
 * Left out:
 * - `test_map_handle_iterable_exception`, `test_imap_handle_iterable_exception`,
 *   `test_imap_unordered_handle_iterable_exception`, `test_traceback`, `test_enter`:
 *   CPython skips them with a manager, as a generator cannot be sent;
 * - `test_release_task_refs`, `test_resource_warning`: when an object is collected is up to
 *   the runtime.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bound } from "../../mod.ts";
import type { PoolProxy, SyncManager } from "../../src/managers.ts";
import { PATIENCE, raises } from "./helpers/checks.ts";
import { managed } from "./helpers/managed.ts";
import * as targets from "./helpers/pool_targets.ts";
import { list, range, squares } from "./helpers/pool_values.ts";
import { beLoaded, markAndFail } from "./helpers/manager_targets.ts";

const { sqr, mul } = targets;

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

/** A test with a manager whose server knows the functions that pools are given. */
function managerTest(name: string, fn: (manager: SyncManager) => Promise<void>): void {
  managed(`_TestPool.${name} (manager)`, fn, undefined, beLoaded);
}

function poolTest(
  name: string,
  processes: number,
  fn: (pool: PoolProxy, manager: SyncManager) => Promise<void>,
): void {
  managerTest(name, async (manager) => {
    const pool = await manager.Pool(processes);
    try {
      await fn(pool, manager);
    } finally {
      await pool.terminate();
      await pool.join();
    }
  });
}

poolTest("test_apply", 2, async (pool) => {
  strictEqual(await pool.apply(sqr, [5]), 25);
  strictEqual(await pool.apply(targets.sqrByKeyword, [], { x: 3 }), 9);
});

poolTest("test_map", 2, async (pool) => {
  deepStrictEqual(await pool.map(sqr, range(10)), squares(10));
  deepStrictEqual(await pool.map(sqr, range(100), { chunksize: 20 }), squares(100));
});

poolTest("test_starmap, test_starmap_async", 2, async (pool) => {
  const pairs = (n: number) => range(n).map((i): [number, number] => [i, n - 1 - i]);
  const products = (n: number) => pairs(n).map(([a, b]) => a * b);
  deepStrictEqual(await pool.starmap(mul, pairs(10)), products(10));
  deepStrictEqual(
    await pool.starmap(mul, pairs(100), { chunksize: 20 }),
    products(100),
  );
  const result = await pool.starmap_async(mul, pairs(100));
  deepStrictEqual(await result.get(), products(100));
});

poolTest("test_map_async, test_map_chunksize", 2, async (pool) => {
  deepStrictEqual(await (await pool.map_async(sqr, range(10))).get(), squares(10));
  const empty = await pool.map_async(sqr, [], { chunksize: 1 });
  deepStrictEqual(await empty.get({ timeout: PATIENCE }), []);
});

poolTest("test_map_async_callbacks", 1, async (pool, manager) => {
  const calls = await manager.list();
  const options = {
    callback: bound(calls, "append"),
    error_callback: bound(calls, "append"),
  };
  await (await pool.map_async(targets.int, ["1"], options)).wait();
  strictEqual(await calls.__len__(), 1);
  deepStrictEqual(await calls[0], [1]);
  await (await pool.map_async(targets.int, ["a"], options)).wait();
  strictEqual(await calls.__len__(), 2);
  strictEqual((await calls[1]).name, "ValueError");
});

poolTest("test_map_unplicklable", 1, async (pool) => {
  const things = range(10).map(() => new targets.Unpicklable());
  await raises(() => pool.map(sqr, things), "RuntimeError", "cannot pickle");
});

poolTest("test_async, test_async_timeout", 2, async (pool) => {
  strictEqual(await (await pool.apply_async(sqr, [7, MOMENT])).get(), 49);
  const result = await pool.apply_async(targets.forEver);
  await raises(() => result.get({ timeout: MOMENT }), "TimeoutError", "");
  await raises(() => result.get(MOMENT), "TimeoutError", "");
  strictEqual(await result.ready(), false);
});

poolTest("test_imap", 2, async (pool) => {
  deepStrictEqual(await list(await pool.imap(sqr, range(10))), squares(10));

  const ten = await pool.imap(sqr, range(10));
  for (let i = 0; i < 10; i++) strictEqual(await ten.__next__(), i * i);
  await raises(() => ten.__next__(), "StopIteration", "");

  const thousand = await pool.imap(sqr, range(1000), { chunksize: 100 });
  for (let i = 0; i < 1000; i++) strictEqual(await thousand.__next__(), i * i);
  await raises(() => thousand.__next__(), "StopIteration", "");
});

poolTest("test_imap_unordered", 2, async (pool) => {
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
  const all = async (length: number, ...options: unknown[]) =>
    sorted(await list(await pool.imap_unordered(sqr, range(length), ...options)));
  deepStrictEqual(await all(10), squares(10));
  deepStrictEqual(await all(1000, { chunksize: 100 }), squares(1000));
});

managerTest("test_make_pool", async (manager) => {
  for (const processes of [-1, 0]) {
    await raises(
      () => manager.Pool(processes),
      "RemoteError",
      /ValueError: Number of processes must be at least 1/,
    );
  }
});

managerTest("test_terminate", async (manager) => {
  const pool = await manager.Pool(3);
  const result = await pool.map_async(targets.sleep, range(10_000).map(() => 1000), {
    chunksize: 1,
  });
  await raises(() => result.get(MOMENT), "TimeoutError");
  await pool.terminate();
  await pool.join();
});

poolTest("test_empty_iterable", 1, async (pool) => {
  deepStrictEqual(await pool.map(sqr, []), []);
  deepStrictEqual(await list(await pool.imap(sqr, [])), []);
  deepStrictEqual(await list(await pool.imap_unordered(sqr, [])), []);
  deepStrictEqual(await (await pool.map_async(sqr, [])).get(), []);
  await pool.close();
  await pool.join();
});

managerTest("test_context", async (manager) => {
  // What `await using pool = await manager.Pool(2)` does.
  const pool = await manager.Pool(2);
  deepStrictEqual(await (await pool.map_async(sqr, range(10))).get(), squares(10));
  await pool[Symbol.asyncDispose]();
  await raises(() => pool.map_async(sqr, range(10)), "ValueError", "Pool not running");
});

poolTest("test_wrapped_exception", 1, async (pool) => {
  await raises(() => pool.apply(targets.testTraceback), "RuntimeError", "123");
});

poolTest("test_map_no_failfast", 2, async (pool, manager) => {
  const seen = await manager.Queue<number>();
  const tasks: [typeof seen, number][] = [[seen, 0], [seen, 1]];
  await raises(() => pool.starmap(markAndFail, tasks), "ValueError");
  // Both have run, although one of them has failed long before the other.
  const both = [await seen.get(false), await seen.get(false)];
  deepStrictEqual(both.toSorted(), [0, 1]);
  await pool.close();
  await pool.join();
  ok(await seen.empty());
});
