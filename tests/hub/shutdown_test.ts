/** The shutdown of queues, among processes that a test plays. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { QueueMethod } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { QUEUE, Scene } from "./queue_scene.ts";
import { item } from "./support.ts";

/** A queue that can be shut down. */
class ShutdownScene extends Scene {
  /** @param busy The processes that compute: they have not heard of a shutdown. */
  constructor(maxsize = 0, busy: readonly number[] = []) {
    super(maxsize);
    this.busy.push(...busy);
  }

  join(process: number): void {
    this.receive(process, [Kind.Call, QUEUE, 80, QueueMethod.Join, []]);
  }
}

const BEGUN: ToPeer = [Kind.ShutDown, QUEUE, false];
const EMPTY: ToPeer = [Kind.ShutDown, QUEUE, true];
const DONE: ToPeer = [Kind.Answer, QUEUE, 70, null];

function failed(call: number): ToPeer {
  return [Kind.Failure, QUEUE, call, "ShutDown", ""];
}

test("a queue that is shut down gives what is left, then tells those who wait", () => {
  const scene = new ShutdownScene();
  scene.put(0, 1, 2);
  scene.shutDown(0);
  deepStrictEqual(scene.take(0), [DONE]);
  scene.want(1);
  scene.want(2, 2);
  deepStrictEqual(scene.items(1), [1]);
  deepStrictEqual(scene.items(2), [2]);
  scene.taken(1);
  deepStrictEqual(scene.take(2), []); // the item of process 2 may come back
  scene.taken(2);
  deepStrictEqual(scene.take(2), [EMPTY]);
  scene.grab(1, 7);
  deepStrictEqual(scene.take(1), [failed(7)]);
});

test("an item that comes back after the shutdown is had by one who waits", () => {
  const scene = new ShutdownScene();
  scene.put(0, 1);
  scene.want(1);
  scene.shutDown(0);
  scene.want(2);
  scene.grab(3, 4);
  deepStrictEqual(scene.take(3), [[Kind.Answer, QUEUE, 4, false]]); // not now
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.items(2), [1]);
  scene.want(3);
  scene.taken(2);
  deepStrictEqual(scene.take(3), [EMPTY]);
});

test("those who wait for an item, or for room, are told at once", () => {
  const scene = new ShutdownScene(1);
  scene.receive(1, [Kind.Put, QUEUE, 1, true, item(1)]);
  scene.receive(1, [Kind.Put, QUEUE, 2, true, item(2)]);
  scene.take(1);
  scene.shutDown(3);
  deepStrictEqual(scene.take(1), [failed(2)]);
  scene.receive(2, [Kind.Put, QUEUE, 3, true, item(3)]);
  scene.receive(2, [Kind.Put, QUEUE, 4, false, item(4)]);
  deepStrictEqual(scene.take(2), [failed(3), failed(4)]);
  scene.want(2);
  deepStrictEqual(scene.items(2), [1]);
  scene.taken(2);
  strictEqual(scene.size(), 0);
  scene.ask(2, 3);
  deepStrictEqual(scene.take(2), [EMPTY]);
});

test("what a feeder puts before it has heard of the shutdown is not lost", () => {
  const scene = new ShutdownScene(0, [1]);
  scene.put(1, 1);
  scene.shutDown(3);
  deepStrictEqual(scene.take(1), [BEGUN]);
  scene.put(1, 2);
  scene.want(2, 4);
  deepStrictEqual(scene.items(2), [1, 2]);
  scene.taken(2, 2);
  scene.grab(3, 9);
  deepStrictEqual([scene.take(2), scene.take(3)], [[], [DONE]]);
  scene.put(1, 3);
  deepStrictEqual(scene.items(2), [3]);
  scene.taken(2);
  scene.knows(1);
  deepStrictEqual([scene.take(2), scene.take(3)], [[EMPTY], [failed(9)]]);
  strictEqual(scene.timers.size, 0);
  scene.put(1, 4); // it lies
  strictEqual(scene.size(), 0);
});

test("a feeder that dies, or computes for long, holds nobody up", () => {
  const scene = new ShutdownScene(0, [1, 2]);
  scene.put(1, 1);
  scene.put(2, 2);
  scene.shutDown(3);
  scene.take(3);
  scene.want(3, 3);
  deepStrictEqual(scene.items(3), [1, 2]);
  scene.taken(3, 2);
  scene.hub.gone(1, -9);
  for (let n = 1; n < 25; n++) scene.ring();
  deepStrictEqual(scene.take(3), []);
  scene.ring();
  deepStrictEqual(scene.take(3), [EMPTY]);
  scene.put(2, 3, 4);
  strictEqual(scene.size(), 0);
  deepStrictEqual(scene.warnings.map(([process]) => process), [2]);
});

