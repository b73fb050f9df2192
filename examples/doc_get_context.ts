/**
 * A context has the whole library, bound to one start method.
 *
 * The same program in Python: `python/doc_get_context.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import * as mp from "../mod.ts";
import { is_main, type Queue } from "../mod.ts";

// In a program of your own: from "@pystd/multiprocessing"

/** Puts one word into the queue. */
export async function put_hello(q: Queue<string>): Promise<void> {
  await q.put("hello");
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const ctx = mp.get_context("spawn");
  const q = ctx.Queue<string>();
  const p = new ctx.Process({ target: put_hello, args: [q] }); // args=(q,)
  p.start();
  console.log(await q.get()); // print(q.get())
  await p.join();
}
