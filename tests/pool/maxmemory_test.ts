/** Tests of the option `maxmemory` of pools: see src/pool/workers.ts, src/pool/runner.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Pool } from "../../mod.ts";
import { ThreadPool } from "../../src/pool.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { raises, wrong } from "../cpython/helpers/checks.ts";
import { range } from "../cpython/helpers/pool_targets.ts";
import * as work from "../helpers/pool_work.ts";
import { test } from "../suite.ts";

/** More than a process's own memory changes by from one start to the next. */
const MUCH = 128 << 20;

test("maxmemory: what is measured is what the process holds", () => {
  const before = runtime.residentBytes();
  ok(before > 1 << 20);
  const bytes = new Uint8Array(MUCH).fill(1);
  ok(runtime.residentBytes() > before + bytes.length / 2);
});

test("maxmemory: a worker that holds too much makes room, and no result is lost", async () => {
  await using first = Pool(1);
  const { resident } = await first.apply(work.keepBytes, [1]);
  await using pool = Pool({ processes: 1, maxmemory: resident + MUCH });
  const sizes = [1, 2 * MUCH, 2, 3, 2 * MUCH, 4];
  const pids = (await pool.map(work.keepBytes, sizes, 1)).map(({ pid }) => pid);
  deepStrictEqual(pids.map((pid) => pids.indexOf(pid)), [0, 0, 2, 2, 2, 5]);
});

test("maxmemory: what was sent ahead goes to others, in order, and is done once", async () => {
  await using pool = Pool({ processes: 2, maxmemory: 1 });
  const values = range(8);
  deepStrictEqual(await pool.map(work.square, values, 1), values.map(work.square));
  const pids = await Promise.all(values.map((n) => pool.apply(work.pidOf, [n])));
  strictEqual(new Set(pids).size, 8);
  const failing = pool.apply_async(work.half, [3]);
  await raises(() => failing.get(), "OddNumber");
  strictEqual(await pool.apply(work.half, [4]), 2);
  pool.close();
  await pool.join();
});

test("maxmemory: of a high limit nothing is seen, and the last task may be the one that counts", async () => {
  await using pool = Pool({ max: 1, maxmemory: 2 ** 50, maxtasksperchild: 2 });
  const pids = await pool.map(work.pidOf, [1, 2, 3], 1);
  deepStrictEqual(pids.map((pid) => pids.indexOf(pid)), [0, 0, 2]);
  const small = Pool({ max: 1, maxmemory: 1, maxtasksperchild: 1 });
  const result = small.apply_async(work.pidOf, [1]);
  small.close();
  await small.join();
  ok(await result.get() !== process.pid);
});

test("maxmemory: what cannot be is told at the call", async () => {
  for (const value of [0, -1, 0.5, "12", NaN, Infinity, 10n]) {
    await raises(
      () => Pool(3, { maxmemory: wrong(value) }),
      "ValueError",
      "maxmemory must be a positive int or None",
    );
  }
  await raises(() => ThreadPool(wrong({ maxmemory: 1 })), "TypeError");
});
