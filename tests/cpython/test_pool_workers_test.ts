/**
 * `_TestPoolWorkerErrors`, `_TestPoolWorkerLifetime`, `TestPoolNotLeakOnFailure`, the
 * pool's half of `TestInitializers`, and `MiscTestCase.test_large_pool` of CPython 3.13's
 * `test/_test_multiprocessing.py`. Written afresh from what each case checks.
 *
 * Changed: the workers' process ids are told by the tasks; the large pool has 50
 * workers, not 200, as a JavaScript runtime takes four times the memory.
 */
import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  strictEqual,
} from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { MaybeEncodingError, OSError, Pool, Queue } from "../../mod.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { raises, wrong } from "./helpers/checks.ts";
import * as targets from "./helpers/pool_targets.ts";

const { sqr } = targets;

test("_TestPoolWorkerErrors.test_async_error_callback", async () => {
  const pool = Pool(2);
  const errors: unknown[] = [];
  const result = pool.apply_async(targets.raising, {
    error_callback: (error) => errors.push(error),
  });
  const error = await raises(() => result.get(), "KeyError");
  deepStrictEqual(errors, [error]);
  pool.close();
  await pool.join();
});

test("_TestPoolWorkerErrors.test_unpickleable_result", async () => {
  const pool = Pool(2);
  const pids = pool._pool.map(({ pid }) => pid);
  for (let i = 0; i < 20; i++) {
    const errors: unknown[] = [];
    const result = pool.apply_async(targets.unpickleableResult, {
      error_callback: (error) => errors.push(error),
    });
    await raises(() => result.get(), "MaybeEncodingError", /^Error sending result: '/);
    const [error] = errors;
    ok(error instanceof MaybeEncodingError);
    ok(error.exc.startsWith("PicklingError("), error.exc);
    ok(error.value.startsWith("<function "), error.value);
  }
  deepStrictEqual(pool._pool.map(({ pid }) => pid), pids);
  pool.close();
  await pool.join();
});

test("_TestPoolWorkerLifetime.test_pool_worker_lifetime", async () => {
  const pool = Pool(3, { maxtasksperchild: 10 });
  strictEqual(pool._pool.length, 3);
  const before = pool._pool.map(({ pid }) => pid);
  const results = Array.from(
    { length: 100 },
    (_, i) => pool.apply_async(targets.pid, [i]),
  );
  const tasks = new Map<number, number>();
  for (const [i, result] of results.entries()) {
    const [square, pid] = await result.get();
    strictEqual(square, i * i);
    tasks.set(pid, (tasks.get(pid) ?? 0) + 1);
  }
  strictEqual(Math.max(...tasks.values()), 10);
  ok(tasks.size >= 10);
  notDeepStrictEqual(pool._pool.map(({ pid }) => pid).toSorted(), before.toSorted());
  pool.close();
  await pool.join();
});

test("_TestPoolWorkerLifetime.test_pool_worker_lifetime_early_close", async () => {
  const pool = Pool(3, { maxtasksperchild: 1 });
  const results = Array.from({ length: 6 }, (_, i) => pool.apply_async(sqr, [i, 0.05]));
  pool.close();
  await pool.join();
  for (const [i, result] of results.entries()) {
    strictEqual(result.ready(), true);
    strictEqual(await result.get(), i * i);
  }
});

test("_TestPoolWorkerLifetime.test_pool_maxtasksperchild_invalid", async () => {
  for (const value of [0, -1, 0.5, "12"]) {
    await raises(
      () => Pool(3, { maxtasksperchild: wrong(value) }),
      "ValueError",
      "maxtasksperchild must be a positive int or None",
    );
  }
});

test("_TestPoolWorkerLifetime.test_worker_finalization_via_atexit_handler_of_multiprocessing", async () => {
  strictEqual(await outputOf("tests/children/pools.ts", ["open"]), "0,1,4,9\n");
});

test("TestPoolNotLeakOnFailure.test_release_unused_processes", async () => {
  let willFailIn = 3;
  const made: FailingProcess[] = [];
  class FailingProcess {
    name = "Fake Process";
    daemon = false;
    readonly pid = null;
    readonly exitcode = null;
    state: "started" | "stopping" | "stopped" | null = null;

    constructor() {
      made.push(this);
    }

    start(): void {
      if (willFailIn-- <= 0) throw new OSError("Manually induced OSError");
      this.state = "started";
    }

    terminate(): void {
      this.state = "stopping";
    }

    kill(): void {}

    join(): void {
      if (this.state === "stopping") this.state = "stopped";
    }
  }
  await raises(
    () => Pool({ processes: 5, context: { Process: FailingProcess } }),
    "OSError",
    "Manually induced OSError",
  );
  deepStrictEqual(made.map(({ state }) => state), [
    "stopped",
    "stopped",
    "stopped",
    null,
  ]);
});

test("TestInitializers.test_pool_initializer", async () => {
  await raises(
    () => Pool({ initializer: wrong(1) }),
    "TypeError",
    "initializer must be a callable",
  );
  const q = Queue<number>();
  const pool = Pool(1, targets.initializer, [q]);
  pool.close();
  await pool.join();
  strictEqual(await q.get_nowait(), 1);
  strictEqual(await q.empty(), true);
});

test("MiscTestCase.test_large_pool", async () => {
  const pool = Pool(50);
  const numbers = Array.from({ length: 1000 }, (_, i) => i);
  const squares = await pool.map(sqr, numbers, 1);
  strictEqual(squares.reduce((sum, square) => sum + square), 332833500);
  const memory = pool._pool.reduce((sum, { pid }) => sum + memoryOf(pid!), 0);
  ok(memory < 4 * 1024 ** 3, `the workers use ${memory} bytes`);
  pool.close();
  await pool.join();
}, { timeout: 180 });

/** Bytes of memory that a process uses, its share of what is shared included. */
function memoryOf(pid: number): number {
  const path = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(path)) return 0;
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(path, "utf8"))![1]) * 1024;
}
