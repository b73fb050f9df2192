/** Tests of src/pool/tally.ts, with a clock that the test sets. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Task } from "../../src/pool/job.ts";
import { type FinishedTask, setObserver } from "../../src/link/observed.ts";
import { PoolTally, type WorkerTally } from "../../src/pool/tally.ts";
import { test } from "../suite.ts";

/** A pool's tally, whose clock is `time`. */
class Scene {
  time = 1000;
  readonly tally: PoolTally = new PoolTally(7, () => this.time);
  readonly worker: WorkerTally = this.tally.started("W-1");

  /** A task of calls that are made now. */
  task(count = 1): Task {
    const turn = this.tally.turn(true);
    const job = { turn, settings: { func: { name: "f" } } };
    return { job, count } as unknown as Task;
  }

  /** The worker is handed something at that time, and has nothing else. */
  hand(time: number): void {
    this.time = time;
    this.tally.look();
    this.tally.begun(this.worker);
  }

  /** A message of the worker tells at that time that tasks are over. */
  report(time: number, ...tasks: [task: Task, micros: number, hasFailed?: boolean][]) {
    this.time = time;
    this.tally.report(this.worker);
    for (const [task, micros, hasFailed = false] of tasks) {
      this.tally.finished(this.worker, task, micros, hasFailed);
    }
  }

  /** For how many microseconds tasks have waited, as the histogram has it: less than this. */
  get waits(): number[] {
    const { buckets } = this.tally.wait.since(undefined);
    return buckets.flatMap((count, i) => Array(count).fill(2 ** i));
  }
}

test("PoolTally counts tasks, calls and failures", () => {
  const scene = new Scene();
  scene.report(1010, [scene.task(5), 100], [scene.task(), 200, true]);
  scene.tally.gaveUp();
  const { done, failed, calls, run } = scene.tally;
  deepStrictEqual([done, failed, calls], [1, 2, 5]);
  deepStrictEqual([scene.worker.done, scene.worker.busy], [2, 300]);
  strictEqual(run.since(undefined).count, 2);
});

test("PoolTally reckons when tasks of one message began", () => {
  const scene = new Scene();
  const tasks = [scene.task(), scene.task(), scene.task()];
  scene.hand(1000);
  scene.report(1012, ...tasks.map((task) => [task, 4000] as [Task, number]));
  deepStrictEqual(scene.waits, [1, 4096, 8192]); // 0, 4 and 8 ms
});

test("PoolTally: who has idled begins when it is handed something", () => {
  const scene = new Scene();
  const first = scene.task();
  scene.hand(1000);
  scene.report(1001, [first, 1000]);
  scene.time = 1500;
  const second = scene.task();
  scene.hand(1500);
  scene.report(1600, [second, 100_000]);
  strictEqual(scene.worker.clock, 1600);
  deepStrictEqual(scene.waits, [1, 1]);
});

test("PoolTally: what a worker does not tell is made up for with its next message", () => {
  const scene = new Scene();
  const tasks = Array.from({ length: 4 }, () => scene.task());
  scene.hand(1000);
  scene.report(1010, [tasks[0]!, 1000]); // it did other things for 9 ms
  scene.report(1020, [tasks[1]!, 10_000]);
  deepStrictEqual(scene.waits, [1, 16384]); // 0 and 10 ms
});

test("PoolTally: a task has not ended later than that was heard, whatever is told", () => {
  const scene = new Scene();
  const tasks = [scene.task(), scene.task()] as const;
  scene.hand(1000);
  scene.report(1001, [tasks[0], 1e12]);
  scene.report(1002, [tasks[1], 1000]);
  deepStrictEqual(scene.waits, [1, 1024]);
});

test("PoolTally: a message that tells of no task is no end of one", () => {
  const scene = new Scene();
  const task = scene.task();
  scene.hand(1000);
  scene.report(1010); // so many calls are done, for example
  scene.report(1020, [task, 20_000]);
  deepStrictEqual(scene.waits, [1]);
});

test("PoolTally: tasks that are made one by one do not wait", () => {
  const scene = new Scene();
  const task = scene.task();
  task.job.turn = undefined;
  scene.report(1010, [task, 100]);
  deepStrictEqual(scene.waits, []);
});

test("PoolTally.turn: calls of one turn have one object", () => {
  const { tally } = new Scene();
  const turn = tally.turn(true);
  strictEqual(tally.turn(false), turn);
  strictEqual(tally.turn(true) === turn, false);
});

test("PoolTally counts those that take another's place, and those that were lost", () => {
  const { tally } = new Scene();
  tally.started("W-2");
  tally.ended(true, true);
  tally.ended(false, false);
  tally.started("W-3");
  tally.started("W-4");
  deepStrictEqual([tally.lost, tally.restarts], [1, 1]);
});

test("PoolTally.ready: a worker's life begins when it is there", () => {
  const scene = new Scene();
  scene.time = 1700;
  scene.tally.ready(scene.worker);
  deepStrictEqual([scene.worker.since, scene.worker.clock], [1700, 1700]);
});

test("setObserver: one function is told of each task that is over", () => {
  const told: FinishedTask[] = [];
  setObserver(undefined, (task) => told.push(task));
  try {
    const scene = new Scene();
    scene.hand(1000);
    scene.report(1010, [scene.task(3), 4000], [scene.task(), 5000, true]);
    const common = { pool: 7, worker: "W-1", func: "f" };
    const [{ begin }] = told as [FinishedTask];
    deepStrictEqual(told, [
      { ...common, count: 3, begin, seconds: 0.004, hasFailed: false },
      { ...common, count: 1, begin: begin + 4, seconds: 0.005, hasFailed: true },
    ]);
    setObserver(undefined);
    scene.report(1020, [scene.task(), 10]);
    strictEqual(told.length, 2);
  } finally {
    setObserver(undefined);
  }
});
