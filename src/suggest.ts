/**
 * "Did you mean …?": the known name that is nearest to a mistyped one, by the measure
 * and the limits of CPython 3.13, so that error texts agree. Pure.
 *
 * @module
 */

/** Cost of adding, dropping or replacing a character. */
const MOVE = 2;
/** Cost of a character in the wrong case. */
const CASE = 1;

/**
 * Finds the name that was probably meant.
 *
 * @param wrong What was written.
 * @param names What could have been.
 * @returns The nearest name, or undefined if none is near enough: more than about a
 * third of the characters differ.
 *
 * @example
 * ```ts
 * import { suggest } from "./suggest.ts";
 * console.log(suggest("timout", ["block", "timeout"])); // timeout
 * ```
 */
export function suggest(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const most = Math.floor((wrong.length + name.length + 3) * MOVE / 6);
    const limit = Math.min(most, bestDistance - 1);
    const found = distance(wrong, name);
    if (found > limit) continue;
    best = name;
    bestDistance = found;
  }
  return best;
}

/** The Levenshtein distance with the costs above. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column * MOVE);
  for (let index = 0; index < from.length; index++) {
    const next = [(index + 1) * MOVE];
    for (let column = 0; column < to.length; column++) {
      const replaced = row[column]! +
        substitution(from.charAt(index), to.charAt(column));
      const moved = Math.min(row[column + 1]!, next[column]!) + MOVE;
      next.push(Math.min(replaced, moved));
    }
    row = next;
  }
  return row[to.length]!;
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? CASE : MOVE;
}
