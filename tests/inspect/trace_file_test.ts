import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { withFolder } from "../helpers/folders.ts";
import { runProgram, startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { faultsOf } from "./trace_checker.ts";

const PROGRAM = "tests/children/trace_file.ts";

/** Checks the one file of a folder. */
function checkTrace(folder: string): void {
  deepStrictEqual(readdirSync(folder), ["trace.json"]);
  const path = `${folder}/trace.json`;
  strictEqual(statSync(path).mode & 0o777, 0o600);
  const trace = JSON.parse(readFileSync(path, "utf8"));
  deepStrictEqual(faultsOf(trace), []);
  strictEqual(trace.otherData.program, "trace_file.ts");
  ok(trace.traceEvents.some(({ name }: { name: string }) => name === "start"));
}

for (
  const [end, code] of [["end", 0], ["exit", 3], ["throw", 1], ["chdir", 0]] as const
) {
  test(`a trace is written at the program's end: ${end}`, async () => {
    await withFolder(async (folder) => {
      const result = await runProgram(PROGRAM, {
        args: [`${folder}/trace.json`, end],
      });
      strictEqual(result.code, code);
      checkTrace(folder);
    });
  });
}

test("an older file gives way, and its rights are not taken over", async () => {
  await withFolder(async (folder) => {
    writeFileSync(`${folder}/trace.json`, "old", { mode: 0o644 });
    await runProgram(PROGRAM, { args: [`${folder}/trace.json`, "end"] });
    checkTrace(folder);
  });
});

for (const end of ["wait", "child"]) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`a trace is written when ${signal} ends the program: ${end}`, async () => {
      await withFolder(async (folder) => {
        const program = startProgram(PROGRAM, {
          args: [`${folder}/trace.json`, end],
        });
        await program.waitForOutput("ready");
        program.kill(signal);
        await program.finished;
        checkTrace(folder);
      });
    });
  }
}

for (const path of ["no/such/folder/trace.json", "file/trace.json"]) {
  test(`what cannot be written is told, and ends nothing: ${path}`, async () => {
    await withFolder(async (folder) => {
      writeFileSync(`${folder}/file`, "");
      const { code, stderr } = await runProgram(PROGRAM, {
        args: [`${folder}/${path}`, "end"],
      });
      strictEqual(code, 0);
      match(
        stderr,
        /^MULTIPROCESSING_TRACE: no trace can be written to .*trace\.json: \[Errno \d+\] N/,
      );
      deepStrictEqual(readdirSync(folder), ["file"]);
    });
  });
}
