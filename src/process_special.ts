/**
 * What the package asks of processes that it starts for itself, those of pools and
 * managers: they are started a little otherwise than the user's.
 *
 * @module
 */

/** See {@linkcode keepStderr}. */
const stderrKept = new WeakSet<object>();

/** See {@linkcode doNotWaitFor}. */
const notWaitedFor = new WeakSet<object>();

/**
 * Has a process, when it is started, write its stderr to the root, which passes it on
 * and keeps the last lines for `Popen.lastWords`.
 */
export function keepStderr(process: object): void {
  stderrKept.add(process);
}

/**
 * Has a process, when it is started, not keep this one alive, though it is no daemon:
 * somebody sees to its end when this process has nothing left to do.
 */
export function doNotWaitFor(process: object): void {
  notWaitedFor.add(process);
}

/** Whether `keepStderr` was called for a process. */
export function keepsStderr(process: object): boolean {
  return stderrKept.has(process);
}

/** Whether this process stays alive until that one has ended, if it is no daemon. */
export function isWaitedFor(process: object): boolean {
  return !notWaitedFor.has(process);
}
