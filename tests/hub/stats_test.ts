/** What `stats()` answers. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { EventMethod, ObjectType, QueueMethod, STATS } from "../../src/hub/object.ts";
import { statsText } from "../../src/hub/stats.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { QUEUE, Scene } from "./queue_scene.ts";
import { item, TestHub } from "./support.ts";

const OBJECT = 200;

/** A hub that knows what its processes are called. */
class NamedHub extends TestHub {
  nameOf(process: number): { name: string; pid: number } | null {
    return process === 9 ? null : { name: `Process-${process}`, pid: 1000 + process };
  }
}

/** What a process is answered that asks for the numbers of an object. */
function ask(hub: TestHub, process: number, object: number): Record<string, unknown> {
  hub.take(process);
  hub.receive(process, [Kind.Call, object, 77, STATS, []]);
  const answer = hub.take(process).at(-1)!;
  deepStrictEqual(answer.slice(0, 3), [Kind.Answer, object, 77]);
  return JSON.parse(answer[3] as string);
}

/** Has processes 1 and 2 hold an object that the root makes. */
function hubWith(type: number, ...args: number[]): TestHub {
  const hub = new NamedHub(2);
  hub.receive(0, [Kind.Create, OBJECT, type, args]);
  for (const process of [1, 2]) {
    hub.receive(0, [Kind.Boot, process, 0, item(0), [OBJECT]]);
  }
  return hub;
}

test("a queue answers with counts", () => {
  const scene = new Scene(2);
  scene.time = 1000;
  scene.put(0, 1, 2);
  for (const call of [5, 6]) scene.receive(1, [Kind.Put, QUEUE, call, true, item(3)]);
  scene.receive(2, [Kind.Call, QUEUE, 7, QueueMethod.Join, []]);
  scene.time = 3000;
  deepStrictEqual(ask(scene, 3, QUEUE), {
    ...{ depth: 2, maxsize: 2, puts: 2, gets: 0, oldest: 2, isShutDown: false },
    ...{ getters: 0, putters: 2, joiners: 1, unfinished: 2, dead: 0 },
  });
});

test("a queue counts each call of a process that waits for items", () => {
  const scene = new Scene(0);
  scene.want(1, 3);
  scene.want(2);
  strictEqual(ask(scene, 0, QUEUE).getters, 4);
});

test("a lock answers with its owner's name and pid, and who has waited longest", () => {
  const hub = hubWith(ObjectType.Semaphore, 1, 1, 1);
  const none = { owner: null, held: null, waiters: 0, longest: null };
  deepStrictEqual(ask(hub, 2, OBJECT), {
    ...{ value: 1, isLocked: false, grants: 0, ...none },
  });
  hub.receive(1, [Kind.Acquire, OBJECT, 5, true]);
  hub.time = 1000;
  hub.receive(2, [Kind.Acquire, OBJECT, 5, true]);
  hub.time = 1500;
  hub.receive(0, [Kind.Acquire, OBJECT, 5, true]);
  hub.time = 3000;
  deepStrictEqual(ask(hub, 2, OBJECT), {
    ...{ value: 0, isLocked: true, grants: 1 },
    ...{ owner: { name: "Process-1", pid: 1001 }, held: 3, waiters: 2, longest: 2 },
  });
});

test("a semaphore has no owner", () => {
  const hub = hubWith(ObjectType.Semaphore, 2, 2, 0);
  hub.receive(1, [Kind.Acquire, OBJECT, 5, true]);
  const { value, grants, owner } = ask(hub, 1, OBJECT);
  deepStrictEqual({ value, grants, owner }, { value: 1, grants: 1, owner: null });
});

test("events and barriers answer with who waits", () => {
  const event = hubWith(ObjectType.Event);
  event.receive(1, [Kind.Call, OBJECT, 5, EventMethod.Wait, []]);
  event.time = 250;
  const waiting = { waiters: 1, longest: 0.25 };
  deepStrictEqual(ask(event, 2, OBJECT), {
    ...{ isSet: false, isBroken: false, parties: null, ...waiting },
  });
  const barrier = hubWith(ObjectType.Barrier, 3);
  const { parties, waiters } = ask(barrier, 2, OBJECT);
  deepStrictEqual([parties, waiters], [3, 0]);
});

test("an end of a pipe answers with what it has, also one that was lost", () => {
  const hub = hubWith(ObjectType.PipeEnd);
  hub.receive(0, [Kind.Create, OBJECT + 1, ObjectType.PipeEnd, [OBJECT, 0]]);
  hub.receive(0, [Kind.Send, OBJECT + 1, 0, item(1)]);
  deepStrictEqual(ask(hub, 2, OBJECT), { depth: 1, bytes: 1, sends: 0, receives: 0 });
  strictEqual(ask(hub, 0, OBJECT + 1).sends, 1);
  hub.receive(1, [Kind.Claim, 300, 55]); // a void token
  deepStrictEqual(ask(hub, 1, 300), { depth: 0, bytes: 0, sends: 0, receives: 0 });
});

test("memory has no numbers, and who asks for them or wants no answer lies", () => {
  const hub = new TestHub(1);
  hub.receive(0, [Kind.Create, OBJECT, ObjectType.Arena, [0]]);
  throws(() => hub.receive(0, [Kind.Call, OBJECT, 5, STATS, []]), ProtocolError);
  hub.receive(0, [Kind.Create, QUEUE, ObjectType.Queue, [0]]);
  throws(() => hub.receive(0, [Kind.Call, QUEUE, 0, STATS, []]), ProtocolError);
  throws(() => hub.receive(1, [Kind.Call, QUEUE, 5, STATS, []]), ProtocolError);
});

test("the answer stays short whatever a process is called and however much waits", () => {
  const scene = new Scene(1);
  for (let call = 1; call <= 2000; call++) {
    scene.receive(1 + call % 3, [Kind.Put, QUEUE, call, true, item(3)]);
  }
  const hub = hubWith(ObjectType.Semaphore, 1, 1, 1);
  hub.receive(1, [Kind.Acquire, OBJECT, 5, true]);
  const name = () => ({ name: "x".repeat(1e6), pid: 1 });
  const described = [scene, hub].map((one) => one.hub.describe().objects[0]!);
  for (const object of described) ok(statsText(object, name).length < 500);
});
