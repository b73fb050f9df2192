/** Found through picklable.ts, which exports everything here. */
export function starred(): string {
  return "starred";
}
