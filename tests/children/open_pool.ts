/** Leaves a pool open in a global variable. */
import { is_main, Pool } from "../../mod.ts";

let problem: { pool: Pool } | undefined;

export function square(x: number): number {
  return x * x;
}

if (is_main(import.meta)) {
  problem = { pool: Pool({ processes: 1 }) };
  console.log((await problem.pool.map(square, [0, 1, 2, 3])).join());
}
