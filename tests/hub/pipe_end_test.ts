/** Tests of src/hub/pipe.ts: who is told what of a pipe whose ends come and go. */
import { deepStrictEqual } from "node:assert/strict";
import { CREDIT_STEP } from "../../src/hub/channel.ts";
import { ObjectType } from "../../src/hub/object.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const [READ, WRITE] = [100, 101];

/** A pipe whose ends the root has, process 1 writes and process 2 reads. */
function hubWithPipe(): TestHub {
  const hub = new TestHub(2);
  hub.receive(0, [Kind.Create, READ, ObjectType.PipeEnd, []]);
  hub.receive(0, [Kind.Create, WRITE, ObjectType.PipeEnd, [READ, 0]]);
  hub.receive(0, [Kind.Boot, 1, 0, item(0), [WRITE]]);
  hub.receive(0, [Kind.Boot, 2, 0, item(0), [READ]]);
  for (const process of [1, 2]) hub.take(process);
  return hub;
}

/** What process 1 is told when the reader has taken a message, and when it is gone. */
function toldWhen(prepare: (hub: TestHub) => void): number[] {
  const hub = hubWithPipe();
  hub.receive(1, [Kind.Send, WRITE, 0, new Uint8Array(CREDIT_STEP)]);
  prepare(hub);
  hub.receive(2, [Kind.Want, READ, 1]);
  hub.receive(2, [Kind.Ack, READ]);
  for (const process of [0, 2]) hub.receive(process, [Kind.Drop, READ]);
  return hub.take(1).map(([kind]) => kind);
}

test("PipeEndState tells a writer of what was taken, and when nobody reads any more", () => {
  deepStrictEqual(toldWhen(() => {}), [Kind.Credit, Kind.Broken]);
});

test("PipeEndState tells a process nothing that has let go of its end", () => {
  deepStrictEqual(toldWhen((hub) => hub.receive(1, [Kind.Drop, WRITE])), []);
});
