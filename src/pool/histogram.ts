/**
 * Counts of durations by powers of two: to add one costs some nanoseconds, and all of them
 * take a few hundred bytes, however many there are. Pure.
 *
 * @module
 */

/** The last bucket also has what is longer: over a year. */
const BUCKETS = 46;

/** Durations, by powers of two. */
export interface HistogramStats {
  /** How many there are. */
  readonly count: number;
  /**
   * `buckets[i]` of them were shorter than `2 ** i` microseconds, and not in the bucket before.
   * Buckets behind the last that has any are left out.
   */
  readonly buckets: readonly number[];
  /**
   * Half of them were shorter than so many seconds, which is at most twice what it would be
   * with all durations at hand; null without any.
   */
  readonly p50: number | null;
  /** The same of 99 in 100. */
  readonly p99: number | null;
}

/** See the file's head. */
export class Histogram {
  readonly #buckets: Float64Array;

  constructor(buckets: Float64Array = new Float64Array(BUCKETS)) {
    this.#buckets = buckets;
  }

  /** One more duration, in microseconds from 0 on; a fraction does not count. */
  add(micros: number): void {
    const bucket = micros < 2 ** 31
      ? 32 - Math.clz32(micros)
      : Math.floor(Math.log2(micros)) + 1;
    this.#buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]!++;
  }

  /** A copy. */
  copy(): Histogram {
    return new Histogram(this.#buckets.slice());
  }

  /** What came after `before` was copied of this one; all if that is undefined. */
  since(before: Histogram | undefined): HistogramStats {
    const counts = Array.from(
      this.#buckets,
      (count, i) => count - (before === undefined ? 0 : before.#buckets[i]!),
    );
    while (counts.at(-1) === 0) counts.pop();
    const count = counts.reduce((sum, n) => sum + n, 0);
    return Object.freeze({
      count,
      buckets: Object.freeze(counts),
      p50: quantile(counts, count * 0.5),
      p99: quantile(counts, count * 0.99),
    });
  }
}

/** Seconds that so many of the durations are shorter than. */
function quantile(counts: readonly number[], wanted: number): number | null {
  let count = 0;
  for (const [i, n] of counts.entries()) {
    count += n;
    if (n > 0 && count >= wanted) return 2 ** i / 1e6;
  }
  return null;
}