test("a feeder that puts faster than others get has no more time than one that is silent", () => {
  const scene = new ShutdownScene(0, [1]);
  scene.put(1, 0);
  scene.shutDown(3);
  scene.take(3);
  for (let n = 1; n < 25; n++) {
    scene.put(1, n, n);
    scene.ring();
    scene.want(3);
    strictEqual(scene.items(3).length, 1);
    scene.taken(3);
  }
  const left = scene.size();
  scene.ring();
  deepStrictEqual([left, scene.timers.size], [25, 0]);
  scene.put(1, 25);
  strictEqual(scene.size(), left);
  deepStrictEqual(scene.warnings.map(([process]) => process), [1]);
});

test("a process that comes to hold a queue that is shut down is told before its work comes", () => {
  for (const maxsize of [0, 2]) {
    const scene = new ShutdownScene(maxsize, [1, 2, 3, 4]);
    scene.shutDown(0);
    scene.receive(0, [Kind.Launch, 4, 0, item(0), item(0)]);
    scene.receive(0, [Kind.Boot, 4, 0, item(0), [QUEUE]]);
    deepStrictEqual(scene.take(4), [BEGUN, [Kind.Boot, 4, 0, item(0), []]]);
    scene.receive(4, [Kind.Put, QUEUE, 5, true, item(1)]);
    deepStrictEqual(scene.take(4), [failed(5)]);
    deepStrictEqual([scene.size(), scene.warnings], [0, []]);
  }
});

test("an immediate shutdown drops what is left, and what is not claimed", () => {
  const scene = new ShutdownScene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const { log, received, taken } = scene.loop(1);
  scene.join(2);
  for (let n = 0; n < taken; n++) {
    scene.receive(1, [Kind.Call, QUEUE, 90 + n, QueueMethod.TaskDone, []]);
  }
  scene.take(1);
  deepStrictEqual(scene.take(2), []);
  scene.shutDown(3, 1);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 80, true]]);
  strictEqual(scene.size(), 0);
  strictEqual(log.advance(QUEUE, taken + 1), received.length); // they are revoked
  scene.receive(1, [Kind.Ask, QUEUE, received.length, 1]);
  deepStrictEqual(scene.take(1), [EMPTY]);
});

test("an item that comes back after an immediate shutdown is dropped too", () => {
  const scene = new ShutdownScene(0, [2]);
  scene.put(2, 1);
  scene.join(3);
  scene.want(1);
  scene.shutDown(0, 1);
  deepStrictEqual(scene.items(1), [1]);
  scene.want(2);
  deepStrictEqual(scene.take(2), [BEGUN]);
  scene.put(2, 2); // it has not heard of it yet
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(2), [EMPTY]);
  deepStrictEqual(scene.take(3), [[Kind.Answer, QUEUE, 80, true]]);
  deepStrictEqual([scene.size(), scene.warnings], [0, []]);
});

test("join waits for what is taken and not done, also when the queue is shut down", () => {
  const scene = new ShutdownScene();
  scene.put(0, 1, 2);
  scene.want(1);
  scene.items(1);
  scene.taken(1);
  scene.join(2);
  scene.shutDown(0, 1);
  deepStrictEqual(scene.take(2), []);
  scene.receive(1, [Kind.Call, QUEUE, 6, QueueMethod.TaskDone, []]);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 80, true]]);
});

test("a queue is shut down once, and at once after all", () => {
  const scene = new ShutdownScene(0, [1]);
  scene.put(1, 1);
  scene.shutDown(0);
  scene.shutDown(0);
  deepStrictEqual(scene.take(1), [BEGUN]);
  strictEqual(scene.size(), 1);
  scene.shutDown(2, 1);
  strictEqual(scene.size(), 0);
});

test("a queue that nobody holds any more leaves no timer behind", () => {
  const scene = new ShutdownScene(0, [1]);
  scene.put(1, 1);
  scene.shutDown(0);
  scene.want(2, 2);
  scene.items(2);
  scene.taken(2);
  strictEqual(scene.timers.size, 1);
  for (const id of [0, 1, 2, 3]) scene.receive(id, [Kind.Drop, QUEUE]);
  deepStrictEqual([scene.timers.size, scene.hub.objectCount], [0, 0]);
});
