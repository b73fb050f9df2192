/**
 * First one process writes into a queue, then another reads it until it is empty.
 *
 * The same program in Python: `python/writer_reader.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Queue } from "../mod.ts";

/** Writes three letters. */
export async function write(q: Queue<string>): Promise<void> {
  for (const value of ["A", "B", "C"]) {
    console.log("put", value);
    await q.put(value);
    await delay(20 * Math.random()); // sleep(0.02 * random())
  }
}

/** Reads until nothing is left. */
export async function read(q: Queue<string>): Promise<void> {
  while (true) {
    if (!await q.empty()) { // if not q.empty():
      const value = await q.get(true);
      console.log("got", value);
      await delay(20 * Math.random());
    } else {
      break;
    }
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<string>();
  const writer = new Process({ target: write, args: [q] });
  const reader = new Process({ target: read, args: [q] });
  writer.start();
  await writer.join();
  reader.start();
  await reader.join();
  console.log("everything is written and read");
}
