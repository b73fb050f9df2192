import { deepStrictEqual } from "node:assert/strict";
import { BarrierMethod, ObjectType } from "../../src/hub/object.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const ID = 100;

/** A barrier held by the root and by processes 1, 2 and 3. */
class Scene extends TestHub {
  constructor(parties: number, hasAction = false) {
    super(3);
    const args = [parties, hasAction ? 1 : 0];
    this.receive(0, [Kind.Create, ID, ObjectType.Barrier, args]);
    for (const id of [1, 2, 3]) this.receive(0, [Kind.Boot, id, 0, item(0), [ID]]);
    for (const id of [1, 2, 3]) this.take(id);
  }

  /** A call; without a number it is the process's times ten. */
  call(process: number, name: keyof typeof BarrierMethod, args: number[] = []): void {
    const method = BarrierMethod[name];
    this.receive(process, [Kind.Call, ID, process * 10, method, args]);
  }

  wait(...processes: number[]): void {
    for (const process of processes) this.call(process, "Wait");
  }

  /** What the processes were answered since the last look. */
  answers(...processes: number[]): unknown[][] {
    return processes.map((process) =>
      this.take(process).filter(([kind]) => kind !== Kind.Exited)
        .map(([kind, , , value]) => {
          deepStrictEqual(kind, Kind.Answer);
          return value;
        })
    );
  }

  ask(name: keyof typeof BarrierMethod): unknown {
    this.call(0, name);
    return this.answers(0)[0]![0];
  }
}

test("BarrierState lets all pass when all are there, and tells each its place", () => {
  const scene = new Scene(3);
  scene.wait(2, 1);
  deepStrictEqual(scene.answers(1, 2), [[], []]);
  deepStrictEqual(scene.ask("Waiting"), 2);
  scene.wait(3);
  deepStrictEqual(scene.answers(2, 1, 3), [[0], [1], [2]]);
  deepStrictEqual([scene.ask("Waiting"), scene.ask("IsBroken")], [0, false]);
  scene.wait(3, 2, 1);
  deepStrictEqual(scene.answers(3, 2, 1), [[0], [1], [2]]);
});

test("BarrierState has the last one act before the others pass", () => {
  const scene = new Scene(2, true);
  scene.wait(1, 2);
  deepStrictEqual(scene.answers(1, 2), [[], [null]]);
  deepStrictEqual(scene.ask("Waiting"), 2);
  scene.wait(3); // belongs to the next round
  scene.call(2, "Acted", [20, 1]);
  deepStrictEqual(scene.answers(1, 2, 3), [[0], [true], []]);
  scene.wait(1);
  deepStrictEqual(scene.answers(3, 1), [[], [null]]);
});

test("BarrierState breaks when the action fails, for those who have come meanwhile too", () => {
  const scene = new Scene(2, true);
  scene.wait(1, 2, 3);
  scene.call(2, "Acted", [20, 0]);
  deepStrictEqual(scene.answers(1, 2, 3), [[false], [null, false], [false]]);
  deepStrictEqual(scene.ask("IsBroken"), true);
});

test("BarrierState breaks when somebody gives up", () => {
  const scene = new Scene(3);
  scene.wait(1, 2);
  scene.receive(1, [Kind.Cancel, ID, 10]);
  deepStrictEqual(scene.answers(1, 2), [[false], [false]]);
  scene.wait(3);
  deepStrictEqual(scene.answers(3), [[false]]);
});

test("BarrierState lets pass who gives up while the action runs, if that goes well", () => {
  const scene = new Scene(2, true);
  scene.wait(1, 2);
  scene.receive(1, [Kind.Cancel, ID, 10]);
  deepStrictEqual(scene.answers(1), [[]]);
  scene.call(2, "Acted", [20, 1]);
  deepStrictEqual(scene.answers(1), [[0]]);
});

test("BarrierState breaks the next round when one of it gave up before it began", () => {
  for (const end of ["cancel", "death"]) {
    const scene = new Scene(2, true);
    scene.wait(1, 2, 3);
    if (end === "cancel") scene.receive(3, [Kind.Cancel, ID, 30]);
    else scene.hub.gone(3, -9);
    scene.call(2, "Acted", [20, 1]);
    deepStrictEqual(scene.answers(1, 2), [[0], [null, true]]);
    deepStrictEqual(scene.answers(3), [[false]]); // to a dead process it goes nowhere
    deepStrictEqual(scene.ask("IsBroken"), true);
  }
});

test("BarrierState breaks when one dies that waits, or acts", () => {
  const waiting = new Scene(3);
  waiting.wait(1, 2);
  waiting.hub.gone(1, -9);
  deepStrictEqual(waiting.answers(2), [[false]]);
  const acting = new Scene(2, true);
  acting.wait(1, 2);
  acting.hub.gone(2, -9);
  deepStrictEqual(acting.answers(1), [[false]]);
  deepStrictEqual(acting.ask("IsBroken"), true);
});

test("BarrierState does not mind the death of one that does not wait", () => {
  const scene = new Scene(2);
  scene.wait(1);
  scene.hub.gone(3, -9);
  scene.wait(2);
  deepStrictEqual(scene.answers(1, 2), [[0], [1]]);
});

test("BarrierState.Abort breaks it until Reset", () => {
  const scene = new Scene(2);
  scene.wait(1);
  deepStrictEqual(scene.ask("Abort"), null);
  deepStrictEqual(scene.answers(1), [[false]]);
  scene.wait(2);
  deepStrictEqual(scene.answers(2), [[false]]);
  deepStrictEqual(scene.ask("Reset"), null);
  scene.wait(1, 2);
  deepStrictEqual(scene.answers(1, 2), [[0], [1]]);
});

test("BarrierState.Reset sends those away who wait", () => {
  const scene = new Scene(3);
  scene.wait(1, 2);
  scene.ask("Reset");
  deepStrictEqual(scene.answers(1, 2), [[false], [false]]);
  scene.wait(2, 3, 1);
  deepStrictEqual(scene.answers(2, 3, 1), [[0], [1], [2]]);
});

test("BarrierState is told too late that the action went well", () => {
  for (const name of ["Abort", "Reset"] as const) {
    const scene = new Scene(2, true);
    scene.wait(1, 2, 3);
    scene.ask(name);
    scene.call(2, "Acted", [20, 1]);
    const next = name === "Abort" ? [false] : [];
    deepStrictEqual(scene.answers(1, 2, 3), [[false], [null, false], next]);
  }
});

test("BarrierState.Reset lets those be next who came while the action ran", () => {
  const scene = new Scene(2, true);
  scene.wait(1, 2);
  deepStrictEqual(scene.answers(1, 2), [[], [null]]);
  scene.wait(3);
  scene.call(0, "Reset");
  deepStrictEqual(scene.answers(1, 3), [[false], []]);
  scene.wait(1);
  deepStrictEqual(scene.answers(1), [[null]]); // it acts, as both are there
});
