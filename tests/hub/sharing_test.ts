/** Locks, semaphores and events that move into a word: what the hub does then. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EventState } from "../../src/hub/condition.ts";
import {
  ConditionMethod,
  EventMethod,
  ObjectType,
  SemaphoreMethod,
} from "../../src/hub/object.ts";
import { SemaphoreState } from "../../src/hub/semaphore.ts";
import {
  BY_HUB,
  Given,
  NONE_BY_HUB,
  NONE_WAITED,
  ownerOf,
  SET,
  ThinLock,
  type ThinPermits,
  ThinSemaphore,
  WAITED,
} from "../../src/hub/word.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item } from "./support.ts";
import { type MemoryWord, WordHub } from "./words.ts";

const ID = 100;
const CONDITION = 101;

/** Uses after which a process is told. */
const MANY = 8;

/** An object held by the root and by processes 1, 2 and 3. */
class Scene extends WordHub {
  #lastCall = 1000;
  readonly #max: number;

  constructor(type: keyof typeof ObjectType, args: number[] = []) {
    super();
    this.#max = args[1] ?? 1;
    for (const id of [1, 2, 3]) {
      this.receive(0, [Kind.Launch, id, 0, item(0), item(0)]);
    }
    this.receive(0, [Kind.Create, ID, ObjectType[type], args]);
    const handles = [ID];
    if (args[2] === 1) {
      this.receive(0, [Kind.Create, CONDITION, ObjectType.Condition, [ID]]);
      handles.push(CONDITION);
    }
    for (const id of [1, 2, 3]) this.receive(0, [Kind.Boot, id, 0, item(0), handles]);
    for (const id of [0, 1, 2, 3]) this.take(id);
  }

  acquire(process: number, call: number, block = true): void {
    this.receive(process, [Kind.Acquire, ID, call, block]);
  }

  release(process: number, call = 0): void {
    this.receive(process, [Kind.Release, ID, call]);
  }

  freed(process: number): void {
    this.receive(process, [Kind.Call, ID, 0, SemaphoreMethod.Freed, []]);
  }

  /** Uses it until the process is told; gives the number that it has in the word. */
  tell(process: number): number {
    for (let i = 0; i < MANY; i++) {
      const call = ++this.#lastCall;
      this.acquire(process, call, false);
      const isTaken = this.sent.get(process)!.some(([kind, , of, value]) =>
        kind === Kind.Answer && of === call && value === true
      );
      if (isTaken) this.release(process);
    }
    const offer = this.take(process).find(([kind]) => kind === Kind.Word);
    ok(offer?.[0] === Kind.Word, "it was not told");
    return offer[4];
  }

  lock(process: number): ThinPermits {
    const number = this.tell(process);
    return new ThinLock(this.word, number);
  }

