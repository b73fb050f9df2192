/**
 * Sends a hundred megabytes through a pool, or as many as its second argument says; prints
 * how many copies there were at a time.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { is_main, Pool } from "../../mod.ts";

const SIZE = Number(process.argv[3] ?? 100) << 20;

/** The most memory that this process has had, in bytes. */
export function peak(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]);
}

export function lengthOf(bytes: Uint8Array): number {
  return bytes.length;
}

export function make(length: number): Uint8Array {
  return new Uint8Array(length).fill(7);
}

export function wrapped({ bytes }: { bytes: Uint8Array }): number {
  return bytes.length;
}

async function main(): Promise<void> {
  const pool = Pool(1);
  await pool.apply(lengthOf, [make(10)]);
  const before = [peak(), await pool.apply(peak, [])] as const;
  switch (process.argv[2]) {
    case "argument":
      await pool.apply(lengthOf, [make(SIZE)]);
      break;
    case "result":
      await pool.apply(make, [SIZE]);
      break;
    default:
      await pool.apply(wrapped, [{ bytes: make(SIZE) }]);
  }
  const after = [peak(), await pool.apply(peak, [])] as const;
  console.log((after[0] - before[0]) / SIZE, (after[1] - before[1]) / SIZE);
  await pool.terminate();
}

if (is_main(import.meta)) void main();
