/**
 * Ranges of numbers, one for each process, so that a process can number what it makes
 * without asking: `range * 2 ** 32 + counter`. Pure.
 *
 * A range is used again once its process has ended and nothing numbered in it is left:
 * there are 2 ** 21 of them, and a program may start more processes than that.
 *
 * @module
 */

const SIZE = 2 ** 32;
const COUNT = 2 ** 21;

/** The number of the root process. */
export const ROOT = 0;

/** The ranges of numbers, each of one process. */
export class IdRanges {
  /** Uses of each open range: its process, and what is numbered in it. */
  readonly #uses = new Map<number, number>();
  readonly #free: number[] = [];
  #next = 0;

  /** The range a number lies in. */
  static of(id: number): number {
    return Math.floor(id / SIZE);
  }

  /** A range for a new process. */
  open(): number {
    const idRange = this.#free.pop() ?? this.#next++;
    if (idRange >= COUNT) throw new RangeError(`more than ${COUNT} processes at once`);
    this.#uses.set(idRange, 1);
    return idRange;
  }

  /** Something has got the number `id`. */
  use(id: number): void {
    const idRange = IdRanges.of(id);
    this.#uses.set(idRange, this.#uses.get(idRange)! + 1);
  }

  /** The object or process with the number `id` is gone. */
  release(id: number): void {
    this.close(IdRanges.of(id));
  }

  /** The process of this range has ended, or one of the numbers in it is free again. */
  close(idRange: number): void {
    const left = this.#uses.get(idRange)! - 1;
    if (left > 0) {
      this.#uses.set(idRange, left);
    } else {
      this.#uses.delete(idRange);
      this.#free.push(idRange);
    }
  }
}
