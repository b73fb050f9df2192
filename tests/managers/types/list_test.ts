/** A manager's list does what Python's does. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ManagedList } from "../../../src/managers/types/list.ts";
import { LIST_CALLS, listItems } from "../../helpers/container_calls.ts";
import { pythonTest } from "../../helpers/python.ts";
import {
  compareWithPython,
  randomStories,
  set,
  slice,
} from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";

pythonTest("random calls of a list give what Python's give", async () => {
  const stories = randomStories(2000, (random) => [listItems(random)], LIST_CALLS);
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
