/** Tests of src/inspect/pool_spans.ts: tasks that are over, and too many of them. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { FinishedTask } from "../../src/link/observed.ts";
import { PoolSpans } from "../../src/inspect/pool_spans.ts";
import { MOST } from "../../src/inspect/report.ts";
import { test } from "../suite.ts";

/** When the tasks' clock was 0. */
const EPOCH = 600;

/** A task of a worker, which began then after 1970; times are milliseconds. */
function task(
  begin: number,
  length: number,
  more: Partial<FinishedTask> = {},
): FinishedTask {
  const names = { pool: 1, worker: "W-1", func: "square" };
  const times = { begin: begin - EPOCH, seconds: length / 1000 };
  return { ...names, ...times, count: 1, hasFailed: false, ...more };
}

function taken(...tasks: FinishedTask[]) {
  const spans = new PoolSpans(EPOCH);
  for (const one of tasks) spans.add(one);
  return spans.take();
}

test("tasks are told once, by their pools", () => {
  const spans = new PoolSpans(EPOCH);
  spans.add(task(1000, 20));
  spans.add(task(1000, 30, { pool: 2, worker: "W-2", count: 5, hasFailed: true }));
  const told = spans.take();
  deepStrictEqual([...told.keys()], [1, 2]);
  deepStrictEqual(told.get(2), [{
    ...{ worker: "W-2", func: "square", begin: 1000, seconds: 0.03, count: 5 },
    hasFailed: true,
  }]);
  strictEqual(spans.take().size, 0);
});

test("short tasks one after the other are one span", () => {
  const [span, ...more] = taken(
    task(1000, 0.5),
    task(1000.5, 0.25, { count: 3 }),
    task(1001, 0.5),
  ).get(1)!;
  deepStrictEqual(more, []);
  deepStrictEqual([span!.begin, span!.seconds, span!.count], [1000, 0.0015, 5]);
});

test("not so long ones, those after a pause, and those that differ", () => {
  const differing: Partial<FinishedTask>[] = [
    ...[{ begin: 1002 }, { seconds: 0.001 }, { hasFailed: true }, { func: "cube" }],
    { worker: "W-2" },
  ];
  for (const more of differing) {
    strictEqual(taken(task(1000, 0.5), task(1000.5, 0.5, more)).get(1)!.length, 2);
  }
  // Nor is a short one added to a long one before it.
  strictEqual(taken(task(1000, 5), task(1005, 0.5)).get(1)!.length, 2);
});

test("if there are too many, longer ones are put together, and none is lost", () => {
  const many = 50 * MOST.spans;
  const tasks = Array.from({ length: many }, (_, i) => task(1000 + i * 2, 2));
  const told = taken(...tasks).get(1)!;
  ok(told.length <= MOST.spans);
  strictEqual(told.reduce((sum, { count }) => sum + count, 0), many);
  const last = told.at(-1)!;
  ok(Math.abs(last.begin + 1000 * last.seconds - (1000 + 2 * many)) < 0.01);
});

test("of those that cannot be put together the oldest go", () => {
  const tasks = Array.from(
    { length: 5 * MOST.spans },
    (_, i) => task(1000 + i, 1, { func: `f${i}` }),
  );
  const told = taken(...tasks).get(1)!;
  ok(told.length <= MOST.spans);
  strictEqual(told.at(-1)!.func, `f${5 * MOST.spans - 1}`);
});
