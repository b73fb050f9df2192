/** Queues that redeliver what was taken by a process that has died. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { InProgress } from "../../src/hub/in_progress.ts";
import { QueueMethod } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { QUEUE, Scene } from "./queue_scene.ts";
import { item } from "./support.ts";

const EMPTY: ToPeer = [Kind.ShutDown, QUEUE, true];

/** A queue whose items come back twice. */
class RedeliveringScene extends Scene {
  constructor() {
    super(0, 2);
  }

  ask1(process: number, method: number, args: number[] = []): ToPeer | undefined {
    this.receive(process, [Kind.Call, QUEUE, 60, method, args]);
    return this.take(process).at(-1);
  }

  /** A process takes so many items. */
  get(process: number, count = 1): number[] {
    this.want(process, count);
    const items = this.items(process);
    this.taken(process, items.length);
    return items;
  }

  done(process: number, ...numbers: number[]): ToPeer | undefined {
    return this.ask1(process, QueueMethod.TaskDone, numbers);
  }
}

const OK: ToPeer = [Kind.Answer, QUEUE, 60, null];
const TOO_MANY: ToPeer = [
  ...[Kind.Failure, QUEUE, 60, "ValueError"] as const,
  "task_done() called too many times",
];

test("what a dead process had not done comes back in front, in order", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 1, 2, 3, 4, 5);
  deepStrictEqual(scene.get(1, 3), [1, 2, 3]);
  deepStrictEqual(scene.done(1), OK); // the first one
  scene.receive(3, [Kind.Call, QUEUE, 8, QueueMethod.Join, []]);
  scene.hub.gone(1, -9);
  strictEqual(scene.size(), 4);
  deepStrictEqual(scene.get(2, 4), [2, 3, 4, 5]);
  for (const _ of [2, 3, 4]) scene.done(2);
  deepStrictEqual(scene.take(3), []);
  deepStrictEqual(scene.done(2), OK);
  deepStrictEqual(scene.take(3), [[Kind.Answer, QUEUE, 8, true]]);
});

test("a process names which item is done", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 1, 2, 3);
  scene.get(1, 3);
  deepStrictEqual(scene.done(1, 1), OK);
  deepStrictEqual(scene.done(1, 1), TOO_MANY);
  deepStrictEqual(scene.done(1, 7), TOO_MANY);
  deepStrictEqual(scene.done(2), TOO_MANY); // it has taken nothing
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.get(2, 3), [1, 3]);
});

test("an item that a process claims is its own when the process says it is done", () => {
  const scene = new RedeliveringScene();
  scene.put(0, ...Array.from({ length: 20 }, (_, i) => i));
  const { taken } = scene.loop(1);
  for (let n = 0; n < taken; n++) deepStrictEqual(scene.done(1), OK);
  deepStrictEqual(scene.done(1), TOO_MANY);
  scene.hub.gone(1, -9);
  strictEqual(scene.size(), 20 - taken);
});

test("an item that comes back too often is a dead letter", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 7);
  scene.receive(0, [Kind.Call, QUEUE, 8, QueueMethod.Join, []]);
  for (const process of [1, 2]) {
    deepStrictEqual(scene.get(process), [7]);
    scene.hub.gone(process, -9);
  }
  deepStrictEqual(scene.get(3), [7]);
  scene.take(0);
  scene.hub.gone(3, -9);
  deepStrictEqual(scene.warnings.map(([process]) => process), [3]);
  deepStrictEqual(scene.take(0).filter(([kind]) => kind === Kind.Answer), [
    [Kind.Answer, QUEUE, 8, true],
  ]);
  strictEqual(scene.size(), 0);
  deepStrictEqual(scene.ask1(0, QueueMethod.DeadLetter), [
    ...[Kind.Answer, QUEUE, 60] as const,
    item(7),
  ]);
  deepStrictEqual(scene.ask1(0, QueueMethod.DeadLetter), OK);
});

test("an item that was not taken does not count as come back", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 7);
  for (const process of [1, 2]) {
    scene.want(process);
    scene.hub.gone(process, -9);
  }
  scene.get(3);
  scene.hub.gone(3, -9);
  deepStrictEqual([scene.size(), scene.warnings.length], [1, 0]);
});

test("what the root takes is counted, and does not come back", () => {
  const scene = new RedeliveringScene();
  scene.put(1, 1, 2);
  deepStrictEqual(scene.done(0), TOO_MANY);
  deepStrictEqual(scene.get(0, 1), [1]);
  deepStrictEqual(scene.done(0), OK);
  deepStrictEqual(scene.done(0), TOO_MANY);
});

test("who waits at a queue that is shut down waits for items in progress elsewhere", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 1, 2);
  scene.get(1);
  scene.get(2);
  scene.shutDown(0);
  scene.ask(3, 1);
  deepStrictEqual(scene.take(3), []);
  scene.grab(3, 9);
  deepStrictEqual(scene.take(3), [[Kind.Answer, QUEUE, 9, false]]); // not now
  scene.ask(3, 1);
  scene.done(2);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(3), [[Kind.Items, QUEUE, [item(1)]]]);
  scene.taken(3);
  scene.want(2);
  deepStrictEqual(scene.take(2), []);
  scene.done(3);
  deepStrictEqual(scene.take(2), [EMPTY]);
});

test("takers that all wait with something in progress do not wait for each other", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 1, 2);
  scene.get(1);
  scene.get(2);
  scene.shutDown(0);
  scene.want(1);
  deepStrictEqual(scene.take(1), []);
  scene.want(2);
  deepStrictEqual([scene.take(1), scene.take(2)], [[EMPTY], [EMPTY]]);
});

test("after an immediate shutdown nothing comes back", () => {
  const scene = new RedeliveringScene();
  scene.put(0, 1);
  scene.get(1);
  scene.receive(2, [Kind.Call, QUEUE, 8, QueueMethod.Join, []]);
  scene.shutDown(0, 1);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 8, true]]);
  strictEqual(scene.size(), 0);
});

test("InProgress counts how often an item came back", () => {
  const progress = new InProgress(1);
  progress.add(4, 0, { seq: 9, body: item(9) });
  const { back, dead } = progress.leave(4);
  deepStrictEqual([back.map(({ returns }) => returns), dead], [[1], []]);
  progress.add(5, 3, back[0]!);
  deepStrictEqual([...progress.processes], [5]);
  deepStrictEqual(progress.leave(5).dead.map(({ seq }) => seq), [9]);
  deepStrictEqual(progress.leave(5), { back: [], dead: [] });
});
