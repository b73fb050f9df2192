/** Processes that fail so and so often. */
import process from "node:process";
import type { Queue } from "../../mod.ts";
import { forEver } from "../kill/items.ts";

/** Ends with this code. */
export function endWith(code: number): void {
  process.exit(code);
}

/** Ends with the next of these codes. */
export async function endWithNext(codes: Queue<number>): Promise<void> {
  process.exit(await codes.get());
}

/** Says that it runs, and hangs. */
export async function sayAndHang(said: Queue<number>): Promise<void> {
  await said.put(process.pid);
  await forEver();
}