  semaphore(process: number): ThinPermits {
    this.tell(process);
    return new ThinSemaphore(this.word, this.#max);
  }

  get word(): MemoryWord {
    return this.words.at(-1)!;
  }

  get state(): SemaphoreState {
    const state = this.hub.objectOfRoot(ID);
    ok(state instanceof SemaphoreState);
    return state;
  }
}

const LOCK = [1, 1, 1];
const UNBOUNDED = [1, 0x7fffffff, 0];

function answer(call: number, value: boolean | null, object = ID): ToPeer {
  return [Kind.Answer, object, call, value];
}

test("a process is told of a word when it has used the lock often, and once", () => {
  const scene = new Scene("Semaphore", LOCK);
  for (let i = 1; i < MANY; i++) {
    scene.acquire(1, i);
    scene.release(1);
  }
  strictEqual(scene.words.length, 0);
  ok(!scene.state.isShared);
  scene.take(1);
  scene.acquire(1, MANY);
  deepStrictEqual(scene.take(1), [[Kind.Word, ID, "/words", 0, 1], answer(MANY, true)]);
  ok(scene.state.isShared);
  deepStrictEqual([ownerOf(scene.word.value), scene.state.value], [1, 0]);
  scene.release(1);
  strictEqual(scene.word.value, 0);
  for (let i = 0; i < 20; i++) {
    scene.acquire(1, 100 + i);
    scene.release(1);
  }
  ok(scene.take(1).every(([kind]) => kind === Kind.Answer));
  strictEqual(scene.tell(2), 2); // the same word, another number
  strictEqual(scene.words.length, 1);
});

test("a lock is taken into the word as it is: held, and waited for", () => {
  const scene = new Scene("Semaphore", LOCK);
  scene.acquire(2, 21);
  scene.acquire(3, 31);
  for (let i = 0; i < MANY; i++) scene.acquire(1, i, false);
  strictEqual(scene.word.value & WAITED, WAITED);
  scene.take(3);
  scene.release(2);
  deepStrictEqual(scene.take(3), [answer(31, true)]);
  const semaphore = new Scene("Semaphore", [5, 5, 0]);
  semaphore.acquire(2, 21);
  for (let i = 0; i < MANY; i++) semaphore.acquire(1, i, false);
  strictEqual(semaphore.word.value, 0);
});

test("the root and a process that may less are not told, and use the word by the hub", () => {
  const scene = new Scene("Semaphore", LOCK);
  scene.sandboxed.add(1);
  for (const process of [0, 1]) {
    for (let i = 0; i < 3 * MANY; i++) {
      scene.acquire(process, i);
      scene.release(process);
    }
    ok(scene.take(process).every(([kind]) => kind === Kind.Answer));
  }
  strictEqual(scene.words.length, 0);
  const lock = scene.lock(2);
  ok(lock.take());
  strictEqual(scene.state.acquireNow(0), false);
  scene.acquire(1, 11);
  deepStrictEqual([scene.take(1), lock.give()], [[], Given.Freed]);
  scene.freed(2);
  deepStrictEqual([scene.take(1), lock.take()], [[answer(11, true)], false]);
  scene.release(1);
  ok(scene.state.acquireNow(0));
  ok(!lock.take());
  ok(scene.state.releaseNow(0));
  ok(lock.take());
});

test("a word that is still being made is asked for again; where there is none, never", () => {
  const scene = new Scene("Semaphore", LOCK);
  scene.refusal = undefined;
  for (let i = 0; i < 3 * MANY; i++) scene.acquire(1, i, false);
  ok(!scene.state.isShared);
  scene.refusal = "none";
  scene.acquire(1, 99, false);
  ok(scene.state.isShared);
  const other = new Scene("Semaphore", LOCK);
  other.refusal = null;
  for (let i = 0; i < MANY; i++) other.acquire(1, i, false);
  other.refusal = "none";
  for (let i = 0; i < 3 * MANY; i++) other.acquire(1, i, false);
  ok(!other.state.isShared);
});

test("a word is free again when no process that was told holds the lock any more", () => {
  const scene = new Scene("Semaphore", LOCK);
  const [first, second] = [scene.lock(1), scene.lock(2)];
  ok(first.take());
  scene.acquire(3, 31);
  strictEqual(scene.timers.size, 1);
  scene.receive(1, [Kind.Drop, ID]);
  ok(!scene.word.isFree && scene.state.isShared);
  deepStrictEqual(scene.take(3), [answer(31, true)]); // the first had not released it
  ok(!second.take());
  scene.hub.gone(2, -9);
  ok(scene.word.isFree && !scene.state.isShared);
  strictEqual(scene.timers.size, 0);
  strictEqual(scene.state.value, 0); // process 3 has it
  scene.acquire(0, 41);
  scene.take(0);
  scene.release(3);
  deepStrictEqual(scene.take(0), [answer(41, true)]);
  scene.release(0);
  scene.tell(3);
  deepStrictEqual([scene.words.length, scene.state.isShared], [2, true]);
});

test("what a word held is in the hub again, and goes to those who wait", () => {
  const scene = new Scene("Semaphore", [2, 0x7fffffff, 0]);
  const permits = scene.semaphore(1);
  ok(permits.take() && permits.take());
  for (const process of [2, 3]) scene.acquire(process, process);
  permits.give();
  scene.hub.gone(1, -9); // before it has told; it keeps one for ever
  deepStrictEqual(scene.take(2), [answer(2, true)]);
  strictEqual(scene.state.value, 0);
  scene.release(2);
  deepStrictEqual(scene.take(3), [answer(3, true)]);
});

test("a waiter is served when it is told that the lock is free, unless another has it", () => {
  const scene = new Scene("Semaphore", LOCK);
  const [one, two] = [scene.lock(1), scene.lock(2)];
  ok(one.take());
  scene.acquire(3, 31);
  strictEqual(one.give(), Given.Freed);
  ok(two.take());
  scene.freed(1);
  deepStrictEqual(scene.take(3), []);
  strictEqual(two.give(), Given.Done); // not told again: others would be quicker each time
  ok(one.take());
  scene.ring();
  strictEqual(one.give(), Given.ByHub);
  scene.release(1);
  deepStrictEqual(scene.take(3), [answer(31, true)]);
});

test("a waiter that others get ahead of has the lock after a while", () => {
  const scene = new Scene("Semaphore", LOCK);
  const [one, two] = [scene.lock(1), scene.lock(2)];
  ok(one.take());
  scene.acquire(3, 31);
  scene.acquire(2, 21);
  for (let i = 0; i < 5; i++) {
    one.give();
    ok(one.take());
    scene.freed(1);
  }
  deepStrictEqual(scene.take(3), []);
  scene.ring();
  strictEqual(scene.timers.size, 0); // it waits for the holder
  strictEqual(one.give(), Given.ByHub);
  ok(!one.take());
  scene.release(1);
  deepStrictEqual([scene.take(3), scene.take(2)], [[answer(31, true)], []]);
  // The next one has its turn after another while.
  strictEqual(scene.word.value & BY_HUB, 0);
  scene.release(3);
  deepStrictEqual(scene.take(2), [answer(21, true)]);
  strictEqual(two.give(), Given.Done);
});

test("a waiter that others get ahead of has a permit of a semaphore after a while", () => {
  const scene = new Scene("Semaphore", UNBOUNDED);
  const one = scene.semaphore(1);
  ok(one.take());
  scene.acquire(3, 31);
  scene.acquire(2, 21);
  strictEqual(scene.word.value, NONE_WAITED);
  one.give();
  ok(one.take());
  scene.freed(1);
  scene.ring();
  deepStrictEqual([scene.word.value, scene.timers.size], [NONE_BY_HUB, 0]);
  strictEqual(one.give(), Given.ByHub);
  scene.release(1);
  deepStrictEqual([scene.take(3), scene.word.value], [[answer(31, true)], NONE_WAITED]);
  strictEqual(scene.timers.size, 1);
  scene.ring();
  scene.receive(2, [Kind.Cancel, ID, 21]);
  scene.release(3);
  strictEqual(scene.word.value, 1);
  ok(one.take());
});

test("a process that is stopped before it tells keeps no waiter for long", () => {
  for (const args of [LOCK, UNBOUNDED]) {
    const scene = new Scene("Semaphore", args);
    const one = args === LOCK ? scene.lock(1) : scene.semaphore(1);
    ok(one.take());
    scene.acquire(3, 31);
    strictEqual(one.give(), Given.Freed);
    scene.ring();
    deepStrictEqual(scene.take(3), [answer(31, true)]);
  }
});

for (const others of [[], [2]]) {
  test(`a process that dies before it tells keeps no waiter; others: ${others}`, () => {
    for (const args of [LOCK, UNBOUNDED]) {
      const scene = new Scene("Semaphore", args);
      const one = args === LOCK ? scene.lock(1) : scene.semaphore(1);
      for (const process of others) scene.tell(process); // they keep the word
      ok(one.take());
      scene.acquire(3, 31);
      strictEqual(one.give(), Given.Freed);
      scene.hub.gone(1, -9);
      strictEqual(scene.state.isShared, others.length > 0);
      deepStrictEqual([scene.take(3), scene.warnings], [[answer(31, true)], []]);
    }
  });
}

test("a dead holder's lock is released, and that is told", () => {
  const scene = new Scene("Semaphore", LOCK);
  ok(scene.lock(1).take());
  scene.acquire(3, 31);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(3), [answer(31, true)]);
  deepStrictEqual(scene.warnings, [
    [1, "has ended while it held a lock, which is released"],
  ]);
});

