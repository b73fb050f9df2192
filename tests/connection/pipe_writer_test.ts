import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { PipeWriter } from "../../src/connection/pipe_writer.ts";
import { TransferTokens } from "../../src/connection/transfer_tokens.ts";
import { BUFFER_SIZE, CREDIT_STEP } from "../../src/hub/channel.ts";
import { MAX_UNSAID } from "../../src/link/prefetch_buffer.ts";
import { PendingPayload } from "../../src/reduction/mod.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { bytes, isSettled, taker, TestPeer } from "./support.ts";

const ID = 9;
const EPIPE = { name: "BrokenPipeError", message: "[Errno 32] Broken pipe" };

/** A writer whose first message has been sent and taken. */
async function writer(): Promise<{ there: TestPeer; writer: PipeWriter }> {
  const there = new TestPeer(), w = new PipeWriter(there.peer, ID);
  const sent = w.send(bytes(0), undefined, taker());
  const [[kind, , call]] = there.take() as [[number, number, number]];
  strictEqual(kind, Kind.Send);
  ok(call > 0); // asks whether anybody reads
  strictEqual(await isSettled(sent), false);
  there.receive([Kind.Answer, ID, call, true]);
  await sent;
  w.receive([Kind.Credit, ID, 4]);
  return { there, writer: w };
}

/** Sends messages of `size` bytes until one has to wait; tells how many did not. */
async function fill(w: PipeWriter, size: number): Promise<[number, Promise<void>]> {
  for (let count = 0;; count++) {
    const sent = w.send(bytes(size), undefined, taker());
    if (!await isSettled(sent)) return [count, sent];
    await sent;
  }
}

test("PipeWriter: the first message asks whether anybody reads, no other", async () => {
  const { there, writer: w } = await writer();
  await w.send(bytes(1), undefined, taker());
  deepStrictEqual(there.kinds(), [["Send", 0, bytes(1)]]);
});

test("PipeWriter: if nobody reads, the first message is the last", async () => {
  const there = new TestPeer(), w = new PipeWriter(there.peer, ID);
  const sent = w.send(bytes(1), undefined, taker());
  const [[, , call]] = there.take() as [[number, number, number]];
  there.receive([Kind.Answer, ID, call, false]);
  await rejects(sent, EPIPE);
  await rejects(w.send(bytes(1), undefined, taker()), EPIPE);
  deepStrictEqual(there.take(), []);
});

test("PipeWriter: at least 64 KiB are sent without waiting, also where not all that was taken is told", async () => {
  const size = 100;
  for (const untold of [0, MAX_UNSAID - 1 + CREDIT_STEP - 1]) {
    const { writer: w } = await writer();
    const taken = Math.floor(untold / (size + 4));
    for (let i = 0; i < taken; i++) await w.send(bytes(size), undefined, taker());
    // All of them have been taken now, but the hub does not say so yet.
    const [count] = await fill(w, size);
    ok(count * (size + 4) >= BUFFER_SIZE - size - 4, `${count} messages`);
    ok(count * (size + 4) <= BUFFER_SIZE + CREDIT_STEP + MAX_UNSAID + size + 4);
  }
});

test("PipeWriter: a message of any size goes at once, the next one waits until it is taken", async () => {
  const { there, writer: w } = await writer();
  await w.send(bytes(1e6), undefined, taker());
  const second = w.send(bytes(1e6), undefined, taker());
  const third = w.send(bytes(1), undefined, taker());
  strictEqual(await isSettled(second), false);
  // It is on its way while the first one is being received.
  deepStrictEqual(there.kinds().map((message) => (message as unknown[])[0]), [
    "Send",
    "Send",
  ]);
  w.receive([Kind.Credit, ID, 1e6 + 4]);
  await second;
  deepStrictEqual(there.kinds(), [["Send", 0, bytes(1)]]);
  strictEqual(await isSettled(third), false);
  w.receive([Kind.Credit, ID, 1e6 + 4]);
  await third;
});

test("PipeWriter: what waits goes out in order, as far as there is room", async () => {
  const { there, writer: w } = await writer();
  const [, last] = await fill(w, 10_000);
  there.take();
  const kept = [
    w.send(bytes(1), undefined, taker()),
    w.send(bytes(2), undefined, taker()),
  ];
  deepStrictEqual(there.kinds(), []);
  w.receive([Kind.Credit, ID, 30_000]);
  deepStrictEqual(there.kinds(), [["Send", 0, bytes(1)], ["Send", 0, bytes(2)]]);
  await Promise.all([last, ...kept]);
});

