/**
 * What a manager's server leaves behind: nothing, neither when its manager shuts it down
 * nor when the program that has started it is killed.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers";
import { SyncManager } from "../../src/managers.ts";
import { get_temp_dir } from "../../src/util.ts";
import { startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const LEAKS = "sockets of managers are closed in their own time";

test(
  "a killed program's servers remove their sockets, and the last the directory",
  async () => {
    const program = startProgram("tests/children/killed_with_managers.ts");
    await program.waitForOutput("]\n");
    const [first, second] = JSON.parse(program.stdout) as string[];
    const directory = dirname(first!);
    strictEqual(dirname(second!), directory);
    strictEqual(readdirSync(directory).length, 2);
    program.kill("SIGKILL");
    await program.finished;
    // Nobody tells us of it, so it is looked for on every turn.
    while (existsSync(directory)) await nextTurn();
  },
  { leaks: LEAKS },
);

test("a manager that ends leaves the directory to the next one", async () => {
  const address = await startAndStop();
  strictEqual(dirname(address), get_temp_dir());
  ok(existsSync(get_temp_dir()));
  ok(!existsSync(address));
  strictEqual(dirname(await startAndStop()), get_temp_dir());
}, { leaks: LEAKS });

/** Starts a manager, uses it, shuts it down; gives where it was. */
async function startAndStop(): Promise<string> {
  const manager = new SyncManager();
  await manager.start();
  strictEqual(await (await manager.list([1])).__len__(), 1);
  await manager.shutdown();
  return manager.address as string;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
