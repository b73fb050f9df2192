/**
 * `TestNoForkBomb` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: the guard that is missing is `if (import.meta.main)`; the start method is not
 * set, as in the child that alone would raise.
 */
import { match, strictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("TestNoForkBomb.test_noforkbomb", async () => {
  const { code, stdout, stderr } = await runProgram("tests/children/fork_bomb.ts");
  strictEqual(code, 1);
  strictEqual(stdout, "");
  match(stderr, /RuntimeError: \s*An attempt has been made to start a new process/);
  match(stderr, /before the\s+current process has finished its bootstrapping phase/);
  match(stderr, /import\.meta\.main/);
});
