/**
 * Python's `slice`: what stands between the brackets of `l[1:3]`.
 *
 * @module
 */
import { callable } from "./callable.ts";

/** A Python `slice`, such as the `1:3` in `l[1:3]`. */
export class PySlice {
  /** The first index; null for the beginning. */
  readonly start: unknown;
  /** The index behind the last one; null for the end. */
  readonly stop: unknown;
  /** From one index to the next; null for 1. */
  readonly step: unknown;

  /** As {@linkcode slice} makes it. */
  constructor(start: unknown, stop: unknown, step: unknown = null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** `slice` as a value: a class that may be called without `new`. */
export interface SliceConstructor {
  /** A slice, as Python's `slice(start, stop, step)`. */
  new (start: number | null, stop: number | null, step?: number | null): PySlice;
  /** The same without `new`, as in Python. */
  (start: number | null, stop: number | null, step?: number | null): PySlice;
}

/**
 * Python's `slice`: `l[1:3]` is `l.__getitem__(slice(1, 3))`, and `l[1:3] = v` is
 * `l.__setitem__(slice(1, 3), v)`.
 *
 * @example
 * ```ts
 * import { Array, slice } from "@pystd/multiprocessing/sharedctypes";
 * const array = Array("i", [1, 2, 3, 4]);
 * array.__setitem__(slice(0, 2), [7, 8]);
 * console.log(array.slice()); // [7, 8, 3, 4]
 * ```
 */
export const slice: SliceConstructor = callable("PySlice", PySlice);
