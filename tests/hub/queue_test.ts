import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ObjectType, QueueMethod } from "../../src/hub/object.ts";
import type { QueueState } from "../../src/hub/queue.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const QUEUE = 100;

/** A queue held by the root and by processes 1, 2 and 3. */
class Scene extends TestHub {
  constructor(maxsize = 0) {
    super(3);
    this.receive(0, [Kind.Create, QUEUE, ObjectType.Queue, [maxsize]]);
    for (const id of [1, 2, 3]) this.receive(0, [Kind.Boot, id, 0, item(0), [QUEUE]]);
    for (const id of [1, 2, 3]) this.take(id);
  }

  put(process: number, ...values: number[]): void {
    for (const value of values) {
      this.hub.receive(process, [Kind.Put, QUEUE, 0, true, item(value)]);
    }
    this.hub.settle();
  }

  want(process: number): void {
    this.receive(process, [Kind.Want, QUEUE, 1]);
  }

  taken(process: number, count = 1): void {
    for (let n = 0; n < count; n++) this.receive(process, [Kind.Taken, QUEUE]);
  }

  /** The values a process was sent since the last look; other messages must be none. */
  items(process: number): number[] {
    return this.take(process).flatMap((message) => {
      strictEqual(message[0], Kind.Items);
      return (message[2] as Uint8Array[]).map((bytes) => bytes[0]!);
    });
  }

  size(): number {
    this.receive(0, [Kind.Call, QUEUE, 99, QueueMethod.Size, []]);
    return this.take(0).at(-1)![3] as number;
  }
}

test("QueueState serves those who wait in the order they asked", () => {
  const scene = new Scene();
  for (const process of [2, 1, 3]) scene.want(process);
  scene.put(0, 5, 6, 7);
  deepStrictEqual([2, 1, 3].map((id) => scene.items(id)), [[5], [6], [7]]);
});

test("QueueState counts an item until it is taken", () => {
  const scene = new Scene();
  scene.put(0, 1, 2);
  scene.want(1);
  strictEqual(scene.size(), 2);
  scene.taken(1);
  strictEqual(scene.size(), 1);
});

test("QueueState gives a dead consumer's items to the next, in their old order", () => {
  const scene = new Scene();
  scene.put(0, 1, 2, 3);
  scene.want(1);
  scene.want(2);
  scene.hub.gone(1, -9);
  scene.want(3);
  scene.want(3);
  deepStrictEqual(scene.items(2), [2]);
  deepStrictEqual(scene.items(3), [1, 3]);
});

test("QueueState puts a second dead consumer's items back in their old order", () => {
  const scene = new Scene();
  scene.put(0, 1, 2, 3);
  scene.want(1);
  scene.want(2);
  scene.want(2);
  scene.hub.gone(1, -9);
  scene.want(2);
  deepStrictEqual(scene.items(2), [2, 3, 1]);
  scene.hub.gone(2, -9);
  for (let n = 0; n < 3; n++) scene.want(3);
  deepStrictEqual(scene.items(3), [1, 2, 3]);
});

test("QueueState sends ahead to the only consumer, and calls back for a second one", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  let received: number[] = [];
  while (received.length < 10) {
    scene.want(1);
    received = [...received, ...scene.items(1)];
    scene.taken(1, received.length - (40 - scene.size()));
  }
  scene.want(1); // and now it is slow: it has some that it does not take
  const ahead = scene.items(1).length;
  strictEqual(ahead > 1, true, "nothing was sent ahead");
  const left = 40 - received.length - ahead;
  for (let n = 0; n <= left; n++) scene.want(2);
  strictEqual(scene.take(1).at(-1)![0], Kind.Recall);
  const end = received.length + ahead;
  scene.receive(1, [Kind.Return, QUEUE, received.length + 1, end]);
  const values = scene.items(2);
  strictEqual(values.length, left + 1);
  strictEqual(values.at(-1), received.length + 1);
});

test("QueueState keeps a full queue's puts waiting, and tells what became of them", () => {
  const scene = new Scene(1);
  scene.put(0, 1);
  scene.receive(1, [Kind.Put, QUEUE, 1, false, item(2)]);
  scene.receive(1, [Kind.Put, QUEUE, 2, true, item(3)]);
  scene.receive(1, [Kind.Put, QUEUE, 3, true, item(4)]);
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 1, false]]);
  scene.receive(1, [Kind.Cancel, QUEUE, 3]);
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 3, false]]);
  scene.want(2);
  scene.taken(2);
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 2, true]]);
  scene.receive(1, [Kind.Cancel, QUEUE, 2]); // too late: it is in
  deepStrictEqual(scene.take(1), []);
  strictEqual(scene.size(), 1);
});

