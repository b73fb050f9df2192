/** Targets of the tests of secrets. */

/** Ends at once. */
export function nothing(): void {}

/** A number, later. */
export function square(x: number): number {
  return x * x;
}
