/** `stats()` of proxies, of a real server: the numbers are those of all its clients. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import process from "node:process";
import * as dummy from "../../../src/dummy.ts";
import { exitcodeOf, started } from "../../cpython/helpers/checks.ts";
import { MANAGER } from "../../helpers/manager_tests.ts";
import * as targets from "../../helpers/managed_stats_targets.ts";

/** Asks again and again until it is so. */
async function until<S>(
  ask: () => Promise<S>,
  isSo: (stats: S) => boolean,
): Promise<S> {
  for (;;) {
    const stats = await ask();
    if (isSo(stats)) return stats;
  }
}

MANAGER.test("a queue's items, the calls that wait at it, and the ages", async (manager) => {
  const queue = await manager.JoinableQueue<number>(1);
  const first = queue.get();
  first.catch(() => {}); // if the test fails
  deepStrictEqual(await until(() => queue.stats(), ({ getters }) => getters === 1), {
    ...{ depth: 0, maxsize: 1, puts: 0, gets: 0, oldest: null, getters: 1, putters: 0 },
    ...{ isShutDown: false, unfinished: 0, joiners: 0, dead: 0 },
  });
  await queue.put(1);
  strictEqual(await first, 1);
  await queue.put(2);
  const rest = Promise.all([queue.put(3), queue.join()]);
  rest.catch(() => {}); // if the test fails
  const full = await until(
    () => queue.stats(),
    ({ putters, joiners }) => putters + joiners === 2,
  );
  const { oldest, ...counts } = full;
  deepStrictEqual(counts, {
    ...{ depth: 1, maxsize: 1, puts: 2, gets: 1, getters: 0, putters: 1 },
    ...{ isShutDown: false, unfinished: 2, joiners: 1, dead: 0 },
  });
  ok(oldest! >= 0 && oldest! < 60);
  ok(Object.isFrozen(full));
  deepStrictEqual([await queue.get(), await queue.get()], [2, 3]);
  for (let i = 0; i < 3; i++) await queue.task_done();
  await rest;
  await queue.put(4);
  await queue.shutdown(true);
  const { depth, puts, gets, isShutDown, unfinished, oldest: none } = await queue
    .stats();
  deepStrictEqual({ depth, puts, gets, isShutDown, unfinished }, {
    ...{ depth: 0, puts: 4, gets: 3, isShutDown: true, unfinished: 0 },
  });
  strictEqual(none, null);
});

MANAGER.test("which process has a lock, and for how long others wait", async (manager) => {
  for (const lock of [await manager.Lock(), await manager.RLock()]) {
    deepStrictEqual(await lock.stats(), {
      ...{ isLocked: false, owner: null, held: null, grants: 0 },
      ...{ waiters: 0, longest: null },
    });
    const end = await manager.Event();
    const p = await started(targets.hold, [lock, end] as never, { name: "holder" });
    const taken = await until(() => lock.stats(), ({ isLocked }) => isLocked);
    deepStrictEqual(taken.owner, { name: "holder", pid: p.pid });
    ok(taken.held! >= 0 && taken.held! < 60);
    const acquired = lock.acquire();
    const { waiters, longest, grants } = await until(
      () => lock.stats(),
      ({ waiters }) => waiters === 1,
    );
    deepStrictEqual([waiters, grants], [1, 1]);
    ok(longest! >= 0);
    await end.set();
    await acquired;
    strictEqual(await exitcodeOf(p), 0);
    const { owner } = await lock.stats();
    deepStrictEqual(owner, { name: "MainProcess", pid: process.pid });
    await lock.release();
    strictEqual((await lock.stats({ reset: true })).grants, 2);
    strictEqual((await lock.stats()).grants, 0);
  }
});

MANAGER.test("semaphores, events, conditions and barriers", async (manager) => {
  for (
    const semaphore of [await manager.Semaphore(2), await manager.BoundedSemaphore(2)]
  ) {
    await semaphore.acquire();
    deepStrictEqual(await semaphore.stats(), {
      ...{ value: 1, grants: 1, waiters: 0, longest: null },
    });
  }

  const event = await manager.Event();
  const waited = event.wait();
  const { isSet, waiters, longest } = await until(
    () => event.stats(),
    ({ waiters }) => waiters === 1,
  );
  deepStrictEqual([isSet, waiters], [false, 1]);
  ok(longest! >= 0);
  await event.set();
  await waited;
  deepStrictEqual(await event.stats(), { isSet: true, waiters: 0, longest: null });

  const condition = await manager.Condition();
  await condition.acquire();
  const notified = condition.wait();
  strictEqual(
    (await until(() => condition.stats(), ({ waiters }) => waiters === 1)).waiters,
    1,
  );
  await condition.with(() => condition.notify());
  await notified;
  deepStrictEqual(await condition.stats(), { waiters: 0, longest: null });

  const barrier = await manager.Barrier(2);
  const passed = barrier.wait().catch((error) => error.name);
  const seen = await until(() => barrier.stats(), ({ waiters }) => waiters === 1);
  deepStrictEqual([seen.parties, seen.isBroken], [2, false]);
  await barrier.abort();
  strictEqual(await passed, "BrokenBarrierError");
  deepStrictEqual(await barrier.stats(), {
    ...{ parties: 2, isBroken: true, waiters: 0, longest: null },
  });
});

MANAGER.test("what has no numbers says so, and arguments are checked", async (manager) => {
  const lock = await manager.Lock();
  await rejects(lock.stats(1 as never), { name: "TypeError" });
  await rejects(
    lock.stats({ signal: AbortSignal.abort("no more") }),
    (reason) => reason === "no more",
  );
  const list = await manager.list();
  await rejects(list._callmethod("#STATS"), {
    name: "AttributeError",
    message: /object has no attribute 'stats'$/,
  });
});

MANAGER.test("threads' objects have the same", async () => {
  const queue = dummy.Queue<number>();
  await queue.put(1);
  strictEqual((await queue.stats()).puts, 1);
  const lock = dummy.Lock();
  await lock.acquire();
  strictEqual((await lock.stats()).isLocked, true);
});
