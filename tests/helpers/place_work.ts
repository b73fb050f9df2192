/** What `reduction/place_test.ts` sends and calls. */

/** A class with a function in a field. */
export class Holder {
  f = (): number => 1;
}

/** Returns what cannot be sent. */
export function generate(): unknown {
  return (function* () {})();
}
