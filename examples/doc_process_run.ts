/**
 * run() calls the target here and now; its arguments may be a list or a tuple.
 *
 * The same program in Python: `python/doc_process_run.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process } from "../mod.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  let p = new Process({ target: console.log, args: [1] }); // target=print, args=[1]
  await p.run();
  p = new Process({ target: console.log, args: [1] as const }); // args=(1,)
  await p.run();
}
