/**
 * A queue carries a list from a child to its parent.
 *
 * The same program in Python: `python/doc_queue.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Queue } from "../mod.ts";

/** Puts one list into the queue. */
export async function f(q: Queue<unknown[]>): Promise<void> {
  await q.put([42, null, "hello"]); // q.put([42, None, "hello"])
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<unknown[]>();
  const p = new Process({ target: f, args: [q] }); // args=(q,)
  p.start();
  console.log(await q.get()); // print(q.get())
  await p.join();
}
