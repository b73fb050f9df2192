import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  BY_HUB,
  Given,
  MOST_OWNERS,
  NONE_BY_HUB,
  NONE_WAITED,
  ownerOf,
  ThinEvent,
  ThinLock,
  ThinSemaphore,
  WAITED,
} from "../../src/hub/word.ts";
import { test } from "../suite.ts";
import { MemoryWord } from "./words.ts";

test("ThinLock is had by one, which alone gives it back", () => {
  const word = new MemoryWord();
  const [one, other] = [new ThinLock(word, 3), new ThinLock(word, MOST_OWNERS)];
  deepStrictEqual([one.value, one.take(), one.take(), other.take()], [
    ...[1, true, false, false],
  ]);
  deepStrictEqual([one.value, other.give(), word.value], [0, Given.Ask, 3]);
  deepStrictEqual([one.give(), word.value, one.give()], [Given.Done, 0, Given.Ask]);
  ok(other.take());
  strictEqual(ownerOf(word.value), MOST_OWNERS);
  strictEqual(other.give(), Given.Done);
});

test("ThinLock says when the hub is to be told, and leaves to the hub what is the hub's", () => {
  const word = new MemoryWord();
  const lock = new ThinLock(word, 3);
  word.value = 3 | WAITED;
  deepStrictEqual([lock.give(), word.value], [Given.Freed, 0]);
  word.value = 3 | BY_HUB | WAITED;
  deepStrictEqual([lock.give(), word.value], [Given.ByHub, 3 | BY_HUB | WAITED]);
});

test("ThinLock sees that a process begins to wait at the last moment", () => {
  const word = new MemoryWord();
  const lock = new ThinLock(word, 3);
  ok(lock.take());
  word.races.push(() => word.value |= WAITED);
  strictEqual(lock.give(), Given.Freed);
  ok(lock.take());
  word.races.push(() => word.value |= BY_HUB);
  strictEqual(lock.give(), Given.ByHub);
});

test("ThinSemaphore counts, and says when the hub is to be told or asked", () => {
  const word = new MemoryWord();
  const semaphore = new ThinSemaphore(word, 2);
  word.value = 2;
  deepStrictEqual([semaphore.take(), semaphore.take(), semaphore.take()], [
    ...[true, true, false],
  ]);
  deepStrictEqual([semaphore.give(), semaphore.value], [Given.Done, 1]);
  deepStrictEqual([semaphore.give(), semaphore.give()], [Given.Done, Given.Ask]);
  strictEqual(word.value, 2);
  word.value = NONE_WAITED;
  deepStrictEqual([semaphore.take(), semaphore.value], [false, 0]);
  deepStrictEqual([semaphore.give(), word.value], [Given.Freed, 1]);
  word.value = NONE_BY_HUB;
  deepStrictEqual([semaphore.take(), semaphore.value], [false, 0]);
  deepStrictEqual([semaphore.give(), word.value], [Given.ByHub, NONE_BY_HUB]);
});

test("a word counts the permits that were taken, and no attempts", () => {
  const [lockWord, word] = [new MemoryWord(), new MemoryWord()];
  const lock = new ThinLock(lockWord, 3);
  deepStrictEqual([lock.take(), lock.take(), lockWord.grants], [true, false, 1]);
  word.value = 2;
  word.races.push(() => word.value = 1); // the first attempt fails
  const semaphore = new ThinSemaphore(word, 2);
  deepStrictEqual([semaphore.take(), semaphore.take(), word.grants], [true, false, 1]);
});

test("ThinSemaphore loses no permit to another process at the same moment", () => {
  const word = new MemoryWord();
  const semaphore = new ThinSemaphore(word, 9);
  word.value = 2;
  word.races.push(() => word.value--);
  deepStrictEqual([semaphore.take(), word.value], [true, 0]);
  word.races.push(() => word.value = NONE_WAITED);
  deepStrictEqual([semaphore.give(), word.value], [Given.Freed, 1]);
});

test("ThinEvent is set without the hub unless somebody waits", () => {
  const word = new MemoryWord();
  const event = new ThinEvent(word);
  deepStrictEqual([event.isSet, event.set(), event.isSet, event.set()], [
    ...[false, true, true, true],
  ]);
  event.clear();
  event.clear();
  strictEqual(word.value, 0);
  word.value = NONE_WAITED;
  event.clear();
  deepStrictEqual([event.set(), event.isSet, word.value], [false, false, NONE_WAITED]);
});

test("the greatest number of an owner, and the flags, fit a signed integer", () => {
  const word = MOST_OWNERS | WAITED | BY_HUB;
  ok(word > 0);
  strictEqual(ownerOf(word), MOST_OWNERS);
});
