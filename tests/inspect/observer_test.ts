/** How often a process reports, and what it remembers. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers";
import "../../mod.ts"; // this process is a root
import { inspect, snapshot } from "../../src/inspect.ts";
import { observe, ProcessObserver } from "../../src/inspect/observer.ts";
import { ops, sampling, setObserver, tellAcquired } from "../../src/link/observed.ts";
import { currentPeer } from "../../src/link/peer.ts";
import { currentWatching } from "../../src/link/watched.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { alive } from "../helpers/alive.ts";
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";
import { deferred } from "../helpers/deferred.ts";

test("a process that is asked twice at once reports once an interval", async () => {
  currentPeer();
  const told: string[] = [];
  const enough = deferred<void>();
  const send = (name: string) => () => {
    if (told.push(name) === 5) enough.resolve();
  };
  observe({ interval: 5, args: true }, send("first"));
  observe({ interval: 5, args: true }, send("second"));
  await alive(enough.promise);
  observe({ interval: 0, args: true }, send("none"));
  deepStrictEqual(told, Array(5).fill("second"));
});

test("those who look only once, or no more, leave the others as seldom as they were", async () => {
  currentPeer();
  const watching = currentWatching()!;
  const asked: number[] = [];
  const { watch } = watching;
  watching.watch = (watcher, options) => {
    asked.push(options.interval);
    watch.call(watching, watcher, options);
  };
  try {
    await snapshot();
    deepStrictEqual(asked.splice(0), [20]);
    await using _ = await inspect({ page: false, interval: 60 });
    await snapshot();
    deepStrictEqual(asked.splice(0), [60_000]);
    const other = await inspect({ page: false, interval: 7, args: false, logs: false });
    await other.close();
    deepStrictEqual(asked, [7000, 60_000]);
  } finally {
    watching.watch = watch;
  }
});

/** Acquires a lock where no line of a program is on the stack. */
function acquireLater(observer: ProcessObserver, number: number): Promise<unknown> {
  const lock = { _number: number, _held: 1 };
  const acquired = observer.acquired.bind(observer, lock);
  return new Promise((resolve) => {
    setImmediate(acquired);
    setImmediate(resolve);
  });
}

test("where a lock was waited for is known after a wait at which nobody looked", async () => {
  const observer = new ProcessObserver(true);
  let resolve = () => {};
  const waiting = new Promise<void>((settle) => resolve = settle);
  const wait = observer.wait(ops.acquire, 2, null, false);
  wait.promise = waiting;
  const program = (async () => await waiting)();
  while (observer.report().waits[0]!.place === null) { // until it has lasted long enough
    observer.look();
    await nextTurn();
  }
  wait.end();
  resolve();
  await program;
  observer.wait(ops.acquire, 2, null, false).end();
  await acquireLater(observer, 1);
  await acquireLater(observer, 2);
  const [order] = observer.report().orders;
  observer.end();
  deepStrictEqual([order!.first, order!.second, order!.firstPlace], [1, 2, null]);
  match(order!.secondPlace?.file ?? "", /observer_test/);
});

test("only a process that acquires locks has a timer for the next time that it may tell", () => {
  const held = holdTimers();
  const observer = new ProcessObserver(true);
  const lock = { _number: 1, _held: 1 };
  try {
    observer.begin();
    const { period, left } = sampling;
    strictEqual(held.timers.length, 0);
    for (let i = 0; i < left; i++) strictEqual(tellAcquired(lock), -1);
    strictEqual(tellAcquired(lock), period); // no more in this period
    strictEqual(held.timers.length, 1);
    held.timers[0]!.ring();
    deepStrictEqual([sampling.period, sampling.left], [period + 1, left]);
    strictEqual(held.timers.length, 0);
    tellAcquired(lock);
    strictEqual(held.timers.length, 1);
    observer.end();
    deepStrictEqual([held.timers.length, sampling.left], [0, 0]);
  } finally {
    setObserver(undefined);
    held.restore();
  }
});
