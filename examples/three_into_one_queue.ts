/**
 * Three processes put a list each into one queue; the parent takes three.
 *
 * The same program in Python: `python/three_into_one_queue.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Queue } from "../mod.ts";

/** Puts one list into the queue. */
export async function put_one(q: Queue<[number, string]>, n: number): Promise<void> {
  await q.put([n, "hello"]);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<[number, string]>();
  const processes: Process[] = [];
  for (let n = 0; n < 3; n++) { // for n in range(3):
    const p = new Process({ target: put_one, args: [q, n] });
    processes.push(p); // processes.append(p)
    p.start();
  }
  console.log(await q.get()); // print(q.get())
  console.log(await q.get());
  console.log(await q.get());
  for (const p of processes) await p.join();
}
