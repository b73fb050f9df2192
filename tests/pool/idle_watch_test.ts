/** Tests of src/pool/idle_watch.ts. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { IdleWatch } from "../../src/pool/idle_watch.ts";
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";

/** A watch whose timers the test rings, and what it has told. */
function watched(fn: (watch: IdleWatch, due: number[], timers: Timers) => void): void {
  const held = holdTimers();
  try {
    const due: number[] = [];
    const watch = new IdleWatch(60, (worker) => due.push(worker) < 3);
    fn(watch, due, held.timers);
  } finally {
    held.restore();
  }
}

type Timers = ReturnType<typeof holdTimers>["timers"];

test("IdleWatch: one timer, for the worker that has idled longest", () =>
  watched((watch, due, timers) => {
    for (const worker of [5, 3, 4]) watch.enter(worker);
    watch.enter(5);
    deepStrictEqual(timers.map(({ milliseconds }) => milliseconds), [60_000]);
    timers[0]!.ring();
    deepStrictEqual([due, timers.length], [[5], 1]);
    timers[0]!.ring();
    deepStrictEqual([due, timers.length], [[5, 3], 1]);
  }));

test("IdleWatch: who works meanwhile is not told of before the time is over anew", () =>
  watched((watch, due, timers) => {
    watch.enter(1);
    watch.enter(2);
    watch.leave(1);
    watch.enter(1);
    timers[0]!.ring();
    deepStrictEqual([due, timers.length], [[], 1]);
    timers[0]!.ring();
    deepStrictEqual(due, [2]);
    watch.leave(1);
    timers[0]!.ring();
    deepStrictEqual([due, timers.length], [[2], 0]);
  }));

test("IdleWatch: while none may end there is no timer; stop takes it away", () =>
  watched((watch, due, timers) => {
    for (const worker of [1, 2, 3, 4]) watch.enter(worker);
    for (let i = 0; i < 3; i++) timers[0]!.ring();
    deepStrictEqual([due, timers.length], [[1, 2, 3], 0]);
    watch.enter(5);
    strictEqual(timers.length, 1);
    watch.stop();
    strictEqual(timers.length, 0);
  }));
