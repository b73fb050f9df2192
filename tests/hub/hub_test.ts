import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { BarrierState } from "../../src/hub/barrier.ts";
import { ConditionState, EventState } from "../../src/hub/condition.ts";
import { createObject } from "../../src/hub/hub.ts";
import { ObjectType, QueueMethod, type SharedObject } from "../../src/hub/object.ts";
import { PipeEndState } from "../../src/hub/pipe.ts";
import { QueueState } from "../../src/hub/queue.ts";
import { SemaphoreState } from "../../src/hub/semaphore.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const SIZE = 2 ** 32;
const QUEUE = 100;

/** A hub with processes 1 and 2, and a queue that the root has given to process 1. */
function hubWithQueue(): TestHub {
  const test = new TestHub(2);
  test.receive(0, [Kind.Create, QUEUE, ObjectType.Queue, [0]]);
  test.receive(0, [Kind.Boot, 1, 0, item(7), [QUEUE]]);
  return test;
}

test("Hub hands work to the child that was launched", () => {
  deepStrictEqual(hubWithQueue().take(1), [[Kind.Boot, 1, 0, item(7), []]]);
});

test("Hub refuses objects that a process was not given", () => {
  const test = hubWithQueue();
  test.receive(1, [Kind.Put, QUEUE, 0, true, item(1)]);
  throws(() => test.receive(2, [Kind.Put, QUEUE, 0, true, item(1)]), ProtocolError);
  throws(() => test.receive(2, [Kind.Boot, 1, 0, item(1), []]), ProtocolError);
  throws(() => test.receive(2, [Kind.Signal, 1, 9]), ProtocolError);
});

test("Hub refuses numbers outside a process's own range, and taken ones", () => {
  const test = hubWithQueue();
  const { Queue } = ObjectType;
  throws(() => test.receive(1, [Kind.Create, 5, Queue, [0]]), ProtocolError);
  throws(() => test.receive(0, [Kind.Create, QUEUE, Queue, [0]]), ProtocolError);
  throws(() => test.receive(1, [Kind.Launch, 77, 0, item(0), item(0)]), ProtocolError);
  throws(() => test.receive(0, [Kind.Create, 9, 9999, []]), ProtocolError);
  test.receive(1, [Kind.Create, SIZE + 5, Queue, [0]]);
  test.receive(1, [Kind.Launch, SIZE + 6, 3, item(0), item(0)]);
  deepStrictEqual(test.launched, [1, 2, SIZE + 6]);
});

test("Hub.gone tells parent and children, and lets go of what was held", () => {
  const test = hubWithQueue();
  test.receive(1, [Kind.Launch, SIZE + 1, 0, item(0), item(0)]);
  test.receive(0, [Kind.Drop, QUEUE]);
  strictEqual(test.hub.objectCount, 1);
  test.hub.gone(1, -9);
  deepStrictEqual(test.take(0), [[Kind.Exited, 1, -9]]);
  deepStrictEqual(test.take(SIZE + 1), [[Kind.Exited, 1, -9]]);
  strictEqual(test.hub.objectCount, 0);
  strictEqual(test.hub.processCount, 3);
  test.receive(1, [Kind.Drop, QUEUE]); // a late message of a dead process
});

test("Hub forgets a process that could not be launched", () => {
  const test = new TestHub(1);
  test.hub.notLaunched(1);
  strictEqual(test.hub.processCount, 1);
  test.receive(0, [Kind.Launch, 1, 0, item(0), item(0)]);
});

test("Hub passes signals from parent to child", () => {
  const test = new TestHub(1);
  test.receive(0, [Kind.Signal, 1, 15]);
  test.receive(0, [Kind.Signal, 5, 15]); // gone long ago
  deepStrictEqual(test.signals, [[1, 15]]);
});

test("Hub keeps an object while one process holds it", () => {
  const test = hubWithQueue();
  test.receive(0, [Kind.Put, QUEUE, 0, true, item(3)]);
  test.receive(0, [Kind.Drop, QUEUE]);
  test.receive(1, [Kind.Call, QUEUE, 4, QueueMethod.Size, []]);
  deepStrictEqual(test.take(1).at(-1), [Kind.Answer, QUEUE, 4, 1]);
});

test("Hub lets go of what a process had sent to somebody, a minute after its end", () => {
  const test = hubWithQueue();
  test.receive(1, [Kind.Create, SIZE + 5, ObjectType.Queue, [0]]);
  test.receive(1, [Kind.Share, SIZE + 5, 77]);
  test.hub.gone(1, 0);
  strictEqual(test.hub.objectCount, 2);
  test.ring();
  strictEqual(test.hub.objectCount, 1);
});

test("Hub gives a process the range of numbers of one that is gone", () => {
  const test = new TestHub(), idRanges: number[] = [];
  test.launch = (_process: number, idRange?: number) => void idRanges.push(idRange!);
  for (const process of [1, 2, 3]) {
    test.receive(0, [Kind.Launch, process, 0, item(0), item(0)]);
    test.hub.gone(process, 0);
  }
  deepStrictEqual(idRanges, [1, 1, 1]);
});

