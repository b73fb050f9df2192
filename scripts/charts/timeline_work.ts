/**
 * What the workers of the pool in the picture of a timeline do.
 *
 * @module
 */
import process from "node:process";

/** When which process worked on what: milliseconds of the system's clock. */
export interface Span {
  task: number;
  pid: number;
  from: number;
  to: number;
}

/** Computes for so many milliseconds. */
export function compute([task, milliseconds]: [number, number]): Span {
  const from = Date.now();
  while (Date.now() - from < milliseconds);
  return { task, pid: process.pid, from, to: Date.now() };
}

/** Ends its own process in the midst of the work, as the system does when memory is short. */
export function die(): void {
  const from = Date.now();
  while (Date.now() - from < 60);
  process.kill(process.pid, "SIGKILL");
}
