import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { callable } from "../../src/python/callable.ts";
import { test } from "../suite.ts";

class PairClass {
  readonly items: unknown[];

  constructor(...items: unknown[]) {
    this.items = items;
  }
}

const Pair = callable<typeof PairClass & ((...items: unknown[]) => PairClass)>(
  "Pair",
  PairClass,
);

test("callable: an instance comes of a call, of new, and of a subclass", () => {
  class Triple extends Pair {}
  for (const pair of [Pair(1, 2), new Pair(1, 2), new Triple(1, 2)]) {
    deepStrictEqual(pair.items, [1, 2]);
    ok(pair instanceof Pair);
  }
  ok(new Triple() instanceof Triple);
});

test("callable: the class has the name that it was given", () => {
  strictEqual(Pair.name, "Pair");
  strictEqual(Pair(1).constructor.name, "Pair");
});
