/**
 * What the workers do in `pool.ts`: a module of its own, as the other packages' pools have
 * for their workers.
 *
 * @module
 */

/** What the workers do where the work is not what is measured. */
export function square(x: number): number {
  return x * x;
}

/** Gives back what it got. */
export function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/** Milliseconds that a long call takes, and how many calls there are to one such. */
export const MIXED_LONG = 50;
export const MIXED_LONG_EVERY = 100;

/** Computes for a while in one call of many. */
export function mixedWork(i: number): number {
  if (i % MIXED_LONG_EVERY !== MIXED_LONG_EVERY / 2) return i;
  const start = performance.now();
  while (performance.now() - start < MIXED_LONG) { /* that is its work */ }
  return i;
}
