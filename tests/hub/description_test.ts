/** What the hub's state machines tell of themselves. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ageOf } from "../../src/hub/description.ts";
import type {
  Description,
  HubDescription,
  ObjectDescription,
} from "../../src/hub/description.ts";
import {
  BarrierMethod,
  ConditionMethod,
  EventMethod,
  ObjectType,
  QueueMethod,
} from "../../src/hub/object.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { QUEUE, Scene } from "./queue_scene.ts";
import { item, TestHub } from "./support.ts";
import { WordHub } from "./words.ts";

/** An object as it is described, which must be of that kind. */
function described<K extends Description["kind"]>(
  hub: TestHub,
  id: number,
  kind: K,
): ObjectDescription & { kind: K } {
  const found = hub.hub.describe().objects.find((object) => object.id === id);
  ok(found?.kind === kind);
  return found as ObjectDescription & { kind: K };
}

/** Has processes 1 and 2 hold an object that the root makes. */
function share(hub: TestHub, id: number, type: number, args: number[]): void {
  hub.receive(0, [Kind.Create, id, type, args]);
  for (const process of [1, 2]) {
    hub.receive(0, [Kind.Boot, process, 0, item(0), [id]]);
    hub.take(process);
  }
}

test("ageOf gives seconds, none below zero, and null for what is not known", () => {
  deepStrictEqual([ageOf(3500, 1000), ageOf(1000, 1001)], [2.5, 0]);
  strictEqual(ageOf(3500, undefined), null);
});

// -------------------------------------------------------------------------------- queues

test("a queue tells its numbers, and the age of the item that is next", () => {
  const scene = new Scene(2);
  const read = () => described(scene, QUEUE, "queue");
  scene.time = 1000;
  scene.put(1, 5);
  scene.time = 1500;
  scene.put(1, 6);
  scene.time = 4000;
  const none = { getters: [], putters: [], joiners: [], dead: 0, isShutDown: false };
  deepStrictEqual(read(), {
    ...{
      id: QUEUE,
      maker: 0,
      holders: [0, 1, 2, 3],
      inTransit: 0,
      kind: "queue",
      maxsize: 2,
    },
    ...{ depth: 2, puts: 2, gets: 0, oldest: 3, unfinished: 2, ...none },
  });
  scene.want(2);
  strictEqual(read().oldest, 3); // sent, and not taken
  scene.taken(2);
  const { depth, puts, gets, oldest } = read();
  deepStrictEqual({ depth, puts, gets, oldest }, {
    depth: 1,
    puts: 2,
    gets: 1,
    oldest: 2.5,
  });
  scene.want(2);
  scene.taken(2);
  strictEqual(read().oldest, null);
});

test("a queue tells who waits to get, to put and to join, and for how long", () => {
  const scene = new Scene(1);
  const read = () => described(scene, QUEUE, "queue");
  scene.time = 2000;
  scene.want(2);
  scene.time = 3000;
  scene.want(2, 2);
  scene.want(3);
  scene.time = 4000;
  deepStrictEqual(read().getters, [
    { process: 2, count: 3, age: 2 },
    { process: 3, count: 1, age: 1 },
  ]);
  scene.time = 9000;
  scene.put(0, 1);
  deepStrictEqual(read().getters, [
    { process: 2, count: 2, age: 7 },
    { process: 3, count: 1, age: 6 },
  ]);
  // No room: the item was not taken.
  scene.receive(1, [Kind.Put, QUEUE, 8, true, item(6)]);
  scene.receive(1, [Kind.Put, QUEUE, 9, false, item(6)]);
  scene.receive(3, [Kind.Call, QUEUE, 9, QueueMethod.Join, []]);
  scene.time = 9500;
  deepStrictEqual(read().putters, [{ process: 1, count: 1, age: 0.5 }]);
  deepStrictEqual(read().joiners, [{ process: 3, count: 1, age: 0.5 }]);
  scene.shutDown(0);
  deepStrictEqual([read().isShutDown, read().putters], [true, []]);
});

