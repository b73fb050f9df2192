import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Histogram } from "../../src/pool/histogram.ts";
import { test } from "../suite.ts";

function of(...micros: number[]): Histogram {
  const histogram = new Histogram();
  for (const one of micros) histogram.add(one);
  return histogram;
}

test("Histogram counts durations by powers of two of microseconds", () => {
  deepStrictEqual(of().since(undefined), {
    count: 0,
    buckets: [],
    p50: null,
    p99: null,
  });
  const { count, buckets } = of(0, 1, 2, 3, 4, 1023, 1024).since(undefined);
  strictEqual(count, 7);
  deepStrictEqual(buckets, [1, 1, 2, 1, 0, 0, 0, 0, 0, 0, 1, 1]);
  for (let i = 0; i < 40; i++) {
    const { buckets } = of(2 ** i, 2 ** i - 1).since(undefined);
    deepStrictEqual(buckets.slice(i), [1, 1]);
  }
});

test("Histogram gives what half and 99 of 100 were shorter than", () => {
  const { p50, p99 } = of(...Array(98).fill(100), 5000, 70_000).since(undefined);
  deepStrictEqual([p50, p99], [128e-6, 8192e-6]);
  deepStrictEqual(of(3).since(undefined).p99, 4e-6);
});

test("Histogram takes any number that a worker may tell", () => {
  const { count, buckets } = of(2 ** 31, 2 ** 53 - 1, 2 ** 50).since(undefined);
  strictEqual(count, 3);
  deepStrictEqual([buckets.length, buckets[32], buckets.at(-1)], [46, 1, 2]);
});

test("Histogram tells what came since it was copied, frozen", () => {
  const histogram = of(1, 1, 1000);
  const before = histogram.copy();
  histogram.add(1);
  const since = histogram.since(before);
  deepStrictEqual(since, { count: 1, buckets: [0, 1], p50: 2e-6, p99: 2e-6 });
  ok(Object.isFrozen(since) && Object.isFrozen(since.buckets));
  strictEqual(histogram.since(undefined).count, 4);
});
