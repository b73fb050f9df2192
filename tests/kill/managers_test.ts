/**
 * Clients and servers of managers that are killed: what they held is given back, and who
 * waits for them is told.
 */
import { rejects, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { setLogSink } from "../../src/python/util.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";
import {
  hammer,
  holdForEver,
  waitForThem,
} from "../cpython/helpers/manager_targets.ts";
import { MANAGER } from "../helpers/manager_tests.ts";
import { Random } from "../wire/support.ts";

MANAGER.test("a killed client's lock is released, and its references are dropped", async (manager) => {
  const [lock, list, queue] = await Promise.all([
    manager.Lock(),
    manager.list(),
    manager.Queue<string>(),
  ]);
  for (let round = 1; round <= 3; round++) {
    const child = await started(holdForEver, [lock, list, queue]);
    strictEqual(await queue.get(), "held");
    strictEqual(await lock.acquire(false), false);
    child.kill();
    strictEqual(await lock.acquire(true, 30), true); // given to us as it died
    await lock.release();
    await child.join();
    strictEqual(await list.__len__(), round);
    strictEqual(await manager._number_of_objects(), 3);
  }
});

MANAGER.test("clients of a server that was killed get an error at once", async (manager) => {
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
});

MANAGER.test(
  "clients that are killed at random leave lock, objects and queue usable",
  async (manager) => {
    const lock = await manager.Lock();
    const dict = await manager.dict<string, number>();
    const queue = await manager.Queue<number>();
    const random = new Random(5);
    setLogSink(() => {}); // warnings of locks whose holder was killed
    for (let round = 0; round < 15; round++) {
      const children = [0, 1].map(() =>
        new Process({ target: hammer, args: [lock, dict, queue] })
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
  },
  { timeout: 120 },
);

MANAGER.test(
  "clients in other processes hear at once that their server was killed",
  async (manager) => {
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
    for (const child of children) strictEqual(await exitcodeOf(child), 0);
  },
);
