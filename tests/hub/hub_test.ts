import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ObjectType, QueueMethod } from "../../src/hub/object.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind } from "../../src/wire/message.ts";
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
