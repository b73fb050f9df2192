/**
 * Two files that the root makes for a child and itself. Their names go as soon as the child
 * has opened them, or the program ends: nothing is left behind.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";

/** Removes names that are still there. */
const removers = new Set<() => void>();
let isWatching = false;

/** Gives a function that calls `remove` once; the end of the program calls it as well. */
export function removeOnce(remove: () => void): () => void {
  const once = () => {
    if (removers.delete(once)) remove();
  };
  removers.add(once);
  if (!isWatching) runtime.onExit(() => removers.forEach((once) => once()));
  isWatching = true;
  return once;
}

/** Opens both files, or none: undefined where that is impossible. */
export function openBoth<F extends { close(): void }>(
  open: (path: string, isNew: boolean) => F,
  [first, second]: readonly [string, string],
  isNew: boolean,
): [F, F] | undefined {
  let file: F | undefined;
  try {
    file = open(first, isNew);
    return [file, open(second, isNew)];
  } catch {
    file?.close();
    return undefined;
  }
}