test("Hub counts an object that a child is given twice once", () => {
  const test = hubWithQueue();
  test.receive(0, [Kind.Give, 1, [QUEUE]]);
  test.receive(0, [Kind.Give, 1, [QUEUE, QUEUE]]);
  test.receive(0, [Kind.Drop, QUEUE]);
  strictEqual(test.hub.objectCount, 1);
  test.hub.gone(1, 0);
  strictEqual(test.hub.objectCount, 0);
});

test("Hub counts an object once that a process has and claims", () => {
  const test = hubWithQueue();
  test.receive(0, [Kind.Share, QUEUE, 77]);
  test.receive(1, [Kind.Claim, QUEUE, 77]);
  for (const process of [0, 1]) test.receive(process, [Kind.Drop, QUEUE]);
  strictEqual(test.hub.objectCount, 0);
});

test("Hub lets nobody report as another process", () => {
  const test = new TestHub(2);
  throws(() => test.receive(1, [Kind.Report, 2, [], []]), ProtocolError);
  deepStrictEqual(test.take(0), []);
  test.receive(2, [Kind.Report, 2, [], []]);
  deepStrictEqual(test.take(0), [[Kind.Report, 2, [], []]]);
});

test("DanglingObject: who claims with a void token can use it, give it on and drop it", () => {
  const test = new TestHub(2);
  test.receive(1, [Kind.Claim, QUEUE, 55]);
  deepStrictEqual(test.take(1), [[Kind.Claimed, QUEUE, 55, false]]);
  test.receive(1, [Kind.Send, QUEUE, 0, item(1)]); // on its way before it knew
  test.receive(1, [Kind.Share, QUEUE, 56]); // a token for nothing
  test.receive(2, [Kind.Claim, QUEUE, 56]);
  deepStrictEqual(test.take(2), [[Kind.Claimed, QUEUE, 56, false]]);
  test.receive(1, [Kind.Drop, QUEUE]);
  test.hub.gone(2, 0);
  deepStrictEqual([test.hub.objectCount, test.take(1)], [0, []]);
});

const { Queue, Semaphore, Condition, Event, Barrier, PipeEnd } = ObjectType;

const OUT = { send() {} } as never;

/** Makes an object of a process that has some already. */
function make(
  type: number,
  args: number[],
  others: Record<number, SharedObject> = {},
): SharedObject {
  return createObject(100, type, args, OUT, (id) => others[id]);
}

test("createObject: each kind has its class", () => {
  ok(make(Queue, [0]) instanceof QueueState);
  ok(make(Semaphore, [2, 3]) instanceof SemaphoreState);
  ok(make(Event, []) instanceof EventState);
  ok(make(Barrier, [2, 1]) instanceof BarrierState);
  const lock = make(Semaphore, [1, 1, 1]);
  ok(make(Condition, [5], { 5: lock }) instanceof ConditionState);
  const first = make(PipeEnd, []);
  const second = make(PipeEnd, [5, 0], { 5: first });
  ok(first instanceof PipeEndState && second instanceof PipeEndState);
  strictEqual(first.isReadable, false); // there is somebody who could send
  strictEqual(second.isWritable, true);
});

test("createObject: what cannot be made is the sender's fault", () => {
  const queue = make(Queue, [0]), first = make(PipeEnd, []);
  const condition = make(Condition, [5], { 5: make(Semaphore, [1, 1, 1]) });
  make(PipeEnd, [5, 1], { 5: first });
  const wrong: [number, number[], Record<number, SharedObject>?][] = [
    [0, []],
    [99, []],
    ...[[], [1], [-1, 1, 0], [2, 1, 0], [0.5, 1, 0], [NaN, 1, 0], [0, 2 ** 31, 0]]
      .map((args): [number, number[]] => [Semaphore, args]),
    [Semaphore, [0, 2, 1]], // a lock has one permit
    [Semaphore, [1, 2, 1]],
    [Condition, []],
    [Condition, [5]],
    [Condition, [5], { 5: queue }],
    [Condition, [5], { 5: condition }],
    ...[[], [0], [-1], [1.5], [NaN]].map((args): [number, number[]] => [Barrier, args]),
    [PipeEnd, [5, 1]],
    [PipeEnd, [5, 1], { 5: queue }],
    [PipeEnd, [5, 1], { 5: first }], // it has its other end already
  ];
  for (const [type, args, others] of wrong) {
    throws(() => make(type, args, others), ProtocolError, `${type}: ${args}`);
  }
});

test("an object refuses methods that it does not have, and what others are told", () => {
  const [LOCK, ID] = [98, 99];
  for (
    const [type, args] of [
      [Semaphore, [1, 1, 0]],
      [Condition, [LOCK]],
      [Event, []],
      [Barrier, [2, 0]],
    ] as const
  ) {
    const test = new TestHub(1);
    test.receive(0, [Kind.Create, LOCK, Semaphore, [1, 1, 1]]);
    test.receive(0, [Kind.Create, ID, type, [...args]]);
    test.receive(0, [Kind.Boot, 1, 0, item(0), [ID]]);
    throws(() => test.receive(1, [Kind.Call, ID, 1, 99, []]), ProtocolError);
    const foreign: ToHub = type === Semaphore
      ? [Kind.Want, ID, 1]
      : [Kind.Acquire, ID, 1, true];
    throws(() => test.receive(1, foreign), ProtocolError);
  }
});
