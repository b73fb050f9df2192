/**
 * A process loads what managers consist of when it uses one, or when something of a
 * manager arrives, wherever it comes from.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Pipe, Pool, Process, Queue } from "../../mod.ts";
import { ListProxy, Namespace, slice, SyncManager } from "../../src/managers.ts";
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
import { test } from "../suite.ts";

/** What a process with this target says; it must end well. */
async function ask<A extends unknown[]>(
  target: (answers: Answers, ...args: A) => Promise<void>,
  ...args: A
): Promise<Said> {
  const answers = new Queue<Said>();
  const process = new Process<(...args: unknown[]) => Promise<void>>({
    target: target as (...args: unknown[]) => Promise<void>,
    args: [answers, ...args],
  });
  process.start();
  await process.join();
  strictEqual(process.exitcode, 0);
  return await answers.get();
}

async function withList(fn: (list: List) => Promise<void>): Promise<void> {
  const manager = new SyncManager();
  await manager.start();
  try {
    await fn(await manager.list([1, 2, 3]));
  } finally {
    await manager.shutdown();
  }
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

SOCKETS.test("proxies arrive where there was no manager before", async () => {
  await withList(async (list) => {
    const seen: Said = [false, true, [1, 2, 3]];
    deepStrictEqual(await ask(fromArguments, list), seen, "in arguments");
    const queue = new Queue<List>();
    await queue.put(list);
    deepStrictEqual(await ask(fromQueue, queue), seen, "by a queue");
    const [reader, writer] = Pipe<List>(false);
    await writer.send(list);
    deepStrictEqual(await ask(fromPipe, reader), seen, "by a pipe");
    reader.close();
    writer.close();
  });
});

SOCKETS.test("proxies arrive with a pool's tasks", async () => {
  await withList(async (list) => {
    const seen: Said = [false, true, [1, 2, 3]];
    const lists = [list, list, list];
    for (
      const run of [
        async (pool: Pool) => [await pool.apply(fromTask, [list])],
        (pool: Pool) => pool.map(fromTask, lists),
        (pool: Pool) => pool.starmap(fromTask, lists.map((list) => [list])),
        (pool: Pool) =>
          Promise.all(
            lists.map((list) => pool.apply_async(fromTask, [list]).get()),
          ),
      ]
    ) {
      const pool = new Pool(1, begin);
      for (const said of await run(pool)) deepStrictEqual(said, seen);
      pool.close();
      await pool.join();
    }
  });
});

SOCKETS.test("proxies arrive as a pool's results, and in its errors", async () => {
  await withList(async (list) => {
    const seen = [1, 2, 3];
    const queue = new Queue<List>();
    await queue.put(list);
    deepStrictEqual(await ask(fromResult, queue), [false, true, seen]);
    await queue.put(list);
    deepStrictEqual(
      await ask(fromError, queue),
      [false, true, ["TypeError", "RemoteTraceback", seen]],
    );
  });
});

test("slices, namespaces and classes of proxies arrive too", async () => {
  const queue = new Queue<[ReturnType<typeof slice>, Namespace, { name: string }]>();
  await queue.put([slice(1, 2), new Namespace({ x: 1 }), ListProxy]);
  deepStrictEqual(
    await ask(dataFromQueue, queue),
    [false, true, [2, "Namespace(x=1)", "ListProxy"]],
  );
});
