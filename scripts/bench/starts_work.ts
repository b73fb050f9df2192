/** What the processes of `starts.ts` run. @module */
import process from "node:process";

export function nothing(): void {}

export function echo(x: number): number {
  return x;
}

export function pidOf(): number {
  return process.pid;
}
