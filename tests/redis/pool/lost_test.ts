/**
 * Workers that die, are stopped, or compute for longer than their lease, and an owner that
 * dies: what becomes of tasks, workers and keys.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Process } from "../../../mod.ts";
import { random } from "../../kill/items.ts";
import { withPath } from "../paths.ts";
import { ON_SERVER, until } from "../server.ts";
import { ADDRESS } from "../targets.ts";
import { ownPool } from "./owner_targets.ts";
import {
  die,
  dieOnce,
  echo,
  later,
  pid,
  rest,
  spin,
  stopOnce,
} from "./pool_targets.ts";

ON_SERVER.test("a dead worker's task fails at once, and it is replaced", async (server) => {
  const mp = server.context({ lease: 60 });
  await using pool = mp.Pool(2);
  const others = [1, 2, 3].map((i) => pool.apply_async(later, [i]));
  const error = await pool.apply(die).then(() => undefined, (error) => error);
  strictEqual(error?.name, "WorkerLostError");
  strictEqual(error.signal, "SIGKILL");
  strictEqual(error.exitcode, -9);
  ok(/^RedisPoolWorker-\d \(pid \d+\) was killed by SIGKILL .* worked on die\(\)/.test(
    error.message,
  ));
  deepStrictEqual(await Promise.all(others.map((one) => one.get())), [1, 2, 3]);
  deepStrictEqual(await pool.map(echo, [1, 2, 3, 4]), [1, 2, 3, 4]);
  strictEqual(pool._pool.length, 2);
  strictEqual(pool.stats().lost, 1);
});

ON_SERVER.test("it is run again as often as was chosen", (server) =>
  withPath(async (path) => {
    const mp = server.context({ lease: 60 });
    await using pool = mp.Pool(2, { retries: 2 });
    strictEqual(await pool.apply(dieOnce, [path]), "again");
    const error = await pool.apply(die).then(() => undefined, (error) => error);
    strictEqual(error?.name, "WorkerLostError");
    strictEqual(pool.stats().lost, 4);
  }));

ON_SERVER.test("one that computes keeps its task beyond its lease", async (server) => {
  const mp = server.context({ lease: 0.6 });
  await using pool = mp.Pool(1);
  const [first] = await Promise.all([pool.apply(spin, [2.5]), pool.apply(pid)]);
  strictEqual(await pool.apply(pid), first);
  strictEqual(pool.stats().lost, 0);
});

ON_SERVER.test("so does a pool whose owner computes", async (server) => {
  const mp = server.context({ lease: 0.6 });
  await using pool = mp.Pool(2);
  const worker = await pool.apply(pid);
  const result = pool.apply_async(rest, [0.1]);
  await pool.apply(pid);
  spin(2.5);
  ok(await result.get() > 0);
  ok((await pool.map(rest, [0.1, 0.1, 0.1, 0.1], 1)).includes(worker));
});

ON_SERVER.test("one that is stopped loses its task, and can deliver nothing", (server) =>
  withPath(async (path) => {
    const mp = server.context({ lease: 1 });
    await using pool = mp.Pool(2, { retries: 1 });
    await pool.map(rest, [0.5, 0.5], 1);
    const before = new Set(pool._pool.map(({ pid }) => pid));
    strictEqual(await pool.apply(stopOnce, [path]), "elsewhere");
    strictEqual(pool._pool.length, 2);
    strictEqual(pool._pool.filter(({ pid }) => before.has(pid)).length, 1);
    const all = await pool.map(echo, [1, 2, 3, 4], 1);
    deepStrictEqual(all, [1, 2, 3, 4]);
  }));

ON_SERVER.test("without retries the task of a stopped one fails", (server) =>
  withPath(async (path) => {
    const mp = server.context({ lease: 1 });
    await using pool = mp.Pool(1);
    const error = await pool.apply(stopOnce, [path]).then(() => undefined, (e) => e);
    strictEqual(error?.name, "WorkerLostError");
    ok(/not heard of for longer than its lease/.test(error.message), error.message);
    strictEqual(await pool.apply(echo, [1]), 1);
  }));

ON_SERVER.test("workers are killed at random, and no task is lost", async (server) => {
  const mp = server.context({ lease: 60 });
  await using pool = mp.Pool(3, { retries: 1000 });
  const next = random(20261130);
  const numbers = Array.from({ length: 3000 }, (_, i) => i);
  await pool.apply(pid);
  let kills = 0;
  let goal = 100;
  const progress = (done: number) => {
    if (done < goal || kills === 10) return;
    goal = done + 1 + Math.floor(next() * 400);
    const workers = pool._pool.filter(({ pid }) => pid !== null);
    const { pid } = workers[Math.floor(next() * workers.length)]!;
    process.kill(pid!, "SIGKILL");
    kills++;
  };
  const result = pool.map_async(later, numbers, 1, { progress });
  deepStrictEqual(await result.get(), numbers);
  ok(kills >= 7, `${kills}`);
}, { timeout: 120 });

ON_SERVER.test("a pool goes with its owner, and its workers end", async (server) => {
  process.env[ADDRESS] = server.url;
  try {
    const mp = server.context({ lease: 4 });
    const pids = mp.Queue<number>({ name: "pids" });
    const owner = new Process({ target: ownPool });
    await owner.start();
    const workers = [await pids.get(), await pids.get()];
    owner.kill();
    await owner.join();
    await until(async () => await server.command("ZCARD", "{mp:test}:sessions") === 1);
    await pids.unlink();
    for (const pid of workers) {
      // To ask lets this process, which has started them, hear of their ends.
      await until(async () => await server.text("PING") === "PONG" && !isAlive(pid));
    }
    const pools = (await server.keys()).filter((key) => /:o:(?!n\.)/.test(key));
    deepStrictEqual(pools, []);
  } finally {
    delete process.env[ADDRESS];
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
