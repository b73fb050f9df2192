import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { QueueMethod } from "../../src/hub/object.ts";
import type { QueueState } from "../../src/hub/queue.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { QUEUE, Scene } from "./queue_scene.ts";
import { item } from "./support.ts";

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
  scene.want(2, 2);
  scene.hub.gone(1, -9);
  scene.want(2);
  deepStrictEqual(scene.items(2), [2, 3, 1]);
  scene.hub.gone(2, -9);
  for (let n = 0; n < 3; n++) scene.want(3);
  deepStrictEqual(scene.items(3), [1, 2, 3]);
});

test("QueueState sends ahead to the only consumer, if that claims what it takes", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  for (let n = 0; n < 10; n++) {
    scene.want(1);
    strictEqual(scene.items(1).length, 1);
    scene.taken(1);
  }
  deepStrictEqual([...scene.offered], [1]);
  scene.claim(1);
  scene.want(1);
  deepStrictEqual(scene.items(1).length > 4, true);
});

/** A hub that sends nothing ahead. */
class PlainScene extends Scene {
  get mayPrefetch(): boolean {
    return false;
  }
}

test("QueueState sends nothing ahead where it is not to", () => {
  const scene = new PlainScene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const log = scene.claim(1);
  for (let n = 0; n < 40; n++) {
    scene.want(1);
    deepStrictEqual(scene.items(1), [n]);
    log.advance(QUEUE, n + 1);
  }
  strictEqual(scene.size(), 0);
  strictEqual(scene.offered.size, 0);
});

test("QueueState takes back what it has sent ahead, whatever its holder does", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const { log, received, taken } = scene.loop(1);
  strictEqual(received.length > taken + 2, true);
  scene.want(2);
  deepStrictEqual(scene.items(2), [taken]); // the next in line
  scene.want(3);
  deepStrictEqual(scene.items(3), [taken + 1]);
  strictEqual(log.advance(QUEUE, taken + 1), received.length);
  deepStrictEqual(scene.take(1), []);
  strictEqual(scene.size(), 40 - taken);
});

test("QueueState knows what was claimed when it looks, without being told", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const { log, received } = scene.loop(1);
  log.advance(QUEUE, received.length - 1);
  strictEqual(scene.size(), 40 - received.length + 1);
  scene.hub.gone(1, -9);
  scene.want(2);
  deepStrictEqual(scene.items(2), [received.at(-1)]);
});

test("QueueState sends more ahead when it is told that half has been claimed", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const { log, received } = scene.loop(1);
  log.advance(QUEUE, received.length - 1);
  scene.taken(1);
  const more = scene.items(1);
  strictEqual(more[0], received.length);
  strictEqual(more.length > received.length - 3, true);
});

test("QueueState sends nothing ahead to two who ask in turn", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const logs = [scene.claim(1), scene.claim(2)];
  for (let n = 0; n < 20; n++) {
    const process = 1 + n % 2;
    scene.want(process);
    deepStrictEqual(scene.items(process), [n]);
    logs[n % 2]!.advance(QUEUE, 1 + Math.floor(n / 2));
  }
});

test("QueueState gives what a consumer has not claimed for a while to who waits", () => {
  const scene = new Scene();
  scene.claim(1);
  scene.want(1);
  scene.put(0, 4);
  scene.want(2);
  deepStrictEqual(scene.items(1), [4]); // it asked before, and is about to take it
  deepStrictEqual(scene.items(2), []);
  scene.time += 10;
  scene.ring();
  deepStrictEqual(scene.items(2), [4]);
  scene.put(0, 5); // who was late gets nothing before it asks again
  deepStrictEqual(scene.items(1), []);
  scene.want(1);
  deepStrictEqual(scene.items(1), [5]);
});

test("QueueState keeps what one that cannot claim has asked for", () => {
  const scene = new Scene();
  scene.want(1);
  scene.put(0, 4);
  scene.want(2);
  scene.time += 1000;
  scene.ring();
  scene.grab(3, 1);
  deepStrictEqual(scene.items(2), []);
  deepStrictEqual(scene.take(3), [[Kind.Answer, QUEUE, 1, false]]);
  scene.hub.gone(1, -9);
  deepStrictEqual(scene.items(2), [4]);
});

