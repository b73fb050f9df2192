/**
 * Clients and servers of managers that are killed: what they held is given back, and who
 * waits for them is told.
 */
import { rejects, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { SyncManager } from "../../src/managers.ts";
import { setLogSink } from "../../src/python/util.ts";
import {
  hammer,
  holdForEver,
  waitForThem,
} from "../cpython/helpers/manager_targets.ts";
import { test } from "../suite.ts";
import { Random } from "../wire/support.ts";

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

test(
  "clients that are killed at random leave lock, objects and queue usable",
  async () => {
    const manager = new SyncManager();
    await manager.start();
    const lock = await manager.Lock();
    const dict = await manager.dict<string, number>();
    const queue = await manager.Queue<number>();
    const random = new Random(5);
    setLogSink(() => {}); // warnings of locks whose holder was killed
    for (let round = 0; round < 15; round++) {
      const args = [lock, dict, queue] as const;
      const children = [0, 1].map(() =>
        new Process({ target: hammer, args: [...args] })
      );
      for (const child of children) child.start();
      for (let n = random.below(40) + 2; n > 0; n--) await queue.get(true, 30);
      for (const child of children) child.kill();
      for (const child of children) await child.join();
      strictEqual(await lock.acquire(true, 30), true);
      await lock.release();
      // What they have made for themselves is gone with them; ours is not.
      strictEqual(await manager._number_of_objects(), 3);
      while (!await queue.empty()) await queue.get(false);
      await dict.__setitem__("round", round);
      strictEqual(await dict.round, round);
    }
    setLogSink(undefined);
    await manager.shutdown();
  },
  { leaks: LEAKS, timeout: 120 },
);

test(
  "clients in other processes hear at once that their server was killed",
  async () => {
    const manager = new SyncManager();
    await manager.start();
    const lock = await manager.Lock(), queue = await manager.Queue<null>();
    const event = await manager.Event();
    await lock.acquire();
    const said = Queue<string>();
    const children = (["lock", "queue", "event"] as const).map((what) =>
      new Process({ target: waitForThem, args: [what, { lock, queue, event }, said] })
    );
    for (const child of children) child.start();
    for (const _ of children) strictEqual(await said.get(true, 30), "waiting");
    manager._process!.kill();
    for (const _ of children) strictEqual(await said.get(true, 30), "EOFError");
    for (const child of children) {
      await child.join();
      strictEqual(child.exitcode, 0);
    }
    await manager.shutdown();
  },
  { leaks: LEAKS },
);
