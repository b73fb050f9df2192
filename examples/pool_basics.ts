/**
 * Four workers deal with ten events; the pool is closed, and its workers are waited for.
 *
 * The same program in Python: `python/pool_basics.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // import time
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool } from "../mod.ts";

/** Deals with one event. */
export async function worker(
  event: string,
  { loud }: { loud: boolean },
): Promise<string> {
  await delay(100 * Math.random()); // time.sleep(0.1 * random.random())
  console.log(`dealt with ${event}`);
  return loud ? event.toUpperCase() : event;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const pool = Pool(4);
  const results = [];
  for (let i = 0; i < 10; i++) { // for i in range(10):
    // pool.apply_async(worker, ("event %d" % i,), {"loud": i % 2 == 0})
    const result = pool.apply_async(worker, [`event ${i}`], { loud: i % 2 === 0 });
    results.push(result);
  }
  pool.close();
  await pool.join();
  console.log("all events are dealt with");
  for (const result of results) {
    console.log(await result.get());
  }
}
