/**
 * Which workers of a pool have had nothing to do for how long. The one that has idled longest
 * is told of when its time is over; one timer serves all, and holds no process. There is none
 * while no worker may end.
 *
 * @module
 */
import { after } from "../link/waiting.ts";
import { runtime } from "../runtime/mod.ts";

/** See the file's head. */
export class IdleWatch {
  readonly #milliseconds: number;
  readonly #onDue: (worker: number) => boolean;
  /** Since when each of them idles, in the order in which they began to. */
  readonly #since = new Map<number, number>();
  #cancel: (() => void) | undefined;

  /**
   * @param seconds How long a worker may idle.
   * @param onDue Is told which one has, and says whether it ends; if not, none does before
   * another one idles.
   */
  constructor(seconds: number, onDue: (worker: number) => boolean) {
    this.#milliseconds = seconds * 1000;
    this.#onDue = onDue;
  }

  /** A worker has nothing to do, from now on if that is new. */
  enter(worker: number): void {
    if (this.#since.has(worker)) return;
    this.#since.set(worker, runtime.now());
    this.#arm();
  }

  /** A worker has something to do, or is gone. */
  leave(worker: number): void {
    this.#since.delete(worker);
  }

  /** The pool ends. */
  stop(): void {
    this.#since.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const [oldest] = this.#since;
    if (this.#cancel !== undefined || oldest === undefined) return;
    const [worker, since] = oldest;
    const left = Math.max(0, since + this.#milliseconds - runtime.now());
    this.#cancel = after(left / 1000, () => {
      this.#cancel = undefined;
      if (this.#since.get(worker) === since) {
        if (!this.#onDue(worker)) return;
        this.#since.delete(worker);
      }
      this.#arm();
    });
  }
}
