/**
 * `TestStdinBadfiledescriptor` of CPython 3.13's `test/_test_multiprocessing.py`.
 * Written afresh.
 *
 * Changed: the grandchild says what it found, so that the test sees that it ran.
 *
 * Left out:
 * - `test_flushing`: what fork does to a file object's buffer.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { test } from "../suite.ts";
import { PATIENCE, runToEnd } from "./helpers/checks.ts";
import { queueInProcess } from "./helpers/queue_targets.ts";

test("TestStdinBadfiledescriptor.test_queue_in_process", async () => {
  const said = Queue<string>();
  const p = new Process({ target: queueInProcess, args: [said] });
  strictEqual(await runToEnd(p), 0);
  strictEqual(await said.get(true, PATIENCE), "empty");
});
