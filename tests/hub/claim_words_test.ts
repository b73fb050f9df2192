import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ClaimWords, SIZE } from "../../src/hub/claim_words.ts";
import { ClaimLog, muchUse } from "../../src/hub/claims.ts";
import { test } from "../suite.ts";
import { memoryFiles } from "./claim_memory.ts";

const OBJECT = 2 ** 40 + 7;

/** Slots of the memory. */
const SLOTS = SIZE / 12;

/** Both sides of words, and how often each has closed them. */
function words() {
  const buffer = new ArrayBuffer(SIZE);
  const closed = { sender: 0, holder: 0 };
  const side = (name: "sender" | "holder") =>
    new ClaimWords({ buffer, close: () => void closed[name]++ }, name);
  return { buffer, closed, sender: side("sender"), holder: side("holder") };
}

/** Both sides of a log of which `count` entries are the holder's. */
function logs(count = 0) {
  const [senderFiles, holderFiles] = memoryFiles();
  const sender = new ClaimLog(senderFiles, "sender");
  const holder = new ClaimLog(holderFiles, "holder");
  for (let n = 0; n < count; n++) holder.advance(OBJECT, n + 1);
  return { sender, holder, senderFiles, holderFiles };
}

test("ClaimWords: who moves a mark over a thing has it, and both know", () => {
  const { sender, holder } = words();
  strictEqual(sender.look(OBJECT), 0);
  strictEqual(holder.advance(OBJECT, 1), 0);
  strictEqual(holder.advance(OBJECT, 3), 1);
  strictEqual(sender.look(OBJECT, 3), 3);
  strictEqual(sender.advance(OBJECT, 10), 3); // takes back 3 to 9
  strictEqual(holder.advance(OBJECT, 4), 10); // too late
  strictEqual(holder.advance(OBJECT, 11), 10);
  strictEqual(sender.advance(OBJECT, 11), 11); // there was nothing to be taken back
});

test("ClaimWords: marks go on beyond what a word counts to", () => {
  const { sender, holder } = words();
  const step = 2 ** 30;
  for (let n = 0; n < 10; n++) {
    strictEqual(holder.advance(OBJECT, (n + 1) * step), n * step);
    strictEqual(sender.look(OBJECT, (n + 1) * step), (n + 1) * step);
  }
  strictEqual(sender.advance(OBJECT, 10 * step + 5), 10 * step);
  strictEqual(holder.advance(OBJECT, 10 * step + 1), 10 * step + 5);
});

test("ClaimWords: objects that begin at one slot have words of their own", () => {
  const { sender, holder } = words();
  const objects = [1, 2, 3].map((n) => 5 + n * SLOTS);
  for (const [i, object] of objects.entries()) holder.advance(object, i + 1);
  for (const object of objects.toReversed()) sender.advance(object, 9);
  deepStrictEqual(objects.map((object) => holder.look(object)), [9, 9, 9]);
});

test("ClaimWords: an object that was forgotten begins anew, on both sides", () => {
  const { sender, holder } = words();
  for (const end of [7, 4]) {
    strictEqual(holder.advance(OBJECT, end), 0);
    strictEqual(sender.look(OBJECT, end), end);
    sender.forget(OBJECT);
    strictEqual(sender.look(OBJECT), 0);
  }
  strictEqual(sender.advance(OBJECT, 2), 0);
  strictEqual(holder.advance(OBJECT, 1), 2);
});

test("ClaimWords: too many objects end the claims, and nothing else", () => {
  const { sender, holder } = words();
  for (let n = 1; n <= SLOTS; n++) strictEqual(holder.advance(n, 1), 0);
  strictEqual(holder.advance(SLOTS + 1, 1), undefined);
  strictEqual(holder.advance(1, 2), undefined);
  strictEqual(sender.look(5, 1), 1);
});

for (
  const [name, word] of [["beyond all that was sent", 6], ["back", -1]] as const
) {
  test(`ClaimWords: a mark that is moved ${name} is a lie, which ends the claims`, () => {
    for (const isRevoked of [true, false]) {
      const { buffer, sender, holder } = words();
      strictEqual(holder.advance(OBJECT, 2), 0);
      strictEqual(sender.look(OBJECT, 5), 2);
      const all = new Int32Array(buffer);
      const at = all.findLastIndex((value) => value !== 0);
      strictEqual(all[at], 2);
      all[at] = word;
      if (isRevoked) strictEqual(sender.advance(OBJECT, 5), undefined);
      else strictEqual(sender.look(OBJECT, 5), 2);
      all[at] = 3;
      strictEqual(sender.look(OBJECT, 5), 2);
      strictEqual(sender.advance(OBJECT, 5), undefined);
    }
  });
}

