/** Imported while the tests run, by an address that no source names. */
export function later(): string {
  return "later";
}

export class Later {
  value = 1;
}
