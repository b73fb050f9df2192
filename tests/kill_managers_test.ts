/**
 * Clients and servers of managers that are killed: what they held is given back, and who
 * waits for them is told.
 *
 * @module
 */
import { rejects, strictEqual } from "node:assert/strict";
import { Process } from "../mod.ts";
import { SyncManager } from "../src/managers.ts";
import { holdForEver } from "./cpython/helpers/manager_targets.ts";
import { test } from "./suite.ts";

const LEAKS = "sockets of managers are closed in their own time";

test("a killed client's lock is released, and its references are dropped", async () => {
  const manager = new SyncManager();
  await manager.start();
  const [lock, list, queue] = await Promise.all([
    manager.Lock(),
    manager.list(),
    manager.Queue<string>(),
  ]);
  for (let round = 1; round <= 3; round++) {
    const child = new Process({ target: holdForEver, args: [lock, list, queue] });
    child.start();
    strictEqual(await queue.get(), "held");
    strictEqual(await lock.acquire(false), false);
    child.kill();
    strictEqual(await lock.acquire(true, 30), true); // given to us as it died
    await lock.release();
    await child.join();
    strictEqual(await list.__len__(), round);
    strictEqual(await manager._number_of_objects(), 3);
  }
  await manager.shutdown();
}, { leaks: LEAKS });

test("clients of a server that was killed get an error at once", async () => {
  const manager = new SyncManager();
  await manager.start();
  const queue = await manager.Queue();
  const waiting = [queue.get(), queue.get()];
  await queue.put(1);
  await waiting[0];
  manager._process!.kill();
  await rejects(waiting[1]!, { name: "EOFError" });
  await rejects(queue.get(), { name: "EOFError" });
  await rejects(manager.list());
  await manager.shutdown();
  strictEqual(
    await queue.__str__().then((text) => text.endsWith("'__str__()' failed>")),
    true,
  );
}, { leaks: LEAKS });