test("ClaimWords: a holder that moves a mark all the time does not keep the sender", () => {
  const { sender } = words();
  const { compareExchange } = Atomics;
  sender.look(OBJECT);
  let tries = 0;
  Object.assign(Atomics, { compareExchange: () => (tries++, NaN) });
  try {
    strictEqual(sender.advance(OBJECT, 5), undefined);
  } finally {
    Object.assign(Atomics, { compareExchange });
  }
  ok(tries > 0);
  strictEqual(sender.look(OBJECT, 5), 0);
});

test("ClaimWords: closed memory is touched no more", () => {
  const { buffer, closed, sender, holder } = words();
  strictEqual(holder.advance(OBJECT, 2), 0);
  strictEqual(sender.look(OBJECT, 2), 2);
  sender.close();
  structuredClone(buffer, { transfer: [buffer] });
  strictEqual(sender.look(OBJECT), 2);
  strictEqual(sender.advance(OBJECT, 3), undefined);
  sender.forget(OBJECT);
  deepStrictEqual(closed, { sender: 1, holder: 0 });
});

// --- from a log to words

test("ClaimLog: the marks go on in words from where they are", () => {
  const { sender, holder, senderFiles, holderFiles } = logs(3);
  const next = words();
  sender.prepare(next.sender);
  strictEqual(sender.advance(OBJECT, 5), 3);
  holder.moveTo(next.holder);
  ok(holderFiles.every((file) => file.isClosed));
  ok(!senderFiles.some((file) => file.isClosed)); // it does not know yet
  strictEqual(holder.advance(OBJECT, 6), 5);
  strictEqual(sender.look(OBJECT, 8), 6);
  ok(senderFiles.every((file) => file.isClosed));
  strictEqual(sender.advance(OBJECT, 8), 6);
  strictEqual(holder.advance(OBJECT, 7), 8);
  for (const file of [...senderFiles, ...holderFiles]) file.isClosed = false;
  sender.close();
  holder.close();
  ok(![...senderFiles, ...holderFiles].some((file) => file.isClosed)); // a second time
  deepStrictEqual(next.closed, { sender: 1, holder: 1 });
});

test("ClaimLog: what the sender writes behind the log's end is moved in the words", () => {
  const { sender, holder } = logs(3);
  const next = words();
  sender.prepare(next.sender);
  holder.moveTo(next.holder);
  strictEqual(holder.advance(OBJECT, 4), 3);
  strictEqual(sender.advance(OBJECT, 9), 4);
  strictEqual(holder.advance(OBJECT, 5), 9);
});

test("ClaimLog: a holder that cannot map says so, and both go on in the log", () => {
  const { sender, holder } = logs(3);
  const next = words();
  sender.prepare(next.sender);
  holder.moveTo(undefined);
  strictEqual(holder.advance(OBJECT, 4), 3);
  strictEqual(sender.look(OBJECT, 4), 4);
  strictEqual(next.closed.sender, 1);
  strictEqual(sender.advance(OBJECT, 6), 4);
  strictEqual(holder.advance(OBJECT, 5), 6);
});

test("ClaimLog: words that nobody has prepared end the claims", () => {
  const { sender, holder } = logs(3);
  holder.moveTo(words().holder);
  strictEqual(sender.look(OBJECT, 3), 3);
  strictEqual(sender.advance(OBJECT, 5), undefined);
});

test("ClaimLog: words are closed where the log is not used any more", () => {
  const next = words();
  const [one, other] = [logs(), logs()];
  one.sender.close();
  one.sender.prepare(next.sender);
  one.holder.close();
  one.holder.moveTo(next.holder);
  deepStrictEqual(next.closed, { sender: 1, holder: 1 });
  other.sender.prepare(next.sender);
  other.sender.prepare(words().sender); // a second one is too much
  other.sender.close();
  strictEqual(next.closed.sender, 2);
});

test("ClaimLog: where there is no room for the answer, nothing is claimed any more", () => {
  const { sender, holder, holderFiles } = logs(3);
  const next = words();
  sender.prepare(next.sender);
  for (const file of holderFiles) file.isFull = true;
  holder.moveTo(next.holder);
  strictEqual(holder.advance(OBJECT, 4), undefined);
  strictEqual(sender.advance(OBJECT, 9), 3);
  holder.close();
  strictEqual(next.closed.holder, 1);
});

test("ClaimLog: tells once that it has been used much", () => {
  const { sender, holder } = logs();
  let told = 0;
  sender.onMuchUse = () => void told++;
  for (let n = 0; n < 3000; n++) {
    holder.advance(OBJECT, n + 1);
    if (n + 1 === muchUse.entries - 1) {
      strictEqual(sender.look(OBJECT), n + 1);
      strictEqual(told, 0);
    }
  }
  strictEqual(sender.look(OBJECT), 3000);
  strictEqual(told, 1);
});
