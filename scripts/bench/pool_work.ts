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
