import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { setImmediate } from "node:timers";
import { type Link, Peer } from "../../src/link/peer.ts";
import { ValueError } from "../../src/python/errors.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

/** A peer whose messages are kept instead of sent. */
function peerWithLog(): { peer: Peer; log: ToHub[] } {
  const log: ToHub[] = [];
  const link: Link = {
    copies: false,
    post: (message) => void log.push(message),
    repeat: (message) => () => void log.push(message),
    takeNow: () => undefined,
  };
  return { peer: new Peer(7, 3, link), log };
}

test("Peer numbers what it makes in its own range", () => {
  const { peer } = peerWithLog();
  strictEqual(peer.newId(), 3 * 2 ** 32 + 1);
  strictEqual(peer.newId(), 3 * 2 ** 32 + 2);
});

test("Peer.call gives the answer to the call it belongs to", async () => {
  const { peer, log } = peerWithLog();
  const calls = [1, 2].map(() => {
    const call = peer.newCall();
    return peer.call(call, [Kind.Grab, 5, call, 0, 0]);
  });
  deepStrictEqual(log, [[Kind.Grab, 5, 1, 0, 0], [Kind.Grab, 5, 2, 0, 0]]);
  peer.receive([Kind.Answer, 5, 2, "second"]);
  peer.receive([Kind.Answer, 5, 1, "first"]);
  peer.receive([Kind.Answer, 5, 1, "nobody waits for this"]);
  deepStrictEqual(await Promise.all(calls), ["first", "second"]);
});

test("Peer.call rejects with the class that the hub names", async () => {
  const { peer } = peerWithLog();
  const call = peer.newCall();
  const answer = peer.call(call, [Kind.Grab, 5, call, 0, 0]);
  peer.receive([Kind.Failure, 5, call, "ValueError", "too many"]);
  await rejects(
    answer,
    (error) => error instanceof ValueError && error.message === "too many",
  );
});

test("Peer.end rejects every pending call, and every later one", async () => {
  const { peer } = peerWithLog();
  const first = peer.call(1, [Kind.Grab, 5, 1, 0, 0]);
  const reason = new Error("the link is down");
  peer.end(reason);
  peer.end(new Error("a second time"));
  await rejects(first, reason);
  await rejects(peer.call(2, [Kind.Grab, 5, 2, 0, 0]), reason);
});

test("Peer hands an object's messages to its listener until it is dropped", () => {
  const { peer, log } = peerWithLog();
  const seen: unknown[] = [];
  peer.listen(9, (message) => seen.push(message));
  peer.receive([Kind.Revoke, 9]);
  peer.drop(9);
  peer.receive([Kind.Revoke, 9]);
  deepStrictEqual(seen, [[Kind.Revoke, 9]]);
  deepStrictEqual(log, [[Kind.Drop, 9]]);
});

test("Peer.request forgets a call that could not be sent", async () => {
  const link: Link = {
    copies: false,
    post() {
      throw new ValueError("no such object");
    },
    repeat: () => () => {},
    takeNow: () => undefined,
  };
  const peer = new Peer(0, 0, link);
  await rejects(peer.call(1, [Kind.Grab, 5, 1, 0, 0]), ValueError);
  peer.end(new Error("nobody is left to be told"));
});

test("Peer.breathe lets others have their turn now and then", async () => {
  const { peer } = peerWithLog();
  const breaths = Array.from({ length: 300 }, () => peer.yieldToLoop());
  strictEqual(breaths.filter((breath) => breath !== undefined).length, 2);
  await Promise.all(breaths);
});

test("Peer hands a failure that nobody waits for to the object's listener", () => {
  const { peer } = peerWithLog();
  const seen: unknown[] = [];
  peer.listen(9, (message) => seen.push(message));
  const failure = [Kind.Failure, 9, 0, "ValueError", "too many"] as const;
  peer.receive([...failure]);
  deepStrictEqual(seen, [failure]);
});

test("Peer.call lets others have their turn when answers are there at once", async () => {
  const link: Link = {
    copies: false,
    post: (message) => peer.receive([Kind.Answer, 5, message[2] as number, false]),
    repeat: () => () => {},
    takeNow: () => undefined,
  };
  const peer = new Peer(0, 0, link);
  let turned = false;
  setImmediate(() => turned = true);
  while (!turned) {
    const call = peer.newCall();
    strictEqual(await peer.call(call, [Kind.Grab, 5, call, 0, 0]), false);
  }
});

test("Peer throws the first of several failures, when all messages were handled", () => {
  const { peer } = peerWithLog();
  const seen: number[] = [];
  const failing = (id: number, next?: number) =>
    peer.listen(id, () => {
      seen.push(id);
      if (next !== undefined) peer.receive([Kind.Revoke, next]); // handled after this one
      throw new ValueError(`from ${id}`);
    });
  failing(7, 8);
  failing(8, 9);
  failing(9);
  throws(() => peer.receive([Kind.Revoke, 7]), { message: "from 7" });
  deepStrictEqual(seen, [7, 8, 9]);
});
