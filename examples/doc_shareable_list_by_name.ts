/**
 * The documentation's list that is opened by its name, here in a second process.
 *
 * The same program in Python: `python/doc_shareable_list_by_name.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main, Process } from "../mod.ts";
import { ShareableList } from "../src/shared_memory.ts";

export function change(name: string) { // def change(name):
  const c = ShareableList<number>({ name });
  console.log(String(c)); // print(c)
  c[-1] = -999;
  c.shm.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const b = ShareableList([0, 1, 2, 3, 4]); // ShareableList(range(5))
  const p = new Process({ target: change, args: [b.shm.name] });
  p.start();
  await p.join();
  console.log(b[-1]);
  b.shm.close();
  b.shm.unlink();
}
