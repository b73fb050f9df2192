/**
 * The documentation's manager of shared memory: two lists and a block, all unlinked by
 * `shutdown`.
 *
 * The same program in Python: `python/doc_shared_memory_manager.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and its "/managers"
import { is_main } from "../mod.ts";
import { SharedMemoryManager } from "../src/managers.ts";
import { ShareableList } from "../src/shared_memory.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  const smm = new SharedMemoryManager();
  await smm.start(); // the process that keeps the memory
  const sl = await smm.ShareableList([0, 1, 2, 3]); // smm.ShareableList(range(4))
  console.log(String(sl)); // print(sl)
  const raw_shm = await smm.SharedMemory({ size: 128 });
  console.log(String(raw_shm));
  const another_sl = await smm.ShareableList("alpha");
  console.log(String(another_sl));
  const { name } = another_sl.shm;
  for (const shm of [sl.shm, raw_shm, another_sl.shm]) shm.close();
  await smm.shutdown(); // unlinks all three
  try {
    ShareableList({ name });
  } catch (error) {
    console.log((error as Error).name); // except FileNotFoundError as error: …
  }
}
