// Has a process that computes on a host, and a pool there; prints their pids, then "ready". The
// host is the first argument, as JSON. With "interrupted" it waits for Ctrl-C, and ends.
import process from "node:process";
import { is_main, KeyboardInterrupt, Pool, Process, Queue } from "../../mod.ts";
import type { Host } from "../../src/process.ts";
import { compute, computeForEver, idle, pidThere } from "../helpers/host_targets.ts";

if (is_main(import.meta)) {
  const host = JSON.parse(process.argv[2]!) as Host;
  const told = Queue<number>();
  if (process.argv[3] === "interrupted") {
    const p = new Process({ target: idle, args: [told], host });
    await p.start();
    console.log(`pids ${await told.get()}`);
    console.log("ready");
    try {
      await p.join();
    } catch (error) {
      if (!(error instanceof KeyboardInterrupt)) throw error;
      await p.join();
      console.log(`interrupted, then ${p.exitcode}`);
    }
  } else {
    const p = new Process({ target: compute, args: [told], host });
    await p.start();
    const pool = Pool({ processes: 1, hosts: [host] });
    const pids = new Set([await told.get()]);
    for (const pid of await pool.map(pidThere, [1, 2, 3, 4], 1)) pids.add(pid);
    pool.apply_async(computeForEver);
    console.log(`pids ${[...pids].join(" ")}`);
    console.log("ready");
    if (process.argv[3] === "throws") throw new Error("the end");
    await p.join();
  }
}
