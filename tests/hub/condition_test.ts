import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ConditionState } from "../../src/hub/condition.ts";
import { ConditionMethod, EventMethod, ObjectType } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const LOCK = 99;
const ID = 100;
const { Wait, Notify, Sleepers } = ConditionMethod;

/** A condition and its lock, held by the root and by processes 1, 2 and 3. */
class Scene extends TestHub {
  constructor() {
    super(3);
    this.receive(0, [Kind.Create, LOCK, ObjectType.Semaphore, [1, 1, 1]]);
    this.receive(0, [Kind.Create, ID, ObjectType.Condition, [LOCK]]);
    for (const id of [1, 2, 3]) {
      this.receive(0, [Kind.Boot, id, 0, item(0), [LOCK, ID]]);
      this.take(id);
    }
  }

  acquire(process: number): void {
    this.receive(process, [Kind.Acquire, LOCK, 1, false]);
    deepStrictEqual(this.take(process), [[Kind.Answer, LOCK, 1, true]]);
  }

  release(process: number): void {
    this.receive(process, [Kind.Release, LOCK, 0]);
  }

  /** Acquires the lock and waits; the call is the process's number times ten. */
  sleep(process: number): void {
    this.acquire(process);
    this.receive(process, [Kind.Call, ID, process * 10, Wait, []]);
  }

  notify(process: number, n: number): void {
    this.receive(process, [Kind.Call, ID, 0, Notify, [n]]);
  }

  get sleepers(): number {
    const state = this.hub.objectOfRoot(ID);
    ok(state instanceof ConditionState);
    return state.sleepers;
  }
}

/** The answer to `sleep`. */
function woken(process: number, value: boolean): ToPeer[] {
  return [[Kind.Answer, ID, process * 10, value]];
}

test("ConditionState gives up the lock, and answers when it is notified and has it", () => {
  const scene = new Scene();
  scene.sleep(1);
  scene.acquire(2); // so the lock is free
  scene.notify(2, 1);
  deepStrictEqual(scene.take(1), []);
  scene.release(2);
  deepStrictEqual(scene.take(1), woken(1, true));
  deepStrictEqual(scene.take(2), []); // to notify needs no answer
});

test("ConditionState wakes as many as it is told, those first who slept first", () => {
  const scene = new Scene();
  for (const process of [2, 1, 3]) scene.sleep(process);
  strictEqual(scene.sleepers, 3);
  scene.acquire(0);
  scene.notify(0, 2);
  scene.release(0);
  deepStrictEqual([scene.take(2), scene.take(1)], [woken(2, true), []]);
  scene.release(2);
  deepStrictEqual([scene.take(1), scene.take(3)], [woken(1, true), []]);
  scene.release(1);
  strictEqual(scene.sleepers, 1);
});

test("ConditionState does not remember a notification that nobody sleeps for", () => {
  const scene = new Scene();
  scene.acquire(2);
  scene.notify(2, 9);
  scene.release(2);
  scene.sleep(1);
  scene.acquire(2);
  scene.release(2);
  deepStrictEqual(scene.take(1), []);
});

test("ConditionState answers false, with the lock, when a wait is given up", () => {
  const scene = new Scene();
  scene.sleep(1);
  scene.acquire(2);
  scene.receive(1, [Kind.Cancel, ID, 10]);
  deepStrictEqual(scene.take(1), []);
  scene.release(2);
  deepStrictEqual(scene.take(1), woken(1, false));
  scene.receive(2, [Kind.Acquire, LOCK, 2, false]);
  deepStrictEqual(scene.take(2), [[Kind.Answer, LOCK, 2, false]]);
});

test("ConditionState answers true to who was notified before it gave up", () => {
  const scene = new Scene();
  scene.sleep(1);
  scene.acquire(2);
  scene.notify(2, 1);
  scene.receive(1, [Kind.Cancel, ID, 10]);
  scene.release(2);
  deepStrictEqual(scene.take(1), woken(1, true));
});

test("ConditionState passes a wake-up on whose sleeper dies before it has the lock", () => {
  const scene = new Scene();
  for (const process of [1, 2]) scene.sleep(process);
  scene.acquire(3);
  scene.notify(3, 1);
  scene.hub.gone(1, -9);
  scene.release(3);
  deepStrictEqual(scene.take(2), woken(2, true));
});

