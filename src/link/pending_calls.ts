/**
 * The calls of one end of a link that have not been answered yet, by their numbers. Pure.
 *
 * @module
 */

/** A caller that waits for a value. */
export interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Waiters by number. Each is taken out once: by its answer, its end, or with all others. */
export class PendingCalls<T, W extends Waiter<T> = Waiter<T>> {
  readonly #calls = new Map<number, W>();

  get size(): number {
    return this.#calls.size;
  }

  add(call: number, pending: W): void {
    this.#calls.set(call, pending);
  }

  /** Takes out a call; undefined if it is out already. */
  take(call: number): W | undefined {
    const pending = this.#calls.get(call);
    if (pending !== undefined) this.#calls.delete(call);
    return pending;
  }

  /** The numbers of all calls, oldest first. */
  numbers(): number[] {
    return [...this.#calls.keys()];
  }

  /** The link has ended: rejects all. */
  rejectAll(reason: unknown): void {
    const pending = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of pending) reject(reason);
  }
}
