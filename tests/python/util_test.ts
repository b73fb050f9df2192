import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  is_exiting,
  register_after_fork,
  SUBDEBUG,
  SUBWARNING,
} from "../../src/python/util.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const STEPS = [
  "[INFO/MainProcess] process shutting down",
  '[DEBUG/MainProcess] running all "atexit" finalizers with priority >= 0',
  "priority 10",
  "[INFO/MainProcess] calling terminate() for daemon Process-1",
  "terminate Process-1",
  "[INFO/MainProcess] calling join() for process Process-1",
  "join Process-1",
  "[INFO/MainProcess] calling join() for process Process-2",
  "join Process-2",
  '[DEBUG/MainProcess] running the remaining "atexit" finalizers',
  "priority -5",
];
const RETURNED = "returned, exiting: true";

test("_exit_function does all at once where nothing has to be waited for", async () => {
  const { stderr, code } = await runProgram("tests/children/exit_function.ts");
  deepStrictEqual(stderr.trimEnd().split("\n"), [...STEPS, RETURNED]);
  strictEqual(code, 0);
});

test("_exit_function waits for promises, in the same order", async () => {
  const options = { args: ["slow"] };
  const { stderr } = await runProgram("tests/children/exit_function.ts", options);
  const lines = stderr.trimEnd().split("\n");
  strictEqual(lines.indexOf(RETURNED), STEPS.indexOf("priority 10") + 1);
  deepStrictEqual(lines.filter((line) => line !== RETURNED), STEPS);
});

test("a process that goes on is not exiting", () => {
  strictEqual(is_exiting(), false);
});

test("the levels of the package's own", () => {
  deepStrictEqual([SUBDEBUG, SUBWARNING], [5, 25]);
});

test("register_after_fork calls nothing", () => {
  register_after_fork({}, () => {
    throw new Error("there is no fork");
  });
});
