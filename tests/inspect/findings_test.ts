import { deepStrictEqual } from "node:assert/strict";
import { findInversions } from "../../src/inspect/inversions.ts";
import { withFindings } from "../../src/inspect/findings.ts";
import {
  findDeadlocks,
  join,
  lock,
  place,
  process,
  queue,
  snapshot,
  wait,
} from "../helpers/snapshots.ts";
import { test } from "../suite.ts";

test("whoever is in a deadlock is stuck, and lock orders are found", () => {
  const orders = [[11, 12], [12, 11]].map(([first, second]) => ({
    ...{ first: first!, second: second! },
    firstPlace: place(`a.ts:${first}:1`),
    secondPlace: place(`a.ts:${second}:1`),
  }));
  const seen = snapshot({
    processes: [
      process(0, [join(1)]),
      process(1, [wait("get", 10)]),
      process(2, [], { orders }),
    ],
    objects: [
      queue(10, "q", [0, 1]),
      ...[11, 12].map((id) => lock(id, "l", [2], [])),
    ],
  });
  const found = [findDeadlocks(seen), findInversions(seen)] as const;
  const { processes, deadlocks, inversions } = withFindings(seen, ...found);
  deepStrictEqual(processes.map(({ state }) => state), ["stuck", "stuck", "running"]);
  deepStrictEqual(deadlocks.map(({ processes }) => processes), [[0, 1]]);
  deepStrictEqual(inversions.map(({ objects }) => objects), [[11, 12]]);
});

test("what was found before is not kept", () => {
  const found = withFindings(snapshot({ processes: [process(0, [])] }), [], []);
  deepStrictEqual([found.deadlocks, found.inversions], [[], []]);
});
