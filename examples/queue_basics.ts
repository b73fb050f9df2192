/**
 * A queue holds any value; it knows whether it is full or empty.
 *
 * The same program in Python: `python/queue_basics.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Queue } from "../mod.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  const q = Queue<unknown>(3);
  await q.put("hello");
  await q.put({ a: 1 });
  await q.put([3, 3, 3]);
  console.log("full:", await q.full()); // print("full:", q.full())
  // a fourth q.put() would wait here for a free place
  console.log(await q.get());
  console.log(await q.get());
  console.log(await q.get());
  console.log("empty:", await q.empty());
  // a fourth q.get() would wait here for a value
}
