/**
 * The time of calls that are made in one turn of the event loop.
 *
 * @module
 */

/** Such calls: they have one object together, as to keep a number for each would cost more. */
export interface Turn {
  /** Milliseconds, as of `runtime.now()`. */
  readonly at: number;
}
