/** Tests of src/inspect/requests.ts: what variables of the environment have shown. */
import { match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { withFolder } from "../helpers/folders.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const PROGRAM = "tests/children/deadlocked.ts";

const VARIABLES = ["INSPECT", "DEADLOCKS", "TRACE"].map((name) =>
  `MULTIPROCESSING_${name}`
);

/** All of them off, but for some. */
function only(given: Record<string, string>): Record<string, string | undefined> {
  const none = Object.fromEntries(VARIABLES.map((name) => [name, undefined]));
  return { ...none, ...given };
}

test("a deadlock is told on stderr, with names and lines, and the program goes on", async () => {
  const env = only({ MULTIPROCESSING_DEADLOCKS: "1" });
  const { code, stderr } = await runProgram(PROGRAM, { env });
  strictEqual(code, 0, stderr);
  match(stderr, /^Deadlock: 2 processes wait for locks that they hold themselves/m);
  for (const name of ["accountA", "accountB"]) {
    match(
      stderr,
      new RegExp(`waits for Lock .${name}. for .* at .*deadlocked\\.[jt]s:\\d+:`),
    );
  }
  ok(!stderr.includes("http://"), stderr);
});

test("a page and a trace, of a program that imports neither", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/trace.json`;
    const env = only({ MULTIPROCESSING_INSPECT: "1", MULTIPROCESSING_TRACE: file });
    const { code, stderr } = await runProgram(PROGRAM, { env });
    strictEqual(code, 0, stderr);
    match(
      stderr,
      /^MULTIPROCESSING_INSPECT: .* http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/m,
    );
    ok(existsSync(file));
    const { traceEvents } = JSON.parse(readFileSync(file, "utf8"));
    ok(traceEvents.length > 0);
  });
});
