/**
 * Four processes count in one number in shared memory. Its lock makes each step whole: not
 * one is lost. Without it, two processes may read the same number, and one step is.
 *
 * The same program in Python: `python/shared_counter.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Value } from "../mod.ts";
import type { Synchronized } from "../src/sharedctypes.ts";

const TIMES = 100;

export async function count(counter: Synchronized<number>) { // def count(counter):
  for (let i = 0; i < TIMES; i++) {
    await counter.with(() => counter.value += 1); // with counter: counter.value += 1
  }
  const lock = counter.get_lock();
  for (let i = 0; i < TIMES; i++) {
    await lock.acquire();
    counter.value += 1;
    await lock.release();
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const counter = Value("i", 0);
  const processes = [];
  for (let i = 0; i < 4; i++) {
    processes.push(new Process({ target: count, args: [counter] }));
  }
  for (const p of processes) p.start();
  for (const p of processes) await p.join();
  console.log(counter.value);
}
