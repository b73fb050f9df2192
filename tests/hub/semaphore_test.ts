import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ObjectType, SemaphoreMethod } from "../../src/hub/object.ts";
import { SEM_VALUE_MAX, SemaphoreState } from "../../src/hub/semaphore.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const ID = 100;

/** A semaphore held by the root and by processes 1, 2 and 3. */
class Scene extends TestHub {
  constructor(free: number, max: number, isLock = false) {
    super(3);
    const args = [free, max, isLock ? 1 : 0];
    this.receive(0, [Kind.Create, ID, ObjectType.Semaphore, args]);
    for (const id of [1, 2, 3]) this.receive(0, [Kind.Boot, id, 0, item(0), [ID]]);
    for (const id of [1, 2, 3]) this.take(id);
  }

  acquire(process: number, call: number, block = true): void {
    this.receive(process, [Kind.Acquire, ID, call, block]);
  }

  release(process: number, call = 0): void {
    this.receive(process, [Kind.Release, ID, call]);
  }

  get state(): SemaphoreState {
    const state = this.hub.objectOfRoot(ID);
    ok(state instanceof SemaphoreState);
    return state;
  }
}

function answer(call: number, value: boolean | null): ToPeer {
  return [Kind.Answer, ID, call, value];
}

function tooMany(call: number): ToPeer {
  return [
    Kind.Failure,
    ID,
    call,
    "ValueError",
    "semaphore or lock released too many times",
  ];
}

test("SemaphoreState gives permits in the order they were asked for, one message each", () => {
  const scene = new Scene(1, 1, true);
  scene.acquire(1, 11);
  scene.acquire(2, 21);
  scene.acquire(3, 31);
  deepStrictEqual(scene.take(1), [answer(11, true)]);
  deepStrictEqual([scene.take(2), scene.take(3)], [[], []]);
  scene.release(1);
  deepStrictEqual([scene.take(1), scene.take(2)], [[], [answer(21, true)]]);
  scene.release(2);
  deepStrictEqual([scene.take(2), scene.take(3)], [[], [answer(31, true)]]);
});

test("SemaphoreState answers at once who does not want to wait", () => {
  const scene = new Scene(1, 1, true);
  scene.acquire(1, 11, false);
  scene.acquire(2, 21, false);
  deepStrictEqual(scene.take(1), [answer(11, true)]);
  deepStrictEqual(scene.take(2), [answer(21, false)]);
  scene.release(1);
  strictEqual(scene.state.value, 1);
});

test("SemaphoreState ends a wait that is given up, unless it has ended", () => {
  const scene = new Scene(0, 1);
  scene.acquire(1, 11);
  scene.receive(1, [Kind.Cancel, ID, 11]);
  deepStrictEqual(scene.take(1), [answer(11, false)]);
  scene.acquire(1, 12);
  scene.release(0);
  scene.receive(1, [Kind.Cancel, ID, 12]);
  deepStrictEqual(scene.take(1), [answer(12, true)]);
});

test("SemaphoreState refuses a release too many, whether somebody waits for it or not", () => {
  const scene = new Scene(2, 2);
  scene.release(1, 11);
  scene.release(2);
  deepStrictEqual(scene.take(1), [tooMany(11)]);
  deepStrictEqual(scene.take(2), [tooMany(0)]);
  scene.acquire(1, 12);
  scene.release(2, 22);
  deepStrictEqual(scene.take(2), [answer(22, null)]);
});

test("SemaphoreState grows without bound, but for the greatest of all numbers", () => {
  const scene = new Scene(SEM_VALUE_MAX - 1, SEM_VALUE_MAX);
  scene.release(1, 11);
  scene.release(1, 12);
  deepStrictEqual(scene.take(1), [answer(11, null), tooMany(12)]);
});

test("SemaphoreState takes back many permits at once, first for those who wait", () => {
  const scene = new Scene(0, SEM_VALUE_MAX);
  scene.acquire(1, 11);
  scene.acquire(2, 21);
  ok(scene.state.releaseMany(1));
  deepStrictEqual([scene.take(1), scene.take(2)], [[answer(11, true)], []]);
  ok(scene.state.releaseMany(2 ** 30));
  deepStrictEqual(
    [scene.take(2), scene.state.value],
    [[answer(21, true)], 2 ** 30 - 1],
  );
  ok(!scene.state.releaseMany(2 ** 30 + 1));
  strictEqual(scene.state.value, 2 ** 30 - 1);
});

test("SemaphoreState tells the holder that somebody else has released the lock", () => {
  const scene = new Scene(1, 1, true);
  scene.acquire(1, 11);
  scene.release(2, 21);
  deepStrictEqual(scene.take(1), [answer(11, true), [Kind.Disowned, ID]]);
  scene.acquire(3, 31);
  scene.hub.gone(1, -9); // it holds nothing any more
  deepStrictEqual([scene.state.value, scene.warnings], [0, []]);
});

test("SemaphoreState releases a dead holder's lock, and says so", () => {
  const scene = new Scene(1, 1, true);
  scene.acquire(1, 11);
  scene.acquire(2, 21);
  scene.acquire(3, 31);
  scene.hub.gone(2, -9); // waits only
  deepStrictEqual(scene.warnings, []);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.warnings, [
    [1, "has ended while it held a lock, which is released"],
  ]);
  deepStrictEqual(scene.take(3), [answer(31, true)]);
});

test("SemaphoreState keeps a semaphore's permits that a dead process had taken", () => {
  const scene = new Scene(1, 1);
  scene.acquire(1, 11);
  scene.hub.gone(1, -9);
  strictEqual(scene.state.value, 0);
  deepStrictEqual(scene.warnings, []);
});

test("SemaphoreState does without a message what nobody else needs to know", () => {
  const scene = new Scene(1, 1, true);
  strictEqual(scene.state.releaseNow(0), false);
  strictEqual(scene.state.acquireNow(0), true);
  strictEqual(scene.state.acquireNow(0), false);
  strictEqual(scene.state.releaseNow(1), false); // its holder has to be told
  strictEqual(scene.state.releaseNow(0), true);
  scene.acquire(0, 1);
  scene.acquire(1, 11);
  strictEqual(scene.state.releaseNow(0), false); // another one waits
  deepStrictEqual(scene.take(1), []);
});

test("SemaphoreState tells its value", () => {
  const scene = new Scene(3, 3);
  scene.acquire(1, 11);
  scene.receive(2, [Kind.Call, ID, 21, SemaphoreMethod.Value, []]);
  deepStrictEqual(scene.take(2), [[Kind.Answer, ID, 21, 2]]);
});

test("SemaphoreState tells once, for all it took, that others have released", () => {
  const scene = new Scene(4, 4);
  for (const call of [11, 12, 13]) scene.acquire(1, call);
  scene.take(1);
  scene.release(2, 21);
  scene.release(2, 22);
  deepStrictEqual(scene.take(1), [[Kind.Disowned, ID]]);
});
