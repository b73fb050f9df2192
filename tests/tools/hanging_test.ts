/** Test files that run into their time limit: what the run of tests says of them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { COMMANDS } from "../../scripts/columns.ts";
import { findRuntime } from "../../scripts/runtimes.ts";
import { runTestFile, type TestFileResult } from "../../scripts/test_file.ts";
import { withFolder } from "../helpers/folders.ts";
import { testsWith } from "../suite.ts";

const LINUX = testsWith({
  skip: process.platform !== "linux" && "there is no /proc",
  timeout: 100,
});

/** Seconds in which each has begun to hang. */
const TIMEOUT = 8;

async function runHanging(
  runtime: "deno" | "bun" | "node24",
  name: string,
): Promise<TestFileResult> {
  const program = await findRuntime(runtime);
  let result!: TestFileResult;
  await withFolder(async (folder) => {
    const file = `tests/tools/hanging/${name}.ts`;
    const command = COMMANDS[runtime](file, `${folder}/report.xml`, "");
    const dumps = `${folder}/dumps.txt`;
    result = await runTestFile([program, ...command], { timeout: TIMEOUT, dumps });
  });
  strictEqual(result.late, true, result.output);
  deepStrictEqual(result.left, []);
  return result;
}

for (const runtime of ["deno", "bun", "node24"] as const) {
  LINUX.test(`hanging: a file that waits tells for what, on ${runtime}`, async () => {
    const { output } = await runHanging(runtime, "waits");
    match(output, /^killed after 8 seconds; what ran then:$/m);
    match(output, /^\d+ \(of \d+\) [RS] \d+\.\d s .*waits\.ts/m);
    match(output, /^MainProcess \(pid \d+\) /m);
    match(output, /^ {2}consumer \(pid \d+\) waiting/m);
    match(output, /^ {6}waits in get\(\) of Queue 1 for \d+\.\d s$/m);
    ok(!output.includes("no answer"), output);
  });
}

LINUX.test("hanging: of a file that computes the system tells", async () => {
  const { output } = await runHanging("deno", "computes");
  match(output, /^(\d+) \(of \d+\) R \d+\.\d s .*computes\.ts[^]*^no answer from \1$/m);
});
