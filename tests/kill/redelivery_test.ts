/**
 * Workers of a queue that redelivers are killed at random instants: each item is dealt with
 * at least once, as often again as a worker died between its work and `task_done()`; `join`
 * comes back. `KILL_SEED` in the environment changes which instants.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { JoinableQueue, type Process, Queue } from "../../mod.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { doomedWorker } from "../helpers/redelivery_targets.ts";
import { test } from "../suite.ts";
import { random, randomTurns } from "./items.ts";

const SEED = Number(process.env["KILL_SEED"] ?? 20260501);
const KILLS = Number(process.env["KILL_ROUNDS"] ?? 60) / 4;
const ITEMS = 600;
const WORKERS = 3;

for (const [maxsize, isConcurrent] of [[0, false], [8, true]] as const) {
  const how = isConcurrent ? "three tasks each, a bound" : "one task each, no bound";
  test(
    `SIGKILL of workers at random instants: ${how}`,
    () =>
      withFolder(async (folder) => {
        const next = random(SEED + maxsize);
        const q = JoinableQueue<number>({ maxsize, redeliver: 1000 });
        const hello = Queue<number>();
        const path = join(folder, "done");
        const start = () => started(doomedWorker, [q, hello, path, isConcurrent]);
        const workers: Process[] = [];
        while (workers.length < WORKERS) workers.push(await start());
        const putting = (async () => {
          for (let i = 0; i < ITEMS; i++) await q.put(i);
        })();
        for (let kills = 0; kills < KILLS; kills++) {
          await hello.get();
          await randomTurns(next);
          const index = Math.floor(next() * WORKERS);
          workers[index]!.kill();
          strictEqual(await exitcodeOf(workers[index]!), -9);
          workers[index] = await start();
        }
        await putting;
        await q.shutdown();
        await q.join();
        for (const worker of workers) strictEqual(await exitcodeOf(worker), 0);
        const done = readFileSync(path, "utf8").trim().split("\n").map(Number);
        deepStrictEqual(
          [...new Set(done)].sort((a, b) => a - b),
          Array.from({ length: ITEMS }, (_, i) => i),
        );
        const most = KILLS * (isConcurrent ? 3 : 1);
        ok(done.length - ITEMS <= most, `${done.length - ITEMS} were done again`);
        strictEqual(await q.empty(), true);
        deepStrictEqual(await q.dead_letters(), []);
      }),
    { timeout: 300 },
  );
}
