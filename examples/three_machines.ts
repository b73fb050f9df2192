/**
 * Six workers on three machines count primes. Without arguments the machines are three
 * environments of this one, which `env` leads to; else they are what `ssh` calls them, and have
 * Deno, Bun or Node, this package and this file at the same place:
 * `deno run -A three_machines.ts user@worker1 user@worker2 user@worker3`.
 *
 * The same program in Python, with a pool for each environment: `python/three_machines.py`.
 * @module
 */
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool, Queue } from "../mod.ts";
import type { HostOption } from "../src/process.ts"; // "@pystd/multiprocessing/process"

/** Tells that a worker is there. */
export async function arrive(arrived: Queue<string>): Promise<void> {
  await arrived.put(process.env["MACHINE"] ?? "another machine");
}

/** How many primes there are from `start` on, below `start + 1000`. */
export function countPrimes(start: number): number {
  let count = 0;
  for (let n = Math.max(start, 2); n < start + 1000; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) count++;
  }
  return count;
}

if (is_main(import.meta)) {
  const names = process.argv.slice(2);
  const hosts: HostOption[] = names.length > 0 ? names : ["hut", "lake", "summit"].map(
    (name) => ({
      name,
      command: ["env", `MACHINE=${name}`],
      executable: process.execPath,
    }),
  );
  const arrived = Queue<string>();
  await using pool = Pool({
    processes: 6,
    hosts,
    initializer: arrive,
    initargs: [arrived],
  });
  const starts = Array.from({ length: 30 }, (_, i) => 1000 * i);
  const counts = await pool.map(countPrimes, starts);
  const machines = await Promise.all(Array.from({ length: 6 }, () => arrived.get()));
  for (const name of [...new Set(machines)].sort()) {
    const workers = machines.filter((one) => one === name).length;
    console.log(`${name}: ${workers} workers`);
  }
  console.log(`primes below 30000: ${counts.reduce((sum, n) => sum + n)}`);
}
