/**
 * Waiting for a promise, but not for ever.
 *
 * @module
 */

/** How many turns of the event loop an `import()` of an evaluated module may take. */
const TURNS = 3;

/**
 * The value of a promise that settles soon; undefined if it rejects. For `import()` of a
 * module that may be waiting, at its top level, for the very answer.
 *
 * @param otherwise What is given if it does not settle soon.
 */
export async function settled<T>(
  promise: Promise<T>,
  nextTurn: (callback: () => void) => unknown,
  otherwise: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let isSettled = false;
  const done = promise.catch(() => undefined).then((value) => {
    isSettled = true;
    return value;
  });
  for (let turn = 0; turn < TURNS && !isSettled; turn++) {
    await new Promise<void>((resolve) => {
      nextTurn(resolve);
    });
  }
  return isSettled ? await done : await otherwise();
}
