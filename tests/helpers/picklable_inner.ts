/** Found through picklable.ts. */
export function inner(): string {
  return "inner";
}
