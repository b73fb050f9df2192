/**
 * Small numbers for things that are open, the lowest free one first, as the operating
 * system numbers files. They are this process's own; the system knows nothing of them.
 *
 * @module
 */

/** 0 to 2 are standard input, output and error, also here. */
const FIRST = 3;

const free: number[] = [];
let next = FIRST;

/** The lowest number that is free. */
export function takeNumber(): number {
  if (free.length === 0) return next++;
  const lowest = Math.min(...free);
  free.splice(free.indexOf(lowest), 1);
  return lowest;
}

/** A number is free again. */
export function giveNumber(number: number): void {
  free.push(number);
}
