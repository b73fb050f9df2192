/** `Pool.stats`, and how its numbers begin anew. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Event, Pool, Queue } from "../../mod.ts";
import { type FinishedTask, setObserver } from "../../src/link/observed.ts";
import { ThreadPool } from "../../src/pool.ts";
import type { Task } from "../../src/pool/job.ts";
import { type PoolNow, type PoolStats, PoolStatsReader } from "../../src/pool/stats.ts";
import { PoolTally } from "../../src/pool/tally.ts";
import { runtime } from "../../src/runtime/mod.ts";
import * as work from "../helpers/pool_stats_work.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

// ------------------------------------------------------------------- without workers

/** A pool of one worker, and a clock that the test sets. */
class Scene {
  time = 0;
  readonly tally: PoolTally = new PoolTally(1, () => this.time);
  readonly reader: PoolStatsReader = new PoolStatsReader(this.tally);
  readonly #worker = this.tally.started("W-1");

  /** The worker ends a task that it began at `begin`. */
  run(begin: number, end: number): void {
    const task = { job: { turn: { at: begin }, settings: {} }, count: 1 };
    this.time = begin;
    this.tally.look();
    this.tally.begun(this.#worker);
    this.time = end;
    this.tally.look();
    const micros = (end - begin) * 1000;
    this.tally.finished(this.#worker, task as unknown as Task, micros, false);
  }

  now(isBusy: boolean): PoolNow {
    const worker = { tally: this.#worker, pid: 5, isBusy, task: undefined };
    return { state: "RUN", queued: 0, running: Number(isBusy), workers: [worker] };
  }

  /** The worker's share and tasks at that time. */
  look(time: number, isBusy = false): [share: number, done: number] {
    const [worker] = this.reader.read(this.now(isBusy), time).workers;
    return [worker!.share, worker!.done];
  }
}

test("a worker's share is of its life, and counts what it runs now", () => {
  const scene = new Scene();
  deepStrictEqual(scene.look(0), [0, 0]);
  scene.run(0, 1000);
  deepStrictEqual(scene.look(4000), [0.25, 1]);
  scene.run(4000, 5000);
  deepStrictEqual(scene.look(10_000, true), [0.7, 2]); // it began another one at once
});

test("a worker's share after a reset is of the time since, also of a task that ran then", () => {
  const scene = new Scene();
  scene.run(0, 1000);
  scene.reader.reset(scene.now(true), 3000); // it began another one at 1000
  deepStrictEqual(scene.look(3000, true), [0, 0]);
  deepStrictEqual(scene.look(4000, true), [1, 0]);
  scene.run(1000, 5000);
  deepStrictEqual(scene.look(7000), [0.5, 1]);
});

test("a reset has counters and histograms begin anew", () => {
  const scene = new Scene();
  scene.run(0, 1000);
  scene.tally.ended(true, true);
  const before = scene.reader.read(scene.now(false), 2000);
  deepStrictEqual([before.done, before.lost, before.run.count, before.wait.count], [
    ...[1, 1, 1, 1],
  ]);
  scene.reader.reset(scene.now(false), 2000);
  scene.run(2000, 3000);
  const { done, lost, calls, run, wait } = scene.reader.read(scene.now(false), 4000);
  deepStrictEqual([done, lost, calls, run.count, wait.count], [1, 0, 1, 1, 1]);
});

// ---------------------------------------------------------------------- with workers

/** Asks, in later turns of the event loop, until it is so. */
async function until(
  ask: () => PoolStats,
  isSo: (stats: PoolStats) => boolean,
): Promise<PoolStats> {
  for (;;) {
    const stats = ask();
    if (isSo(stats)) return stats;
    await nextTurn();
  }
}

test("Pool.stats counts tasks and calls, and tells of each worker", async () => {
  await using pool = Pool(2);
  await pool.map(work.square, [1, 2, 3, 4, 5, 6], 2);
  await pool.apply(work.square, [7]);
  await rejects(pool.apply(work.fail, []));
  const stats = pool.stats();
  const { state, queued, running, done, failed, calls, lost, restarts } = stats;
  deepStrictEqual({ state, queued, running }, { state: "RUN", queued: 0, running: 0 });
  deepStrictEqual({ done, failed, calls }, { done: 4, failed: 1, calls: 7 });
  deepStrictEqual({ lost, restarts }, { lost: 0, restarts: 0 });
  deepStrictEqual([stats.run.count, stats.wait.count], [5, 5]);
  const { workers } = stats;
  deepStrictEqual(
    workers.map(({ name, pid }) => [name, pid]),
    pool._pool.map(({ name, pid }) => [name, pid]).slice(0, workers.length),
  );
  strictEqual(workers.reduce((sum, { done }) => sum + done, 0), 5);
  for (const { share, isBusy, task } of workers) {
    deepStrictEqual([share >= 0 && share <= 1, isBusy, task], [true, false, null]);
  }
  ok(Object.isFrozen(stats) && Object.isFrozen(workers) && Object.isFrozen(workers[0]));
});

test("Pool.stats tells what waits and what runs, with its arguments", async () => {
  const begun = Queue<string>(), end = Event();
  await using pool = Pool(1, work.keep, [begun, end]);
  const results = [1, 2, 3].map((n) => pool.apply_async(work.waitForEnd, [n, "x"]));
  strictEqual(await begun.get(), "begun");
  const { queued, running, workers } = pool.stats({ tasks: true });
  deepStrictEqual({ queued, running }, { queued: 2, running: 1 });
  const { age, ...task } = workers[0]!.task!;
  deepStrictEqual(task, { func: "waitForEnd", args: "1, 'x'", count: 1 });
  ok(age >= 0 && workers[0]!.isBusy);
  strictEqual(pool.stats().workers[0]!.task, null);
  await end.set();
  for (const result of results) await result.get();
  const { workers: [worker], ...after } = pool.stats({ tasks: true });
  deepStrictEqual([after.queued, after.running, after.done, worker!.task], [
    ...[0, 0, 3, null],
  ]);
  ok(worker!.share > 0);
});

test("Pool.stats counts the chunks of map that wait, and not what imap has not read", async () => {
  const begun = Queue<string>(), end = Event();
  await using pool = Pool(1, work.keep, [begun, end]);
  const map = pool.map_async(work.waitForOne, [1, 2, 3, 4, 5], 2);
  const imap = pool.imap(work.square, [1, 2, 3, 4]);
  strictEqual(await begun.get(), "begun");
  const { queued, workers } = pool.stats({ tasks: true });
  strictEqual(queued, 2);
  const { age: _, ...task } = workers[0]!.task!;
  deepStrictEqual(task, { func: "waitForOne", args: null, count: 2 });
  await end.set();
  await map.get();
  for await (const __ of imap);
  const { done, calls, run, wait } = pool.stats();
  deepStrictEqual([done, calls, run.count, wait.count], [7, 9, 7, 3]);
});

test("Pool.stats counts workers that were lost, and those in their place", async () => {
  await using pool = Pool(1);
  await rejects(pool.apply(work.killItself, []), { name: "WorkerLostError" });
  strictEqual(await pool.apply(work.square, [2]), 4);
  const { lost, restarts, failed, done, workers } = pool.stats();
  deepStrictEqual({ lost, restarts, failed, done }, {
    ...{ lost: 1, restarts: 1, failed: 1, done: 1 },
  });
  strictEqual(workers.length, 1);
});

test("Pool.stats: a worker that a pool ends by itself is not lost", async () => {
  await using pool = Pool(1);
  const slow = pool.apply(work.waitForEver, [], { timeout: 0.05 });
  await rejects(slow, { name: "TimeoutError" });
  strictEqual(await pool.apply(work.square, [2]), 4);
  const { lost, restarts, failed } = pool.stats();
  deepStrictEqual({ lost, restarts, failed }, { lost: 0, restarts: 1, failed: 1 });
  await using other = Pool({ processes: 1, maxtasksperchild: 1 });
  for (let n = 0; n < 3; n++) strictEqual(await other.apply(work.square, [n]), n * n);
  const after = await until(() => other.stats(), ({ restarts }) => restarts > 1);
  deepStrictEqual([after.lost, after.done, after.failed], [0, 3, 0]);
});

test("Pool.stats begins anew with reset, and takes no other options", async () => {
  await using pool = ThreadPool(2);
  await pool.map(work.square, [1, 2, 3], 1);
  strictEqual(pool.stats({ reset: true }).done, 3);
  await pool.apply(work.square, [4]);
  const { done, run, workers } = pool.stats();
  deepStrictEqual([done, run.count, workers.length], [1, 1, 2]);
  deepStrictEqual(workers.map(({ pid }) => pid), [null, null]);
  throws(() => pool.stats({ task: true } as never), {
    name: "TypeError",
    message: /unexpected keyword argument 'task'/,
  });
});

test("Pool.stats of a pool that has ended", async () => {
  const pool = ThreadPool(1);
  await pool.apply(work.square, [4]);
  pool.close();
  await pool.join();
  const { state, done, queued, running, workers } = pool.stats();
  deepStrictEqual([state, done, queued, running, workers], ["CLOSE", 1, 0, 0, []]);
});

test("an observer is told of the tasks of all pools of the process", async () => {
  const told: FinishedTask[] = [];
  setObserver(undefined, (task) => told.push(task));
  const before = runtime.now();
  try {
    await using threads = ThreadPool(1);
    await using pool = Pool(1);
    await threads.apply(work.square, [4]);
    await pool.map(work.square, [1, 2], 2);
    await rejects(pool.apply(work.fail, []));
    const seen = told.map(({ func, count, hasFailed }) => [func, count, hasFailed]);
    deepStrictEqual(seen, [["square", 1, false], ["square", 2, false], [
      "fail",
      1,
      true,
    ]]);
    const [first, second, third] = told;
    ok(first!.pool !== second!.pool && second!.pool === third!.pool);
    strictEqual(second!.worker, pool._pool[0]!.name);
    for (const { begin, seconds } of told) {
      ok(
        begin >= before && seconds >= 0 && begin + seconds * 1000 <= runtime.now() + 2,
      );
    }
  } finally {
    setObserver(undefined);
  }
});
