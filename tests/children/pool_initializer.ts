/** A pool whose initializer fails. */
import { is_main, Pool } from "../../mod.ts";
import { failToStart, square } from "../helpers/pool_work.ts";

if (is_main(import.meta)) {
  const pool = Pool(2, failToStart);
  const result = pool.map_async(square, [1, 2, 3]);
  await result.get().catch((error) => {
    console.log(String(error));
    console.log("cause:", String(error.cause));
  });
  try {
    pool.apply_async(square, [1]);
  } catch (error) {
    console.log(String(error));
  }
  await pool.join();
}
