/** Pools whose workers are on the machines of agents. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { startAgent, stopAgent, WITH_AGENTS } from "../agents.ts";
import { echo, pid, square } from "./pool_targets.ts";

WITH_AGENTS.test("workers are where the label is", async ({ server, mp }) => {
  const agent = await startAgent(server, ["--processes", "3", "--where", "gpu"]);
  const pool = mp.Pool({ processes: 2, where: "gpu", retries: 3 });
  deepStrictEqual(await pool.map(square, [1, 2, 3]), [1, 4, 9]);
  const worker = await pool.apply(pid);
  ok(pool._pool.some((one) => one.pid === worker));
  process.kill(worker, "SIGKILL");
  deepStrictEqual(await pool.map(echo, [1, 2, 3, 4], 1), [1, 2, 3, 4]);
  strictEqual(pool._pool.length, 2);
  await pool.terminate();
  await stopAgent(agent);
});
