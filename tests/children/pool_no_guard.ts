/** A program that makes a pool wherever it is loaded. */
import { Pool } from "../../mod.ts";

export function square(x: number): number {
  return x * x;
}

const pool = Pool(1);
try {
  console.log(await pool.apply(square, [3]));
} catch (error) {
  console.log((error as Error).message, String((error as Error).cause));
}
await pool.terminate();
