/**
 * Ranges of numbers, one for each process, so that a process can number what it makes
 * without asking: `space * 2 ** 32 + counter`. Pure.
 *
 * A range is used again once its process has ended and nothing numbered in it is left:
 * there are 2 ** 21 of them, and a program may start more processes than that.
 *
 * @module
 */

const SIZE = 2 ** 32;
const COUNT = 2 ** 21;

/** See the file's head. */
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

  /** The process of this range has ended. */
  close(idRange: number): void {
    this.#end(idRange);
  }

  /** Something has got the number `id`. */
  use(id: number): void {
    const idRange = IdRanges.of(id);
    this.#uses.set(idRange, this.#uses.get(idRange)! + 1);
  }

  /** What had the number `id` is gone. */
  release(id: number): void {
    this.#end(IdRanges.of(id));
  }

  #end(idRange: number): void {
    const left = this.#uses.get(idRange)! - 1;
    if (left > 0) {
      this.#uses.set(idRange, left);
    } else {
      this.#uses.delete(idRange);
      this.#free.push(idRange);
    }
  }
}
