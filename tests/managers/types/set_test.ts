/** A manager's set does what Python's does. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ManagedSet } from "../../../src/managers/types/set.ts";
import { SET_CALLS, setItems } from "../../helpers/container_calls.ts";
import { pythonTest } from "../../helpers/python.ts";
import { compareWithPython, randomStories, set } from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";

pythonTest("random calls of a set give what Python's give", async () => {
  const stories = randomStories(2000, (random) => [setItems(random)], SET_CALLS);
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
