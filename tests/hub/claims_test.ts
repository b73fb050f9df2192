import { ok, strictEqual } from "node:assert/strict";
import { ClaimLog } from "../../src/hub/claims.ts";
import { test } from "../suite.ts";
import { type MemoryFile, memoryFiles } from "./claim_memory.ts";

const OBJECT = 2 ** 40 + 7;

/** Both sides of a log; its files are changed after `long` bytes. */
function logs(long?: number): {
  sender: ClaimLog;
  holder: ClaimLog;
  files: MemoryFile[];
  holderFiles: MemoryFile[];
} {
  const [files, holderFiles] = memoryFiles();
  const sender = new ClaimLog(files, "sender", long);
  return {
    sender,
    holder: new ClaimLog(holderFiles, "holder", long),
    files,
    holderFiles,
  };
}

test("ClaimLog: who moves a mark over a thing has it, and both know", () => {
  const { sender, holder } = logs();
  strictEqual(sender.look(OBJECT), 0);
  strictEqual(holder.advance(OBJECT, 1), 0);
  strictEqual(holder.advance(OBJECT, 3), 1);
  strictEqual(sender.look(OBJECT), 3);
  strictEqual(sender.advance(OBJECT, 10), 3); // takes back 3 to 9
  strictEqual(holder.advance(OBJECT, 4), 10); // too late
  strictEqual(holder.advance(OBJECT, 11), 10);
  strictEqual(sender.advance(OBJECT, 10), 11); // there was nothing to be taken back
  strictEqual(sender.look(OBJECT), 11);
});

test("ClaimLog: a holder may begin before it was sent anything", () => {
  const { sender, holder } = logs();
  strictEqual(holder.advance(OBJECT, 0), 0);
  strictEqual(holder.advance(OBJECT, 1), 0);
  strictEqual(sender.look(OBJECT), 1);
});

test("ClaimLog: objects have marks of their own, and may be forgotten", () => {
  const { sender, holder } = logs();
  holder.advance(OBJECT, 5);
  holder.advance(OBJECT + 1, 2);
  strictEqual(sender.look(OBJECT), 5);
  strictEqual(sender.look(OBJECT + 1), 2);
  sender.forget(OBJECT);
  strictEqual(sender.look(OBJECT), 0);
  strictEqual(sender.look(OBJECT + 1), 2);
  strictEqual(holder.advance(OBJECT, 1), 0); // it is used again
  strictEqual(sender.look(OBJECT), 1);
});

test("ClaimLog: its files stay short, as long as the sender looks now and then", () => {
  const long = 320;
  const { sender, holder, files } = logs(long);
  let longest = 0;
  for (let n = 0; n < 5000; n++) {
    strictEqual(holder.advance(OBJECT, n + 1), n);
    if (n % 10 === 9) strictEqual(sender.look(OBJECT), n + 1);
    longest = Math.max(longest, ...files.map((file) => file.length));
  }
  ok(longest > long / 2 && longest < 2 * long, `${longest} bytes`);
});

test("ClaimLog: a sender that was at the old file's end goes on in the other one", () => {
  const { sender, holder } = logs(48);
  for (let n = 0; n < 10; n++) holder.advance(OBJECT, n + 1);
  strictEqual(sender.advance(OBJECT, 20), 10);
  strictEqual(holder.advance(OBJECT, 11), 20);
});

test("ClaimLog: what cannot be written is not claimed, nor is anything after it", () => {
  const { sender, holder, holderFiles } = logs();
  holder.advance(OBJECT, 1);
  for (const file of holderFiles) file.isFull = true;
  strictEqual(holder.advance(OBJECT, 2), undefined);
  for (const file of holderFiles) file.isFull = false;
  strictEqual(holder.advance(OBJECT, 2), undefined);
  strictEqual(sender.advance(OBJECT, 9), 1);
});

test("ClaimLog: a claim that was written counts, though its file cannot be changed", () => {
  const { sender, holder, holderFiles } = logs(16);
  let accesses = 0;
  for (const file of holderFiles) {
    file.between = () => {
      if (++accesses === 3) file.isFull = true;
    };
  }
  strictEqual(holder.advance(OBJECT, 1), 0);
  strictEqual(sender.look(OBJECT), 1);
});

test("ClaimLog: whoever spoils the files does not stop the other side", () => {
  const { sender, holder, holderFiles } = logs();
  holder.advance(OBJECT, 1);
  holderFiles[0]!.append(Uint8Array.of(1, 2, 3));
  strictEqual(sender.advance(OBJECT, 5), undefined);
  strictEqual(sender.look(OBJECT), 1);
  const other = logs();
  const garbage = new Uint8Array(new Float64Array([OBJECT, NaN, NaN, 3]).buffer);
  other.holderFiles[0]!.append(garbage);
  strictEqual(other.sender.look(OBJECT), 0);
  strictEqual(other.sender.advance(OBJECT, 5), 0);
});

test("ClaimLog: a holder that writes whenever something is read does not keep the sender", () => {
  const [senderFiles, holderFiles] = memoryFiles();
  const sender = new ClaimLog(senderFiles, "sender");
  const ends = new Uint8Array(new Float64Array([0, 0]).buffer); // of a file
  for (const i of [0, 1]) {
    senderFiles[i]!.between = () => void holderFiles[1 - i]!.append(ends);
  }
  holderFiles[0].append(ends);
  strictEqual(sender.look(OBJECT), 0);
  strictEqual(sender.advance(OBJECT, 5), undefined);
});

test("ClaimLog: closes its files, and claims nothing after that", () => {
  const { holder, holderFiles } = logs();
  holder.close();
  ok(holderFiles.every((file) => file.isClosed));
  strictEqual(holder.advance(OBJECT, 1), undefined);
});

test("ClaimLog: closes its files once, as their numbers may be another's then", () => {
  const { holder, holderFiles } = logs();
  holder.close();
  for (const file of holderFiles) file.isClosed = false;
  holder.close();
  ok(holderFiles.every((file) => !file.isClosed));
});
