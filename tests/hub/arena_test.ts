import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Hub } from "../../src/hub/hub.ts";
import { ObjectType } from "../../src/hub/object.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

const SPACE = 2 ** 32;
const ARENA = SPACE + 1, BLOCK = SPACE + 2, OTHER = SPACE + 3;

/** A hub with a root and two children, 1 and 2; what it sends, and which arenas it has removed. */
function world() {
  const sent: [process: number, message: ToPeer][] = [];
  const removed: number[] = [];
  const hub = new Hub({
    send: (process, message) => void sent.push([process, message]),
    launch: () => {},
    signal: () => {},
    now: () => 0,
    setTimer: () => 0,
    clearTimer: () => {},
    removeArena: (name) => void removed.push(name),
    warn: () => {},
  });
  const none = new Uint8Array();
  hub.receive(0, [Kind.Launch, 1, 1, none, none]);
  hub.receive(0, [Kind.Launch, 2, 2, none, none]);
  hub.receive(1, [Kind.Create, ARENA, ObjectType.Arena, [77]]);
  hub.receive(1, [Kind.Create, BLOCK, ObjectType.Block, [ARENA]]);
  const freed = () =>
    sent.splice(0).flatMap(([process, message]) =>
      message[0] === Kind.Freed ? [[process, message[1], message[2]]] : []
    );
  return { hub, removed, freed };
}

/** The root gets the block of child 1, by a token. */
function share({ hub }: ReturnType<typeof world>, process: number): void {
  hub.receive(1, [Kind.Share, BLOCK, 5]);
  hub.receive(process, [Kind.Claim, BLOCK, 5]);
}

test("a block: its owner is told when nobody holds it any more", () => {
  const all = world();
  const { hub, freed } = all;
  share(all, 2);
  hub.receive(1, [Kind.Drop, BLOCK]);
  deepStrictEqual(freed(), []);
  hub.receive(2, [Kind.Drop, BLOCK]);
  deepStrictEqual(freed(), [[1, ARENA, BLOCK]]);
});

test("a block: the death of its last holder frees it", () => {
  const all = world();
  share(all, 2);
  all.hub.receive(1, [Kind.Drop, BLOCK]);
  all.hub.gone(2, -9);
  deepStrictEqual(all.freed(), [[1, ARENA, BLOCK]]);
});

test("an arena outlives its owner while a block is held", () => {
  const all = world();
  const { hub, removed, freed } = all;
  share(all, 2);
  hub.receive(1, [Kind.Create, OTHER, ObjectType.Block, [ARENA]]);
  hub.gone(1, -9);
  deepStrictEqual(removed, []);
  freed();
  hub.gone(2, 0);
  deepStrictEqual(removed, [77]);
  deepStrictEqual(freed(), []); // there is nobody to tell
  strictEqual(hub.objectCount, 0);
});

test("an arena goes with its owner when no block is held", () => {
  const { hub, removed } = world();
  hub.receive(1, [Kind.Drop, BLOCK]);
  hub.receive(1, [Kind.Drop, ARENA]);
  deepStrictEqual(removed, [77]);
  hub.receive(2, [Kind.Create, 2 * SPACE + 1, ObjectType.Arena, [77]]); // is free again
});

test("no process can make an arena that is known by another one's number", () => {
  const { hub, removed } = world();
  const [own, same] = [2 * SPACE + 1, 2 * SPACE + 2];
  throws(
    () => hub.receive(2, [Kind.Create, own, ObjectType.Arena, [77]]),
    ProtocolError,
  );
  hub.receive(2, [Kind.Create, same, ObjectType.Arena, [78]]);
  hub.gone(2, -9);
  deepStrictEqual(removed, [78]);
});

test("arenas and blocks: what makes no sense is the sender's fault", () => {
  const { hub } = world();
  const bad: (() => void)[] = [
    () => hub.receive(1, [Kind.Create, SPACE + 9, ObjectType.Arena, [2 ** 48]]),
    () => hub.receive(1, [Kind.Create, SPACE + 9, ObjectType.Block, [BLOCK]]),
    () => hub.receive(1, [Kind.Create, SPACE + 9, ObjectType.Block, []]),
    () => hub.receive(1, [Kind.Call, BLOCK, 1, 0, []]),
    () => hub.receive(1, [Kind.Call, ARENA, 1, 0, []]),
  ];
  for (const send of bad) throws(send, ProtocolError);
});
