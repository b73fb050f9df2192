import { test } from "../suite.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PySlice, slice } from "../../src/python/slice.ts";

test("slice is called as in Python or with new, and its step may be left away", () => {
  for (const made of [slice(1, null), new slice(1, null), new PySlice(1, null)]) {
    ok(made instanceof PySlice);
    deepStrictEqual([made.start, made.stop, made.step], [1, null, null]);
  }
  strictEqual(slice(null, 7, -2).step, -2);
});
