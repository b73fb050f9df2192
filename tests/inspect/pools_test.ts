/** What is seen of a pool: its name, its workers and what they run. */
import { ok, strictEqual } from "node:assert/strict";
import { Pool } from "../../mod.ts";
import { inspect } from "../../src/inspect.ts";
import { consumeForever } from "../children/inspected.ts";
import { test } from "../suite.ts";

test("inspect: a pool, its worker's task, and who waits for the result", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const squares = Pool(1);
  const waiting = squares.apply(consumeForever, [7]).catch(() => {});
  let seen = await view.snapshot();
  const worker = () => seen.processes.find(({ tasks }) => tasks.length > 0);
  const isComplete = () => seen.pools[0]?.workers[0]?.isBusy && worker() !== undefined;
  while (!isComplete()) seen = await view.snapshot();
  const [pool] = seen.pools;
  strictEqual(pool!.name, "squares");
  strictEqual(pool!.process, 0);
  strictEqual(pool!.workers[0]!.process, worker()!.number);
  strictEqual(worker()!.role, "worker");
  strictEqual(worker()!.tasks[0]!.func, "consumeForever");
  strictEqual(worker()!.tasks[0]!.args, "[7]");
  ok(seen.processes[0]!.waits.some(({ pool: id }) => id === pool!.id));
  await squares.terminate();
  await waiting;
});
