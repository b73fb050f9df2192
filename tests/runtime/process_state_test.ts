/** Tests of src/runtime/process_state.ts. */
import { strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { isRunning } from "../../src/runtime/process_state.ts";
import { noList } from "../helpers/children_of.ts";
import { testsWith } from "../suite.ts";

const LISTED = testsWith({ skip: noList });

/** Runs `fn` with a process that waits; settles when it has ended. */
async function withSleeper(fn: (pid: number) => void | Promise<void>): Promise<void> {
  const sleeper = spawn("sleep", ["60"], { stdio: "ignore" });
  const ended = new Promise((resolve) => sleeper.on("exit", resolve));
  try {
    await fn(sleeper.pid!);
  } finally {
    sleeper.kill("SIGKILL");
    await ended;
  }
  strictEqual(isRunning(sleeper.pid!), false); // it is gone
}

LISTED.test("a process that waits runs, and so does this one", async () => {
  strictEqual(isRunning(process.pid), true);
  await withSleeper((pid) => strictEqual(isRunning(pid), true));
});

LISTED.test("a process that is stopped does not run", async () => {
  await withSleeper(async (pid) => {
    process.kill(pid, "SIGSTOP");
    while (isRunning(pid)) await setImmediate();
    process.kill(pid, "SIGCONT");
  });
});

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  LISTED.test(`a process does not run once it was sent ${signal}`, async () => {
    await withSleeper((pid) => {
      process.kill(pid, signal);
      strictEqual(isRunning(pid), false);
    });
  });
}
