/**
 * The start method of the whole program is chosen once, under the main guard.
 *
 * The same program in Python: `python/doc_set_start_method.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import * as mp from "../mod.ts"; // import multiprocessing as mp

/** Puts one word into the queue. */
export async function put_hello(q: mp.Queue<string>): Promise<void> {
  await q.put("hello");
}

if (mp.is_main(import.meta)) { // if __name__ == "__main__":
  mp.set_start_method("spawn");
  console.log("start method:", mp.get_start_method());
  const q = mp.Queue<string>();
  const p = new mp.Process({ target: put_hello, args: [q] }); // args=(q,)
  p.start();
  console.log(await q.get()); // print(q.get())
  await p.join();
}