test("QueueState has all come back of a process that claims no more", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 40 }, (_, i) => i));
  const { received, taken } = scene.loop(1);
  scene.take(1);
  scene.endClaims(1, [Kind.Revoke, QUEUE]);
  deepStrictEqual(scene.take(1), [[Kind.Revoke, QUEUE]]);
  strictEqual(scene.size(), 40 - taken);
  scene.receive(1, [Kind.Ask, QUEUE, received.length, 1]);
  deepStrictEqual(scene.items(1), [taken]);
  scene.taken(1);
  strictEqual(scene.size(), 40 - taken - 1);
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

test("QueueState answers a grab at once, also with what others have not claimed", () => {
  const scene = new Scene();
  scene.grab(2, 1);
  deepStrictEqual(scene.take(2), [[Kind.Answer, QUEUE, 1, false]]);
  const log = scene.claim(1);
  scene.want(1);
  scene.put(0, 8, 9);
  for (const [process, value] of [[2, 9], [3, 8]] as const) {
    scene.grab(process, 7);
    deepStrictEqual(scene.take(process), [
      [Kind.Items, QUEUE, [item(value)]],
      [Kind.Answer, QUEUE, 7, true],
    ]);
  }
  strictEqual(log.advance(QUEUE, 1), 1);
});

test("QueueState answers a grab when an item has been sent before", () => {
  const scene = new Scene();
  scene.want(1);
  scene.put(0, 4);
  scene.receive(1, [Kind.Grab, QUEUE, 7, 0, 0]); // its time was over meanwhile
  deepStrictEqual(scene.take(1), [
    [Kind.Items, QUEUE, [item(4)]],
    [Kind.Answer, QUEUE, 7, true],
  ]);
});

test("QueueState takes back an item that comes when nobody waits for it any more", () => {
  const scene = new Scene();
  scene.want(1);
  scene.put(0, 4, 5);
  scene.ask(1, 0);
  scene.want(2);
  deepStrictEqual(scene.items(2), [5]);
  scene.receive(1, [Kind.Return, QUEUE, 0, 1]);
  deepStrictEqual(scene.take(1).map(([kind]) => kind), [Kind.Items, Kind.Revoke]);
  scene.want(2);
  deepStrictEqual(scene.items(2), [4]);
});

test("QueueState.takeNow leaves the item to one who has waited longer", () => {
  const scene = new Scene();
  const queue = scene.hub.objectOfRoot(QUEUE) as QueueState;
  strictEqual(queue.takeNow(), undefined);
  scene.hub.receive(1, [Kind.Ask, QUEUE, 0, 1]);
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

test("QueueState is told of several takes at once, and gives back the rest", () => {
  const scene = new Scene();
  scene.put(0, 1, 2, 3);
  scene.want(1, 3);
  deepStrictEqual(scene.items(1), [1, 2, 3]);
  scene.receive(1, [Kind.AckUpTo, QUEUE, 2]);
  scene.receive(1, [Kind.AckUpTo, QUEUE, 2]); // says nothing new
  scene.hub.gone(1, 0);
  scene.want(2);
  deepStrictEqual(scene.items(2), [3]);
});

test("QueueState.takeNow makes room for a put that waits", () => {
  const scene = new Scene(1);
  scene.put(0, 1);
  scene.receive(1, [Kind.Put, QUEUE, 7, true, item(2)]);
  const queue = scene.hub.objectOfRoot(QUEUE) as QueueState;
  deepStrictEqual(queue.takeNow(), item(1));
  strictEqual(scene.hub.isUnsettled, true);
  scene.hub.settle();
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 7, true]]);
  deepStrictEqual(queue.takeNow(), item(2));
});

test("QueueState sends no more bytes ahead than a pipe holds", () => {
  const scene = new Scene(), size = 1024;
  const put = (count: number) => {
    for (let n = 0; n < count; n++) {
      scene.hub.receive(0, [Kind.Put, QUEUE, 0, true, new Uint8Array(size)]);
    }
    scene.hub.settle();
  };
  put(200);
  const { log, received, taken } = scene.loop(1);
  let count = received.length, most = 0;
  for (let end = taken + 1; end <= 150; end++) {
    log.advance(QUEUE, end);
    scene.taken(1);
    if (count === end) scene.want(1);
    count += scene.items(1).length;
    most = Math.max(most, count - end);
  }
  strictEqual(most, 32768 / size);
});

test("QueueState tells all who join when the last task is done", () => {
  const scene = new Scene();
  scene.put(0, 1);
  for (const [process, call] of [[1, 5], [2, 6], [1, 7]] as const) {
    scene.receive(process, [Kind.Call, QUEUE, call, QueueMethod.Join, []]);
  }
  scene.receive(0, [Kind.Call, QUEUE, 9, QueueMethod.TaskDone, []]);
  deepStrictEqual([1, 2].map((process) => scene.take(process)), [
    [[Kind.Answer, QUEUE, 5, true], [Kind.Answer, QUEUE, 7, true]],
    [[Kind.Answer, QUEUE, 6, true]],
  ]);
});

