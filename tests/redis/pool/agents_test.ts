/** Pools whose workers are on the machines of agents. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { gone, LEASE, startAgent, stopAgent, WITH_AGENTS } from "../agents.ts";
import { withPath } from "../paths.ts";
import { block, echo, pid, square, stopOnce } from "./pool_targets.ts";

WITH_AGENTS.test("workers are where the labels are", async ({ server, mp }) => {
  const labels = ["--where", "near", "--where", "gpu"];
  const agent = await startAgent(server, ["--processes", "3", ...labels]);
  const pool = mp.Pool({ processes: 2, where: ["gpu", "near"], retries: 3 });
  deepStrictEqual(await pool.map(square, [1, 2, 3]), [1, 4, 9]);
  const worker = await pool.apply(pid);
  ok(pool._pool.some((one) => one.pid === worker));
  process.kill(worker, "SIGKILL");
  deepStrictEqual(await pool.map(echo, [1, 2, 3, 4], 1), [1, 2, 3, 4]);
  strictEqual(pool._pool.length, 2);
  await pool.terminate();
  await stopAgent(agent);
});

WITH_AGENTS.test("one that does not give way keeps its task beyond its lease", async (given) => {
  const { server, mp } = given;
  const agent = await startAgent(server, ["--processes", "1"], { lease: LEASE });
  const begun = mp.Queue<number>();
  await using pool = mp.Pool(1, { retries: 3 });
  const worker = await pool.apply(block, [begun, 3 * LEASE]);
  strictEqual(await pool.apply(pid), worker);
  deepStrictEqual([await begun.get(), await begun.qsize()], [worker, 0]); // it ran once
  strictEqual(pool.stats().lost, 0);
  await pool.terminate();
  await stopAgent(agent);
});

WITH_AGENTS.test("one that is stopped there loses its task, and is replaced", async (given) => {
  const { server, mp } = given;
  const agent = await startAgent(server, ["--processes", "2"], { lease: LEASE });
  await withPath(async (path) => {
    await using pool = mp.Pool(1, { retries: 1 });
    const first = await pool.apply(pid);
    strictEqual(await pool.apply(stopOnce, [path]), "elsewhere");
    ok(await pool.apply(pid) !== first);
    await gone(first);
    await pool.terminate();
  });
  await withPath(async (path) => {
    await using pool = mp.Pool(1);
    const error = await pool.apply(stopOnce, [path]).then(() => undefined, (e) => e);
    strictEqual(error?.name, "WorkerLostError");
    match(error.message, /on .* was not heard of for longer than its lease/);
    strictEqual(await pool.apply(echo, [1]), 1);
    await pool.terminate();
  });
  await stopAgent(agent);
});

WITH_AGENTS.test("workers of a pool whose context has a client are there, too", async (given) => {
  const { createClient } = await import("@redis/client");
  const client = createClient({ url: given.server.url });
  const mp = given.server.context({ url: null, client });
  const agent = await startAgent(given.server, ["--processes", "1", "--host", "far"]);
  const pool = mp.Pool(1);
  deepStrictEqual(await pool.map(square, [1, 2]), [1, 4]);
  const [worker] = pool._pool as unknown as { host: string | null }[];
  strictEqual(worker!.host, "far");
  await pool.terminate();
  await stopAgent(agent);
});
