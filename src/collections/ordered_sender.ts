/**
 * Sends items in the order in which they were entered, though some are promises. Pure.
 *
 * ```
 * enter ─► [ready, coming, ready] ─ the first, as soon as it is there ─► send
 * ```
 *
 * An item that is ready while no other waits is sent at once. One that fails, or that its
 * sender gives up, leaves the line; those behind it move up, and do not fail with it.
 *
 * @module
 */
import { type Place, WaitList } from "./wait_list.ts";

/** An item that waits for its turn. */
interface Entry {
  /** Sends the item; undefined while it is still awaited. */
  send: (() => void) | undefined;
  readonly fail: (error: unknown) => void;
}

/** Sends items in the order in which they came. */
export class OrderedSender {
  /** Oldest first. */
  readonly #entries = new WaitList<Entry>();
  /** Whether `send` runs: an item that it causes to be sent comes after it. */
  #isSending = false;

  /** Whether no item waits, so that one that is sent now overtakes none. */
  get isClear(): boolean {
    return !this.#isSending && this.#entries.length === 0;
  }

  /**
   * Sends an item in its turn, by one call of `send`. `fail` gets the error of the promise, or
   * that of `send`, instead. The result takes the item out of the line: true if it has not
   * been sent; then neither is called.
   */
  enter<T>(
    item: T | Promise<T>,
    send: (item: T) => void,
    fail: (error: unknown) => void,
  ): () => boolean {
    const entry: Entry = { send: undefined, fail };
    const place = this.#entries.push(entry);
    const settle = (item: T) => {
      entry.send = () => send(item);
      this.#sendReady();
    };
    if (item instanceof Promise) {
      item.then(settle, (error) => this.#leave(place, () => fail(error)));
    } else {
      settle(item);
    }
    return () => this.#leave(place);
  }

  /** Takes an item out of the line, if it is there; `tell` runs before others move up. */
  #leave(place: Place<Entry>, tell?: () => void): boolean {
    if (!this.#entries.remove(place)) return false;
    tell?.();
    this.#sendReady();
    return true;
  }

  #sendReady(): void {
    if (this.#isSending) return; // the loop that runs will send it
    this.#isSending = true;
    try {
      for (;;) {
        const entry = this.#entries.first?.item;
        if (entry?.send === undefined) break;
        this.#entries.shift();
        try {
          entry.send();
        } catch (error) {
          entry.fail(error);
        }
      }
    } finally {
      this.#isSending = false;
    }
  }
}
