// Starts processes that can be debugged, prints "ready", and waits until it is killed.
import { Pool, Process, SimpleQueue } from "../../mod.ts";
import { hold } from "../helpers/start_targets.ts";

if (import.meta.main) {
  const q = SimpleQueue<number>();
  const options = { target: hold, args: [q] as [typeof q], daemon: true };
  new Process({ ...options, inspect: true }).start();
  new Process({ ...options, execArgv: ["--inspect=0"] }).start();
  new Process({ ...options }).start();
  // A pool that nobody refers to may be collected, and ends its workers then.
  const pool = Pool({ processes: 1, inspect: true, initializer: hold, initargs: [q] });
  const pids = [await q.get(), await q.get(), await q.get(), await q.get()];
  console.log(`ready ${new Set(pids).size}`);
  await q.get(); // for ever
  await pool.terminate();
}