test("the holder hears of it when another process releases its lock", () => {
  const scene = new Scene("Semaphore", LOCK);
  const lock = scene.lock(1);
  ok(lock.take());
  scene.release(2, 21);
  deepStrictEqual([scene.take(1), scene.take(2)], [
    [[Kind.Disowned, ID]],
    [answer(21, null)],
  ]);
  strictEqual(lock.give(), Given.Ask);
  scene.release(1, 11);
  strictEqual(scene.take(1)[0]![0], Kind.Failure);
});

test("a woken process that has the lock releases it by the hub", () => {
  const scene = new Scene("Semaphore", LOCK);
  const [one, two] = [scene.lock(1), scene.lock(2)];
  ok(one.take());
  scene.receive(1, [Kind.Call, CONDITION, 11, ConditionMethod.Wait, []]);
  scene.acquire(3, 31); // gives it up for good by waiting
  scene.receive(3, [Kind.Call, CONDITION, 32, ConditionMethod.Wait, []]);
  scene.take(3);
  ok(two.take());
  scene.receive(2, [Kind.Call, CONDITION, 0, ConditionMethod.Notify, [1]]);
  strictEqual(two.give(), Given.Freed);
  scene.freed(2);
  deepStrictEqual(scene.take(1), [answer(11, true, CONDITION)]);
  strictEqual(one.give(), Given.ByHub);
  scene.hub.gone(1, -9); // before it has said so: the wake-up goes to another
  deepStrictEqual(scene.take(3), [answer(32, true, CONDITION)]);
});

