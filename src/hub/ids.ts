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
export class Spaces {
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
    const space = this.#free.pop() ?? this.#next++;
    if (space >= COUNT) throw new RangeError(`more than ${COUNT} processes at once`);
    this.#uses.set(space, 1);
    return space;
  }

  /** The process of this range has ended. */
  close(space: number): void {
    this.#end(space);
  }

  /** Something has got the number `id`. */
  use(id: number): void {
    const space = Spaces.of(id);
    this.#uses.set(space, this.#uses.get(space)! + 1);
  }

  /** What had the number `id` is gone. */
  release(id: number): void {
    this.#end(Spaces.of(id));
  }

  #end(space: number): void {
    const left = this.#uses.get(space)! - 1;
    if (left > 0) {
      this.#uses.set(space, left);
    } else {
      this.#uses.delete(space);
      this.#free.push(space);
    }
  }
}
