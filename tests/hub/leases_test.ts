import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Deque } from "../../src/collections/deque.ts";
import { type Item, Leases, putBack } from "../../src/hub/leases.ts";
import { test } from "../suite.ts";

function make(seq: number, length = 1): Item {
  return { seq, body: new Uint8Array(length) };
}

function leasesOf(...items: Item[]): Leases<Item> {
  const leases = new Leases<Item>();
  for (const item of items) leases.add(item);
  return leases;
}

const seqs = (items: Iterable<Item>): number[] => [...items].map(({ seq }) => seq);

test("Leases: the oldest is taken first, and all are counted", () => {
  const leases = leasesOf(make(3, 10), make(4, 20));
  deepStrictEqual([leases.length, leases.bytes, leases.taken], [2, 30, 0]);
  strictEqual(leases.take()?.seq, 3);
  deepStrictEqual([leases.length, leases.bytes, leases.taken], [1, 20, 1]);
  strictEqual(leases.take()?.seq, 4);
  strictEqual(leases.take(), undefined); // said too often: hurts nobody
  deepStrictEqual([leases.length, leases.bytes, leases.taken], [0, 0, 2]);
});

test("Leases: numbers count from the first that was ever sent", () => {
  const leases = leasesOf(make(0), make(1), make(2), make(3), make(4));
  leases.take();
  strictEqual(leases.first?.seq, 1);
  strictEqual(leases.takeUpTo(2), 1);
  strictEqual(leases.takeUpTo(1), 0);
  deepStrictEqual([leases.taken, leases.end], [2, 5]);
  deepStrictEqual(seqs(leases.giveBack(1)), []); // number 0 is taken
  deepStrictEqual(seqs(leases.giveBack(3)), [2]);
  strictEqual(leases.bytes, 2);
  deepStrictEqual(seqs(leases.giveBack()), [3, 4]);
  deepStrictEqual([leases.length, leases.bytes], [0, 0]);
  leases.add(make(7));
  deepStrictEqual([leases.taken, leases.end], [5, 6]); // numbers are not used again
  strictEqual(leases.takeUpTo(Infinity), 1);
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
