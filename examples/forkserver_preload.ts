/**
 * The start method `forkserver`: processes are started ahead, with what takes long to load. Here
 * that is a table in this very module, which each process would have to make before its work;
 * where a process was started ahead, it is there already.
 *
 * Run it with `deno run -A examples/forkserver_preload.ts`, `bun` or `node`. The same program in
 * Python: `python/forkserver_preload.py`. Where a line looks different there, the Python line
 * stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import {
  current_process,
  get_start_method,
  is_main,
  Pool,
  Process,
  Queue,
  set_forkserver_preload,
  set_start_method,
} from "../mod.ts";

/** For each number up to a million, whether it is a prime. */
const TABLE = sieve(1_000_000);

function sieve(size: number): Uint8Array {
  const table = new Uint8Array(size).fill(1, 2); // bytearray(2) + b"\1" * (size - 2)
  for (let n = 2; n * n < size; n++) {
    if (table[n]) { for (let m = n * n; m < size; m += n) table[m] = 0; }
  }
  return table;
}

/** Counts the primes in a range. */
export function count([start, end]: [number, number]): number {
  let primes = 0;
  for (let n = start; n < end; n++) primes += TABLE[n]!; // sum(TABLE[start:end])
  return primes;
}

/** Tells who it is, and how many primes there are. */
export async function tell(q: Queue<string>): Promise<void> {
  await q.put(`${current_process().name}: ${count([0, TABLE.length])} primes`);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  set_start_method("forkserver");
  set_forkserver_preload(["__main__"], { spares: 4 }); // set_forkserver_preload(["__main__"])
  console.log(get_start_method());
  const q = Queue<string>();
  for (let i = 0; i < 3; i++) { // for _ in range(3):
    const p = new Process({ target: tell, args: [q] });
    p.start();
    console.log(await q.get());
    await p.join();
  }
  await using pool = Pool(2); // with Pool(2) as pool:
  const ranges: [number, number][] = [[0, 10], [10, 100], [100, 1000], [1000, 10000]];
  console.log(await pool.map(count, ranges));
}
