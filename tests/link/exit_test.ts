import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outputOf, runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

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

test("a program's listeners to beforeExit run once, when its children have ended", async () => {
  const lines = (await outputOf("tests/children/before_exit.ts", [])).trim().split(
    "\n",
  );
  const main = ["main has nothing left to do", "main again has nothing left to do"];
  const child = ["child works", "child has nothing left to do"];
  // Bun runs them before that as well.
  const early = runtimeName === "bun" ? main : [];
  deepStrictEqual(lines.toSorted(), [...early, ...child, ...main].toSorted());
  deepStrictEqual(lines.slice(-2), main);
});

test("a child's last listeners run, and the exit code that they set counts", async () => {
  const lines = await outputOf("tests/children/last_listeners.ts", []);
  const said = ["exit 5", "withProcess 7", "unload", "withEvents 6"];
  deepStrictEqual(lines.trim().split("\n"), said);
});
