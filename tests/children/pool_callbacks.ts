/** Callbacks of a pool that throw, at once and later. */
import { is_main, Pool } from "../../mod.ts";

export function square(x: number): number {
  if (x < 0) throw new TypeError("negative");
  return x * x;
}

if (is_main(import.meta)) {
  const pool = Pool(1);
  const throws = () => {
    throw new RangeError("no thanks");
  };
  const results = [
    pool.apply_async(square, [1], { callback: throws }),
    pool.apply_async(square, [2], {
      callback: () => Promise.reject(new RangeError("later")),
    }),
    pool.apply_async(square, [3]),
  ];
  const failing = pool.apply_async(square, [-1], {
    error_callback() {
      throw new TypeError("oh");
    },
  });
  await failing.wait();
  const values = await Promise.all(results.map((result) => result.get()));
  console.log(...values, await pool.apply(square, [4]));
  await pool.terminate();
}
