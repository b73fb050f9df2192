/** Tests of src/link/shared_channel.ts: where messages are put. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { END, OVERFLOW, Ring } from "../../src/link/shared_channel.ts";
import { test } from "../suite.ts";
import { type Random, repeat } from "../wire/support.ts";

/** Where the first message goes; what is before belongs to the count. */
const START = 4096;

const RING = OVERFLOW - START;

/** Messages that may be there at a time. */
const MAX_COUNT = 200;

const MIB = 1 << 20;

test("Ring: there is room for four mebibytes, and for one message of up to 32", () => {
  deepStrictEqual([RING, END - OVERFLOW], [4 * MIB, 32 * MIB]);
});

test("Ring: one message after the other, each where the last one ends", () => {
  const ring = new Ring();
  strictEqual(ring.length, 0);
  strictEqual(ring.put(70_000), START);
  strictEqual(ring.put(80_000), START + 70_000);
  strictEqual(ring.put(90_000), START + 150_000);
  strictEqual(ring.length, 3);
});

test("Ring: the same place again, as soon as all have been taken out", () => {
  const ring = new Ring();
  for (let count = 2; count < 600; count += 2) {
    strictEqual(ring.put(MIB), START);
    strictEqual(ring.put(MIB), START + MIB);
    ring.takenUpTo(count & 0xff);
    strictEqual(ring.length, 0);
  }
});

test("Ring: a message that fills it, and no other one beside it", () => {
  const ring = new Ring();
  strictEqual(ring.put(RING), START);
  strictEqual(ring.put(1), undefined);
  strictEqual(ring.length, 1);
  ring.takenUpTo(1);
  strictEqual(ring.put(RING), START);
});

test("Ring: what has no room behind the newest goes before the oldest", () => {
  const ring = new Ring();
  for (let i = 0; i < 3; i++) strictEqual(ring.put(MIB), START + i * MIB);
  strictEqual(ring.put(2 * MIB), undefined);
  ring.takenUpTo(1);
  strictEqual(ring.put(2 * MIB), undefined); // one is free at each end: not two in one
  strictEqual(ring.put(MIB), START + 3 * MIB);
  strictEqual(ring.put(MIB), undefined); // up to the oldest: full would look like empty
  strictEqual(ring.put(MIB - 2), START);
  strictEqual(ring.put(2), undefined);
  strictEqual(ring.put(1), START + MIB - 2);
  strictEqual(ring.put(1), undefined);
  ring.takenUpTo(2);
  strictEqual(ring.put(MIB), START + MIB - 1);
  strictEqual(ring.length, 5);
});

test("Ring: the end is left free by a message that does not fit there", () => {
  const ring = new Ring();
  ring.put(MIB);
  ring.put(2 * MIB + 1);
  ring.takenUpTo(1);
  strictEqual(ring.put(MIB), undefined);
  strictEqual(ring.put(MIB - 1), START + 3 * MIB + 1); // to the last byte
  strictEqual(ring.put(MIB - 1), START);
  ring.takenUpTo(2);
  strictEqual(ring.put(2 * MIB + 1), START + MIB - 1); // up to the oldest's last byte but one
  ring.takenUpTo(3);
  strictEqual(ring.put(MIB), START + 3 * MIB);
});

test("Ring: the hall has one message that is too long for the ring, and no longer one", () => {
  const ring = new Ring();
  strictEqual(ring.put(END - OVERFLOW + 1), undefined);
  strictEqual(ring.put(END - OVERFLOW), OVERFLOW);
  strictEqual(ring.put(RING + 1), undefined);
  strictEqual(ring.put(MIB), START); // the ring is open all the same
  ring.takenUpTo(1);
  strictEqual(ring.put(RING + 1), OVERFLOW);
  strictEqual(ring.put(MIB), START + MIB);
  ring.takenUpTo(2); // the first one of the ring
  strictEqual(ring.put(RING + 1), undefined);
  ring.takenUpTo(3);
  strictEqual(ring.put(RING + 1), OVERFLOW);
});

test("Ring: with nothing but the hall taken, the ring begins at its start", () => {
  const ring = new Ring();
  ring.put(MIB);
  ring.put(RING + 1);
  ring.takenUpTo(1);
  strictEqual(ring.put(MIB), START);
});

