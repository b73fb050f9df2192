/** What the workers of tests/collections/ordered_sender_test.ts note. */

const noted: number[] = [];

export function note(x: number): void {
  noted.push(x);
}

/** What was noted since it was asked last. */
export function takeNoted(): number[] {
  return noted.splice(0);
}
