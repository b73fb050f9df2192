/**
 * `TestStdinBadfiledescriptor` of CPython 3.13's `test/_test_multiprocessing.py`.
 * Written afresh.
 *
 * Changed: the grandchildren say what they found, so that the test sees that they ran.
 *
 * Left out:
 * - `test_flushing`: what fork does to a file object's buffer.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Queue } from "../../mod.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "./helpers/checks.ts";
import { poolInProcess, queueInProcess } from "./helpers/queue_targets.ts";

test("TestStdinBadfiledescriptor.test_queue_in_process", async () => {
  const said = Queue<string>();
  strictEqual(await exitcodeOf(started(queueInProcess, [said])), 0);
  strictEqual(await said.get(true, CLAIM_WAIT), "empty");
});

test("TestStdinBadfiledescriptor.test_pool_in_process", async () => {
  const results = Queue<number[]>();
  strictEqual(await exitcodeOf(started(poolInProcess, [results])), 0);
  deepStrictEqual(await results.get(true, CLAIM_WAIT), [1, 4, 9, 16, 25, 36, 49]);
});
