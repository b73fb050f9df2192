/** The example for the command line, and its twin: what goes where, and exit codes. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../helpers/folders.ts";
import { pythonTest, runPythonFile } from "../helpers/python.ts";
import { type RunOptions, runProgram, type RunResult } from "../helpers/run.ts";
import { test } from "../suite.ts";

type Run = (args: string[], stdin: string) => Promise<RunResult>;

const here: Run = (args, stdin) =>
  runProgram("examples/count_words.ts", { args, stdin } as RunOptions);
const there: Run = (args, stdin) =>
  runPythonFile("examples/python/count_words.py", args, { stdin });

/** Counts some files; one of them is not there. */
function checkCounts(run: Run): Promise<void> {
  return withFolder(async (folder) => {
    const files = ["a", "b", "c", "d"].map((name) => join(folder, `${name}.txt`));
    const [a, b, , d] = files as [string, string, string, string];
    writeFileSync(a, "one two\nthree\n");
    writeFileSync(b, "");
    writeFileSync(d, "no end of line");
    const { stdout, stderr, code } = await run(["--jobs", "2"], files.join("\n"));
    deepStrictEqual(stdout.trimEnd().split(/\r?\n/).map((line) => JSON.parse(line)), [
      { file: a, lines: 2, words: 3 },
      { file: b, lines: 0, words: 0 },
      { file: files[2], error: "cannot be read" },
      { file: d, lines: 0, words: 4 },
    ]);
    strictEqual(stderr.trimEnd(), `count_words: ${files[2]}: cannot be read`);
    strictEqual(code, 1);
    const all = await run(["--jobs=1"], `${a}\n\n${d}\n`);
    deepStrictEqual([all.stderr, all.code], ["", 0]);
    strictEqual(all.stdout.trimEnd().split("\n").length, 2);
  });
}

async function checkUse(run: Run): Promise<void> {
  for (const jobs of ["0", "-1", "many"]) {
    const { stdout, stderr, code } = await run([`--jobs=${jobs}`], "x\n");
    deepStrictEqual(
      [stdout, stderr.trimEnd(), code],
      ["", "count_words: --jobs: must be 1 or more", 2],
    );
  }
  const { stdout, code } = await run(["--other"], "");
  deepStrictEqual([stdout, code], ["", 2]);
  const nothing = await run([], "");
  deepStrictEqual([nothing.stdout, nothing.stderr, nothing.code], ["", "", 0]);
}

test("examples/count_words.ts: JSON on stdout, the rest on stderr, exit codes", () =>
  checkCounts(here));
test("examples/count_words.ts: how it is called wrongly", () => checkUse(here));
pythonTest("examples/python/count_words.py does the same", () => checkCounts(there));
pythonTest("examples/python/count_words.py is called wrongly", () => checkUse(there));
