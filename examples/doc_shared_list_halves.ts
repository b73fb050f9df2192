/**
 * The documentation's division of work: two processes each square one half of a list in
 * shared memory, which a manager unlinks at the end of the block.
 *
 * The same program in Python: `python/doc_shared_list_halves.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing", its "/managers" and so on
import { is_main, Process } from "../mod.ts";
import { SharedMemoryManager } from "../src/managers.ts";
import type { ShareableList } from "../src/shared_memory.ts";

export function do_work(sl: ShareableList<number>, start: number, stop: number) {
  for (let i = start; i < stop; i++) sl[i]! *= sl[i]!;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using smm = new SharedMemoryManager(); // with SharedMemoryManager() as smm:
  await smm.start();
  const sl = await smm.ShareableList(Array.from({ length: 2000 }, (_, i) => i));
  const p1 = new Process({ target: do_work, args: [sl, 0, 1000] });
  const p2 = new Process({ target: do_work, args: [sl, 1000, 2000] });
  p1.start();
  p2.start();
  await p1.join();
  await p2.join();
  let total_result = 0;
  for (const item of sl) total_result += item; // total_result = sum(sl)
  console.log(total_result);
}
