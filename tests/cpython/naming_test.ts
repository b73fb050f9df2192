/**
 * Names, numbers and texts of processes, as CPython 3.13 gives them: what the program
 * prints is what its twin in Python printed (start method `spawn`).
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Process } from "../../mod.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { killSelf, returnSeven } from "./helpers/exit_targets.ts";

const TRANSCRIPT = `\
Process-1 Process-2 x Sub-4 SpawnProcess-5 Process-6
<Process name='Process-7' parent=P initial>
Process-7 | <Process name='Process-7' parent=P started> | \
<_ParentProcess name='MainProcess' parent=None unknown>
Process-7:1 | <Process name='Process-7:1' parent=P started> | \
<_ParentProcess name='Process-7' parent=None unknown>
SpawnProcess-7:2 | <SpawnProcess name='SpawnProcess-7:2' parent=P started> | \
<_ParentProcess name='Process-7' parent=None unknown>
Sub-7:3
<Process name='Process-7' pid=P parent=P stopped exitcode=0>
it's | <Process name="it's" parent=P started daemon> | \
<_ParentProcess name='MainProcess' parent=None unknown>
<Process name="it's" parent=P closed daemon>
`;

test("names and texts of processes are CPython's", async () => {
  const printed = await outputOf("tests/children/naming.ts");
  deepStrictEqual(printed.split("\n"), TRANSCRIPT.split("\n"));
});

test("a number is taken at construction, started or not", () => {
  const number = (one: Process) => Number(one.name.replace("Process-", ""));
  const first = number(new Process());
  ok(first >= 1);
  strictEqual(number(new Process()), first + 1);
  new Process({ name: "named" });
  strictEqual(number(new Process()), first + 3);
});

test("a name can be changed, before and after the start", async () => {
  const p = new Process({ target: returnSeven, name: "before" });
  strictEqual(p.name, "before");
  p.name = "after";
  strictEqual(p.toString(), `<Process name='after' parent=${process.pid} initial>`);
  await p.start();
  p.name = "later";
  match(p.toString(), /^<Process name='later' pid=\d+ parent=\d+ started>$/);
  strictEqual(await exitcodeOf(p), 0);
  p.name = "last";
  match(p.toString(), /^<Process name='last' pid=\d+ parent=\d+ stopped exitcode=0>$/);
});

test("a signal that ended a process is named in its text", async () => {
  const p = await started(killSelf, ["SIGTERM"], { daemon: true });
  await exitcodeOf(p);
  const { pid } = p;
  const ours = `name='${p.name}' pid=${pid} parent=${process.pid}`;
  strictEqual(p.toString(), `<Process ${ours} stopped exitcode=-SIGTERM daemon>`);
});
