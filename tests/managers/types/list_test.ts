/** A manager's list does what Python's does. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ManagedList } from "../../../src/managers/types/list.ts";
import { pythonTest } from "../../helpers/python.ts";
import {
  type Call,
  compareWithPython,
  randomStories,
  set,
  slice,
} from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";
import type { Random } from "../../wire/support.ts";

function item(random: Random): unknown {
  return random.of([0, 1, 2, -7, "a", "b", null, true, [1], 300]);
}

function items(random: Random): unknown[] {
  const numbers = random.below(2) === 0;
  return Array.from(
    { length: random.below(5) },
    () => numbers ? random.below(9) : item(random),
  );
}

function index(random: Random): unknown {
  return random.of<unknown>([0, 1, 2, -1, -2, 9, -9, true]);
}

function anySlice(random: Random): unknown {
  const part = () => random.of([null, 0, 1, 2, 4, -1, -2, 9, -9]);
  return slice(part(), part(), random.of([null, 1, 2, -1, -2, 0]));
}

const CALLS: readonly ((random: Random) => Call)[] = [
  (random) => ["append", item(random)],
  (random) => ["extend", items(random)],
  (random) => ["__getitem__", index(random)],
  (random) => ["__getitem__", anySlice(random)],
  (random) => ["__setitem__", index(random), item(random)],
  (random) => ["__setitem__", anySlice(random), items(random)],
  (random) => ["__delitem__", random.of([index, anySlice])(random)],
  (random) => ["insert", index(random), item(random)],
  (random) => random.below(2) === 0 ? ["pop"] : ["pop", index(random)],
  (random) => ["remove", item(random)],
  (random) => ["index", item(random), ...random.of([[], [1], [0, 2], [-2, 9]])],
  (random) => ["count", item(random)],
  () => ["reverse"],
  (random) => ["__contains__", item(random)],
  (random) => ["__add__", items(random)],
  (random) => [random.of(["__mul__", "__rmul__", "__imul__"]), random.below(4) - 1],
  (random) => [random.of(["copy", "__reversed__", "__len__"])],
  (random) => random.below(4) === 0 ? ["clear"] : ["__len__"],
];

pythonTest("random calls of a list give what Python's give", async () => {
  const stories = randomStories(2000, (random) => [items(random)], CALLS);
  await compareWithPython("list", ManagedList, stories);
});

pythonTest("a list is sorted as Python sorts it", async () => {
  const texts = ["b", "a", "", "\u{1f600}", "\uffff", "ab"];
  const kinds = [[0, -1, 5, 2.5, true, 300], texts, [[1, 2], [1], [0, "x"], [2, null]]];
  const stories = randomStories(
    200,
    (random) => {
      const kind = random.of(kinds);
      return [Array.from({ length: random.below(7) }, () => random.of<unknown>(kind))];
    },
    [() => ["sort"]],
  );
  await compareWithPython("list", ManagedList, stories);
});

pythonTest("a list complains as Python's does", async () => {
  await compareWithPython("list", ManagedList, [
    [[5], []],
    [[[1, 2, 3]], [
      ["__getitem__", "x"],
      ["__getitem__", 1.5],
      ["__setitem__", 9, 1],
      ["__delitem__", 9],
      ["__setitem__", slice(null, null, 2), [1]],
      ["__setitem__", slice(0, 1), 5],
      ["__getitem__", slice(null, null, 0)],
      ["extend", 5],
      ["extend", "ab"],
      ["extend", { k: 1 }],
      ["extend", set(4)],
      ["__add__", "x"],
      ["__add__", null],
      ["__mul__", "x"],
      ["pop", 99],
      ["pop", "x"],
      ["insert", "x", 1],
      ["remove", 99],
      ["index", 99],
      ["sort"],
    ]],
    [[[]], [["pop"], ["pop", 0], ["sort"], ["append"], ["remove"], ["insert", 1]]],
  ]);
});

test("a list sorts by key, stably, also backwards", () => {
  const list = new ManagedList(["bb", "a", "cc", "d"]);
  const key = (text: string) => text.length;
  list.sort({ key });
  strictEqual(String(list), "['a', 'd', 'bb', 'cc']");
  list.sort({ key, reverse: true });
  strictEqual(String(list), "['bb', 'cc', 'a', 'd']");
  const backwards = [true, 1, "x", 2.5, [0], { a: 1 }, NaN];
  for (const reverse of [...backwards, false, 0, "", null, [], {}, new Map()]) {
    const numbers = new ManagedList([1, 3, 2]);
    numbers.sort({ reverse });
    deepStrictEqual(
      numbers.items,
      backwards.includes(reverse as 1) ? [3, 2, 1] : [1, 2, 3],
    );
  }
});

test("an array that was registered is the list itself", () => {
  const items = [1];
  ManagedList.over(items).append(2);
  strictEqual(items.length, 2);
});
