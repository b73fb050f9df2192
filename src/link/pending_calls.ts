/**
 * The calls of one end of a link that have not been answered yet, by their numbers. Pure.
 *
 * @module
 */

/** What becomes of a call. */
export interface Pending<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Every call is taken out once: by its answer, by its end, or with all others. */
export class PendingCalls<T> {
  readonly #calls = new Map<number, Pending<T>>();

  get size(): number {
    return this.#calls.size;
  }

  /** A call was sent. */
  add(call: number, pending: Pending<T>): void {
    this.#calls.set(call, pending);
  }

  /** A call is over; undefined if it was before. */
  take(call: number): Pending<T> | undefined {
    const pending = this.#calls.get(call);
    if (pending !== undefined) this.#calls.delete(call);
    return pending;
  }

  /** The numbers of all that wait, oldest first. */
  numbers(): number[] {
    return [...this.#calls.keys()];
  }

  /** The link has ended: all are told why. */
  rejectAll(reason: unknown): void {
    const pending = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of pending) reject(reason);
  }
}
