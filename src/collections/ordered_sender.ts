/**
 * A line in which items wait to be sent: they are sent in the order in which they were
 * begun, though some of them must be waited for. Pure.
 *
 * ```
 * enter ─► [ready, coming, ready] ─ the first, as soon as it is there ─► send
 * ```
 *
 * An item that is there while nothing waits is sent at once. One that fails, or whose
 * sender gives up, leaves the line; those behind it move up, and fail for no other's sake.
 *
 * Mirrors no file of CPython, where nothing must be waited for before it is sent.
 *
 * @module
 */
import { type Place, WaitList } from "./wait_list.ts";

/** Something that waits for its turn. */
interface Entry {
  /** Sends it; undefined while it is still coming. */
  send: (() => void) | undefined;
  readonly fail: (error: unknown) => void;
}

/** Sends items in the order in which they came. */
export class OrderedSender {
  /** Oldest first. */
  readonly #entries = new WaitList<Entry>();
  /** An item that is sent may cause another to be sent: that comes after it. */
  #isSending = false;

  /** Whether nothing waits, so that what is sent now overtakes nothing. */
  get isClear(): boolean {
    return !this.#isSending && this.#entries.length === 0;
  }

  /**
   * Sends an item in its turn.
   *
   * @param item The item, or a promise of it.
   * @param send Hands it on before it returns; called once at most.
   * @param fail Told, instead, why there is no item, or what `send` has thrown.
   * @returns Gives up: true if the item has not been sent. Then it will not be, and nobody
   * is told.
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

  /** Takes it out of the line, if it is there, and tells so before others move up. */
  #leave(place: Place<Entry>, tell?: () => void): boolean {
    if (!this.#entries.remove(place)) return false;
    tell?.();
    this.#sendReady();
    return true;
  }

  #sendReady(): void {
    if (this.#isSending) return; // what is at it will come to this
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
