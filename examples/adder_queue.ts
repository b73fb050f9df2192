/**
 * One process makes pairs of numbers, another adds them until none come any more.
 *
 * The same program in Python: `python/adder_queue.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Queue } from "../mod.ts";

/** Adds pairs until the queue stays empty for a second. */
export async function adder(q: Queue<[number, number]>): Promise<void> {
  while (true) {
    try {
      const [x, y] = await q.get({ timeout: 1 }); // x, y = q.get(timeout=1)
      console.log(`${x}+${y}=${x + y}`);
    } catch (error) { // except Exception as error:
      console.log("no more pairs:", (error as Error).name); // type(error).__name__
      break;
    }
  }
}

/** Puts six pairs, with a little rest before each. */
export async function pair_maker(q: Queue<[number, number]>): Promise<void> {
  for (let i = 0; i < 6; i++) { // for i in range(6):
    await delay(20); // sleep(0.02)
    const x = 10 * i;
    const y = i * i;
    await q.put([x, y]); // q.put((x, y))
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<[number, number]>(3);
  const p1 = new Process({ target: adder, args: [q] });
  const p2 = new Process({ target: pair_maker, args: [q] });
  p1.start();
  p2.start();
  await p1.join();
  await p2.join();
}
