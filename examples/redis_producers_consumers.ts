/**
 * `producers_consumers` on many machines: the queue is on a server, Redis or Valkey, and the
 * processes run where agents are (`npx @pystd/multiprocessing agent redis://…`), or on this
 * machine if there are none. Only the line with `get_context` is another one.
 *
 * The same program in Python, on one machine: `python/producers_consumers.py`. The variable
 * `REDIS_URL` tells where the server is.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
import process from "node:process";
// In a program of your own: from "@pystd/multiprocessing" and "@pystd/multiprocessing/redis"
import { is_main } from "../mod.ts";
import { get_context, type RedisJoinableQueue } from "../src/redis.ts";

/** Bakes three rolls and waits until every roll of the queue is eaten. */
export async function baker(
  q: RedisJoinableQueue<string>,
  name: string,
): Promise<void> {
  for (let i = 0; i < 3; i++) { // for i in range(3):
    const roll = `roll ${name}${i}`; // "roll %s%d" % (name, i)
    await delay(20); // sleep(0.02)
    console.log("baked", roll);
    await q.put(roll);
  }
  await q.join();
}

/** Eats whatever comes, for ever. */
export async function eater(q: RedisJoinableQueue<string>): Promise<void> {
  while (true) {
    const roll = await q.get();
    await delay(10); // sleep(0.01)
    console.log("ate", roll); // print("ate", roll, flush=True)
    await q.task_done();
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const url = process.env["REDIS_URL"] ?? "redis://localhost";
  const { JoinableQueue, Process } = get_context("redis", { url }); // the line
  const q = JoinableQueue<string>();
  const b1 = new Process({ target: baker, args: [q, "a"] });
  const b2 = new Process({ target: baker, args: [q, "b"] });
  const b3 = new Process({ target: baker, args: [q, "c"] });
  const e1 = new Process({ target: eater, args: [q] }); // args=(q,)
  const e2 = new Process({ target: eater, args: [q] });
  e1.daemon = true;
  e2.daemon = true;
  b1.start();
  b2.start();
  b3.start();
  e1.start();
  e2.start();
  await b1.join();
  await b2.join();
  await b3.join();
  console.log("the bakery closes");
}
