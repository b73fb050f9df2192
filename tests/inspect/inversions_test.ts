import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findInversions } from "../../src/inspect/inversions.ts";
import type { LockOrder, Snapshot } from "../../src/inspect/snapshot.ts";
import { lock, place, process, snapshot } from "../helpers/snapshots.ts";
import { test } from "../suite.ts";

/** Two locks, taken at two lines. */
function order(
  first: number,
  second: number,
  fields: Partial<LockOrder> = {},
): LockOrder {
  return {
    ...{ first, second },
    firstPlace: place(`work.ts:${first}:3 in transfer`),
    secondPlace: place(`work.ts:${second}:3 in transfer`),
    ...fields,
  };
}

/** Processes 1 and so on, each with the orders in which it has taken locks 11 to 13. */
function taken(...orders: LockOrder[][]): Snapshot {
  return snapshot({
    processes: orders.map((orders, i) => process(i + 1, [], { orders })),
    objects: [11, 12, 13].map((id) => lock(id, `l${id}`, [1, 2], [])),
  });
}

function found(seen: Snapshot): (readonly [number, number])[] {
  return findInversions(seen).map(({ objects }) => objects);
}

test("two locks that two processes took in both orders", () => {
  const [inversion, ...more] = findInversions(taken([order(11, 12)], [order(12, 11)]));
  strictEqual(more.length, 0);
  deepStrictEqual(inversion, {
    objects: [11, 12],
    title: "Locks taken in both orders: Lock “l11” and Lock “l12”; " +
      "if both happen at once, nobody can go on",
    lines: [
      "Process-1 (pid 101) took Lock “l11” at work.ts:11:3 in transfer",
      "   and then Lock “l12” at work.ts:12:3 in transfer",
      "Process-2 (pid 102) took Lock “l12” at work.ts:12:3 in transfer",
      "   and then Lock “l11” at work.ts:11:3 in transfer",
    ],
  });
});

test("a process that took them in both orders by itself", () => {
  deepStrictEqual(found(taken([order(11, 12), order(12, 11)])), [[11, 12]]);
});

test("each pair is told once", () => {
  const both = [order(11, 12), order(12, 11), order(12, 13)];
  deepStrictEqual(found(taken(both, both, [order(13, 12)])), [[11, 12], [12, 13]]);
});

test("what is no inversion", () => {
  const same = place("work.ts:5:3 in once");
  const once = { firstPlace: same, secondPlace: same };
  const cases: Record<string, Snapshot> = {
    "one order": taken([order(11, 12)], [order(11, 12)]),
    "a ring of three": taken([order(11, 12)], [order(12, 13)], [order(13, 11)]),
    "at one line": taken([order(11, 12, once)], [order(12, 11, once)]),
    "at unknown lines": taken([order(11, 12)], [order(12, 11, { firstPlace: null })]),
    "of a lock that is gone": taken([order(11, 99)], [order(99, 11)]),
    "of a lock with itself": taken([order(11, 11), order(11, 11)]),
    "of semaphores": {
      ...taken([order(11, 12)], [order(12, 11)]),
      objects: [11, 12].map((id) => lock(id, "s", [1], [], { isOwned: false })),
    },
  };
  for (const [what, seen] of Object.entries(cases)) {
    deepStrictEqual(found(seen), [], what);
  }
});

test("of very many some are told", () => {
  const seen = snapshot({
    processes: [process(1, [], {
      orders: Array.from({ length: 200 }, (_, i) => [order(i, i + 1), order(i + 1, i)])
        .flat(),
    })],
    objects: Array.from({ length: 201 }, (_, id) => lock(id, `l${id}`, [1], [])),
  });
  strictEqual(findInversions(seen).length, 50);
});
