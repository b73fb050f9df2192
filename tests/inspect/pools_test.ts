/** What is seen of a pool: its name, its workers and what they run. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Pool, Process, Queue } from "../../mod.ts";
import {
  inspect,
  type Snapshot,
  type SpanSnapshot,
  type View,
} from "../../src/inspect.ts";
import { consumeForever, poolOwner, rest } from "../children/observed.ts";
import { test } from "../suite.ts";

test("inspect: a pool, its worker's task, and who waits for the result", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const squares = Pool(1);
  const waiting = squares.apply(consumeForever, [7]).catch(() => {});
  let seen = await view.snapshot();
  const worker = () => seen.processes.find(({ tasks }) => tasks.length > 0);
  const isComplete = () => seen.pools[0]?.workers[0]?.isBusy && worker() !== undefined;
  while (!isComplete()) seen = await view.snapshot();
  const [pool] = seen.pools;
  strictEqual(pool!.name, "squares");
  strictEqual(pool!.process, 0);
  strictEqual(pool!.workers[0]!.process, worker()!.number);
  strictEqual(worker()!.role, "worker");
  strictEqual(worker()!.tasks[0]!.func, "consumeForever");
  strictEqual(worker()!.tasks[0]!.args, "7");
  ok(seen.processes[0]!.waits.some(({ pool: id }) => id === pool!.id));
  await squares.terminate();
  await waiting;
});

/** All spans of a pool, from one snapshot to the next, until they are of so many calls. */
async function spansOf(
  view: View,
  process: (seen: Snapshot) => number | undefined,
  calls: number,
): Promise<SpanSnapshot[]> {
  const spans: SpanSnapshot[] = [];
  while (spans.reduce((sum, { count }) => sum + count, 0) < calls) {
    const seen = await view.snapshot();
    const own = seen.pools.filter((pool) => pool.process === process(seen));
    spans.push(...own.flatMap((pool) => pool.spans));
  }
  return spans;
}

test("inspect: a pool's tasks that are over, also those of one that has ended", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const before = Date.now();
  const pool = Pool(1);
  await pool.map(rest, [20, 30], 1);
  await pool.terminate();
  const spans = await spansOf(view, () => 0, 2);
  for (const { func, worker, begin, seconds, hasFailed } of spans) {
    strictEqual(func, "rest");
    match(worker, /PoolWorker-\d+$/);
    ok(begin >= before - 1 && begin + 1000 * seconds <= Date.now() + 1);
    ok(seconds >= 0.019);
    strictEqual(hasFailed, false);
  }
  strictEqual((await view.snapshot()).pools.length, 0);
});

test("inspect: a child's pool, whose workers idle", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const done = Queue<null>();
  const p = new Process({ target: poolOwner, args: [done], name: "owner" });
  await p.start();
  const owner = ({ processes }: Snapshot) =>
    processes.find(({ name }) => name === "owner")?.number;
  const spans = await spansOf(view, owner, 3);
  deepStrictEqual(spans.map(({ func }) => func), ["rest", "rest", "rest"]);
  for (;;) {
    const { processes } = await view.snapshot();
    const worker = processes.find(({ role }) => role === "worker");
    if (worker?.state !== "idle") continue;
    deepStrictEqual(worker.waits, []);
    break;
  }
  await done.put(null);
  await p.join();
});
