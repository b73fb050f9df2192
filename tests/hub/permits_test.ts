/** Permits in the hub and in words; the calls that wait for them are in other tests. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Owners } from "../../src/hub/owners.ts";
import {
  OwnPermits,
  type Permits,
  SEM_VALUE_MAX,
  SharedLock,
  SharedSemaphore,
} from "../../src/hub/permits.ts";
import { BY_HUB, NONE_WAITED, WAITED } from "../../src/hub/word.ts";
import { test } from "../suite.ts";
import { MemoryWord } from "./words.ts";

/** A lock or a semaphore in both forms. */
function both(value: number, max: number, isLock: boolean) {
  return [false, true].map((isShared) => {
    const disowned: number[] = [];
    const disown = (process: number) => void disowned.push(process);
    const word = new MemoryWord();
    if (!isLock) word.value = value;
    const permits: Permits = !isShared
      ? new OwnPermits(value, max, isLock, disown)
      : isLock
      ? new SharedLock(word, new Owners(), disown)
      : new SharedSemaphore(word, max);
    return { permits, disowned, word, isShared };
  });
}

function taker(process: number, isWatched = false) {
  return { process, isWatched };
}

test("a lock is the same in the hub and in a word", () => {
  for (const { permits, disowned } of both(1, 1, true)) {
    ok(permits.take(taker(7), false));
    ok(!permits.take(taker(8), false));
    deepStrictEqual([permits.isHeldBy(7), permits.isHeldBy(8)], [true, false]);
    ok(!permits.giveOwn(8));
    ok(permits.give(7, taker(8), false));
    deepStrictEqual([permits.isHeldBy(8), permits.value, disowned], [true, 0, []]);
    ok(permits.give(9, undefined, false));
    deepStrictEqual([permits.value, disowned], [1, [8]]);
    ok(!permits.give(9, undefined, false));
    ok(permits.take(taker(9), false) && permits.giveOwn(9));
    strictEqual(permits.value, 1);
  }
});

test("a semaphore is the same in the hub and in a word", () => {
  for (const max of [2, SEM_VALUE_MAX]) {
    for (const { permits } of both(2, max, false)) {
      ok(permits.take(taker(7), false) && permits.take(taker(7), false));
      ok(!permits.take(taker(7), false));
      ok(permits.give(7, taker(8), false));
      strictEqual(permits.value, 0);
      ok(permits.giveOwn(7) && permits.give(8, undefined, false));
      strictEqual(permits.give(8, undefined, false), max > 2);
      strictEqual(permits.isHeldBy(8), false);
    }
  }
});

test("a word tells its holder what others wait for", () => {
  const [, { permits: lock, word }] = both(1, 1, true) as [never, Shared];
  ok(lock.take(taker(7), true));
  strictEqual(word.value, 1 | WAITED);
  ok(lock.give(7, taker(8, true), false));
  strictEqual(word.value, 2 | BY_HUB);
  const [, semaphore] = both(1, 1, false) as [never, Shared];
  ok(semaphore.permits.take(taker(7), true));
  strictEqual(semaphore.word.value, NONE_WAITED);
});

type Shared = ReturnType<typeof both>[number];
