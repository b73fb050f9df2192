import { deepStrictEqual } from "node:assert/strict";
import { DeadlockWatch } from "../../src/inspect/deadlock_watch.ts";
import type { Snapshot } from "../../src/inspect/snapshot.ts";
import { join, lock, process, snapshot, wait } from "../helpers/snapshots.ts";
import { test } from "../suite.ts";

/**
 * Rings of two at some milliseconds, each with the age of its waits: the first ring is of
 * processes 1 and 2, the next of 3 and 4. The main process waits for all.
 */
function at(time: number, ages: (number | null)[]): Snapshot {
  const rings = ages.flatMap((age, i) => {
    const [a, b] = [2 * i + 1, 2 * i + 2];
    if (age === null) return [process(a, []), process(b, [])];
    return [
      process(a, [wait("acquire", 100 + b, { age })]),
      process(b, [wait("acquire", 100 + a, { age })]),
    ];
  });
  const numbers = rings.map(({ number }) => number);
  const main = process(0, numbers.map((number) => join(number, { age: 50 })));
  return snapshot({
    at: 1e12 + time,
    processes: [main, ...rings],
    objects: numbers.map((number) =>
      lock(100 + number, "l", [0, ...numbers], [number])
    ),
  });
}

/** The processes of what is there and of what is new, look by look. */
function watch(looks: [number, (number | null)[]][]): number[][][][] {
  const watch = new DeadlockWatch();
  return looks.map(([time, ages]) => {
    const { deadlocks, news } = watch.look(at(time, ages));
    return [deadlocks, news].map((list) => list.map(({ processes }) => [...processes]));
  });
}

const ONE = [1, 2, 0];
const TWO = [3, 4, 0];

test("what two looks have is told, and told once", () => {
  deepStrictEqual(
    watch([[0, [0.3]], [500, [0.8]], [1000, [1.3]], [1500, [1.8]], [2000, [2.3]]]),
    [[[], []], [[], []], [[ONE], [ONE]], [[ONE], []], [[ONE], []]],
  );
});

test("what is old at the first look is told at the second", () => {
  deepStrictEqual(watch([[0, [60]], [500, [60.5]]]), [[[], []], [[ONE], [ONE]]]);
});

test("looks in quick succession are one", () => {
  deepStrictEqual(
    watch([[0, [60]], [10, [60]], [20, [60]], [500, [60.5]], [510, [60.5]]]),
    [[[], []], [[], []], [[], []], [[ONE], [ONE]], [[ONE], []]],
  );
});

test("waits that began anew between two looks do not count", () => {
  deepStrictEqual(watch([[0, [5]], [2000, [1.5]], [2500, [2]]]), [
    [[], []],
    [[], []],
    [[ONE], [ONE]],
  ]);
});

test("what is over and comes again is told again", () => {
  deepStrictEqual(
    watch([[0, [5]], [500, [5.5]], [1000, [null]], [1500, [2]], [2000, [3]]]),
    [
      [[], []],
      [[ONE], [ONE]],
      [[], []],
      [[], []],
      [[ONE], [ONE]],
    ],
  );
});

test("a second one is told by itself, also if some wait for both", () => {
  const looks = watch([
    [0, [5, null]],
    [500, [6, null]],
    [1000, [7, 0.6]],
    [1500, [8, 1.1]],
    [2000, [9, 1.6]],
  ]);
  deepStrictEqual(looks, [
    [[], []],
    [[[1, 2]], [[1, 2]]], // the main process waits for the others too
    [[[1, 2]], []],
    [[ONE, TWO], [TWO]],
    [[ONE, TWO], []],
  ]);
});
