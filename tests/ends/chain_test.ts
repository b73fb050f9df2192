/**
 * Programs without a main guard: a process that a child starts because it evaluates the
 * program again would do the same, and so on. There are never more processes than the
 * program itself asks for.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Process, Queue } from "../../mod.ts";
import { startLater } from "../helpers/late_targets.ts";
import {
  programCommand,
  runCommand,
  runProgram,
  type RunResult,
} from "../helpers/run.ts";
import { test } from "../suite.ts";

/** What processes print, sorted, as they write at the same time; and their number. */
async function count(run: (folder: string, file: string) => Promise<RunResult>) {
  const folder = mkdtempSync(join(tmpdir(), "chain-"));
  try {
    const file = join(folder, "pids");
    const { stdout, stderr, code } = await run(folder, file);
    const evaluated = readFileSync(file, "utf8").trim().split("\n").length;
    const lines = `${stdout}${stderr}`.trim().split("\n").sort();
    return { lines, evaluated, code };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runLater(way: string, what: string) {
  return count((_folder, file) =>
    runProgram("tests/children/later_start.ts", { args: [way, what, file] })
  );
}

const REFUSED =
  "RuntimeError An attempt has been made to start a new process before the";

for (const way of ["timeout", "immediate", "main()", "nested"]) {
  test(`no chain: ${way} in a main module without a guard`, async () => {
    deepStrictEqual(await runLater(way, "process"), {
      lines: [REFUSED, "started"],
      evaluated: 2,
      code: 0,
    });
  });
}

for (const what of ["pool", "manager"]) {
  test(`no chain: a ${what} in a main module without a guard`, async () => {
    const { lines, evaluated, code } = await runLater("timeout", what);
    deepStrictEqual(lines.filter((line) => line !== REFUSED), ["started"]);
    // A manager's server may evaluate the program, too, and may end before that goes on.
    ok(lines.includes(REFUSED));
    ok(evaluated === 2 || what === "manager" && evaluated === 3);
    strictEqual(code, 0);
  });
}

test("what a process does later for its work may start processes", async () => {
  const answers = Queue<string>();
  const p = new Process({ target: startLater, args: [answers] });
  await p.start();
  deepStrictEqual([await answers.get(), await answers.get()], [
    "grandchild",
    "started",
  ]);
  await p.join();
});

/** A shell script that runs the program itself, whatever it is told to run. */
function ownProgram(folder: string, file: string): string {
  const script = join(folder, "program");
  const command = programCommand("tests/children/own_program.ts", {
    args: [file, script],
  });
  const quoted = command.map((part) => `'${part}'`).join(" ");
  writeFileSync(script, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  return script;
}

test("no chain: an executable that runs itself, whatever it is told to run", async () => {
  const { lines, ...rest } = await count((folder, file) =>
    runCommand([ownProgram(folder, file)])
  );
  match(lines[0]!, /^Process-1 .* ended with exit code 1 before it was ready to run/);
  deepStrictEqual(lines.slice(1), [REFUSED, "exit code 1", "other program: 5"].sort());
  deepStrictEqual(rest, { evaluated: 2, code: 0 });
});