test("QueueState begins anew with what it sends ahead when another process asks", () => {
  const scene = new Scene();
  scene.put(0, ...Array.from({ length: 60 }, (_, i) => i));
  scene.loop(1);
  for (const process of [2, 3, 2]) {
    scene.claim(process);
    scene.want(process);
    strictEqual(scene.items(process).length, 1);
  }
});

test("QueueState does not put what was given up while it waited", () => {
  const scene = new Scene(1);
  scene.put(0, 1);
  scene.receive(1, [Kind.Put, QUEUE, 7, true, item(2)]);
  scene.receive(1, [Kind.Cancel, QUEUE, 7]);
  const queue = scene.hub.objectOfRoot(QUEUE) as QueueState;
  deepStrictEqual(queue.takeNow(), item(1));
  scene.hub.settle();
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 7, false]]);
  strictEqual(queue.takeNow(), undefined);
});

test("QueueState sends no more items ahead than a limit, however short they are", () => {
  const scene = new Scene();
  scene.put(0, ...new Array(6000).fill(5));
  const { log, received, taken } = scene.loop(1);
  let count = received.length, most = 0;
  for (let end = taken + 1; end <= 4000; end++) {
    log.advance(QUEUE, end);
    scene.taken(1);
    if (count === end) scene.want(1);
    count += scene.items(1).length;
    most = Math.max(most, count - end);
  }
  strictEqual(most, 1024);
});

test("QueueState does not answer those who join before all tasks are done", () => {
  const scene = new Scene();
  scene.put(0, 1, 2);
  scene.receive(1, [Kind.Call, QUEUE, 5, QueueMethod.Join, []]);
  scene.receive(0, [Kind.Call, QUEUE, 9, QueueMethod.TaskDone, []]);
  deepStrictEqual(scene.take(1), []);
  scene.receive(0, [Kind.Call, QUEUE, 9, QueueMethod.TaskDone, []]);
  deepStrictEqual(scene.take(1), [[Kind.Answer, QUEUE, 5, true]]);
});

/** Process 1 has been sent the first item, and claimed nothing; process 2 took the second. */
function sceneOfTwo(): Scene {
  const scene = new Scene();
  scene.time = 1000;
  for (const process of [1, 2]) scene.claim(process);
  scene.put(0, 1, 2);
  scene.want(1);
  const log = scene.claim(2);
  scene.want(2);
  log.advance(QUEUE, 1);
  scene.taken(2);
  deepStrictEqual([scene.items(1), scene.items(2)], [[1], [2]]);
  return scene;
}

test("QueueState gives one that has got later items an earlier one only after long", () => {
  const scene = sceneOfTwo();
  scene.want(2);
  for (const [time, items] of [[1000, []], [1020, []], [1251, [1]]] as const) {
    scene.time = time;
    scene.ring();
    deepStrictEqual(scene.items(2), items, `at ${time}`);
  }
});

test("QueueState does not count as late what was sent a moment ago", () => {
  const scene = new Scene();
  scene.time = 1000;
  for (const process of [1, 2]) scene.claim(process);
  scene.put(0, 1);
  scene.want(1);
  scene.want(2);
  deepStrictEqual([scene.items(1), scene.items(2)], [[1], []]);
});

test("QueueState loses nothing to one that dies while it grabs", () => {
  const scene = sceneOfTwo();
  scene.grab(2, 7);
  scene.hub.gone(2, -9);
  deepStrictEqual(scene.take(2), []);
  scene.time = 1300;
  scene.ring();
  scene.want(3);
  scene.time = 1600;
  scene.ring();
  deepStrictEqual(scene.items(3), [1]);
});

test("QueueState leaves neither a timer nor a mark behind", () => {
  const scene = sceneOfTwo();
  scene.want(2);
  strictEqual(scene.timers.size, 1);
  scene.receive(2, [Kind.Drop, QUEUE]);
  strictEqual(scene.claims(2)!.look(QUEUE), 0);
  scene.put(0, 3);
  scene.want(3);
  scene.want(3);
  for (const process of [0, 3, 1]) scene.hub.receive(process, [Kind.Drop, QUEUE]);
  scene.hub.settle();
  deepStrictEqual([scene.hub.objectCount, scene.timers.size], [0, 0]);
});
