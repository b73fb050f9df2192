/**
 * `_TestHeap` of CPython's `test/_test_multiprocessing.py`. Its second case, that frees by
 * the garbage collector block nothing, has no twin: finalizers run between two tasks here.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type Extent, Heap } from "../../src/sharedctypes/heap.ts";
import { ValueError } from "../../src/python/errors.ts";
import { random } from "../kill/items.ts";
import { test } from "../suite.ts";

interface Arena {
  readonly size: number;
}

/** Everything of every arena is in exactly one block, and free neighbours are joined. */
function check(heap: Heap<Arena>, used: Extent<Arena>[]): void {
  for (const arena of heap.arenas) {
    const free = heap.free().filter((block) => block.arena === arena);
    const all = [
      ...free.map((block) => ({ ...block, isFree: true })),
      ...used.filter((block) => block.arena === arena)
        .map((block) => ({ ...block, isFree: false })),
    ].sort((a, b) => a.start - b.start);
    strictEqual(all[0]!.start, 0);
    strictEqual(all.at(-1)!.stop, arena.size);
    for (let i = 1; i < all.length; i++) {
      strictEqual(all[i]!.start, all[i - 1]!.stop);
      ok(!(all[i]!.isFree && all[i - 1]!.isFree), "neighbours are not joined");
    }
  }
}

test("_TestHeap.test_heap", () => {
  const next = random(1);
  const discarded: Arena[] = [];
  const heap = new Heap<Arena>(
    (size) => ({ size }),
    (arena) => void discarded.push(arena),
    { discards: 0 },
  );
  const blocks: Extent<Arena>[] = [];
  const take = () => blocks.splice(Math.floor(next() * blocks.length), 1)[0]!;
  let last = 0;
  for (let n = 0; n < 5000; n++) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) *
      Math.cos(2 * Math.PI * next());
    blocks.push(heap.take(Math.floor(Math.exp(normal) * 1000)));
    if (blocks.length > 50) heap.give(take());
    if (n % 500 === 0) check(heap, blocks);
    last = heap.arenas.length;
  }
  check(heap, blocks);
  ok(last > 0);
  while (blocks.length > 0) heap.give(take());
  deepStrictEqual([heap.arenas, heap.free()], [[], []]);
  ok(discarded.length >= last);
});

test("Heap: blocks are aligned, also those of no size, and do not overlap", () => {
  const heap = new Heap<Arena>((size) => ({ size }), () => {});
  const blocks = [0, 1, 7, 8, 9, 4090, 100_000].map((size) => heap.take(size));
  for (const { start } of blocks) strictEqual(start % 8, 0);
  check(heap, blocks);
});

test("Heap: sizes that there are not are refused, and a failing arena changes nothing", () => {
  const heap = new Heap<Arena>(() => {
    throw new Error("no room");
  }, () => {});
  throws(() => heap.take(-1), ValueError);
  throws(() => heap.take(2 ** 53), RangeError);
  throws(() => heap.take(1), /no room/);
  deepStrictEqual(heap.arenas, []);
});
