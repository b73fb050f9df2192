/**
 * What the package's logger tells of a program at level DEBUG, beside CPython's: each line
 * of CPython's is here, but those of `NOT_HERE`; and there is none that CPython has not.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { pythonTest, pythonVersions, runTwin } from "../helpers/python.ts";
import { runProgram } from "../helpers/run.ts";

/** Lines that tell of CPython's inside: there is nothing of that kind here. */
const NOT_HERE = [
  /^(created semlock|recreated blocker) with handle/, // of the operating system
  /queue thread|_start_thread|_thread\.start|feed data to pipe|feeder thread/,
  /(task|result|worker) handler|outqueue/, // a pool's threads
  /^thread '|^making connection|^starting server thread/, // of each thread its own
  /^DECREF .* -- manager already shutdown$/, // by `__del__`
  /^Failure to send message: \('#RETURN', None\)$/, // the client may have gone by then
];

/** Lines that tell of the same, but in another process, or at another time. */
const ELSEWHERE: Record<string, RegExp> = {
  // The manager makes it, where CPython's server does.
  manager: /^created temp directory|^disposing of obj/,
  // What a pool still has is let go of here by its end, where Python's object is collected.
  pool: /^(finalizing pool|terminating workers|joining pool workers)$/,
  // A worker that is terminated tells nothing, or all if it was told to end before.
  terminate: /^cleaning up worker|^worker |^process exiting/,
};

/** What differs from run to run. */
function plain(text: string): string {
  return text.replace(/'\/.*'/, "PATH").replace(/id '[0-9a-f]+'/, "id ID")
    .replace(/^INCREF .*/, "INCREF ID");
}

/** The lines of each process: processes run beside each other. */
function byProcess(name: string, stderr: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of stderr.trimEnd().split("\n")) {
    const [, level, process, text] = /^\[(\w+)\/([\w-]+)\] (.*)$/.exec(line) ?? [];
    ok(process !== undefined, `no line of the log: ${line}`);
    const lines = found[process] ??= [];
    const isLeftOut = NOT_HERE.some((pattern) => pattern.test(text!)) ||
      ELSEWHERE[name]?.test(text!);
    if (!isLeftOut) lines.push(`${level} ${plain(text!)}`);
  }
  // CPython's said it last, before 3.13; it is compared there.
  for (const lines of Object.values(found)) {
    const at = lines.findIndex((line) => line.startsWith("INFO process exiting"));
    if (at >= 0) lines.push(...lines.splice(at, 1));
  }
  if (name === "terminate") return { MainProcess: found["MainProcess"]! };
  return found;
}

const [newest] = pythonVersions();

for (const name of ["none", "queue", "exit", "pool", "terminate", "manager"]) {
  pythonTest(`the log at DEBUG is CPython's: ${name}`, async () => {
    const theirs = await runTwin("tests/children/log_lines.py", [name], {
      python: newest,
    });
    const ours = await runProgram("tests/children/log_lines.ts", { args: [name] });
    strictEqual(ours.stdout, "");
    strictEqual(ours.code, theirs.code);
    deepStrictEqual(byProcess(name, ours.stderr), byProcess(name, theirs.stderr));
  });
}
