import { deepStrictEqual } from "node:assert/strict";
import { DanglingObject } from "../../src/hub/hub.ts";
import { PipeMethod } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const ID = 100;

test("LostObject looks like an end whose other end is closed", () => {
  const sent: [number, ToPeer][] = [];
  const lost = new DanglingObject(
    ID,
    { send: (...message: [number, ToPeer]) => void sent.push(message) } as never,
  );
  deepStrictEqual([lost.isReadable, lost.isWritable], [true, false]);
  lost.receive(4, [Kind.Call, ID, 7, PipeMethod.IsReadable, []]);
  lost.receive(4, [Kind.Call, ID, 8, PipeMethod.IsWritable, []]);
  lost.receive(4, [Kind.Want, ID, 1]);
  lost.leave(4);
  lost.settle();
  deepStrictEqual(sent, [
    [4, [Kind.Answer, ID, 7, true]],
    [4, [Kind.Answer, ID, 8, false]],
  ]);
});

test("LostObject: who claims with a void ticket can use it, give it on and drop it", () => {
  const test = new TestHub(2);
  test.receive(1, [Kind.Claim, ID, 55]);
  deepStrictEqual(test.take(1), [[Kind.Claimed, ID, 55, false]]);
  test.receive(1, [Kind.Send, ID, 0, item(1)]); // on its way before it knew
  test.receive(1, [Kind.Share, ID, 56]); // a token for nothing
  test.receive(2, [Kind.Claim, ID, 56]);
  deepStrictEqual(test.take(2), [[Kind.Claimed, ID, 56, false]]);
  test.receive(1, [Kind.Drop, ID]);
  test.hub.gone(2, 0);
  deepStrictEqual([test.hub.objectCount, test.take(1)], [0, []]);
});