test("Ring: no more messages than the count can tell apart", () => {
  const ring = new Ring();
  for (let i = 0; i < MAX_COUNT; i++) strictEqual(ring.put(1), START + i);
  strictEqual(ring.put(1), undefined);
  strictEqual(ring.put(RING + 1), undefined);
  ring.takenUpTo(1);
  strictEqual(ring.put(RING + 1), OVERFLOW);
  strictEqual(ring.put(1), undefined);
  ring.takenUpTo(MAX_COUNT + 1);
  strictEqual(ring.length, 0);
});

test("Ring: a count that cannot be is none", () => {
  const ring = new Ring();
  ring.takenUpTo(1); // there is nothing
  for (let i = 0; i < 3; i++) ring.put(MIB);
  for (const count of [4, 5, 200, 255]) ring.takenUpTo(count);
  strictEqual(ring.length, 3);
  ring.takenUpTo(2);
  ring.takenUpTo(2); // said twice: taken once
  strictEqual(ring.length, 1);
  for (const count of [0, 1, 4, 100]) ring.takenUpTo(count);
  strictEqual(ring.length, 1);
  ring.takenUpTo(3);
  strictEqual(ring.length, 0);
});

/** What a ring should do, found out by looking at every message that is there. */
class Model {
  readonly #entries: { start: number; end: number }[] = [];
  /** How many have been taken out, from the beginning on. */
  taken = 0;

  get length(): number {
    return this.#entries.length;
  }

  put(size: number): number | undefined {
    if (this.length >= MAX_COUNT) return undefined;
    const start = this.#places(size).find((start) => this.#fits(start, start + size));
    if (start !== undefined) this.#entries.push({ start, end: start + size });
    return start;
  }

  /** Where it may begin, the first choice first. */
  #places(size: number): number[] {
    if (size > RING) return size <= END - OVERFLOW ? [OVERFLOW] : [];
    const newest = this.#entries.findLast(({ start }) => start < OVERFLOW);
    const places = newest === undefined ? [START] : [newest.end, START];
    return places.filter((start) => start + size <= OVERFLOW);
  }

  /** A free byte is left before what was put into the ring earlier. */
  #fits(start: number, end: number): boolean {
    return this.#entries.every((other) =>
      start >= other.end || end < other.start ||
      (end === OVERFLOW && other.start === OVERFLOW)
    );
  }

  take(count: number): void {
    this.#entries.splice(0, count);
    this.taken += count;
  }
}

/** Sizes as they are, with more than there should be of those at the limits. */
function someSize(random: Random): number {
  switch (random.below(8)) {
    case 0:
      return 1 + random.below(100);
    case 1:
      return RING - random.below(3) + 1;
    case 2:
      return END - OVERFLOW + random.below(3) - 1;
    case 3:
      return 1 + random.below(RING);
  }
  return 65_536 + random.below(random.of([1000, 100_000, MIB]));
}

test("Ring: 40,000 random steps, each as it should be", () => {
  repeat(20, (random) => {
    const ring = new Ring();
    const model = new Model();
    // Some rings are nearly empty all the time, others nearly full.
    const puts = 1 + random.below(3);
    const isSmall = random.below(4) === 0;
    for (let step = 0; step < 2000; step++) {
      if (random.below(4) < puts) {
        const size = isSmall ? 1 + random.below(30_000) : someSize(random);
        strictEqual(ring.put(size), model.put(size), `step ${step}: ${size} bytes`);
      } else {
        if (random.below(10) === 0) ring.takenUpTo(impossibleCount(random, model));
        // Now and then a count that has not changed.
        model.take(random.below(1 + Math.min(model.length, random.of([3, 10, 200]))));
        ring.takenUpTo(model.taken & 0xff);
      }
      strictEqual(ring.length, model.length, `step ${step}`);
    }
    model.take(model.length);
    ring.takenUpTo(model.taken & 0xff);
    strictEqual(ring.put(65_536), START);
    ok(model.taken > 256, "the count has not come round");
  });
});

/** More than there are. */
function impossibleCount(random: Random, { taken, length }: Model): number {
  return (taken + length + 1 + random.below(255 - length)) & 0xff;
}
