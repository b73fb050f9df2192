import { match, strictEqual } from "node:assert/strict";
import { readFileSync, watch, writeFileSync } from "node:fs";
import process from "node:process";
import { withFolder } from "../helpers/folders.ts";
import { type RunOptions, startProgram } from "../helpers/run.ts";
import { runtimeName, testsWith } from "../suite.ts";
import { deferred } from "../helpers/deferred.ts";

const SIGNALS = testsWith({
  skip: process.platform === "win32" && "there are no signals",
});

for (const value of [undefined, "1"]) {
  const how = value === undefined ? "" : ", once, if the environment asks for it too";
  SIGNALS.test(`SIGUSR2 has an observed program print what its processes do${how}`, async () => {
    const env = { MULTIPROCESSING_DUMP: value };
    const program = startProgram("tests/children/dumped.ts", { env });
    await program.waitForOutput("waits\n");
    process.kill(program.pid, "SIGUSR2");
    const { stdout, stderr } = await program.finished;
    match(stdout, /^waits\nended\n$/);
    match(stderr, /^dumped\.[jt]s: 2 processes/);
    match(stderr, /^MainProcess \(pid \d+\) /m);
    match(stderr, /^ {2}waiter \(pid \d+\) waiting/m);
    match(stderr, /waits in get\(\) of Queue “answers” for .* in waitFor$/m);
    strictEqual(stderr.split("2 processes").length, 2);
  });
}

const DUMP =
  /^hung\.[jt]s: 2 processes[^]*^MainProcess \(pid \d+\) [^]*^ {2}waiter \(pid \d+\) waiting[^]*^ {6}waits in get\(\) of Queue 1 /m;

/** Sends the signal to a program that is not observed; gives what that wrote into a file. */
async function dumpOf(file: string, options: RunOptions = {}): Promise<string> {
  writeFileSync(file, "before\n");
  const env = { MULTIPROCESSING_DUMP: file };
  const program = startProgram("tests/children/hung.ts", { ...options, env });
  await program.waitForOutput("waits\n");
  const written = deferred<string>();
  const watcher = watch(file, () => {
    const text = readFileSync(file, "utf8");
    if (text.includes("Queue 1: ")) written.resolve(text);
  });
  program.finished.catch(written.reject);
  process.kill(program.pid, "SIGUSR2");
  const text = await written.promise;
  watcher.close();
  program.kill("SIGTERM");
  const { stdout, code } = await program.finished;
  strictEqual(stdout, "waits\n");
  strictEqual(code, -15);
  return text;
}

SIGNALS.test("SIGUSR2 has a program that is not observed write it into a file", async () => {
  await withFolder(async (folder) => {
    const text = await dumpOf(`${folder}/dump.txt`);
    match(text, /^before\n/);
    match(text.slice("before\n".length), DUMP);
  });
});

SIGNALS.test("what cannot be written into the file comes on stderr", async () => {
  const env = { MULTIPROCESSING_DUMP: "/dev/null/none" };
  const program = startProgram("tests/children/dumped.ts", { env });
  await program.waitForOutput("waits\n");
  process.kill(program.pid, "SIGUSR2");
  match((await program.finished).stderr, /^dumped\.[jt]s: 2 processes/);
});

SIGNALS.test("a listener of Node's own is not the program's", async () => {
  await withFolder(async (folder) => {
    const flags = ["--report-on-signal", "--report-signal=SIGUSR2"];
    if (runtimeName === "node") flags.push(`--report-directory=${folder}`);
    const options = runtimeName === "node" ? { flags } : {};
    match(await dumpOf(`${folder}/dump.txt`, options), DUMP);
  });
});
