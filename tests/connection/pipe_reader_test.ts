import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { PipeReader } from "../../src/connection/pipe_reader.ts";
import { ClaimLog } from "../../src/hub/claims.ts";
import { Kind } from "../../src/wire/message.ts";
import { memoryFiles } from "../hub/claim_memory.ts";
import { test } from "../suite.ts";
import { bytes, isSettled, taker, TestPeer } from "./support.ts";

const ID = 9;

function reader(): { there: TestPeer; reader: PipeReader } {
  const there = new TestPeer();
  return { there, reader: new PipeReader(there.peer, ID) };
}

test("PipeReader asks for each message until it is fed", async () => {
  const { there, reader: r } = reader();
  strictEqual(r.takeNow(taker()), undefined);
  const first = r.take(taker()), second = r.take(taker());
  deepStrictEqual(there.kinds(), [["Want", 1], ["Want", 1]]);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await first, bytes(1));
  strictEqual(await isSettled(second), false);
  r.receive([Kind.Feed, ID, false]);
  r.receive([Kind.Items, ID, [bytes(2), bytes(3)]]);
  deepStrictEqual(await second, bytes(2));
  deepStrictEqual(r.takeNow(taker()), bytes(3));
  deepStrictEqual(there.kinds(), [["Ack"]]); // the others it would have claimed
  const third = r.take(taker());
  deepStrictEqual(there.kinds(), []); // what comes, comes unasked
  r.receive([Kind.Items, ID, [bytes(4)]]);
  deepStrictEqual(await third, bytes(4));
});

test("PipeReader: who waits is served in order, and may give up", async () => {
  const { there, reader: r } = reader();
  const gone = new AbortController();
  const first = r.take(taker(Infinity, gone.signal)), second = r.take(taker());
  there.take();
  gone.abort(new Error("enough"));
  await rejects(first, { message: "enough" });
  deepStrictEqual(there.kinds(), [["Unwant"]]);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await second, bytes(1));
});

test("PipeReader: a message too long is refused and stays", async () => {
  const { there, reader: r } = reader();
  const small = r.take(taker(3)), large = r.take(taker());
  r.receive([Kind.Items, ID, [bytes(4)]]);
  await rejects(small, { name: "OSError", message: "bad message length" });
  deepStrictEqual(await large, bytes(4)); // whoever may have it
  r.receive([Kind.Items, ID, [bytes(5)]]);
  throws(() => r.takeNow(taker(4)), { message: "bad message length" });
  deepStrictEqual(r.takeNow(taker(5)), bytes(5));
  there.take();
});

test("PipeReader: the end comes behind all that is here", async () => {
  const { reader: r } = reader();
  const waiting = r.take(taker());
  r.receive([Kind.Items, ID, [bytes(1), bytes(2)]]);
  deepStrictEqual(await waiting, bytes(1));
  r.receive([Kind.End, ID, false]);
  strictEqual(r.isReady, true);
  deepStrictEqual(r.takeNow(taker()), bytes(2));
  throws(() => r.takeNow(taker()), { name: "EOFError", message: "" });
  strictEqual(r.isReady, true);
});

test("PipeReader: the end is told to all who wait", async () => {
  const { reader: r } = reader();
  const waits = [r.take(taker()), r.take(taker())];
  r.receive([Kind.End, ID, false]);
  for (const wait of waits) await rejects(wait, { name: "EOFError" });
});

test("PipeReader: when called back it gives all back, and asks anew for who waits", () => {
  const { there, reader: r } = reader();
  r.receive([Kind.Feed, ID, true]);
  r.receive([Kind.Items, ID, [bytes(1), bytes(2)]]);
  r.takeNow(taker());
  deepStrictEqual(there.kinds(), []); // it says each no more
  r.receive([Kind.Revoke, ID]);
  deepStrictEqual(there.kinds(), [["AckUpTo", 1], ["Return", 1, 2]]);
  strictEqual(r.isReady, false);
  void r.take(taker());
  void r.take(taker());
  there.take();
  r.receive([Kind.Revoke, ID]);
  deepStrictEqual(there.kinds(), [["Return", 2, 2], ["Want", 2]]);
});

test("PipeReader: who watches is told of messages and of the end, and takes nothing", () => {
  const { there, reader: r } = reader();
  let calls = 0;
  const stop = r.watch(() => void calls++);
  deepStrictEqual([calls, there.kinds()], [0, [["Watch"]]]);
  r.receive([Kind.Readable, ID]);
  strictEqual(calls, 1);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual([calls, r.isReady], [2, true]);
  stop();
  r.receive([Kind.End, ID, false]);
  strictEqual(calls, 2);
  r.watch(() => void calls++);
  strictEqual(calls, 3); // ready at once
  deepStrictEqual(there.kinds(), []);
});

test("PipeReader: a connection that is closed ends only its own waits", async () => {
  const { there, reader: r } = reader();
  const mine = taker(), yours = taker();
  const first = r.take(mine), second = r.take(yours);
  there.take();
  r.close(mine.owner);
  await rejects(first, { name: "OSError", message: "handle is closed" });
  deepStrictEqual(there.kinds(), [["Unwant"]]);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await second, bytes(1));
});

test("PipeReader: before others may get the end, all goes back that is not taken", async () => {
  const { there, reader: r } = reader();
  r.receive([Kind.Feed, ID, true]);
  r.receive([Kind.Items, ID, [bytes(1), bytes(1)]]);
  r.takeNow(taker());
  deepStrictEqual(there.kinds(), []);
  r.share();
  deepStrictEqual(there.kinds(), [["AckUpTo", 1], ["Return", 1, 2]]);
  r.receive([Kind.Items, ID, [bytes(3)]]); // it was on its way
  r.receive([Kind.End, ID, false]);
  strictEqual(r.takeNow(taker()), undefined);
  const next = r.take(taker());
  r.receive([Kind.Revoke, ID]);
  deepStrictEqual(there.kinds(), [["Want", 1]]);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  deepStrictEqual(await next, bytes(1));
  deepStrictEqual(there.kinds(), [["Ack"]]);
});

test("PipeReader: what was taken back is not there, nor an end that came behind it", () => {
  const [files, holderFiles] = memoryFiles();
  const there = new TestPeer(new ClaimLog(holderFiles, "holder"));
  const r = new PipeReader(there.peer, ID);
  r.receive([Kind.Feed, ID, false]);
  r.receive([Kind.Items, ID, [bytes(1), bytes(2), bytes(3)]]);
  deepStrictEqual(r.takeNow(taker()), bytes(1));
  strictEqual(new ClaimLog(files, "sender").advance(ID, 3), 1);
  r.receive([Kind.End, ID, false]);
  strictEqual(r.takeNow(taker()), undefined);
  r.receive([Kind.Revoke, ID]);
  r.receive([Kind.End, ID, false]);
  throws(() => r.takeNow(taker()), { name: "EOFError" });
});

test("PipeReader: what this process has shared it gives back, though the hub does not know", () => {
  const { there, reader: r } = reader();
  r.share();
  r.receive([Kind.Feed, ID, true]);
  r.receive([Kind.Items, ID, [bytes(1)]]);
  strictEqual(r.takeNow(taker()), undefined);
  deepStrictEqual(there.kinds(), [["Return", 0, 0]]);
});
