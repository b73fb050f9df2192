/** When the items of a queue were put. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Arrivals } from "../../src/hub/arrivals.ts";
import { test } from "../suite.ts";

/** Notes items that come at these times; `oldest` is never asked. */
function noted(...notes: [end: number, time: number][]): Arrivals {
  const arrivals = new Arrivals();
  for (const [end, time] of notes) arrivals.note(end, () => time, () => -1);
  return arrivals;
}

test("Arrivals tells when an item was put", () => {
  const arrivals = noted([2, 100], [5, 103], [6, 110]);
  deepStrictEqual([0, 1, 2, 4, 5].map((item) => arrivals.of(item)), [
    ...[100, 100, 103, 103, 110],
  ]);
  strictEqual(arrivals.of(6), undefined);
});

test("Arrivals asks for the time only if something was put", () => {
  const arrivals = noted([2, 100]);
  arrivals.note(2, () => ok(false) as never, () => -1);
  strictEqual(arrivals.of(1), 100);
});

test("Arrivals takes what comes within a millisecond as one", () => {
  const arrivals = noted([1, 100], [2, 100.5], [3, 101]);
  deepStrictEqual([0, 1, 2].map((item) => arrivals.of(item)), [100, 100, 101]);
});

test("Arrivals begins anew where nothing is left", () => {
  const arrivals = noted([3, 100]);
  arrivals.clear(5);
  strictEqual(arrivals.of(2), undefined);
  arrivals.note(6, () => 200, () => -1);
  strictEqual(arrivals.of(5), 200);
});

/** Puts an item each millisecond and takes it when `depth` more are there; the worst age. */
function worstError(items: number, depth: number): number {
  const arrivals = new Arrivals();
  let worst = 0;
  for (let n = 0; n < items; n++) {
    const oldest = Math.max(0, n - depth);
    arrivals.note(n + 1, () => 1000 + n, () => oldest);
    worst = Math.max(worst, Math.abs(arrivals.of(oldest)! - (1000 + oldest)));
  }
  return worst;
}

test("Arrivals keeps few notes: exact for short queues, to a hundredth for long ones", () => {
  strictEqual(worstError(10_000, 100), 0);
  ok(worstError(20_000, 10_000) <= 100);
  ok(worstError(20_000, Infinity) <= 100);
});

test("Arrivals is exact again when a long queue has become short", () => {
  const arrivals = new Arrivals();
  let now = 0;
  const put = (oldest: number) => arrivals.note(++now, () => now, () => oldest);
  while (now < 20_000) put(0);
  while (now < 60_000) put(now - 5);
  strictEqual(arrivals.of(now - 2), now - 1);
});
