/**
 * `_TestBarrier` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs as
 * processes. Written afresh from what each case checks.
 *
 * Changed throughout: lists of results are semaphores that are counted up, pipes are
 * queues; who is late is so until the barrier is broken, instead of sleeping.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Barrier, bound, Lock, Process, Queue, Semaphore } from "../../mod.ts";
import { test } from "../suite.ts";
import * as targets from "./helpers/barrier_targets.ts";
import { exitcodeOf, PATIENCE } from "./helpers/checks.ts";

const { N } = targets;

// deno-lint-ignore no-explicit-any -- any target with its own arguments
type Target = (...args: any[]) => Promise<void>;

/** Runs a function in this process and in N - 1 others. */
async function runParties<F extends Target>(f: F, args: Parameters<F>): Promise<void> {
  const others = Array.from({ length: N - 1 }, () => {
    return new Process(null, f as Target, null, args, null, { daemon: true });
  });
  for (const p of others) await p.start();
  await f(...args);
  for (const p of others) strictEqual(await exitcodeOf(p), 0);
}

const barrier = () => Barrier(N, { timeout: PATIENCE });

test("_TestBarrier.test_barrier", async () => {
  await runParties(targets.multipass, [barrier(), Semaphore(0), Semaphore(0), 1]);
});

test("_TestBarrier.test_barrier_10", async () => {
  await runParties(targets.multipass, [barrier(), Semaphore(0), Semaphore(0), 10]);
});

test("_TestBarrier.test_wait_return", async () => {
  const q = Queue<number>();
  await runParties(targets.waitReturn, [barrier(), q]);
  const places: number[] = [];
  for (let n = 0; n < N; n++) places.push(await q.get(true, PATIENCE));
  deepStrictEqual(places.toSorted(), [0, 1, 2, 3, 4]);
});

test("_TestBarrier.test_action", async () => {
  const results = Semaphore(0);
  const action = bound(new targets.AppendTrue(results), "append");
  await runParties(targets.afterAction, [Barrier(N, action), results]);
});

test("_TestBarrier.test_abort", async () => {
  const [b, passed, broken] = [barrier(), Semaphore(0), Semaphore(0)];
  await runParties(targets.abortOnce, [b, passed, broken]);
  deepStrictEqual(await values(passed, broken), [0, N - 1]);
  strictEqual(await b.broken, true);
});

test("_TestBarrier.test_reset", async () => {
  const [passed, broken, again] = [Semaphore(0), Semaphore(0), Semaphore(0)];
  await runParties(targets.resetOnce, [barrier(), passed, broken, again]);
  deepStrictEqual(await values(passed, broken, again), [0, N - 1, N]);
});

test("_TestBarrier.test_abort_and_reset", async () => {
  const [passed, broken, again] = [Semaphore(0), Semaphore(0), Semaphore(0)];
  await runParties(
    targets.abortAndReset,
    [barrier(), barrier(), passed, broken, again],
  );
  deepStrictEqual(await values(passed, broken, again), [0, N - 1, N]);
});

test("_TestBarrier.test_timeout", async () => {
  const broken = Semaphore(0);
  await runParties(targets.comeLate, [barrier(), broken, 0.1]);
  strictEqual(await broken.get_value(), N);
});

test("_TestBarrier.test_default_timeout", async () => {
  const broken = Semaphore(0);
  await runParties(targets.comeLate, [Barrier(N, { timeout: 0.1 }), broken, null]);
  strictEqual(await broken.get_value(), N);
});

test("_TestBarrier.test_single_thread", async () => {
  const b = Barrier(1);
  strictEqual(await b.wait(), 0);
  strictEqual(await b.wait(), 0);
});

test("_TestBarrier.test_thousand", async () => {
  const times = 1000;
  const q = Queue<number>(), lock = Lock();
  const b = barrier();
  const parties = Array.from(
    { length: N },
    () => new Process({ target: targets.passMany, args: [b, times, q, lock] }),
  );
  for (const p of parties) await p.start();
  for (let i = 0; i < times; i++) {
    for (let n = 0; n < N; n++) strictEqual(await q.get(true, PATIENCE), i);
  }
  for (const p of parties) strictEqual(await exitcodeOf(p), 0);
});

function values(...semaphores: Semaphore[]): Promise<number[]> {
  return Promise.all(semaphores.map((semaphore) => semaphore.get_value()));
}
