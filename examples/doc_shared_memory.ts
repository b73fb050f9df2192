/**
 * The documentation's block of shared memory: made, opened a second time by its name,
 * changed through both.
 *
 * The same program in Python: `python/doc_shared_memory.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main } from "../mod.ts";
import { SharedMemory } from "../src/shared_memory.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  const shm_a = SharedMemory({ create: true, size: 10 });
  const buffer = shm_a.buf;
  console.log(buffer.length); // print(len(buffer))
  buffer.set([22, 33, 44, 55]); // buffer[:4] = bytearray([22, 33, 44, 55])
  buffer[4] = 100;
  const shm_b = SharedMemory(shm_a.name); // opens the one that is there
  console.log(shm_b.buf.slice(0, 5).join(" ")); // print(*array.array("b", shm_b.buf[:5]))
  shm_b.buf.set(new TextEncoder().encode("howdy")); // shm_b.buf[:5] = b"howdy"
  console.log(new TextDecoder().decode(shm_a.buf.slice(0, 5)));
  shm_b.close(); // each object
  shm_a.close();
  shm_a.unlink(); // once
}
