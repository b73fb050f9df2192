/**
 * A process that cannot be started, or whose module cannot be loaded, says which and
 * why, and nobody waits for ever.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFolder } from "../helpers/folders.ts";
import { programPath, runProgram, type RunResult } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

test("an executable that does not exist is named by the error of start", async () => {
  const { stdout, code } = await startWith("/no/such/program");
  strictEqual(
    stdout,
    "FileNotFoundError: [Errno 2] No such file or directory: '/no/such/program'\n" +
      "<Process name='Child' parent=N initial>\n",
  );
  strictEqual(code, 0);
});

test("a file that is not executable is named by the error of start", async () => {
  const path = programPath("tests/children/work.ts");
  const { stdout, code } = await startWith(path);
  strictEqual(
    stdout,
    `PermissionError: [Errno 13] Permission denied: '${path}'\n` +
      "<Process name='Child' parent=N initial>\n",
  );
  strictEqual(code, 0);
});

test("a directory as executable is named by the error of start", async () => {
  const { stdout, code } = await startWith(tmpdir());
  match(stdout, /^PermissionError: \[Errno 13\] Permission denied: '/);
  strictEqual(code, 0);
});

test("an executable that is no runtime fails the process, and stderr says which", async () => {
  for (const [path, own] of [["/bin/false", 1], ["/bin/true", 0]]) {
    const { stdout, stderr } = await startWith(String(path));
    strictEqual(stdout, "exitcode 1\n");
    strictEqual(
      stderr.replace(/\d+/, "N"),
      `Child (pid N) ended with exit code ${own} before it was ready to run anything: ` +
        `${path}\n`,
    );
  }
});

test("without Deno's permission to run programs, start says so", async () => {
  const { stdout, code } = await runProgram("tests/children/start_process.ts", {
    flags: ["--allow-read", "--allow-env", "--no-prompt"],
  });
  match(stdout, /^(PermissionError|NotCapable): .*--allow-run/);
  match(stdout, /<Process name='Child' parent=N initial>\n$/);
  strictEqual(code, 0);
}, { skip: runtimeName !== "deno" && "only Deno has permissions" });

const BROKEN: [how: string, what: string, code: number, text: RegExp][] = [
  ["syntax", "with a syntax error", 1, /SyntaxError|Unexpected|Expected|expression/i],
  ["throws", "that throws at import", 1, /RangeError: not today/],
  ["gone", "that is gone", 1, /not found|cannot find|no such file/i],
  ["renamed", "without the function", 1, /AttributeError: .*'work'/],
];

for (const [how, what, exitcode, text] of BROKEN) {
  test(`a module ${what} fails its process, and stderr says which and why`, async () => {
    const { stdout, stderr, code, path } = await startBroken(how);
    strictEqual(stdout, `exitcode ${exitcode}\n`);
    strictEqual(code, 0);
    match(stderr, text);
    ok(stderr.includes(path), stderr);
  });
}

test("a module that exits at import ends its process with its code", async () => {
  const { stdout } = await startBroken("exits");
  strictEqual(stdout, "exitcode 9\n");
});

function startWith(executable: string): Promise<RunResult> {
  return runProgram("tests/children/start_process.ts", { args: [executable] });
}

function startBroken(how: string): Promise<RunResult & { path: string }> {
  return withFolder(async (directory) => {
    const source = programPath("tests/children/work.ts");
    const path = join(directory, "broken_module.mjs");
    const result = await runProgram("tests/children/start_failure.ts", {
      args: [how, source, path],
    });
    return { ...result, path };
  });
}
