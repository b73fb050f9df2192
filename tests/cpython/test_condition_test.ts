/**
 * `_TestCondition` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from
 * what each case checks.
 *
 * Changed throughout: a sleeper in a thread is one in a logical thread of this process; the
 * counters inside CPython's condition are the number of sleepers in its text; the shared
 * values are queues, of which the size counts; sleeping is replaced by waiting for what is
 * waited for.
 *
 * The part of `test_wait_result` in which a signal ends the wait is a program of its own.
 */
import { strictEqual } from "node:assert/strict";
import type { Condition, Process, Queue } from "../../mod.ts";
import { asThread } from "../../src/python/thread.ts";
import { outputOf } from "../helpers/run.ts";
import { CLAIM_WAIT } from "./helpers/checks.ts";
import { ALL, bind, endAll, type Kind, startAll } from "./helpers/kinds.ts";
import * as targets from "./helpers/sync_targets.ts";

const conditionCase = bind("_TestCondition", ALL);

/** Sleepers on a condition, half of them processes, half of them threads. */
class Dormitory {
  readonly condition: Condition;
  readonly #kind: Kind;
  readonly #sleeping: Queue<null>;
  readonly #woken: Queue<boolean>;
  readonly #processes: Process[] = [];
  readonly #threads: Promise<void>[] = [];

  constructor(
    kind: Kind,
    condition: Condition,
    sleeping: Queue<null>,
    woken: Queue<boolean>,
  ) {
    this.#kind = kind;
    this.condition = condition;
    this.#sleeping = sleeping;
    this.#woken = woken;
  }

  static async of(kind: Kind): Promise<Dormitory> {
    return new Dormitory(
      kind,
      await kind.Condition(),
      await kind.Queue<null>(),
      await kind.Queue<boolean>(),
    );
  }

  async add(pairs: number, timeout: number | null = null): Promise<void> {
    const args = [this.condition, this.#sleeping, this.#woken, timeout] as const;
    this.#processes.push(
      ...await startAll(this.#kind, pairs, targets.sleepOn, [...args]),
    );
    for (let n = 0; n < pairs; n++) {
      this.#threads.push(asThread(null, () => targets.sleepOn(...args)));
    }
    for (let n = 0; n < 2 * pairs; n++) await this.#sleeping.get(true, CLAIM_WAIT);
  }

  /** So many more have woken up, told whether they were notified, and no other. */
  async haveWoken(count: number, notified = true): Promise<void> {
    for (let n = 0; n < count; n++) {
      strictEqual(await this.#woken.get(true, CLAIM_WAIT), notified);
    }
    await this.condition.acquire(); // the sleeper that has the lock is done with it
    await this.condition.release();
    strictEqual(await this.#woken.qsize(), 0);
  }

  /** Does something while it has the lock. */
  notify(how: (condition: Condition) => Promise<void>): Promise<void> {
    return this.condition.with(() => how(this.condition));
  }

  async close(): Promise<void> {
    if (this.#kind.TYPE === "processes" && !this.#kind.isOnServer) {
      strictEqual(String(this.condition), "<Condition(<RLock(None, 0)>, 0)>");
    }
    await Promise.all(this.#threads);
    await endAll(this.#processes);
  }
}

conditionCase("test_notify", async (kind) => {
  const dormitory = await Dormitory.of(kind);
  await dormitory.add(1);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.notify((condition) => condition.notify());
  await dormitory.haveWoken(1);
  await dormitory.close();
});

conditionCase("test_notify_all", async (kind) => {
  const dormitory = await Dormitory.of(kind);
  await dormitory.add(3, 0.1);
  await dormitory.haveWoken(6, false); // as their time is over
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify_all());
  await dormitory.haveWoken(6);
  await dormitory.close();
});

conditionCase("test_notify_n", async (kind) => {
  const dormitory = await Dormitory.of(kind);
  await dormitory.add(3);
  await dormitory.haveWoken(0);
  await dormitory.notify((condition) => condition.notify(2));
  await dormitory.haveWoken(2);
  const four = kind.TYPE === "manager" ? 4 : { n: 4 }; // proxies have no options
  await dormitory.notify((condition) => condition.notify(four as number));
  await dormitory.haveWoken(4);
  await dormitory.notify((condition) => condition.notify(3));
  await dormitory.haveWoken(0);
  await dormitory.close();
});

conditionCase("test_timeout", async (kind) => {
  const condition = await kind.Condition();
  await condition.acquire();
  strictEqual(await condition.wait(0.05), false);
  await condition.release();
});

conditionCase("test_waitfor", async (kind) => {
  const condition = await kind.Condition(), state = await kind.Queue<null>();
  const processes = await startAll(kind, 1, targets.stepTo4, [condition, state]);
  await condition.with(async () => {
    const isAt1 = async () => await state.qsize() === 1;
    strictEqual(await condition.wait_for(isAt1, CLAIM_WAIT), true);
  });
  await stepThrice(condition, state);
  await endAll(processes);
});

conditionCase("test_waitfor_timeout", async (kind) => {
  const condition = await kind.Condition(), state = await kind.Queue<null>();
  const said = await kind.Queue<boolean>();
  const processes = await startAll(kind, 1, targets.waitInVain, [
    condition,
    state,
    said,
  ]);
  strictEqual(await said.get(true, CLAIM_WAIT), true);
  await stepThrice(condition, state); // so that it never is 4
  strictEqual(await said.get(true, CLAIM_WAIT), true);
  await endAll(processes);
});

conditionCase("test_wait_result", async (kind) => {
  const condition = await kind.Condition();
  await condition.with(async () => {
    strictEqual(await condition.wait(0), false);
    strictEqual(await condition.wait(0.05), false);
    const processes = await startAll(kind, 1, targets.notifyOnce, [condition]);
    strictEqual(await condition.wait(CLAIM_WAIT), true);
    await endAll(processes);
  });
  if (kind.TYPE !== "processes") return;
  const said = await outputOf("tests/children/wait_interrupted.ts");
  strictEqual(said, "notified true\nKeyboardInterrupt\nexitcode 0\n");
});

/** Three more, each told. */
async function stepThrice(condition: Condition, state: Queue<null>): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await condition.with(async () => {
      await state.put(null);
      await condition.notify();
    });
  }
}
