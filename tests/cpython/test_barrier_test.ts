/**
 * `_TestBarrier` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from
 * what each case checks.
 *
 * Changed throughout: lists of results and pipes are queues; who is late is so until the
 * barrier is broken, instead of sleeping. With a manager the action runs in the server, as
 * in CPython.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { bound } from "../../mod.ts";
import { CLAIM_WAIT } from "./helpers/checks.ts";
import { ALL, bind, drain, endAll, type Kind, startAll } from "./helpers/kinds.ts";
import * as targets from "./helpers/sync_targets.ts";

const { N } = targets;
const barrierCase = bind("_TestBarrier", ALL, targets.beLoaded);

/** Runs a function in this process and in N - 1 others. */
async function runParties<A extends unknown[]>(
  kind: Kind,
  f: (...args: A) => Promise<void>,
  args: A,
): Promise<void> {
  const others = await startAll(kind, N - 1, f, args);
  await f(...args);
  await endAll(others);
}

const barrierOf = (kind: Kind) => kind.Barrier(N, null, CLAIM_WAIT);

/** Three counters. */
async function counts(
  kind: Kind,
): Promise<[targets.Count, targets.Count, targets.Count]> {
  return [await kind.Queue(), await kind.Queue(), await kind.Queue()];
}

function values(...counts: targets.Count[]): Promise<number[]> {
  return Promise.all(counts.map((count) => count.qsize()));
}

for (const [name, times] of [["test_barrier", 1], ["test_barrier_10", 10]] as const) {
  barrierCase(name, async (kind) => {
    const [before, after] = await counts(kind);
    await runParties(kind, targets.multipass, [
      await barrierOf(kind),
      before,
      after,
      times,
    ]);
  });
}

barrierCase("test_wait_return", async (kind) => {
  const q = await kind.Queue<number>();
  await runParties(kind, targets.waitReturn, [await barrierOf(kind), q]);
  deepStrictEqual((await drain(q)).toSorted(), [0, 1, 2, 3, 4]);
});

barrierCase("test_action", async (kind) => {
  const results = await kind.Queue<boolean>();
  const action = bound(new targets.AppendTrue(results), "append");
  await runParties(kind, targets.afterAction, [await kind.Barrier(N, action), results]);
});

barrierCase("test_abort", async (kind) => {
  const barrier = await barrierOf(kind);
  const [passed, broken] = await counts(kind);
  await runParties(kind, targets.abortOnce, [barrier, passed, broken]);
  deepStrictEqual(await values(passed, broken), [0, N - 1]);
  strictEqual(await barrier.broken, true);
});

barrierCase("test_reset", async (kind) => {
  const three = await counts(kind);
  await runParties(kind, targets.resetOnce, [await barrierOf(kind), ...three]);
  deepStrictEqual(await values(...three), [0, N - 1, N]);
});

barrierCase("test_abort_and_reset", async (kind) => {
  const [barrier, other] = [await barrierOf(kind), await barrierOf(kind)];
  const three = await counts(kind);
  await runParties(kind, targets.abortAndReset, [barrier, other, ...three]);
  deepStrictEqual(await values(...three), [0, N - 1, N]);
});

barrierCase("test_timeout", async (kind) => {
  const [broken] = await counts(kind);
  await runParties(kind, targets.comeLate, [await barrierOf(kind), broken, 0.1]);
  strictEqual(await broken.qsize(), N);
});

barrierCase("test_default_timeout", async (kind) => {
  const [broken] = await counts(kind);
  const barrier = await kind.Barrier(N, null, 0.1);
  await runParties(kind, targets.comeLate, [barrier, broken, null]);
  strictEqual(await broken.qsize(), N);
});

barrierCase("test_single_thread", async (kind) => {
  const barrier = await kind.Barrier(1);
  strictEqual(await barrier.wait(), 0);
  strictEqual(await barrier.wait(), 0);
});

barrierCase("test_thousand", async (kind) => {
  const times = 1000;
  const q = await kind.Queue<number>(), lock = await kind.Lock();
  const args = [await barrierOf(kind), times, q, lock] as const;
  const parties = await startAll(kind, N, targets.passMany, [...args]);
  for (let i = 0; i < times; i++) {
    for (let n = 0; n < N; n++) strictEqual(await q.get(true, CLAIM_WAIT), i);
  }
  await endAll(parties);
}, { timeout: 120, only: ["processes", "threads"] });
