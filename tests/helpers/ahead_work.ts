/** What workers of a pool run in the tests of `forkserver`. */
import process from "node:process";

export function pidOf(): number {
  return process.pid;
}

export function double(n: number): number {
  return 2 * n;
}
