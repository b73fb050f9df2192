import { deepStrictEqual, throws } from "node:assert/strict";
import { EventMethod, ObjectType } from "../../src/hub/object.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const ID = 100;

/** An event held by the root and by processes 1 and 2. */
class Scene extends TestHub {
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
  const scene = new Scene();
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
  const scene = new Scene();
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
  const scene = new Scene();
  scene.call(1, "Wait", 11);
  scene.receive(1, [Kind.Cancel, ID, 11]);
  scene.call(1, "Wait", 12);
  scene.call(0, "Set");
  scene.receive(1, [Kind.Cancel, ID, 12]);
  deepStrictEqual(scene.answers(1), [[11, false], [12, true]]);
});

test("EventState forgets who waits and dies", () => {
  const scene = new Scene();
  scene.call(1, "Wait", 11);
  scene.call(2, "Wait", 21);
  scene.hub.gone(1, -9);
  scene.call(0, "Set");
  deepStrictEqual([scene.answers(1), scene.answers(2)], [[], [[21, true]]]);
});

test("EventState refuses what makes no sense", () => {
  const scene = new Scene();
  throws(() => scene.receive(1, [Kind.Call, ID, 1, 99, []]), ProtocolError);
  throws(() => scene.receive(1, [Kind.Acquire, ID, 1, true]), ProtocolError);
});
