/**
 * The documentation's remote manager: its programs in both languages, in all pairings.
 */
import { deepStrictEqual } from "node:assert/strict";
import { pythonTest, runPythonFile, startPythonFile } from "../helpers/python.ts";
import { runProgram, startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

type Language = "ts" | "py";

const LEAKS = "the server is killed at the end";

function run(language: Language, name: string, port: string) {
  return language === "ts"
    ? runProgram(`examples/${name}.ts`, { args: [port] })
    : runPythonFile(`examples/python/${name}.py`, [port]);
}

async function check(
  server: Language,
  name: string,
  clients: [Language, string][],
  printed: string[],
): Promise<void> {
  const program = server === "ts"
    ? startProgram(`examples/${name}.ts`)
    : startPythonFile(`examples/python/${name}.py`);
  try {
    await program.waitForOutput("\n");
    const lines = [];
    for (const [language, name] of clients) {
      const { stdout, stderr, code } = await run(language, name, program.stdout.trim());
      deepStrictEqual({ stderr, code }, { stderr: "", code: 0 });
      lines.push(...stdout.trimEnd().split("\n").filter((line) => line !== ""));
    }
    deepStrictEqual(lines, printed);
  } finally {
    program.kill("SIGKILL");
    await program.finished.catch(() => {});
  }
}

for (const server of ["ts", "py"] as const) {
  for (const putter of ["ts", "py"] as const) {
    for (const getter of ["ts", "py"] as const) {
      const all = [server, putter, getter];
      const declare = all.includes("py") ? pythonTest : test;
      declare(
        `remote manager: server ${server}, put ${putter}, get ${getter}`,
        () =>
          check(server, "doc_remote_server", [
            [putter, "doc_remote_put"],
            [getter, "doc_remote_get"],
          ], ["hello"]),
        { leaks: LEAKS },
      );
    }
  }
  for (const getter of ["ts", "py"] as const) {
    const declare = [server, getter].includes("py") ? pythonTest : test;
    declare(
      `remote manager: worker of ${server}, get ${getter}`,
      () =>
        check(server, "doc_remote_worker", [[getter, "doc_remote_get"]], [
          "local hello",
        ]),
      {
        leaks: LEAKS,
      },
    );
  }
}
