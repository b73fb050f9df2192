import { deepStrictEqual } from "node:assert/strict";
import { DanglingObject } from "../../src/hub/dangling.ts";
import { PipeMethod } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item } from "./support.ts";

const QUEUE = 100;

test("DanglingObject looks like an end whose other end is closed", () => {
  const sent: [number, ToPeer][] = [];
  const lost = new DanglingObject(
    QUEUE,
    { send: (...message: [number, ToPeer]) => void sent.push(message) } as never,
  );
  deepStrictEqual([lost.isReadable, lost.isWritable], [true, false]);
  lost.receive(4, [Kind.Call, QUEUE, 7, PipeMethod.IsReadable, []]);
  lost.receive(4, [Kind.Call, QUEUE, 8, PipeMethod.IsWritable, []]);
  lost.receive(4, [Kind.Send, QUEUE, 9, item(1)]);
  lost.receive(4, [Kind.SendShared, QUEUE, 10, item(1), [QUEUE], [55]]);
  lost.receive(4, [Kind.Send, QUEUE, 0, item(1)]); // asks nothing
  lost.receive(4, [Kind.SendShared, QUEUE, 0, item(1), [QUEUE], [56]]);
  lost.receive(4, [Kind.Want, QUEUE, 1]);
  const numbers = { depth: 0, bytes: 0, sends: 0, receives: 0, readers: [] };
  deepStrictEqual(lost.describe(), { kind: "pipe", other: null, ...numbers });
  lost.leave(4);
  lost.settle();
  deepStrictEqual(sent, [
    [4, [Kind.Answer, QUEUE, 7, true]],
    [4, [Kind.Answer, QUEUE, 8, false]],
    [4, [Kind.Answer, QUEUE, 9, false]],
    [4, [Kind.Answer, QUEUE, 10, false]],
  ]);
});
