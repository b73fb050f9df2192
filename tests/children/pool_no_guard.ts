/** A program that makes a pool wherever it is loaded. */
import { Pool } from "../../mod.ts";

export function square(x: number): number {
  return x * x;
}

const pool = Pool(1);
try {
  console.log(await pool.apply(square, [3]));
} catch (error) {
  console.log((error as Error).message, ((error as Error).cause as Error).stack);
}
await pool.terminate();
