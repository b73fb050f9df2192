/** Calls without an answer: each is over once, and the end of the link tells all. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PendingCalls } from "../../src/link/pending_calls.ts";
import { test } from "../suite.ts";

test("PendingCalls gives each call once, and rejects the rest in their order", () => {
  const calls = new PendingCalls<string>();
  const said: unknown[] = [];
  for (const call of [3, 1, 2]) {
    calls.add(call, {
      resolve: (value) => void said.push([call, value]),
      reject: (reason) => {
        said.push([call, reason, calls.size]);
      },
    });
  }
  calls.take(1)!.resolve("one");
  strictEqual(calls.take(1), undefined);
  deepStrictEqual([calls.size, calls.numbers()], [2, [3, 2]]);
  calls.rejectAll("over");
  calls.rejectAll("over again");
  deepStrictEqual(said, [[1, "one"], [3, "over", 0], [2, "over", 0]]);
});
