/** A manager's array does what Python's does. */

import { strictEqual } from "node:assert/strict";
import { ManagedArray } from "../../../src/managers/types/array.ts";
import { PySlice } from "../../../src/python/slice.ts";
import { pythonTest } from "../../helpers/python.ts";
import { compareWithPython, type Story } from "../../helpers/python_objects.ts";
import { test } from "../../suite.ts";

/** The highest number that each type code takes. */
const HIGHEST: Record<string, number> = {
  b: 127,
  B: 255,
  h: 32767,
  H: 65535,
  i: 2 ** 31 - 1,
  I: 2 ** 32 - 1,
};

pythonTest("arrays give what Python's give, for each type code", async () => {
  const stories: Story[] = Object.entries(HIGHEST).map(([code, highest]) => {
    return [[code, [1, 2, highest]], [
      ["__getitem__", -1],
      ["__setitem__", 0, highest + 1],
      ["__setitem__", 0, -highest - 2],
      ["__setitem__", 0, "x"],
      ["__setitem__", 0, 1.5],
      ["__setitem__", 0, true],
      ["__getitem__", 3],
      ["__setitem__", 3, 1],
      ["__getitem__", "x"],
      ["__len__"],
    ]];
  });
  for (const code of ["l", "L", "q", "Q"]) {
    stories.push([[code, [1, 2]], [["__getitem__", 0], ["__setitem__", 0, 1.5]]]);
  }
  for (const code of ["f", "d"]) {
    stories.push([[code, [0.5, 2, -3]], [
      ["__getitem__", 0],
      ["__setitem__", 1, true],
      ["__setitem__", 1, "x"],
      ["__setitem__", -4, 1],
    ]]);
  }
  stories.push([["i", ["a"]], []], [["i", 5], []]);
  stories.push([["i", []], [["__len__"], ["__getitem__", 0]]]);
  await compareWithPython("array", ManagedArray, stories);
});

test("slices of arrays are arrays", () => {
  const array = new ManagedArray("i", [1, 2, 3, 4]);
  const part = array.__getitem__(sliceOf(1, 3));
  strictEqual(String(part), "2,3");
  array.__setitem__(sliceOf(1, 3), [7, 8, 9]);
  strictEqual(String(array), "array('i', [1, 7, 8, 9, 4])");
  strictEqual(new ManagedArray("q", [2n ** 60n]).__getitem__(0), 2n ** 60n);
});

function sliceOf(start: number, stop: number): unknown {
  return new PySlice(start, stop);
}
