import { match } from "node:assert/strict";
import process from "node:process";
import { startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("SIGUSR2 has an observed program print what all its processes do", async () => {
  const program = startProgram("tests/children/dumped.ts");
  await program.waitForOutput("waits\n");
  process.kill(program.pid, "SIGUSR2");
  const { stdout, stderr } = await program.finished;
  match(stdout, /^waits\nended\n$/);
  match(stderr, /^dumped\.[jt]s: 2 processes/);
  match(stderr, /^MainProcess \(pid \d+\) /m);
  match(stderr, /^ {2}waiter \(pid \d+\) waiting/m);
  match(stderr, /waits in get\(\) of Queue “answers” for .* in waitFor$/m);
}, { skip: process.platform === "win32" && "there are no signals" });