test("a queue counts what was claimed as taken, and takes no note of that", () => {
  const scene = new Scene();
  const log = scene.claim(1);
  scene.time = 1000;
  scene.put(0, 1);
  scene.time = 2000;
  scene.put(0, 2);
  scene.want(1, 2);
  scene.time = 3000;
  log.advance(QUEUE, 1);
  for (let n = 0; n < 2; n++) {
    const { depth, gets, oldest } = described(scene, QUEUE, "queue");
    deepStrictEqual({ depth, gets, oldest }, { depth: 1, gets: 1, oldest: 1 });
  }
  strictEqual(scene.hub.isUnsettled, false);
  strictEqual(scene.size(), 1);
});

test("a queue's gets count what came back twice, and not what was dropped", () => {
  const scene = new Scene(0, 1);
  const read = () => described(scene, QUEUE, "queue");
  scene.put(0, 1, 2, 3);
  scene.want(1);
  scene.taken(1);
  strictEqual(read().gets, 1);
  scene.hub.gone(1, -9);
  deepStrictEqual([read().depth, read().gets], [3, 1]);
  scene.want(2);
  scene.taken(2);
  deepStrictEqual([read().depth, read().gets, read().dead], [2, 2, 0]);
  scene.hub.gone(2, -9);
  deepStrictEqual([read().depth, read().gets, read().dead], [2, 2, 1]);
  scene.shutDown(0, 1);
  deepStrictEqual([read().depth, read().gets, read().unfinished], [0, 2, 0]);
});

// --------------------------------------------------------------------------------- locks

const LOCK = 200;

test("a lock tells its holder, those who wait, and how often it was given", () => {
  const hub = new TestHub(2);
  share(hub, LOCK, ObjectType.Semaphore, [1, 1, 1]);
  const read = () => described(hub, LOCK, "lock");
  const common = {
    id: LOCK,
    maker: 0,
    holders: [0, 1, 2],
    inTransit: 0,
    kind: "lock",
    max: 1,
  };
  deepStrictEqual(read(), {
    ...{ ...common, value: 1, isOwned: true, isShared: false },
    ...{ takers: [], grants: 0, waiters: [] },
  });
  hub.time = 1000;
  hub.receive(1, [Kind.Acquire, LOCK, 11, true]);
  hub.time = 2000;
  hub.receive(2, [Kind.Acquire, LOCK, 21, true]);
  hub.time = 2500;
  deepStrictEqual(read(), {
    ...{ ...common, value: 0, isOwned: true, isShared: false, grants: 1 },
    takers: [{ process: 1, count: 1, age: 1.5 }],
    waiters: [{ process: 2, count: 1, age: 0.5 }],
  });
  hub.receive(1, [Kind.Release, LOCK, 0]);
  hub.time = 3500;
  deepStrictEqual(read().takers, [{ process: 2, count: 1, age: 1 }]);
  strictEqual(read().grants, 2);
  hub.receive(2, [Kind.Release, LOCK, 0]);
  hub.receive(1, [Kind.Acquire, LOCK, 12, false]);
  deepStrictEqual(read().takers, [{ process: 1, count: 1, age: null }]);
  hub.receive(2, [Kind.Acquire, LOCK, 22, false]);
  strictEqual(read().grants, 3); // that one was not given
});

test("a bounded semaphore tells who has its permits, another one does not know", () => {
  const hub = new TestHub(2);
  share(hub, LOCK, ObjectType.Semaphore, [3, 3, 0]);
  share(hub, LOCK + 1, ObjectType.Semaphore, [3, 2 ** 31 - 1, 0]);
  for (const id of [LOCK, LOCK + 1]) {
    for (const call of [11, 12]) hub.receive(1, [Kind.Acquire, id, call, true]);
  }
  const bounded = described(hub, LOCK, "lock");
  deepStrictEqual([bounded.isOwned, bounded.value, bounded.max], [false, 1, 3]);
  deepStrictEqual(bounded.takers, [{ process: 1, count: 2, age: null }]);
  deepStrictEqual(described(hub, LOCK + 1, "lock").takers, []);
  strictEqual(described(hub, LOCK + 1, "lock").grants, 2);
});

