/**
 * `_TestBarrier` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs with
 * a manager. Written afresh from what each case checks.
 *
 * Changed throughout: lists of results are managed lists, pipes are managed queues; who is
 * late is so until the barrier is broken, instead of sleeping. The action runs in the
 * server, as in CPython, and an object there tells how often.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ListProxy, SyncManager } from "../../src/managers.ts";
import { test } from "../suite.ts";
import { PATIENCE } from "./helpers/checks.ts";
import { endAll, LEAKS, managed, startAll } from "./helpers/managed.ts";
import * as targets from "./helpers/managed_targets.ts";

const { N } = targets;

/** Runs a function in this process and in N - 1 others. */
async function runParties<A extends unknown[]>(
  f: (...args: A) => Promise<void>,
  args: A,
): Promise<void> {
  const others = await startAll(N - 1, f, args);
  await f(...args);
  await endAll(others);
}

function barrierOf(manager: SyncManager) {
  return manager.Barrier(N, null, PATIENCE);
}

type Results = ListProxy<boolean>;

/** Three empty lists. */
function lists(manager: SyncManager): Promise<[Results, Results, Results]> {
  return Promise.all([manager.list(), manager.list(), manager.list()]);
}

function lengths(...lists: Results[]): Promise<number[]> {
  return Promise.all(lists.map((list) => list.__len__()));
}

for (const [name, times] of [["test_barrier", 1], ["test_barrier_10", 10]] as const) {
  managed(`_TestBarrier.${name} (manager)`, async (manager) => {
    const [before, after] = [await manager.list(), await manager.list()];
    await runParties(targets.multipass, [
      await barrierOf(manager),
      before,
      after,
      times,
    ]);
  });
}

managed("_TestBarrier.test_wait_return (manager)", async (manager) => {
  const places = await manager.list<number>();
  await runParties(targets.waitReturn, [await barrierOf(manager), places]);
  deepStrictEqual((await places._getvalue()).toSorted(), [0, 1, 2, 3, 4]);
});

class ActingManager extends SyncManager {}
ActingManager.register("Actions", targets.Actions);

test("_TestBarrier.test_action (manager)", async () => {
  const manager = new ActingManager();
  await manager.start();
  const barrier = await manager.Barrier(N, targets.act);
  const counter = await manager.Actions();
  await runParties(targets.afterAction, [barrier, counter]);
  await manager.shutdown();
}, { leaks: LEAKS });

managed("_TestBarrier.test_abort (manager)", async (manager) => {
  const barrier = await barrierOf(manager);
  const [passed, broken] = await lists(manager);
  await runParties(targets.abortOnce, [barrier, passed, broken]);
  deepStrictEqual(await lengths(passed, broken), [0, N - 1]);
  strictEqual(await barrier.broken, true);
});

managed("_TestBarrier.test_reset (manager)", async (manager) => {
  const [passed, broken, again] = await lists(manager);
  await runParties(targets.resetOnce, [
    await barrierOf(manager),
    passed,
    broken,
    again,
  ]);
  deepStrictEqual(await lengths(passed, broken, again), [0, N - 1, N]);
});

managed("_TestBarrier.test_abort_and_reset (manager)", async (manager) => {
  const [barrier, other] = [await barrierOf(manager), await barrierOf(manager)];
  const [passed, broken, again] = await lists(manager);
  await runParties(targets.abortAndReset, [barrier, other, passed, broken, again]);
  deepStrictEqual(await lengths(passed, broken, again), [0, N - 1, N]);
});

managed("_TestBarrier.test_timeout (manager)", async (manager) => {
  const broken = await manager.list();
  await runParties(targets.comeLate, [await barrierOf(manager), broken, 0.1]);
  strictEqual(await broken.__len__(), N);
});

managed("_TestBarrier.test_default_timeout (manager)", async (manager) => {
  const broken = await manager.list();
  const barrier = await manager.Barrier(N, null, 0.1);
  await runParties(targets.comeLate, [barrier, broken, null]);
  strictEqual(await broken.__len__(), N);
});

managed("_TestBarrier.test_single_thread (manager)", async (manager) => {
  const barrier = await manager.Barrier(1);
  strictEqual(await barrier.wait(), 0);
  strictEqual(await barrier.wait(), 0);
});

managed("_TestBarrier.test_thousand (manager)", async (manager) => {
  const times = 1000;
  const q = await manager.Queue<number>(), lock = await manager.Lock();
  const parties = await startAll(N, targets.passMany, [
    await barrierOf(manager),
    times,
    q,
    lock,
  ]);
  for (let i = 0; i < times; i++) {
    for (let n = 0; n < N; n++) strictEqual(await q.get(true, PATIENCE), i);
  }
  await endAll(parties);
}, 120);
