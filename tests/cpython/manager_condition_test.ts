/**
 * `_TestCondition` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs
 * with a manager. Written afresh from what each case checks.
 *
 * Changed throughout: a sleeper in a thread is one in a logical thread of this process;
 * sleeping is replaced by waiting for what is waited for.
 *
 * Left out:
 * - `test_wait_result`: the part in which a signal ends the wait.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import type { Process } from "../../mod.ts";
import type { ConditionProxy, QueueProxy, SyncManager } from "../../src/managers.ts";
import { asThread } from "../../src/python/thread.ts";
import { PATIENCE } from "./helpers/checks.ts";
import { endAll, managed, startAll } from "./helpers/managed.ts";
import * as targets from "./helpers/managed_targets.ts";

/** Sleepers on a condition, half of them processes, half of them threads. */
class Dormitory {
  readonly condition: ConditionProxy;
  readonly #sleeping: QueueProxy<null>;
  readonly #woken: QueueProxy<boolean>;
  readonly #processes: Process[] = [];
  readonly #threads: Promise<void>[] = [];

  constructor(
    condition: ConditionProxy,
    sleeping: QueueProxy<null>,
    woken: QueueProxy<boolean>,
  ) {
    this.condition = condition;
    this.#sleeping = sleeping;
    this.#woken = woken;
  }

  static async of(manager: SyncManager): Promise<Dormitory> {
    const condition = await manager.Condition();
    return new Dormitory(
      condition,
      await manager.Queue<null>(),
      await manager.Queue<boolean>(),
    );
  }

  async add(pairs: number, timeout: number | null = null): Promise<void> {
    const args = [this.condition, this.#sleeping, this.#woken, timeout] as const;
    this.#processes.push(...await startAll(pairs, targets.sleepOn, [...args]));
    for (let n = 0; n < pairs; n++) {
      this.#threads.push(asThread(null, () => targets.sleepOn(...args)));
    }
    for (let n = 0; n < 2 * pairs; n++) await this.#sleeping.get(true, PATIENCE);
  }

  /** So many more have woken up, told whether they were notified, and no other. */
  async haveWoken(count: number, notified = true): Promise<void> {
    for (let n = 0; n < count; n++) {
      strictEqual(await this.#woken.get(true, PATIENCE), notified);
    }
    await this.condition.acquire(); // whoever has the lock still is done with it
    await this.condition.release();
    strictEqual(await this.#woken.qsize(), 0);
  }

  /** Does something while it has the lock. */
  notify(how: (condition: ConditionProxy) => Promise<void>): Promise<void> {
    return this.condition.with(() => how(this.condition));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads);
    await endAll(this.#processes);
  }
}

managed("_TestCondition.test_notify (manager)", async (manager) => {
  const dormitory = await Dormitory.of(manager);
  await dormitory.add(1);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.close();
});

managed("_TestCondition.test_notify_all (manager)", async (manager) => {
  const dormitory = await Dormitory.of(manager);
  await dormitory.add(3, 0.1);
  await dormitory.haveWoken(6, false); // as their time is over
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify_all());
  await dormitory.haveWoken(6);
  await dormitory.close();
});

managed("_TestCondition.test_notify_n (manager)", async (manager) => {
  const dormitory = await Dormitory.of(manager);
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify(2));
  await dormitory.haveWoken(2);
  await dormitory.notify((condition) => condition.notify(4));
  await dormitory.haveWoken(4);
  await dormitory.notify((condition) => condition.notify(3));
  await dormitory.haveWoken(0);
  await dormitory.close();
});

managed("_TestCondition.test_timeout (manager)", async (manager) => {
  const condition = await manager.Condition();
  await condition.acquire();
  strictEqual(await condition.wait(0.05), false);
  await condition.release();
});

managed("_TestCondition.test_waitfor (manager)", async (manager) => {
  const condition = await manager.Condition();
  const state = await manager.Value<number>("i", 0);
  const processes = await startAll(1, targets.stepTo4, [condition, state]);
  await condition.with(async () => {
    const isAt1 = async () => await state.value === 1;
    ok(await condition.wait_for(isAt1, PATIENCE));
  });
  for (let n = 0; n < 3; n++) {
    await condition.with(async () => {
      state.value = await state.value + 1;
      await condition.notify();
    });
  }
  await endAll(processes);
});

managed("_TestCondition.test_waitfor_timeout (manager)", async (manager) => {
  const condition = await manager.Condition();
  const state = await manager.Value<number>("i", 0);
  const said = await manager.Queue<boolean>();
  const processes = await startAll(1, targets.waitInVain, [condition, state, said]);
  strictEqual(await said.get(true, PATIENCE), true);
  // Three times only, so that it never is 4.
  for (let n = 0; n < 3; n++) {
    await condition.with(async () => {
      state.value = await state.value + 1;
      await condition.notify();
    });
  }
  strictEqual(await said.get(true, PATIENCE), true);
  await endAll(processes);
});

managed("_TestCondition.test_wait_result (manager)", async (manager) => {
  const condition = await manager.Condition();
  await condition.with(async () => {
    strictEqual(await condition.wait(0), false);
    strictEqual(await condition.wait(0.05), false);
    const processes = await startAll(1, targets.notifyOnce, [condition]);
    strictEqual(await condition.wait(PATIENCE), true);
    await endAll(processes);
  });
});
