/**
 * The documentation's NumPy array in two programs, with a typed array and two processes: the
 * second one opens the block by its name and changes the last number.
 *
 * The same program in Python: `python/doc_shared_array.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main, Process } from "../mod.ts";
import { SharedMemory } from "../src/shared_memory.ts";
import { numbersOf, putBack } from "./helpers/numbers.ts";

export function change(name: string) { // def change(name):
  const existing = SharedMemory(name);
  const c = numbersOf(existing); // c = existing.buf.cast("d")
  c[5] = 888;
  putBack(existing, c, 5, 6);
  existing.close();
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const a = [1, 1, 2, 3, 5, 8];
  const shm = SharedMemory({ create: true, size: a.length * 8 });
  const b = numbersOf(shm); // b = shm.buf.cast("d")
  b.set(a);
  putBack(shm, b, 0, a.length);
  console.log(b.join(" ")); // print(*map(int, b))
  const p = new Process({ target: change, args: [shm.name] });
  p.start();
  await p.join();
  console.log(numbersOf(shm).join(" "));
  shm.close();
  shm.unlink();
}
