import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { giveNumber, takeNumber } from "../../src/connection/descriptors.ts";
import { test } from "../suite.ts";

test("numbers count up from 3, and the lowest free one is used again first", () => {
  const numbers = [takeNumber(), takeNumber(), takeNumber(), takeNumber()];
  deepStrictEqual(numbers, [3, 4, 5, 6]);
  giveNumber(5);
  giveNumber(3);
  strictEqual(takeNumber(), 3);
  strictEqual(takeNumber(), 5);
  strictEqual(takeNumber(), 7);
  for (const number of [3, 4, 5, 6, 7]) giveNumber(number);
  strictEqual(takeNumber(), 3);
  giveNumber(3);
});
