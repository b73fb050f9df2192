/**
 * Five workers square three numbers.
 *
 * The same program in Python: `python/doc_pool.py`. Where a line looks different there, the
 * Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool } from "../mod.ts";

/** The square. */
export function f(x: number): number {
  return x * x;
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using p = Pool(5); // with Pool(5) as p:
  console.log(await p.map(f, [1, 2, 3])); // print(p.map(f, [1, 2, 3]))
}