test("a lock that lies in a word tells what the word says", () => {
  const hub = new WordHub(2);
  share(hub, LOCK, ObjectType.Semaphore, [1, 1, 1]);
  const read = () => described(hub, LOCK, "lock");
  for (let call = 1; call <= 8; call++) {
    hub.receive(1, [Kind.Acquire, LOCK, call, true]);
    if (call < 8) hub.receive(1, [Kind.Release, LOCK, 0]);
  }
  strictEqual(read().isShared, true);
  deepStrictEqual(read().takers, [{ process: 1, count: 1, age: null }]);
  hub.words[0]!.value = 0; // the process has released it there
  deepStrictEqual([read().value, read().takers], [1, []]);
  hub.words[0]!.value = 12345; // no process has that number
  deepStrictEqual([read().value, read().takers], [1, []]);
  strictEqual(read().grants, 8);
  hub.words[0]!.grants = 5;
  strictEqual(read().grants, 13);
  for (const lie of [NaN, Infinity, -1, 0.5]) {
    hub.words[0]!.grants = lie;
    strictEqual(read().grants, 8);
  }
  hub.words[0]!.grants = 5;
  hub.hub.gone(1, 0); // it lies in the hub again
  deepStrictEqual([read().isShared, read().grants], [false, 13]);
});

// --------------------------------------------------------------- conditions, events, barriers

const SIGNAL = 300;

test("a condition tells its lock and its sleepers", () => {
  const hub = new TestHub(2);
  share(hub, LOCK, ObjectType.Semaphore, [1, 1, 1]);
  share(hub, SIGNAL, ObjectType.Condition, [LOCK]);
  hub.receive(1, [Kind.Acquire, LOCK, 11, true]);
  hub.time = 1000;
  hub.receive(1, [Kind.Call, SIGNAL, 12, ConditionMethod.Wait, []]);
  hub.time = 2000;
  deepStrictEqual(described(hub, SIGNAL, "condition"), {
    ...{ id: SIGNAL, maker: 0, holders: [0, 1, 2], inTransit: 0, kind: "condition" },
    ...{ isSet: false, parties: null, lock: LOCK },
    waiters: [{ process: 1, count: 1, age: 1 }],
  });
});

test("an event tells whether it is set, and who waits for it", () => {
  const hub = new TestHub(2);
  share(hub, SIGNAL, ObjectType.Event, []);
  const read = () => described(hub, SIGNAL, "event");
  hub.receive(2, [Kind.Call, SIGNAL, 21, EventMethod.Wait, []]);
  hub.receive(2, [Kind.Call, SIGNAL, 22, EventMethod.Wait, []]);
  hub.time = 500;
  deepStrictEqual(read(), {
    ...{ id: SIGNAL, maker: 0, holders: [0, 1, 2], inTransit: 0, kind: "event" },
    ...{ isSet: false, parties: null, lock: null },
    waiters: [{ process: 2, count: 2, age: 0.5 }],
  });
  hub.receive(1, [Kind.Call, SIGNAL, 11, EventMethod.Set, []]);
  deepStrictEqual([read().isSet, read().waiters], [true, []]);
});

test("a barrier tells its parties, who waits, also with the action, and if it is broken", () => {
  const hub = new TestHub(2);
  share(hub, SIGNAL, ObjectType.Barrier, [2, 1]);
  const read = () => described(hub, SIGNAL, "barrier");
  hub.receive(1, [Kind.Call, SIGNAL, 11, BarrierMethod.Wait, []]);
  hub.time = 1000;
  deepStrictEqual(read(), {
    ...{ id: SIGNAL, maker: 0, holders: [0, 1, 2], inTransit: 0, kind: "barrier" },
    ...{ isSet: false, parties: 2, lock: null },
    waiters: [{ process: 1, count: 1, age: 1 }],
  });
  hub.receive(2, [Kind.Call, SIGNAL, 21, BarrierMethod.Wait, []]); // it acts
  hub.receive(0, [Kind.Call, SIGNAL, 1, BarrierMethod.Wait, []]); // of the next round
  hub.time = 3000;
  deepStrictEqual(read().waiters, [
    { process: 1, count: 1, age: 3 },
    { process: 0, count: 1, age: 2 },
    { process: 2, count: 1, age: 2 },
  ]);
  hub.receive(1, [Kind.Call, SIGNAL, 12, BarrierMethod.Abort, []]);
  deepStrictEqual([read().isSet, read().waiters], [true, []]);
});

