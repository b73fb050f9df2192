/**
 * `_TestCondition` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs
 * as processes. Written afresh from what each case checks.
 *
 * Changed throughout: a sleeper in a thread is one in a logical thread of the root; the
 * counters inside CPython's condition are the number of sleepers in its text; the shared
 * values are semaphores and queues; sleeping is replaced by waiting for what is waited
 * for.
 *
 * Left out:
 * - `test_wait_result`: the part in which a signal ends the wait.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { Condition, Process, Queue, Semaphore } from "../../mod.ts";
import { asThread } from "../../src/python/thread.ts";
import { test } from "../suite.ts";
import { exitcodeOf, PATIENCE } from "./helpers/checks.ts";
import * as targets from "./helpers/sync_targets.ts";

/** Sleepers on a condition, half of them processes, half of them threads. */
class Dormitory {
  readonly condition: Condition = Condition();
  readonly sleeping: Semaphore = Semaphore(0);
  readonly woken: Semaphore = Semaphore(0);
  readonly #processes: Process[] = [];
  readonly #threads: Promise<void>[] = [];

  async add(pairs: number, timeout: number | null = null): Promise<void> {
    const { condition, sleeping, woken } = this;
    for (let n = 0; n < pairs; n++) {
      const p = new Process({
        target: targets.sleepOn,
        args: [condition, sleeping, woken, timeout],
        daemon: true,
      });
      await p.start();
      this.#processes.push(p);
      this.#threads.push(
        asThread(null, () => targets.sleepOn(condition, sleeping, woken, timeout)),
      );
    }
    for (let n = 0; n < 2 * pairs; n++) {
      ok(await sleeping.acquire(true, PATIENCE));
    }
  }

  /** So many more have woken up, and no other. */
  async haveWoken(count: number): Promise<void> {
    for (let n = 0; n < count; n++) ok(await this.woken.acquire(true, PATIENCE));
    await this.condition.acquire(); // whoever has the lock still is done with it
    await this.condition.release();
    strictEqual(await this.woken.get_value(), 0);
  }

  /** Does something while it has the lock. */
  notify(how: (condition: Condition) => Promise<void>): Promise<void> {
    return this.condition.with(() => how(this.condition));
  }

  async close(): Promise<void> {
    strictEqual(String(this.condition), "<Condition(<RLock(None, 0)>, 0)>");
    await Promise.all(this.#threads);
    for (const p of this.#processes) strictEqual(await exitcodeOf(p), 0);
  }
}

test("_TestCondition.test_notify", async () => {
  const dormitory = new Dormitory();
  await dormitory.add(1);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.close();
});

test("_TestCondition.test_notify_all", async () => {
  const dormitory = new Dormitory();
  await dormitory.add(3, 0.1);
  await dormitory.haveWoken(6); // as their time is over
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify_all());
  await dormitory.haveWoken(6);
  await dormitory.close();
});

test("_TestCondition.test_notify_n", async () => {
  const dormitory = new Dormitory();
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify(2));
  await dormitory.haveWoken(2);
  await dormitory.notify((condition) => condition.notify({ n: 4 }));
  await dormitory.haveWoken(4);
  await dormitory.notify((condition) => condition.notify(3));
  await dormitory.haveWoken(0);
  await dormitory.close();
});

test("_TestCondition.test_timeout", async () => {
  const condition = Condition();
  await condition.acquire();
  strictEqual(await condition.wait(0.05), false);
  await condition.release();
});

test("_TestCondition.test_waitfor", async () => {
  const condition = Condition(), state = Semaphore(0);
  const isAt1 = async () => await state.get_value() === 1;
  const p = new Process({ target: targets.stepTo4, args: [condition, state] });
  await p.start();
  await condition.with(async () => {
    strictEqual(await condition.wait_for(isAt1, PATIENCE), true);
  });
  for (let n = 0; n < 3; n++) {
    await condition.with(async () => {
      await state.release();
      await condition.notify();
    });
  }
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestCondition.test_waitfor_timeout", async () => {
  const condition = Condition(), state = Semaphore(0), ready = Semaphore(0);
  const said = Queue<boolean>();
  const p = new Process({
    target: targets.waitInVain,
    args: [condition, state, ready, said],
  });
  await p.start();
  ok(await ready.acquire({ timeout: PATIENCE }));
  // Three times only, so that it never is 4.
  for (let n = 0; n < 3; n++) {
    await condition.with(async () => {
      await state.release();
      await condition.notify();
    });
  }
  strictEqual(await said.get(true, PATIENCE), true);
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestCondition.test_wait_result", async () => {
  const condition = Condition();
  await condition.with(async () => {
    strictEqual(await condition.wait(0), false);
    strictEqual(await condition.wait(0.05), false);
    const p = new Process({ target: targets.notifyOnce, args: [condition] });
    await p.start();
    strictEqual(await condition.wait(PATIENCE), true);
    strictEqual(await exitcodeOf(p), 0);
  });
});
