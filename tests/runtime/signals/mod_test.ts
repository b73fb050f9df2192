import { match, strictEqual } from "node:assert/strict";
import { runProgram } from "../../helpers/run.ts";
import { test } from "../../suite.ts";

function run(name: string) {
  return runProgram("tests/children/signals.ts", { args: [name] });
}

test("onSignal: the program's own listener goes before, and the system's way is back", async () => {
  const { stdout, stderr, code } = await run("own");
  strictEqual(stderr, "");
  strictEqual(stdout, "3 1\n");
  strictEqual(code, -2);
});

test("raise runs what runs at exit, and dies by the signal", async () => {
  const { stdout, code } = await run("raise");
  strictEqual(stdout, "exit handler\n");
  strictEqual(code, -15);
});

test("onUnhandled is told of errors and rejections; the rest is as always", async () => {
  const { stdout, stderr, code } = await run("handled");
  strictEqual(stdout, "told rejected\ntold thrown\ntold fatal\n");
  match(stderr, /fatal/);
  strictEqual(code, 1);
});

test("onExit runs when an error ends the process", async () => {
  const { stdout, stderr, code } = await run("rejected");
  strictEqual(stdout, "exit handler\n");
  match(stderr, /[Ee]rror: fatal/);
  match(stderr, /signals\.[tj]s:\d+/);
  strictEqual(code, 1);
});
