/** Imported while a test runs, by an address that no source names. */
export function awaited(): string {
  return "awaited";
}
