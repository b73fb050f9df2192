/**
 * The documentation's atomic increment: `value += 1` reads and writes, so it needs the lock.
 *
 * The same program in Python: `python/doc_atomic_increment.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Value } from "../mod.ts";

if (is_main(import.meta)) { // if __name__ == "__main__":
  const counter = Value("i", 41);
  await counter.with(() => counter.value += 1); // with counter.get_lock(): …
  console.log(String(counter)); // print(counter)
}