test("ConditionState passes a wake-up on whose sleeper dies with the lock", () => {
  const scene = new Scene();
  for (const process of [1, 2]) scene.sleep(process);
  scene.acquire(3);
  scene.notify(3, 1);
  scene.release(3);
  deepStrictEqual(scene.take(1), woken(1, true));
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(2), woken(2, true));
  strictEqual(scene.warnings.length, 1);
});

test("ConditionState passes nothing on once the lock was released", () => {
  const scene = new Scene();
  for (const process of [1, 2]) scene.sleep(process);
  scene.acquire(3);
  scene.notify(3, 1);
  scene.release(3);
  scene.release(1);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(2), []);
});

test("ConditionState forgets sleepers that die", () => {
  const scene = new Scene();
  for (const process of [1, 2]) scene.sleep(process);
  scene.hub.gone(1, -9);
  scene.receive(3, [Kind.Call, ID, 31, Sleepers, []]);
  deepStrictEqual(scene.take(3), [[Kind.Answer, ID, 31, 1]]);
  scene.acquire(3);
  scene.notify(3, 1);
  scene.release(3);
  deepStrictEqual(scene.take(2), woken(2, true));
});

test("ConditionState refuses to wait where the lock is not held", () => {
  const scene = new Scene();
  scene.receive(1, [Kind.Call, ID, 10, Wait, []]);
  const [failure] = scene.take(1);
  deepStrictEqual(failure?.slice(0, 4), [Kind.Failure, ID, 10, "ValueError"]);
  strictEqual(scene.sleepers, 0);
});

test("ConditionState passes a wake-up on to no other sleeper of the dead process", () => {
  const scene = new Scene();
  scene.sleep(1);
  scene.acquire(1);
  scene.receive(1, [Kind.Call, ID, 11, Wait, []]);
  scene.sleep(3);
  scene.acquire(2);
  scene.notify(2, 1);
  scene.hub.gone(1, -9); // it has been woken, and waits for the lock
  scene.release(2);
  deepStrictEqual(scene.take(3), woken(3, true));
});

/** An event held by the root and by processes 1 and 2. */
class EventScene extends TestHub {
  constructor() {
    super(2);
    this.receive(0, [Kind.Create, ID, ObjectType.Event, []]);
    for (const id of [1, 2]) this.receive(0, [Kind.Boot, id, 0, item(0), [ID]]);
    for (const id of [1, 2]) this.take(id);
  }

  call(process: number, name: keyof typeof EventMethod, call = 1): void {
    this.receive(process, [Kind.Call, ID, call, EventMethod[name], []]);
  }

  /** The answers to a process since the last look. */
  answers(process: number): unknown[] {
    return this.take(process).map(([kind, , call, value]) => {
      deepStrictEqual(kind, Kind.Answer);
      return [call, value];
    });
  }
}

test("EventState lets all go who wait when it is set", () => {
  const scene = new EventScene();
  scene.call(1, "Wait", 11);
  scene.call(2, "Wait", 21);
  scene.call(1, "Wait", 12);
  deepStrictEqual(scene.answers(1), []);
  scene.call(0, "Set");
  deepStrictEqual(scene.answers(1), [[11, true], [12, true]]);
  deepStrictEqual(scene.answers(2), [[21, true]]);
  deepStrictEqual(scene.answers(0), [[1, null]]);
});

test("EventState lets nobody wait while it is set, and all when it is cleared", () => {
  const scene = new EventScene();
  scene.call(0, "Set");
  scene.call(0, "IsSet", 2);
  scene.call(1, "Wait", 11);
  scene.call(0, "Clear", 3);
  scene.call(0, "IsSet", 4);
  scene.call(1, "Wait", 12);
  deepStrictEqual(scene.answers(0), [[1, null], [2, true], [3, null], [4, false]]);
  deepStrictEqual(scene.answers(1), [[11, true]]);
});

test("EventState ends a wait that is given up, unless it has ended", () => {
  const scene = new EventScene();
  scene.call(1, "Wait", 11);
  scene.receive(1, [Kind.Cancel, ID, 11]);
  scene.call(1, "Wait", 12);
  scene.call(0, "Set");
  scene.receive(1, [Kind.Cancel, ID, 12]);
  deepStrictEqual(scene.answers(1), [[11, false], [12, true]]);
});

test("EventState forgets who waits and dies", () => {
  const scene = new EventScene();
  scene.call(1, "Wait", 11);
  scene.call(2, "Wait", 21);
  scene.hub.gone(1, -9);
  scene.call(0, "Set");
  deepStrictEqual([scene.answers(1), scene.answers(2)], [[], [[21, true]]]);
});
