/**
 * Options of locks and semaphores. Types only.
 *
 * @module
 */

/** Options of `acquire`. */
export interface AcquireOptions {
  /** False to give up at once instead of waiting. */
  block?: boolean;
  /** Seconds; null for ever. */
  timeout?: number | null;
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** The option of waits that have no other. */
export interface WithOptions {
  /** Ends the wait. */
  signal?: AbortSignal;
}

/** The count and owner that `Condition.wait` gives up, and takes back. */
export interface Suspended {
  readonly count: number;
  readonly thread: number;
}
