import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Owners } from "../../src/hub/owners.ts";
import { MOST_OWNERS } from "../../src/hub/word.ts";
import { test } from "../suite.ts";

test("Owners gives each process a number of its own, and no number twice", () => {
  const owners = new Owners();
  const large = 2 ** 52;
  deepStrictEqual([7, large, 7].map((id) => owners.numberOf(id)), [1, 2, 1]);
  strictEqual(owners.processOf(2), large);
  owners.forget(large);
  owners.forget(99); // it has none
  deepStrictEqual([owners.processOf(2), owners.processOf(0)], [undefined, undefined]);
  strictEqual(owners.numberOf(large), 3);
});

test("Owners gives no number that does not fit a word", () => {
  const owners = new Owners(MOST_OWNERS - 1);
  strictEqual(owners.numberOf(1), MOST_OWNERS);
  throws(() => owners.numberOf(2), RangeError);
});
