/** A manager's set does what Python's does. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ManagedSet } from "../../../src/managers/types/set.ts";
import { pythonTest } from "../../helpers/python.ts";
import {
  type Call,
  compareWithPython,
  randomStories,
  set,
} from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";
import type { Random } from "../../wire/support.ts";

function item(random: Random): unknown {
  return random.of<unknown>([0, 1, 2, 3, "a", "b", null]);
}

function items(random: Random): unknown[] {
  return Array.from({ length: random.below(4) }, () => item(random));
}

const OPERATORS = "and or sub xor rand ror rsub rxor iand ior isub ixor".split(" ");
const COMPARISONS = "le lt ge gt eq".split(" ");
const OF_ONE =
  "isdisjoint issubset issuperset symmetric_difference symmetric_difference_update"
    .split(" ");
const OF_MANY =
  "union intersection difference update intersection_update difference_update"
    .split(" ");

const CALLS: readonly ((random: Random) => Call)[] = [
  (random) => [
    random.of(["add", "discard", "remove", "__contains__"]),
    item(random),
  ],
  (random) => [`__${random.of(OPERATORS)}__`, set(...items(random))],
  (random) => [`__${random.of(COMPARISONS)}__`, set(...items(random))],
  (random) => [random.of(OF_ONE), items(random)],
  (random) => [
    random.of(OF_MANY),
    ...Array.from({ length: random.below(3) }, () => items(random)),
  ],
  (random) => [random.of(["copy", "__len__"])],
  (random) => random.below(5) === 0 ? ["clear"] : ["__len__"],
];

pythonTest("random calls of a set give what Python's give", async () => {
  const stories = randomStories(2000, (random) => [items(random)], CALLS);
  await compareWithPython("set", ManagedSet, stories);
});

pythonTest("a set complains as Python's does", async () => {
  await compareWithPython("set", ManagedSet, [
    [[5], []],
    [[[{ a: 1 }]], []],
    [[[1]], [
      ["add", { a: 1 }],
      ["add", set(1)],
      ["remove", 2],
      ["remove"],
      ["union", 5],
      ["pop"],
      ["pop"],
    ]],
  ]);
});

test("operators of a set take sets only", () => {
  const ours = new ManagedSet([1]);
  throws(() => ours.__and__([1]), {
    name: "TypeError",
    message: "unsupported operand type(s) for &: 'set' and 'list'",
  });
});

test("add_new tells whether the value was new", () => {
  const set = new ManagedSet(["a"]);
  deepStrictEqual(["a", "b", "b", 1, true].map((value) => set.add_new(value)), [
    ...[false, true, false, true, false],
  ]);
  strictEqual(set.__len__(), 3);
  throws(() => set.add_new({ k: 1 }), { name: "TypeError" });
});
