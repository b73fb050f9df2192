/** The keys of dicts that names of properties mean. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { iterated, keyOf } from "../../src/python/keys.ts";
import { test } from "../suite.ts";

test("integers as JavaScript writes them mean integers, all else means text", () => {
  for (const number of [0, 1, -1, 42, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 1 - 2 ** 53]) {
    strictEqual(keyOf(`${number}`), number);
  }
  const texts = [
    ...[
      "",
      " 1",
      "1 ",
      "01",
      "-0",
      "+1",
      "1.0",
      "1e3",
      "0x1",
      "--1",
      "NaN",
      "Infinity",
    ],
    ...["true", "９", "9007199254740992", "-9007199254740992", "1".repeat(30)],
  ];
  for (const text of texts) strictEqual(keyOf(text), text);
});

test("a plain object is gone through by its keys, as a dict", () => {
  deepStrictEqual([...iterated({ a: 1, 2: 3 })], [2, "a"]);
  deepStrictEqual([...iterated("ab")], ["a", "b"]);
  deepStrictEqual([...iterated(new Set([1]))], [1]);
  for (
    const [value, type] of [[1, "int"], [null, "NoneType"], [() => {}, "function"]]
  ) {
    throws(() => iterated(value), {
      name: "TypeError",
      message: `'${type}' object is not iterable`,
    });
  }
});
