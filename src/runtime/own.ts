/**
 * What of this package waits in the runtime of this process, so that life.ts can tell the
 * program's own from it. Numbers only: nothing here costs more than an addition, and nothing
 * is counted for each message.
 *
 * @module
 */

/** The numbers. */
export const own = {
  /** Reads of the link and of children's output, and waits for their ends. */
  operations: 0,
  /** Timers that keep the process alive. */
  held: 0,
  /** Children that run. */
  children: 0,
  /** Sockets and servers that are open. */
  sockets: 0,
  servers: 0,
  /** Listeners to signals. */
  signals: 0,
};

/** Timers, sockets and servers of this package, where the runtime lists the objects. */
export const ownObjects: WeakSet<object> = new WeakSet();

/** Counts an operation as long as it is under way. */
export function countOperation<T>(operation: Promise<T>): Promise<T> {
  own.operations++;
  const end = () => void own.operations--;
  operation.then(end, end);
  return operation;
}

/** Counts a child until it has ended. */
export function countChild<T>(exited: Promise<T>): Promise<T> {
  own.children++;
  const end = () => void own.children--;
  exited.then(end, end);
  return exited;
}
