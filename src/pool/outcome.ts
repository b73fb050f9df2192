/**
 * Something that is settled once, and that may be waited for, looked at, or left alone:
 * a failure that nobody asks for is no unhandled rejection.
 *
 * @module
 */
import { type Limit, waitHere, whenInterrupted } from "../link/waiting.ts";
import { currentPeer } from "../peer.ts";
import { runtime } from "../runtime/mod.ts";

/** See the file's head. */
export class Outcome<T> {
  #isSettled = false;
  #isSuccess = false;
  /** The value, or the error. */
  #value: unknown;
  /** Who waits; emptied when it is settled. */
  readonly #watchers = new Set<() => void>();

  /** Whether it is settled. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether it is settled with a value. */
  get isSuccess(): boolean {
    return this.#isSuccess;
  }

  /** The value. @throws the error, if it is settled with one */
  get value(): T {
    if (!this.#isSuccess) throw this.#value;
    return this.#value as T;
  }

  /** Settles it. */
  settle(isSuccess: boolean, value: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#isSuccess = isSuccess;
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  /** The value, once it is there, for who waits however long it takes. */
  result(): Promise<T> {
    return new Promise((resolve, reject) => {
      const tell = () => {
        if (this.#isSuccess) resolve(this.#value as T);
        else reject(this.#value);
      };
      if (this.#isSettled) return tell();
      const peer = currentPeer();
      peer.retain();
      const leave = () => {
        this.#watchers.delete(watcher);
        forget();
        peer.release();
      };
      const watcher = () => {
        leave();
        tell();
      };
      const forget = whenInterrupted((error) => {
        leave();
        reject(error);
      });
      this.#watchers.add(watcher);
    });
  }

  /** Waits until it is settled; false if it was not in time. */
  wait(limit: Limit): Promise<boolean> {
    if (this.#isSettled) return Promise.resolve(true);
    if (limit.timeout === 0) {
      // A loop that asks until it is settled must let that happen.
      return new Promise((resolve) => runtime.nextTurn(() => resolve(this.#isSettled)));
    }
    return waitHere<boolean>(
      currentPeer(),
      limit,
      ({ resolve }) => {
        const watcher = () => resolve(true);
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
      },
      () => false,
    );
  }
}