// --------------------------------------------------------------------------------- pipes

const [FIRST, SECOND] = [400, 401];

test("the ends of a pipe tell what waits there, and who reads", () => {
  const hub = new TestHub(2);
  share(hub, FIRST, ObjectType.PipeEnd, []);
  strictEqual(described(hub, FIRST, "pipe").other, null);
  share(hub, SECOND, ObjectType.PipeEnd, [FIRST, 1]);
  for (const length of [3, 4, 5]) {
    hub.receive(1, [Kind.Send, SECOND, 0, new Uint8Array(length)]);
  }
  hub.receive(2, [Kind.Want, FIRST, 1]);
  const common = { maker: 0, holders: [0, 1, 2], inTransit: 0, kind: "pipe" };
  deepStrictEqual(described(hub, FIRST, "pipe"), {
    ...{ id: FIRST, ...common, other: SECOND },
    ...{ depth: 3, bytes: 12, sends: 0, receives: 0, readers: [] },
  });
  hub.receive(2, [Kind.Ack, FIRST]);
  const { depth, bytes, receives } = described(hub, FIRST, "pipe");
  deepStrictEqual({ depth, bytes, receives }, { depth: 2, bytes: 9, receives: 1 });
  hub.receive(1, [Kind.Want, SECOND, 2]);
  hub.time = 1000;
  deepStrictEqual(described(hub, SECOND, "pipe"), {
    ...{ id: SECOND, ...common, other: FIRST },
    ...{ depth: 0, bytes: 0, sends: 3, receives: 0 },
    readers: [{ process: 1, count: 2, age: 1 }],
  });
});

test("a pipe counts what was claimed as received", () => {
  const hub = new TestHub(2);
  share(hub, FIRST, ObjectType.PipeEnd, []);
  share(hub, SECOND, ObjectType.PipeEnd, [FIRST, 0]);
  const log = hub.claim(2);
  hub.receive(2, [Kind.Want, FIRST, 1]);
  for (let n = 0; n < 3; n++) hub.receive(1, [Kind.Send, SECOND, 0, item(n)]);
  log.advance(FIRST, 2);
  const { depth, bytes, receives } = described(hub, FIRST, "pipe");
  deepStrictEqual({ depth, bytes, receives }, { depth: 1, bytes: 1, receives: 2 });
});

// ------------------------------------------------------------------------------- the hub

test("Hub.describe gives all objects that can be waited at, and all processes", () => {
  const hub = new TestHub(1);
  const own = 2 ** 32 + 5; // of process 1
  hub.receive(1, [Kind.Create, own, ObjectType.Event, []]);
  hub.receive(1, [Kind.Launch, 2 ** 32 + 6, 1, item(0), item(0)]);
  hub.receive(0, [Kind.Create, 7, ObjectType.Arena, [0]]);
  const { objects, members }: HubDescription = hub.hub.describe();
  deepStrictEqual(objects.map(({ id, maker, holders }) => ({ id, maker, holders })), [
    { id: own, maker: 1, holders: [1] },
  ]);
  deepStrictEqual(members, [
    { number: 0, parent: 0 },
    { number: 1, parent: 0 },
    { number: 2 ** 32 + 6, parent: 1 },
  ]);
});

test("the hub reads the clock once until it settles, and for a queue only if items are left", () => {
  const hub = new TestHub(1);
  let reads = 0;
  hub.now = () => (reads++, 1000);
  const put = () => hub.hub.receive(0, [Kind.Put, QUEUE, 0, true, item(1)]);
  hub.hub.receive(0, [Kind.Create, QUEUE, ObjectType.Queue, [1]]);
  hub.hub.receive(0, [Kind.Create, QUEUE + 1, ObjectType.Queue, [0]]);
  put();
  hub.hub.settle();
  strictEqual(reads, 1);
  for (const call of [1, 2, 3]) {
    hub.hub.receive(0, [Kind.Put, QUEUE, call, true, item(1)]);
  }
  strictEqual(reads, 2); // since when they wait
  strictEqual(hub.hub.isUnsettled, true);
  hub.hub.settle();
  strictEqual(hub.hub.isUnsettled, false);
  for (let n = 0; n < 5; n++) hub.hub.settle();
  strictEqual(reads, 2);
});