test("a bounded semaphore refuses what is too many, whether by the word or the hub", () => {
  const scene = new Scene("Semaphore", [2, 2, 0]);
  scene.sandboxed.add(2);
  const one = scene.semaphore(1);
  ok(one.take());
  scene.acquire(2, 21);
  // It cannot know any more whether it may release without asking.
  deepStrictEqual(scene.take(2), [[Kind.Word, ID, "", 0, 0], answer(21, true)]);
  strictEqual(one.give(), Given.Done);
  strictEqual(one.give(), Given.Done); // what process 2 had acquired
  strictEqual(one.give(), Given.Ask);
  scene.release(2, 22);
  strictEqual(scene.take(2)[0]![0], Kind.Failure);
  scene.acquire(2, 23);
  deepStrictEqual(scene.take(2), [answer(23, true)]); // it is told once
});

test("those who have permits of a bounded semaphore hear that it has moved", () => {
  const scene = new Scene("Semaphore", [2, 2, 0]);
  scene.acquire(2, 21);
  scene.take(2);
  scene.tell(1);
  deepStrictEqual(scene.take(2), [[Kind.Disowned, ID]]);
});

/** Words that nobody writes who is honest. */
const LIES = [0, 1, 2, 3, 7, 99, -1, -2, -3, 2 ** 31 - 1, -(2 ** 31)].flatMap((n) => [
  ...[n, n | WAITED, n | BY_HUB, n | WAITED | BY_HUB],
]);

test("the hub survives every word, and serves those who wait when the liar is dead", () => {
  for (const lie of LIES) {
    for (const args of [LOCK, UNBOUNDED, [2, 2, 0]]) {
      const scene = new Scene("Semaphore", args);
      scene.tell(1);
      scene.word.value = lie;
      scene.acquire(2, 21);
      scene.freed(1);
      scene.word.value = lie;
      scene.acquire(3, 31, false);
      scene.release(1, 11);
      scene.ring();
      scene.word.value = lie;
      scene.receive(3, [Kind.Call, ID, 32, SemaphoreMethod.Value, []]);
      ok(scene.state.value >= 0 && scene.state.value <= args[1]!);
      scene.ring();
      scene.hub.gone(1, -9);
      if (args !== LOCK) scene.release(3);
      scene.release(3);
      const answers = scene.take(2).filter(([kind]) => kind === Kind.Answer);
      strictEqual(answers.length, 1, `${lie}`);
    }
  }
});

