import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Deque } from "../../src/collections/deque.ts";
import { test } from "../suite.ts";

function filled(count: number): Deque<number> {
  const deque = new Deque<number>();
  for (let i = 0; i < count; i++) deque.push(i);
  return deque;
}

test("Deque gives items in the order they came, however many", () => {
  const deque = filled(5000);
  const found: number[] = [];
  for (let item = deque.shift(); item !== undefined; item = deque.shift()) {
    found.push(item);
    if (item < 5000) deque.push(item + 5000);
  }
  deepStrictEqual(found, Array.from({ length: 10000 }, (_, i) => i));
  strictEqual(deque.length, 0);
});

test("Deque takes items back to its front in their order", () => {
  const deque = filled(5);
  deque.shift();
  deque.shift();
  deque.unshift([0, 1]);
  deepStrictEqual([...deque], [0, 1, 2, 3, 4]);
  deque.unshift([-2, -1]);
  deque.shift();
  deque.unshift([-4, -3, -2]);
  deepStrictEqual([...deque], [-4, -3, -2, -1, 0, 1, 2, 3, 4]);
});

test("Deque takes back what it gave, one at a time, without moving all others", () => {
  const deque = filled(200_000);
  const before = performance.now();
  // Were all moved each time, this would be forty thousand million steps.
  for (let i = 0; i < 200_000; i++) deque.unshift([deque.shift()!]);
  ok(performance.now() - before < 5000);
  strictEqual(deque.length, 200_000);
  for (let i = 0; i < 200_000; i++) strictEqual(deque.shift(), i);
  strictEqual(deque.shift(), undefined);
});

test("Deque.at and splice count from the front", () => {
  const deque = filled(6);
  deque.shift();
  strictEqual(deque.at(0), 1);
  strictEqual(deque.at(9), undefined);
  deepStrictEqual(deque.splice(1, 3), [2, 3]);
  deepStrictEqual([...deque], [1, 4, 5]);
});

test("Deque.removeLast takes the last match only, filter all that fail", () => {
  const deque = filled(6);
  strictEqual(deque.removeLast((item) => item % 2 === 0), true);
  strictEqual(deque.removeLast((item) => item > 9), false);
  deepStrictEqual([...deque], [0, 1, 2, 3, 5]);
  deque.filter((item) => item > 1);
  deepStrictEqual([...deque], [2, 3, 5]);
});