test("PipeWriter: what has not left can be called off, what has left is sent", async () => {
  const { there, writer: w } = await writer();
  await fill(w, 10_000);
  there.take();
  const enough = new AbortController();
  const kept = w.send(bytes(1), undefined, taker(Infinity, enough.signal));
  enough.abort(new Error("enough"));
  await rejects(kept, { message: "enough" });
  w.receive([Kind.Credit, ID, 90_000]);
  deepStrictEqual(there.kinds(), []);

  await w.send(bytes(1e6), undefined, taker());
  const late = new AbortController();
  const left = w.send(bytes(1e6), undefined, taker(Infinity, late.signal));
  strictEqual(await isSettled(left), false);
  late.abort(new Error("late"));
  await left;
});

test("PipeWriter: when the last reader goes, whoever waits is told", async () => {
  const { writer: w } = await writer();
  const [, waits] = await fill(w, 10_000);
  const kept = w.send(bytes(1), undefined, taker());
  let told = 0;
  w.watch(() => void told++);
  w.receive([Kind.Broken, ID]);
  await rejects(waits, EPIPE);
  await rejects(kept, EPIPE);
  deepStrictEqual([told, w.isBroken, w.isCertain], [1, true, true]);
});

test("PipeWriter: to let go of the end sends all that waits first", async () => {
  const { there, writer: w } = await writer();
  const [, waits] = await fill(w, 10_000);
  const kept = w.send(bytes(1), undefined, taker());
  there.take();
  let flushed = 0;
  w.flush(() => void flushed++);
  deepStrictEqual([flushed, there.kinds()], [1, [["Send", 0, bytes(1)]]]);
  await Promise.all([waits, kept]);
});

/** A message whose bytes are known when the promise settles. */
function later(payload: Promise<Uint8Array>): PendingPayload {
  return Object.assign(Object.create(PendingPayload.prototype), {
    resolve: () => payload,
  });
}

test("PipeWriter: a message that is not known yet keeps its place", async () => {
  const { there, writer: w } = await writer();
  let resolve = (_: Uint8Array) => {};
  const pending = new Promise<Uint8Array>((done) => resolve = done);
  const first = w.send(later(pending), undefined, taker());
  const second = w.send(bytes(2), undefined, taker());
  deepStrictEqual(there.kinds(), []);
  resolve(bytes(1));
  await Promise.all([first, second]);
  deepStrictEqual(there.kinds(), [["Send", 0, bytes(1)], ["Send", 0, bytes(2)]]);
});

test("PipeWriter: a message that cannot be made makes way for the next", async () => {
  const { there, writer: w } = await writer();
  const failure = Promise.reject(new Error("cannot"));
  const first = w.send(later(failure), undefined, taker());
  const second = w.send(bytes(2), undefined, taker());
  await rejects(first, { message: "cannot" });
  await second;
  deepStrictEqual(there.kinds(), [["Send", 0, bytes(2)]]);
});

test("PipeWriter: ends that are in a message are let go of once it has left", async () => {
  const { there, writer: w } = await writer();
  const uses: string[] = [];
  const transferable = {
    id: 5,
    open: () => void uses.push("open"),
    close: () => void uses.push("close"),
  };
  const tokens = new TransferTokens();
  const token = tokens.add(transferable);
  await w.send(bytes(1), tokens, taker());
  deepStrictEqual(uses, ["open", "close"]);
  deepStrictEqual(there.kinds(), [["SendShared", 0, bytes(1), [5], [token]]]);
  w.receive([Kind.Broken, ID]);
  const lost = new TransferTokens();
  lost.add(transferable);
  await rejects(w.send(bytes(1), lost, taker()), EPIPE);
  deepStrictEqual(uses, ["open", "close", "open", "close"]);
});

test("PipeWriter: too long a message is refused, and the next one goes", async () => {
  const { there, writer: w } = await writer();
  const ofLength = (length: number) =>
    Object.defineProperty(new Uint8Array(1), "length", { value: length });
  const [longest, longer] = [2 ** 30 - 1024, 2 ** 30 - 1023].map(ofLength);
  const EMSGSIZE = { name: "OSError", message: /Message too long/ };
  await rejects(w.send(longer!, undefined, taker()), EMSGSIZE);
  deepStrictEqual(there.take(), []);
  void w.send(longest!, undefined, taker());
  strictEqual(there.take().length, 1);
});