test("QueueState forgets the puts of a process that died waiting", () => {
  const scene = new Scene(1);
  scene.put(0, 1);
  scene.receive(1, [Kind.Put, QUEUE, 2, true, item(3)]);
  scene.hub.gone(1, -9);
  scene.want(2);
  scene.taken(2);
  strictEqual(scene.size(), 0);
});

test("QueueState answers a grab at once, or when leases have come back", () => {
  const scene = new Scene();
  scene.receive(2, [Kind.Grab, QUEUE, 1]);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 1, false]]);
  scene.put(0, 8);
  scene.receive(2, [Kind.Grab, QUEUE, 2]);
  deepStrictEqual(scene.take(2), [
    [Kind.Items, QUEUE, [item(8)]],
    [Kind.Answer, QUEUE, 2, true],
  ]);
  scene.receive(3, [Kind.Grab, QUEUE, 3]);
  deepStrictEqual(scene.take(2), [[Kind.Recall, QUEUE]]);
  scene.receive(2, [Kind.Return, QUEUE, 0, 1]);
  deepStrictEqual(scene.take(3).at(-1), [Kind.Answer, QUEUE, 3, true]);
});

test("QueueState does not let a grab wait for a consumer that is busy", () => {
  const scene = new Scene();
  scene.put(0, 8);
  scene.want(1);
  scene.receive(2, [Kind.Grab, QUEUE, 1]);
  scene.ring();
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 1, false]]);
});

test("QueueState calls back an item whose getter has given up", () => {
  const scene = new Scene();
  scene.want(1);
  scene.put(0, 4);
  scene.receive(1, [Kind.Unwant, QUEUE]);
  deepStrictEqual(scene.take(1).map(([kind]) => kind), [Kind.Items, Kind.Recall]);
  scene.receive(1, [Kind.Return, QUEUE, 0, 1]);
  scene.want(2);
  deepStrictEqual(scene.items(2), [4]);
});

test("QueueState.takeNow leaves the item to one who has waited longer", () => {
  const scene = new Scene();
  const queue = scene.hub.objectOfRoot(QUEUE) as QueueState;
  strictEqual(queue.takeNow(), undefined);
  scene.hub.receive(1, [Kind.Want, QUEUE, 1]);
  scene.hub.receive(0, [Kind.Put, QUEUE, 0, true, item(1)]);
  strictEqual(queue.takeNow(), undefined);
  scene.put(0, 2);
  deepStrictEqual(queue.takeNow(), item(2));
});

test("QueueState counts tasks for JoinableQueue", () => {
  const scene = new Scene();
  const call = (
    call: number,
    method: number,
  ): ToHub => [Kind.Call, QUEUE, call, method, []];
  scene.receive(1, call(1, QueueMethod.Join));
  scene.put(0, 1);
  scene.receive(1, call(2, QueueMethod.Join));
  scene.receive(2, call(3, QueueMethod.Join));
  scene.receive(2, [Kind.Cancel, QUEUE, 3]);
  scene.receive(0, call(4, QueueMethod.TaskDone));
  scene.receive(0, call(5, QueueMethod.TaskDone));
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 1, true], [
    Kind.Answer,
    QUEUE,
    2,
    true,
  ]]);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 3, false]]);
  deepStrictEqual(scene.take(0), [
    [Kind.Answer, QUEUE, 4, null],
    [Kind.Failure, QUEUE, 5, "ValueError", "task_done() called too many times"],
  ]);
});

test("QueueState gives nothing to a consumer that has to give something back first", () => {
  const scene = new Scene();
  scene.want(1);
  scene.put(0, 1);
  scene.receive(1, [Kind.Unwant, QUEUE]); // too late: item 1 is on its way, and called back
  scene.put(0, 2);
  scene.want(1);
  scene.receive(1, [Kind.Grab, QUEUE, 5]);
  deepStrictEqual(scene.take(1).map(([kind]) => kind), [Kind.Items, Kind.Recall]);
  scene.receive(1, [Kind.Return, QUEUE, 0, 1]);
  const [items, answer] = scene.take(1);
  deepStrictEqual(items, [Kind.Items, QUEUE, [item(1), item(2)]]);
  deepStrictEqual(answer, [Kind.Answer, QUEUE, 5, true]);
});

test("QueueState is told of several takes at once, and gives back the rest", () => {
  const scene = new Scene();
  scene.put(0, 1, 2, 3);
  scene.receive(1, [Kind.Want, QUEUE, 3]);
  deepStrictEqual(scene.items(1), [1, 2, 3]);
  scene.receive(1, [Kind.TakenUpTo, QUEUE, 2]);
  scene.receive(1, [Kind.TakenUpTo, QUEUE, 2]); // says nothing new
  scene.hub.gone(1, 0);
  scene.want(2);
  deepStrictEqual(scene.items(2), [3]);
});
