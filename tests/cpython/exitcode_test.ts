/**
 * How a process ends: every row of CPython's exit codes, and what stands on stderr.
 * Each was seen by running CPython 3.13; `sys.exit(x)` is `throw new SystemExit(x)`,
 * `os._exit(n)` the runtime's own exit.
 *
 * What differs: a wrong number of arguments is no error in JavaScript.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { Process } from "../../mod.ts";
import { runProgram, type RunResult } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { exitcodeOf, runToEnd, started, wrong } from "./helpers/checks.ts";
import * as targets from "./helpers/exit_targets.ts";

const FAILURES: [string, () => Process, number][] = [
  ["returns", () => new Process({ target: targets.returnSeven }), 0],
  ["has no target", () => new Process(), 0],
  ["throws", () => new Process({ target: targets.fail }), 1],
  ["rejects", () => new Process({ target: targets.failLater }), 1],
  ["throws in a timer", () => new Process({ target: targets.failInTimer }), 1],
  ["leaves a rejection", () => new Process({ target: targets.rejectAside }), 1],
  ["cannot be called", () => new Process(wrong({ target: 5 })), 1],
  [
    "cannot be unpickled",
    () => new Process({ target: targets.takeArgument, args: [new targets.Stubborn()] }),
    1,
  ],
];

for (const [how, make, code] of FAILURES) {
  test(`exitcode: a process that ${how} gives ${code}`, async () => {
    strictEqual(await runToEnd(make()), code);
  });
}

test("exitcode: SystemExit gives what sys.exit gives", async () => {
  const cases: [unknown[], number][] = [
    [[0], 0],
    [[3], 3],
    [["msg"], 1],
    [[[1, 2]], 1],
    [[2.5], 1],
    [[256], 0],
    [[257], 1],
    [[-1], 255],
  ];
  const children = cases.map(([args]) =>
    new Process({ target: targets.exitWith, args })
  );
  await Promise.all(children.map((p) => p.start()));
  for (const [i, [args, code]] of cases.entries()) {
    strictEqual(await exitcodeOf(children[i]!), code, `sys.exit(${args})`);
  }
});

test("exitcode: the runtime's own exit gives its number", async () => {
  for (const code of [0, 7, 255]) {
    strictEqual(await exitcodeOf(started(targets.exitNow, [code])), code);
  }
});

test("exitcode: a signal gives minus its number, and its name in the text", async () => {
  const cases: [string, number][] = [["SIGTERM", -15], ["SIGKILL", -9], [
    "SIGALRM",
    -14,
  ]];
  for (const [signal, code] of cases) {
    const p = await started(targets.killSelf, [signal]);
    strictEqual(await exitcodeOf(p), code);
    ok(p.toString().endsWith(` stopped exitcode=-${signal}>`), p.toString());
  }
});

/** What is on stderr in each way to fail. */
const PRINTED: [name: string, way: string, texts: RegExp[]][] = [
  ["a failed process prints its name, the error and where it was", "divide", [
    ...[/^Process Unlucky:\n/, /\bZeroDivisionError: division by zero\n/],
    /traceback\.[jt]s:8:\d+/,
  ]],
  ["the causes of an error are printed too", "cause", [
    ...[/^Process Unlucky:\n/, /ValueError: boom/, /RangeError: the reason/],
  ]],
  ["what is thrown and is no error is printed", "text", [
    ...[/^Process Unlucky:\n/, /only a text/],
  ]],
  ["KeyboardInterrupt is printed like an error", "interrupt", [
    ...[/^Process Unlucky:\n/, /KeyboardInterrupt/],
  ]],
  // As with an error in one of Python's threads, the runtime words it in its own way.
  ["an error that nobody awaits is printed: of a timer", "timer", [/later/]],
  ["an error that nobody awaits is printed: when all was done", "drained", [/later/]],
  ["an error that nobody awaits is printed: a rejection", "rejection", [/nobody saw/]],
];

for (const [name, way, texts] of PRINTED) {
  test(`stderr: ${name}`, async () => {
    const { stderr, stdout } = await failAs(way);
    strictEqual(stdout, "exitcode 1\n");
    for (const text of texts) match(stderr, text);
    // Of the others, Bun may show lines of the source around it.
    if (way === "divide") {
      strictEqual(stderr.split("division by zero").length, 2, stderr);
    }
  });
}

test("stderr: SystemExit prints its reason alone, or nothing", async () => {
  for (const [way, text] of Object.entries({ float: "2.5\n", number: "" })) {
    const { stderr, stdout } = await failAs(way);
    strictEqual(stderr, text);
    strictEqual(stdout, `exitcode ${way === "number" ? 3 : 1}\n`);
  }
});

function failAs(way: string): Promise<RunResult> {
  return runProgram("tests/children/traceback.ts", { args: [way] });
}
