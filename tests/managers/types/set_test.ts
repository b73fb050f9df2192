/** A manager's set does what Python's does. */

import { throws } from "node:assert/strict";
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
const OF_ONE = "isdisjoint issubset issuperset symmetric_difference " +
  "symmetric_difference_update";
const OF_MANY = "union intersection difference update intersection_update " +
  "difference_update";

function call(random: Random): Call {
  switch (random.below(7)) {
    case 0:
      return [random.of(["add", "discard", "remove", "__contains__"]), item(random)];
    case 1:
      return [`__${random.of(OPERATORS)}__`, set(...items(random))];
    case 2:
      return [`__${random.of(COMPARISONS)}__`, set(...items(random))];
    case 3:
      return [random.of(OF_ONE.split(" ")), items(random)];
    case 4:
      return [
        random.of(OF_MANY.split(" ")),
        ...Array.from({ length: random.below(3) }, () => items(random)),
      ];
    case 5:
      return [random.of(["copy", "__len__", "__iter__"])];
    default:
      return random.below(5) === 0 ? ["clear"] : ["__len__"];
  }
}

/** An iterator has no order to rely on. */
function withoutIterators([name, ...args]: Call): Call {
  return name === "__iter__" ? ["copy"] : [name, ...args];
}

pythonTest("random calls of a set give what Python's give", async () => {
  const stories = randomStories(
    2000,
    (random) => [items(random)],
    (random) => withoutIterators(call(random)),
  );
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
