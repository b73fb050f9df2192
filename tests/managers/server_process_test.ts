/**
 * A manager's server from its first word to its end, and what it leaves behind: nothing,
 * neither when its manager shuts it down nor when the program that has started it is
 * killed.
 *
 * @module
 */
import { ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { SyncManager } from "../../src/managers.ts";
import { OSError } from "../../src/python/errors.ts";
import { get_temp_dir } from "../../src/python/util.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { startProgram } from "../helpers/run.ts";
import { SOCKETS } from "../helpers/groups.ts";

SOCKETS.test(
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
);

SOCKETS.test("a manager that ends leaves the directory to the next one", async () => {
  const address = await startAndStop();
  strictEqual(dirname(address), get_temp_dir());
  ok(existsSync(get_temp_dir()));
  ok(!existsSync(address));
  strictEqual(dirname(await startAndStop()), get_temp_dir());
});

SOCKETS.test("why a server cannot listen arrives, whatever its cause holds", async () => {
  const manager = new SyncManager({ address: `${get_temp_dir()}/none/x` });
  await rejects(manager.start(), (error) => error instanceof OSError);
  await rejects(manager.list(), { name: "AssertionError" });
});

SOCKETS.test(
  "what was asked for while the server started is there before it ends",
  async () => {
    const manager = new SyncManager();
    const starting = manager.start();
    const items = [1];
    const making = manager.list(items);
    items.push(2); // too late
    const counting = manager._number_of_objects();
    const ending = manager.shutdown();
    await starting;
    ok(String(await making).startsWith("<ListProxy object"));
    strictEqual(await counting, 1);
    await ending;
    await rejects(manager.list(), { name: "AssertionError" });
  },
);

/** Starts a manager, uses it, shuts it down; gives where it was. */
async function startAndStop(): Promise<string> {
  const manager = new SyncManager();
  await manager.start();
  strictEqual(await (await manager.list([1])).__len__(), 1);
  await manager.shutdown();
  return manager.address as string;
}
