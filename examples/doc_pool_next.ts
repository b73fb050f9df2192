/**
 * One result at a time: `get` and `next`, with and without a limit.
 *
 * The same program in Python: `python/doc_pool_next.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // import time
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool, TimeoutError } from "../mod.ts";

/** The square. */
export function f(x: number): number {
  return x * x;
}

/** Waits for so many seconds. */
export async function sleep(seconds: number): Promise<void> { // time.sleep
  await delay(1000 * seconds);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await using pool = Pool({ processes: 4 }); // with Pool(processes=4) as pool:
  const numbers = Array.from({ length: 10 }, (_, i) => i); // range(10)

  const result = pool.apply_async(f, [10]); // (10,)
  console.log(await result.get({ timeout: 40 })); // result.get(timeout=40)

  console.log(...await pool.map(f, numbers)); // print(*pool.map(f, numbers))

  const it = pool.imap(f, numbers);
  console.log(await it.next()); // print(next(it))
  console.log(await it.next());
  console.log(await it.next({ timeout: 40 })); // it.next(timeout=40)

  const late = pool.apply_async(sleep, [10]);
  try {
    await late.get({ timeout: 0.1 });
  } catch (error) { // except TimeoutError as error:
    console.log((error as Error).name, error instanceof TimeoutError);
  }
}
