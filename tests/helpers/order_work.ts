/** Numbers that the workers of collections/ordered_sender_test.ts note. */

const noted: number[] = [];

export function note(x: number): void {
  noted.push(x);
}

/** The numbers noted since the last call. */
export function takeNoted(): number[] {
  return noted.splice(0);
}
