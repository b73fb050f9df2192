/**
 * Ten processes print a line each, one at a time, as a lock wants it.
 *
 * The same program in Python: `python/doc_lock.py`. Where a line looks different there,
 * the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Lock, Process } from "../mod.ts";

/** Prints while nobody else does. */
export async function f(lock: Lock, i: number): Promise<void> {
  await lock.acquire();
  try {
    console.log("hello world", i); // print("hello world", i)
  } finally {
    await lock.release();
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const lock = Lock();
  for (let num = 0; num < 10; num++) { // for num in range(10):
    new Process({ target: f, args: [lock, num] }).start();
  }
}
