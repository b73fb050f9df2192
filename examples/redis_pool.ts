/**
 * `pool_basics` on many machines: the pool's tasks are on a server, Redis or Valkey, and its
 * workers run where agents are (`npx @pystd/multiprocessing agent redis://…`), or on this
 * machine if there are none. Only the line with `get_context` is another one.
 *
 * The same program in Python, on one machine: `python/pool_basics.py`. The variable
 * `REDIS_URL` tells where the server is.
 * @module
 */
import { delay } from "@std/async"; // import time
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing" and "@pystd/multiprocessing/redis"
import { is_main } from "../mod.ts";
import { get_context } from "../src/redis.ts";

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
  const url = process.env["REDIS_URL"] ?? "redis://localhost";
  const { Pool } = get_context("redis", { url }); // the line
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
