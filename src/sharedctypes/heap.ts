/**
 * Which parts of which arenas are in use. Mirrors the class `Heap` of
 * `multiprocessing/heap.py`, without the locks: nothing interrupts a call here. Pure: it is
 * handed a way to make arenas, and never looks into them.
 *
 * Arenas get larger and larger, up to 4 MB, so that many small blocks make few files. Free
 * blocks are joined with their neighbours. The smallest that is large enough is taken.
 *
 * @module
 */
import { ValueError } from "../python/errors.ts";

/** What the heap knows of an arena. */
export interface Space {
  /** In bytes. */
  readonly size: number;
}

/** A part of an arena, from `start` to `stop`. */
export interface Extent<A extends Space = Space> {
  readonly arena: A;
  readonly start: number;
  readonly stop: number;
}

/** Options of {@linkcode Heap}, which tests set. */
export interface HeapOptions {
  /** An arena of this size and more is given up when nothing is in it. */
  discards?: number;
}

const PAGE = 4096;
/** What every type needs at most; and an object for `Atomics` as well. */
const ALIGNMENT = 8;
const LARGEST = 4 * 1024 ** 2;
/** `sys.maxsize`, nearly. */
const MAX = Number.MAX_SAFE_INTEGER;

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

/** See the file's head. */
export class Heap<A extends Space> {
  readonly #make: (size: number) => A;
  readonly #discard: (arena: A) => void;
  readonly #discards: number;
  /** The size of the next arena. */
  #size = PAGE;
  /** The arenas, and what of them is free, in order and joined. */
  readonly #free = new Map<A, Extent<A>[]>();
  readonly #used = new Map<A, number>();

  /** @param make Makes an arena. @param discard One is needed no longer. */
  constructor(
    make: (size: number) => A,
    discard: (arena: A) => void,
    { discards = LARGEST }: HeapOptions = {},
  ) {
    this.#make = make;
    this.#discard = discard;
    this.#discards = discards;
  }

  /** The arenas. */
  get arenas(): A[] {
    return [...this.#free.keys()];
  }

  /** What is free, arena by arena, in order. */
  free(): Extent<A>[] {
    return [...this.#free.values()].flat();
  }

  /**
   * Takes a block.
   *
   * @throws {ValueError | RangeError} if there is no such size
   * @throws what makes arenas throws, if there is no room
   */
  take(size: number): Extent<A> {
    if (size < 0) throw new ValueError(`Size ${size} out of range`);
    if (size >= MAX) throw new RangeError(`Size ${size} too large`);
    const length = roundUp(Math.max(size, 1), ALIGNMENT);
    const { arena, start, stop } = this.#smallest(length) ?? this.#grow(length);
    const blocks = this.#free.get(arena)!;
    const at = indexOf(blocks, start);
    const end = start + length;
    if (end < stop) blocks[at] = { arena, start: end, stop };
    else blocks.splice(at, 1);
    this.#used.set(arena, this.#used.get(arena)! + 1);
    return { arena, start, stop: end };
  }

  /** Gives a block back that `take` gave. */
  give({ arena, start, stop }: Extent<A>): void {
    const blocks = this.#free.get(arena)!;
    const at = indexOf(blocks, start);
    const [before, after] = [blocks[at - 1], blocks[at]];
    const joinsBefore = before?.stop === start;
    const joinsAfter = after?.start === stop;
    const joined = {
      arena,
      start: joinsBefore ? before.start : start,
      stop: joinsAfter ? after.stop : stop,
    };
    const first = joinsBefore ? at - 1 : at;
    blocks.splice(first, Number(joinsBefore) + Number(joinsAfter), joined);
    const used = this.#used.get(arena)! - 1;
    this.#used.set(arena, used);
    if (used > 0 || arena.size < this.#discards) return;
    this.#free.delete(arena);
    this.#used.delete(arena);
    this.#discard(arena);
  }

  #smallest(length: number): Extent<A> | undefined {
    let best: Extent<A> | undefined;
    for (const blocks of this.#free.values()) {
      for (const block of blocks) {
        const size = block.stop - block.start;
        if (size < length) continue;
        if (size === length) return block;
        if (best === undefined || size < best.stop - best.start) best = block;
      }
    }
    return best;
  }

  #grow(length: number): Extent<A> {
    const size = roundUp(Math.max(this.#size, length), PAGE);
    const arena = this.#make(size);
    if (this.#size < LARGEST) this.#size *= 2;
    const block = { arena, start: 0, stop: size };
    this.#free.set(arena, [block]);
    this.#used.set(arena, 0);
    return block;
  }
}

/** Where a block that begins at `start` stands, or would stand. */
function indexOf<A extends Space>(blocks: Extent<A>[], start: number): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
