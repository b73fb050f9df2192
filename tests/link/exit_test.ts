import { strictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const SAID = [
  "sets 7",
  "exit handler: 0",
  "returns 0",
  "exit handler: 3",
  "leaves 3",
  "exit handler: 1",
  "fails 1",
  "exit handler: 4",
  "leavesLate 4",
  "[ 4 ]",
  "worker's exit handler: 0",
  // Of the child that main has not waited for.
  "exit handler: 0",
];

test("exit codes that a program sets, and exit handlers that see them", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/exit_codes.ts");
  strictEqual(stdout, `${SAID.join("\n")}\n`);
  strictEqual(stderr.includes("SystemExit"), false);
  strictEqual(code, 3);
});

test("SystemExit with a text at the top of main says it, and fails", async () => {
  const { stderr, code } = await runProgram("tests/children/exit_codes.ts", {
    args: ["sorry"],
  });
  strictEqual(stderr.trimEnd().split("\n").at(-1), "sorry");
  strictEqual(code, 1);
});
