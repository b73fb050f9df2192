/**
 * Bakers wait until all that they baked is eaten; the eaters end with the program.
 *
 * The same program in Python: `python/producers_consumers.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, JoinableQueue, Process } from "../mod.ts";

/** Bakes three rolls and waits until every roll of the queue is eaten. */
export async function baker(q: JoinableQueue<string>, name: string): Promise<void> {
  for (let i = 0; i < 3; i++) { // for i in range(3):
    const roll = `roll ${name}${i}`; // "roll %s%d" % (name, i)
    await delay(20); // sleep(0.02)
    console.log("baked", roll);
    await q.put(roll);
  }
  await q.join();
}

/** Eats whatever comes, for ever. */
export async function eater(q: JoinableQueue<string>): Promise<void> {
  while (true) {
    const roll = await q.get();
    await delay(10); // sleep(0.01)
    console.log("ate", roll); // print("ate", roll, flush=True)
    await q.task_done();
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
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
