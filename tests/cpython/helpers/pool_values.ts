/**
 * What the ported cases of pools work on, and compare with.
 *
 * @module
 */

/** The numbers from 0 to `length` - 1. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Their squares. */
export function squares(length: number): number[] {
  return range(length).map((i) => i * i);
}

/** Every result of an iterator. */
export async function list<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}
