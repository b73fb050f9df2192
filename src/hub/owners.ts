/**
 * Small numbers of processes, which fit a lock's word. A number is never used again, so a
 * word that a dead process has left can be told from that of a living one. Pure.
 *
 * @module
 */
import { MOST_OWNERS } from "./word.ts";

/** The numbers of those processes that have been asked for theirs. */
export class Owners {
  readonly #numbers = new Map<number, number>();
  readonly #processes = new Map<number, number>();
  #last: number;

  /** @param last The number that was given last. */
  constructor(last = 0) {
    this.#last = last;
  }

  /** A process's number, from 1 on. */
  numberOf(process: number): number {
    let number = this.#numbers.get(process);
    if (number === undefined) {
      if (this.#last >= MOST_OWNERS) throw new RangeError("too many processes");
      this.#numbers.set(process, number = ++this.#last);
      this.#processes.set(number, process);
    }
    return number;
  }

  /** The process with a number; undefined if no living one has it. */
  processOf(number: number): number | undefined {
    return this.#processes.get(number);
  }

  /** A process has ended. */
  forget(process: number): void {
    const number = this.#numbers.get(process);
    if (number === undefined) return;
    this.#numbers.delete(process);
    this.#processes.delete(number);
  }
}
