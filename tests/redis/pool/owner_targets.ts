/** A process that has a pool, until it is killed. */
import { mp } from "../targets.ts";
import { pid, rest } from "./pool_targets.ts";

/** Makes a pool, tells the numbers of its workers, and has them work. */
export async function ownPool(): Promise<void> {
  const pids = mp!.Queue<number>({ name: "pids" });
  const pool = mp!.Pool(2);
  await pool.apply(pid);
  for (const worker of pool._pool) await pids.put(worker.pid!);
  await pool.map(rest, [100, 100, 100, 100], 1);
}
