/**
 * The exit choreography: a program waits for its children and kills its daemons, a
 * child first finishes what it has begun, and what it put before its end arrives.
 *
 * What differs from CPython: a process with big items in a queue ends although nobody
 * has taken them.
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { pythonTest, runTwin } from "../helpers/python.ts";
import { outputOf, runProgram, type RunResult, startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";
import {
  CLAIM_WAIT,
  endOf,
  exitcodeOf,
  processExists,
  raises,
  started,
} from "./helpers/checks.ts";
import * as targets from "./helpers/exit_targets.ts";

const PROGRAM = "tests/children/exit_order.ts";

test("a program that ends waits for its non-daemon children", async () => {
  strictEqual(await outputOf(PROGRAM, ["waits"]), "main done\nchild done\n");
});

test("a program that ends kills its daemons", async () => {
  // The daemon has inherited stderr: the result is there only once it is gone.
  const stdout = await outputOf(PROGRAM, ["daemon"]);
  match(stdout, /^daemon \d+ runs\n$/);
  strictEqual(processExists(Number(stdout.split(" ")[1])), false);
});

const ENDS = {
  root: ["MainProcess is done", "the daemon has ended before the worker"],
  middle: [
    "Process-1 is done",
    "the daemon has ended before the worker",
    "exitcode 0",
  ],
  join: ["the daemon runs on"],
};

/** What the program itself logs until it waits for its children, in whatever order. */
const LOG = [
  "[INFO/MainProcess] process shutting down",
  "[INFO/MainProcess] calling terminate() for daemon Process-1",
];

function checkEnd(way: keyof typeof ENDS, { stdout, stderr, code }: RunResult): void {
  deepStrictEqual(stdout.split("\n"), [...ENDS[way], ""]);
  strictEqual(code, 0);
  const log = stderr.split("\n").filter((line) => line.includes("MainProcess"));
  deepStrictEqual(log.slice(0, LOG.length), way === "root" ? LOG : []);
  const joins = "[INFO/MainProcess] calling join() for process Process-2";
  strictEqual(log.includes(joins), way === "root");
}

for (const way of ["root", "middle", "join"] as const) {
  test(`daemons end before the others are waited for, no sooner: ${way}`, async () => {
    checkEnd(way, await runProgram(PROGRAM, { args: [way] }));
  });
  pythonTest(`daemons end so in CPython too: ${way}`, async () => {
    checkEnd(way, await runTwin("tests/children/exit_order.py", [way]));
  });
}

test("a program that exits explicitly keeps its code and leaves nobody", async () => {
  const program = startProgram(PROGRAM, { args: ["daemon", "3"] });
  const { stdout, code } = await program.finished;
  match(stdout, /^daemon \d+ runs\n$/);
  strictEqual(code, 3);
  await endOf(Number(stdout.split(" ")[1])); // nobody has waited for it
});

test("a child waits for its own non-daemon child", async () => {
  const said = Queue<string>(), gate = Queue<null>();
  const p = await started(targets.leaveChild, [said, gate]);
  strictEqual(await said.get(true, CLAIM_WAIT), "middle returns");
  await gate.put(null);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await said.get_nowait(), "grandchild done");
});

test("a child kills its own daemons at its end", async () => {
  const pids = Queue<number | null>();
  const p = await started(targets.leaveDaemon, [pids]);
  const pid = await pids.get(true, CLAIM_WAIT);
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(processExists(pid!), false);
});

test("a daemon may construct a process, but not start it", async () => {
  const said = Queue<string>();
  const p = started(targets.tryToStart, [said], { daemon: true });
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await said.get(true, CLAIM_WAIT), "true true");
  strictEqual(
    await said.get(true, CLAIM_WAIT),
    "AssertionError: daemonic processes are not allowed to have children",
  );
});

test("a child that is no daemon may start one of its own", async () => {
  const said = Queue<string>();
  strictEqual(await exitcodeOf(started(targets.tryToStart, [said])), 0);
  strictEqual(await said.get(true, CLAIM_WAIT), "false false");
  strictEqual(await said.get(true, CLAIM_WAIT), "exitcode 0");
});

test("big items that were put before the end arrive after it", async () => {
  const q = Queue<Uint8Array>();
  strictEqual(await exitcodeOf(started(targets.putBig, [q, 5])), 0);
  strictEqual(await q.qsize(), 5);
  for (let i = 0; i < 5; i++) {
    const item = await q.get_nowait();
    strictEqual(item.length, 1_000_000);
    strictEqual(item.every((byte) => byte === i), true);
  }
  strictEqual(await q.empty(), true);
});

test("cancel_join_thread: the process ends, the queue goes on", async () => {
  const q = Queue<Uint8Array>();
  strictEqual(await exitcodeOf(started(targets.putBigAndCancel, [q])), 0);
  while (!await q.empty()) strictEqual((await q.get()).length, 1_000_000);
  await q.put(Uint8Array.of(1));
  deepStrictEqual(await q.get(true, CLAIM_WAIT), Uint8Array.of(1));
});

test("what was put before an exit by force, by an error or by SystemExit arrives", async () => {
  for (const [way, code] of [["exit", 7], ["error", 1], ["system", 3]] as const) {
    const q = Queue<unknown>();
    strictEqual(await exitcodeOf(started(targets.putAndLeave, [q, way])), code);
    strictEqual(await q.get_nowait(), way);
    strictEqual(((await q.get_nowait()) as Uint8Array).length, 300_000);
    await raises(() => q.get_nowait(), "Empty");
  }
});

test("a child that closes its stdout for good ends, and nobody hangs", async () => {
  const q = Queue<string>();
  strictEqual(await exitcodeOf(started(targets.closeStdout, [q])), 1);
  strictEqual(await q.get_nowait(), "before");
  await raises(() => q.get_nowait(), "Empty");
});

test("run() may be called in place", async () => {
  const q = Queue<string>();
  await new Process({ target: targets.finishLate, args: [q, await openGate()] }).run();
  strictEqual(await q.get(true, CLAIM_WAIT), "grandchild done");
  await new Process().run();
});

async function openGate(): Promise<Queue<null>> {
  const gate = Queue<null>();
  await gate.put(null);
  return gate;
}
