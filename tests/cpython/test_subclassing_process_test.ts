/**
 * `_TestSubclassingProcess` of CPython 3.13's `test/_test_multiprocessing.py`. Written
 * afresh from what each case checks; nothing is left out.
 *
 * Changed: the subclass has two queues instead of two connections; what a child writes
 * to stderr is read from the stderr of a program that starts it, since a child
 * inherits it.
 */
import { match, strictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { exitWith } from "./helpers/exit_targets.ts";
import { UpperCaser } from "./helpers/subclass_targets.ts";

test("_TestSubclassingProcess.test_subclassing", async () => {
  const uppercaser = new UpperCaser();
  uppercaser.daemon = true;
  await uppercaser.start();
  strictEqual(await uppercaser.submit("hello"), "HELLO");
  strictEqual(await uppercaser.submit("world"), "WORLD");
  await uppercaser.stop();
  strictEqual(await exitcodeOf(uppercaser), 0);
});

test("_TestSubclassingProcess.test_stderr_flush", async () => {
  const { stderr, stdout, code } = await runProgram("tests/children/traceback.ts", {
    args: ["divide"],
  });
  strictEqual(stdout, "exitcode 1\n");
  strictEqual(code, 0);
  match(stderr, /ZeroDivisionError: division by zero/);
  match(stderr, /traceback\.[jt]s:\d+/);
});

test("_TestSubclassingProcess.test_sys_exit", async () => {
  for (
    const [reason, text] of [["list", "[1, 2, 3]"], [
      "text_and_exit",
      "ignore this",
    ]] as const
  ) {
    const { stderr, stdout } = await runProgram("tests/children/traceback.ts", {
      args: [reason],
    });
    strictEqual(stderr, `${text}\n`);
    strictEqual(stdout, "exitcode 1\n");
  }
  const cases: [unknown[], number][] = [
    [[true], 1],
    [[false], 0],
    [[8], 8],
    [[null], 0],
    [[], 0],
  ];
  for (const [args, expected] of cases) {
    const p = started(exitWith, args, { daemon: true });
    strictEqual(await exitcodeOf(p), expected, `sys.exit(${args})`);
  }
});
