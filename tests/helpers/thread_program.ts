/** A thread that is the root of processes; see children/thread_root.ts. */
import { parentPort } from "node:worker_threads";
import { Pool, Process, SimpleQueue } from "../../mod.ts";
import { lookFrom, tell } from "./start_targets.ts";

const q = SimpleQueue<unknown>();
const p = new Process({ target: tell, args: [q] });
p.start();
await q.get();
await p.join();
const pool = Pool(1);
const results = await pool.map(lookFrom, [1, 2]);
pool.close();
await pool.join();
const said = `exit code ${p.exitcode}, ${results.length} results`;
const { postMessage } = globalThis as { postMessage?: (text: string) => void };
if (postMessage !== undefined) postMessage(said);
else parentPort!.postMessage(said);