test("a process that writes all the time does not keep the hub busy", () => {
  for (const args of [LOCK, UNBOUNDED]) {
    const scene = new Scene("Semaphore", args);
    scene.tell(1);
    scene.word.value = args === LOCK ? 1 : 0;
    let tries = 0;
    scene.word.replace = () => ++tries < 0;
    scene.acquire(2, 21);
    scene.ring();
    scene.release(1, 11);
    scene.hub.gone(1, -9);
    ok(tries < 5_000_000, `${tries} tries`);
  }
});

// --- events

const { IsSet, Set: SetIt, Clear, Wait } = EventMethod;

class EventScene extends Scene {
  constructor() {
    super("Event");
    for (let i = 0; i < MANY; i++) this.call(1, i, IsSet);
    ok(this.take(1).some(([kind]) => kind === Kind.Word));
  }

  call(process: number, call: number, method: number): void {
    this.receive(process, [Kind.Call, ID, call, method, []]);
  }
}

test("an event in a word is the same for the hub", () => {
  const scene = new EventScene();
  const { word } = scene;
  const state = scene.hub.objectOfRoot(ID);
  ok(state instanceof EventState);
  scene.call(2, 21, SetIt);
  deepStrictEqual([word.value, state.isSet], [SET, true]);
  scene.call(2, 22, Wait);
  deepStrictEqual(scene.take(2), [answer(21, null), answer(22, true)]);
  scene.call(2, 23, Clear);
  deepStrictEqual([word.value, state.isSet], [0, false]);
  word.value = SET; // by another process
  scene.call(2, 24, IsSet);
  deepStrictEqual(scene.take(2), [answer(23, null), answer(24, true)]);
});

test("while a process waits for an event, only the hub sets it", () => {
  const scene = new EventScene();
  const { word } = scene;
  scene.call(2, 21, Wait);
  deepStrictEqual([word.value, scene.take(2)], [NONE_WAITED, []]);
  scene.call(3, 31, SetIt);
  scene.call(3, 32, Clear);
  deepStrictEqual([word.value, scene.take(2)], [0, [answer(21, true)]]);
  word.races.push(() => word.value = SET); // at the last moment
  scene.call(2, 22, Wait);
  deepStrictEqual([word.value, scene.take(2)], [SET, [answer(22, true)]]);
});

test("an event moves into a word as it is", () => {
  const scene = new Scene("Event");
  scene.receive(2, [Kind.Call, ID, 21, Wait, []]);
  for (let i = 0; i < MANY; i++) scene.receive(1, [Kind.Call, ID, i, IsSet, []]);
  strictEqual(scene.word.value, NONE_WAITED);
  const other = new Scene("Event");
  other.receive(2, [Kind.Call, ID, 21, SetIt, []]);
  for (let i = 0; i < MANY; i++) other.receive(1, [Kind.Call, ID, i, IsSet, []]);
  strictEqual(other.word.value, SET);
  for (const [event, isSet] of [[scene, false], [other, true]] as const) {
    event.hub.gone(1, -9);
    ok(event.word.isFree);
    event.take(3);
    event.receive(3, [Kind.Call, ID, 31, IsSet, []]);
    deepStrictEqual(event.take(3), [answer(31, isSet)]);
  }
  scene.take(2);
  scene.receive(3, [Kind.Call, ID, 32, SetIt, []]);
  deepStrictEqual(scene.take(2), [answer(21, true)]); // it still waits
});

test("the hub survives every word of an event, and one that changes all the time", () => {
  for (const lie of LIES) {
    const scene = new EventScene();
    scene.word.value = lie;
    scene.call(2, 21, Wait);
    scene.call(2, 22, IsSet);
    scene.call(3, 31, Clear);
    scene.word.value = lie;
    scene.call(3, 32, SetIt);
    deepStrictEqual(scene.take(2).length, 2);
    strictEqual(scene.word.value, SET);
  }
  const scene = new EventScene();
  let tries = 0;
  scene.word.replace = () => ++tries < 0;
  scene.call(2, 21, Wait);
  ok(tries > 0 && tries < 10_000);
  scene.call(3, 32, SetIt);
  deepStrictEqual(scene.take(2), [answer(21, true)]);
});
