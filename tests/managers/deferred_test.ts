/**
 * A process loads what managers consist of when it uses one, or when something of a
 * manager arrives, wherever it comes from.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Pipe, Pool, Queue } from "../../mod.ts";
import { ListProxy, Namespace, slice } from "../../src/managers.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";
import {
  type Answers,
  begin,
  dataFromQueue,
  fromArguments,
  fromError,
  fromPipe,
  fromQueue,
  fromResult,
  fromTask,
  leavesManager,
  type List,
  type Said,
  usesManager,
  usesNone,
} from "../helpers/lazy_targets.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { MANAGER } from "../helpers/manager_tests.ts";
import { test } from "../suite.ts";

/** What is in a list, and what a process says that has got it. */
const ITEMS = [1, 2, 3], SEEN: Said = [false, true, ITEMS];

/** What a process with this target says; it must end well. */
async function ask<A extends unknown[]>(
  target: (answers: Answers, ...args: A) => Promise<void>,
  ...args: A
): Promise<Said> {
  const answers = new Queue<Said>();
  strictEqual(await exitcodeOf(started(target, [answers, ...args])), 0);
  return await answers.get();
}

test("a process without managers does not load what they need", async () => {
  deepStrictEqual(await ask(usesNone), [false, false, null]);
});

SOCKETS.test("a process loads it when it uses a manager", async () => {
  deepStrictEqual(await ask(usesManager), [false, true, [1, 2]]);
});

SOCKETS.test("a manager that is left running ends with its process", async () => {
  const [before, , [address, name]] = await ask(leavesManager) as [
    boolean,
    boolean,
    [string, string],
  ];
  deepStrictEqual([before, address], [false, "string"]);
  strictEqual(/^SyncManager-\d+(:\d+)+$/.test(name), true, name);
});

MANAGER.test("proxies arrive where there was no manager before", async (manager) => {
  const list = await manager.list(ITEMS);
  deepStrictEqual(await ask(fromArguments, list), SEEN, "in arguments");
  const queue = new Queue<List>();
  await queue.put(list);
  deepStrictEqual(await ask(fromQueue, queue), SEEN, "by a queue");
  const [reader, writer] = Pipe<List>(false);
  await writer.send(list);
  deepStrictEqual(await ask(fromPipe, reader), SEEN, "by a pipe");
  reader.close();
  writer.close();
});

MANAGER.test("proxies arrive with a pool's tasks", async (manager) => {
  const list = await manager.list(ITEMS);
  const lists = [list, list, list];
  for (
    const run of [
      async (pool: Pool) => [await pool.apply(fromTask, [list])],
      (pool: Pool) => pool.map(fromTask, lists),
      (pool: Pool) => pool.starmap(fromTask, lists.map((list) => [list])),
      (pool: Pool) =>
        Promise.all(lists.map((list) => pool.apply_async(fromTask, [list]).get())),
    ]
  ) {
    const pool = new Pool(1, begin);
    for (const said of await run(pool)) deepStrictEqual(said, SEEN);
    pool.close();
    await pool.join();
  }
});

MANAGER.test("proxies arrive as a pool's results, and in its errors", async (manager) => {
  const list = await manager.list(ITEMS);
  const queue = new Queue<List>();
  await queue.put(list);
  deepStrictEqual(await ask(fromResult, queue), SEEN);
  await queue.put(list);
  const errors = ["TypeError", "RemoteTraceback", ITEMS];
  deepStrictEqual(await ask(fromError, queue), [false, true, errors]);
});

test("slices, namespaces and classes of proxies arrive too", async () => {
  const queue = new Queue<[ReturnType<typeof slice>, Namespace, { name: string }]>();
  await queue.put([slice(1, 2), new Namespace({ x: 1 }), ListProxy]);
  deepStrictEqual(
    await ask(dataFromQueue, queue),
    [false, true, [2, "Namespace(x=1)", "ListProxy"]],
  );
});
