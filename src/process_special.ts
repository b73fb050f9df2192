/**
 * What the package asks of processes that it starts for itself, those of pools: they
 * are started a little otherwise than the user's.
 *
 * @module
 */

/** See {@linkcode keepStderr}. */
const stderrKept = new WeakSet<object>();

/**
 * Has a process, when it is started, write its stderr to the root, which passes it on
 * and keeps the last lines for `Popen.lastWords`.
 */
export function keepStderr(process: object): void {
  stderrKept.add(process);
}

/** Whether `keepStderr` was called for a process. */
export function keepsStderr(process: object): boolean {
  return stderrKept.has(process);
}
