/**
 * What a pool's methods give: a list, results as they come, one result later on, or
 * nothing in time.
 *
 * The same program in Python: `python/doc_pool_workers.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // import time
import process from "node:process"; // import os
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool, TimeoutError } from "../mod.ts";

/** The square. */
export function f(x: number): number {
  return x * x;
}

/** The number of the process that calls it. */
export function getpid(): number { // os.getpid
  return process.pid;
}

/** Waits for so many seconds. */
export async function sleep(seconds: number): Promise<void> { // time.sleep
  await delay(1000 * seconds);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const numbers = Array.from({ length: 10 }, (_, i) => i); // range(10)
  { // with Pool(processes=4) as pool:
    await using pool = Pool({ processes: 4 });
    console.log(...await pool.map(f, numbers)); // print(*pool.map(f, numbers))

    let sum = 0; // the order of these is chance
    for await (const square of pool.imap_unordered(f, numbers)) {
      sum += square;
    }
    console.log("their sum:", sum);

    const later = pool.apply_async(f, [20]); // (20,)
    console.log(await later.get({ timeout: 40 })); // later.get(timeout=40)

    const who = pool.apply_async(getpid);
    console.log("another process:", (await who.get({ timeout: 40 })) !== process.pid);

    const several = Array.from({ length: 4 }, () => pool.apply_async(getpid));
    const pids = await Promise.all(
      several.map((result) => result.get({ timeout: 40 })),
    );
    console.log("answers:", pids.length); // [result.get(timeout=40) for result in several]

    const late = pool.apply_async(sleep, [10]); // (10,)
    try {
      console.log(await late.get({ timeout: 0.1 }));
    } catch (error) { // except TimeoutError:
      if (!(error instanceof TimeoutError)) throw error;
      console.log("no answer in time");
    }
    console.log("the pool goes on:", await pool.apply(f, [3]));
  }
  console.log("the pool is gone, and with it the task that was late");
}
