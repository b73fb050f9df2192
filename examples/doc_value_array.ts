/**
 * The documentation's first shared memory: a number and an array of integers, which a
 * child process changes.
 *
 * The same program in Python: `python/doc_value_array.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { Array as SharedArray, is_main, Process, Value } from "../mod.ts";
import type { Synchronized, SynchronizedArray } from "../src/sharedctypes.ts";

export function f(n: Synchronized<number>, a: SynchronizedArray<number>) { // def f(n, a):
  n.value = 3.1415927;
  for (let i = 0; i < a.length; i++) a[i] = -a[i]!;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const num = Value("d", 0.0);
  const arr = SharedArray("i", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]); // Array("i", range(10))
  const p = new Process({ target: f, args: [num, arr] });
  p.start();
  await p.join();
  console.log(num.value);
  console.log(arr.slice().join(" ")); // print(*arr[:])
}
