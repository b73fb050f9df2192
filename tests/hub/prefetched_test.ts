import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Deque } from "../../src/collections/deque.ts";
import { type Item, Prefetched, putBack } from "../../src/hub/prefetched.ts";
import { test } from "../suite.ts";

function make(seq: number, length = 1): Item {
  return { seq, body: new Uint8Array(length) };
}

function prefetchedOf(...items: Item[]): Prefetched<Item> {
  const prefetched = new Prefetched<Item>();
  for (const item of items) prefetched.add(item);
  return prefetched;
}

const seqs = (items: Iterable<Item>): number[] => [...items].map(({ seq }) => seq);

test("Prefetched: the oldest is taken first, and all are counted", () => {
  const prefetched = prefetchedOf(make(3, 10), make(4, 20));
  deepStrictEqual([prefetched.length, prefetched.bytes, prefetched.taken], [2, 30, 0]);
  strictEqual(prefetched.take()?.seq, 3);
  deepStrictEqual([prefetched.length, prefetched.bytes, prefetched.taken], [1, 20, 1]);
  strictEqual(prefetched.take()?.seq, 4);
  strictEqual(prefetched.take(), undefined); // said too often: hurts nobody
  deepStrictEqual([prefetched.length, prefetched.bytes, prefetched.taken], [0, 0, 2]);
});

test("Prefetched: numbers count from the first that was ever sent", () => {
  const prefetched = prefetchedOf(make(0), make(1), make(2), make(3), make(4));
  prefetched.take();
  strictEqual(prefetched.first?.seq, 1);
  strictEqual(prefetched.takeUpTo(2), 1);
  strictEqual(prefetched.takeUpTo(1), 0);
  deepStrictEqual([prefetched.taken, prefetched.end], [2, 5]);
  deepStrictEqual(seqs(prefetched.giveBack()), [2, 3, 4]);
  deepStrictEqual([prefetched.length, prefetched.bytes], [0, 0]);
  prefetched.add(make(7));
  deepStrictEqual([prefetched.taken, prefetched.end], [5, 6]); // numbers are not used again
  strictEqual(prefetched.takeUpTo(Infinity), 1);
});

test("putBack: to their old places, whatever has come or come back meanwhile", () => {
  const cases: [there: number[], back: number[], result: number[]][] = [
    [[], [], []],
    [[], [2, 1], [1, 2]],
    [[5, 6], [1, 2], [1, 2, 5, 6]],
    [[2, 6], [5, 3], [2, 3, 5, 6]],
    [[1], [2], [1, 2]],
  ];
  for (const [there, back, result] of cases) {
    const available = new Deque<Item>();
    for (const seq of there) available.push(make(seq));
    putBack(available, back.map((seq) => make(seq)));
    deepStrictEqual(seqs(available), result);
  }
});
