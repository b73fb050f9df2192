import { BarrierState } from "../../src/hub/barrier.ts";
import { ConditionState, EventState } from "../../src/hub/condition.ts";
import { createObject } from "../../src/hub/hub.ts";
import { ObjectType, type SharedObject } from "../../src/hub/object.ts";
import { PipeEndState } from "../../src/hub/pipe.ts";
import { QueueState } from "../../src/hub/queue.ts";
import { SemaphoreState } from "../../src/hub/semaphore.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { test } from "../suite.ts";
import { ok, strictEqual, throws } from "node:assert/strict";

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
  make(PipeEnd, [5, 1], { 5: first });
  const wrong: [number, number[], Record<number, SharedObject>?][] = [
    [0, []],
    [99, []],
    [Semaphore, []],
    [Semaphore, [-1, 1]],
    [Semaphore, [2, 1]],
    [Semaphore, [1, 2, 1]], // a lock has one permit
    [Semaphore, [0.5, 1]],
    [Semaphore, [1, 2 ** 31]],
    [Condition, [5]],
    [Condition, [5], { 5: queue }],
    [Barrier, []],
    [Barrier, [0]],
    [Barrier, [1.5]],
    [PipeEnd, [5, 1]],
    [PipeEnd, [5, 1], { 5: queue }],
    [PipeEnd, [5, 1], { 5: first }], // it has its other end already
  ];
  for (const [type, args, others] of wrong) {
    throws(() => make(type, args, others), ProtocolError, `${type}: ${args}`);
  }
});
