/** Tests of src/wire/bytes.ts. */

import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  ByteWriter,
  copyBytes,
  copyToRoom,
  fillRoom,
  Gatherer,
  makeRoom,
  ownBytes,
  plainBytes,
  readInt32,
  reuseBuffer,
  writeInt32,
} from "../../src/wire/bytes.ts";
import { assumeSwitches } from "../../src/runtime/switches.ts";
import { test } from "../suite.ts";
import { bytes, concat, repeat } from "./support.ts";

assumeSwitches([]); // memory is used again, whatever the environment says

test("ByteWriter: short and long byte strings come out in order", () => {
  const writer = new ByteWriter(8, 100);
  const parts = [1, 99, 100, 0, 101, 5000, 33].map((length, i) =>
    new Uint8Array(length).fill(i + 1)
  );
  for (const part of parts) writer.append(part);
  strictEqual(writer.size, concat(...parts).length);
  deepStrictEqual(concat(...writer.runs()), concat(...parts));
  deepStrictEqual(writer.take(), concat(...parts));
  strictEqual(writer.size, 0);
});

test("ByteWriter: a long byte string is not copied before the end", () => {
  const writer = new ByteWriter(8, 100);
  const long = new Uint8Array(100);
  writer.append(long);
  strictEqual(writer.runs()[0], long);
  notStrictEqual(writer.take().buffer, long.buffer);
});

test("ByteWriter: what was taken does not change any more", () => {
  const writer = new ByteWriter(256, 300);
  const taken: Uint8Array[] = [];
  for (let i = 0; i < 200; i++) {
    writer.append(new Uint8Array(i * 2).fill(i));
    taken.push(writer.take());
  }
  taken.forEach((bytes, i) => deepStrictEqual(bytes, new Uint8Array(i * 2).fill(i)));
});

test("ByteWriter: truncate forgets the last bytes, long ones too", () => {
  const writer = new ByteWriter(8, 100);
  writer.append(bytes("0102"));
  writer.append(new Uint8Array(100).fill(1));
  writer.append(bytes("03"));
  const { length, size } = writer;
  writer.append(bytes("04"));
  writer.append(new Uint8Array(200).fill(2));
  writer.append(new Uint8Array(99).fill(3));
  writer.truncate(length);
  strictEqual(writer.size, size);
  const left = concat(bytes("0102"), new Uint8Array(100).fill(1), bytes("03"));
  deepStrictEqual(writer.take(), left);
});

test("ByteWriter: a buffer that has become big is given back", () => {
  const writer = new ByteWriter(64, Infinity);
  writer.append(bytes("0102"));
  writer.append(new Uint8Array(3 << 20));
  writer.truncate(2);
  strictEqual(writer.buffer.length, 64);
  deepStrictEqual(writer.take(), bytes("0102"));
  writer.append(new Uint8Array(3 << 20));
  strictEqual(writer.take().length, 3 << 20);
  strictEqual(writer.buffer.length, 64);
});

test("ByteWriter.takeRuns: long byte strings are taken as they are, what follows is new", () => {
  const writer = new ByteWriter(256, 100);
  const long = new Uint8Array(100).fill(7);
  const taken: Uint8Array[][] = [];
  for (let round = 1; round <= 3; round++) {
    writer.append(Uint8Array.of(round));
    writer.append(long);
    writer.append(Uint8Array.of(round, round));
    taken.push(writer.takeRuns());
    strictEqual(writer.size, 0);
  }
  deepStrictEqual(writer.takeRuns(), []);
  // What was taken first is not written over by what came later.
  for (const [i, runs] of taken.entries()) {
    strictEqual(runs[1], long);
    const whole = concat(Uint8Array.of(i + 1), long, Uint8Array.of(i + 1, i + 1));
    deepStrictEqual(concat(...runs), whole);
  }
});

test("Gatherer: parts come out as one, whatever was expected", () => {
  for (const expected of [0, 1, 1000, 1 << 20, (1 << 20) + 1, 1 << 30]) {
    repeat(20, (random) => {
      const all = random.bytes(Math.min(expected, 1000));
      const gatherer = new Gatherer(expected);
      for (const part of random.split(all)) gatherer.add(part);
      strictEqual(gatherer.length, all.length);
      deepStrictEqual(gatherer.take(), all);
    });
  }
});

/** That bytes are this part, so many times. */
function checkParts(all: Uint8Array, part: Uint8Array, count: number): void {
  strictEqual(all.length, part.length * count);
  for (let at = 0; at < all.length; at += part.length) {
    ok(all.subarray(at, at + part.length).every((byte, i) => byte === part[i]));
  }
}

test("Gatherer: many blocks, and blocks used again", () => {
  const part = Uint8Array.from({ length: 10007 }, (_, i) => i * 7);
  const taken = [1, 2].map((times) => {
    const gatherer = new Gatherer(1 << 30);
    for (let i = 0; i < 150 * times; i++) gatherer.add(part);
    return gatherer.take();
  });
  // The second one has used the first one's blocks, but not its result.
  for (const [i, all] of taken.entries()) checkParts(all, part, 150 * (i + 1));
});

test("Gatherer: what is as long as it was announced, and longer than a large block", () => {
  const part = Uint8Array.from({ length: 10007 }, (_, i) => i * 7);
  for (const count of [1, 300, 419, 420, 838, 1000, 2000]) {
    const gatherer = new Gatherer(count * part.length);
    for (let i = 0; i < count; i++) gatherer.add(part);
    checkParts(gatherer.take(), part, count);
  }
});

test("reuseBuffer: the memory of a very long message is given back", () => {
  const room = makeRoom(5 << 20);
  reuseBuffer(room.subarray(0, 1 << 20)); // a part of it only
  strictEqual(room.length, 5 << 20);
  reuseBuffer(room.subarray(10));
  strictEqual(room.length, "transfer" in ArrayBuffer.prototype ? 0 : 5 << 20);
  const foreign = new Uint8Array(5 << 20);
  reuseBuffer(foreign);
  strictEqual(foreign.length, 5 << 20);
});

test("copyBytes: copies do not touch each other or the source", () => {
  const source = new Uint8Array(3000).fill(1);
  const copies = [0, 1, 31, 32, 33, 1024, 1025, 3000, 1000, 1000, 1000, 1000, 5].map(
    (length) => copyBytes(source, 3000 - length, 3000),
  );
  source.fill(9);
  copies.forEach((copy, i) => copy.fill(i));
  copies.forEach((copy, i) => ok(copy.every((byte) => byte === i)));
  strictEqual(copies[7]!.length, 3000);
});

test("plainBytes: a Buffer becomes a Uint8Array of the same memory", () => {
  const buffer = Buffer.from([1, 2, 3]).subarray(1);
  const plain = plainBytes(buffer);
  strictEqual(plain.constructor, Uint8Array);
  deepStrictEqual(plain, bytes("0203"));
  strictEqual(plain.buffer, buffer.buffer);
  strictEqual(plainBytes(plain), plain);
});

test("readInt32, writeInt32: the first byte is the highest", () => {
  const at = new Uint8Array(6);
  writeInt32(at, 1, 0xcafebabe);
  deepStrictEqual(at, bytes("00cafebabe00"));
  strictEqual(readInt32(at, 1), 0xcafebabe | 0);
});

/** A message that comes in two parts, as one of unknown length. */
function gather(length: number, fill: number): Uint8Array {
  const gatherer = new Gatherer(1 << 30);
  gatherer.add(new Uint8Array(length - 1).fill(fill));
  gatherer.add(Uint8Array.of(fill));
  return gatherer.take();
}

test("reuseBuffer: a gathered message's buffer is used for one about as long", () => {
  const first = gather(200_000, 1);
  reuseBuffer(first.subarray(10));
  const short = gather(90_000, 2); // less than half of it
  notStrictEqual(short.buffer, first.buffer);
  const second = gather(150_000, 3);
  strictEqual(second.buffer, first.buffer);
  strictEqual(second.length, 150_000);
  ok(second.every((byte) => byte === 3));
  notStrictEqual(gather(150_000, 4).buffer, second.buffer); // it is in use
  reuseBuffer(second);
  reuseBuffer(second); // said twice: given once
  strictEqual(gather(200_000, 5).buffer, first.buffer);
  notStrictEqual(gather(200_000, 6).buffer, first.buffer);
});

test("makeRoom: long room is made of what is used no more, short room never is", () => {
  const first = makeRoom(400_000).fill(1);
  strictEqual(first.length, 400_000);
  reuseBuffer(first);
  const second = makeRoom(300_000);
  strictEqual(second.buffer, first.buffer);
  deepStrictEqual([second.length, second.byteOffset], [300_000, 0]);
  notStrictEqual(makeRoom(300_000).buffer, first.buffer);
  const short = makeRoom(1000);
  strictEqual(short.buffer.byteLength, 1000);
  reuseBuffer(short);
  notStrictEqual(makeRoom(1000).buffer, short.buffer);
});

test("Gatherer: what is used no more takes a long message, and no short one", () => {
  const part = Uint8Array.from({ length: 5000 }, (_, i) => i * 7);
  const spare = makeRoom(500_000);
  const take = (count: number) => {
    reuseBuffer(spare);
    const gatherer = new Gatherer(1 << 30);
    for (let i = 0; i < count; i++) gatherer.add(part);
    const all = gatherer.take();
    checkParts(all, part, count);
    return all;
  };
  notStrictEqual(take(5).buffer, spare.buffer); // one block is enough
  notStrictEqual(take(30).buffer, spare.buffer); // too much would be kept for so little
  notStrictEqual(take(150).buffer, spare.buffer); // it was too short, but is a spare again
  strictEqual(take(90).buffer, spare.buffer);
});

test("reuseBuffer: bytes that were not gathered, or are a small part, are left alone", () => {
  const own = new Uint8Array(300_000);
  reuseBuffer(own);
  notStrictEqual(gather(300_000, 1).buffer, own.buffer);
  const part = gather(300_000, 2);
  reuseBuffer(part.subarray(0, 100_000));
  notStrictEqual(gather(300_000, 3).buffer, part.buffer);
  const huge = gather((1 << 22) + 1, 4);
  reuseBuffer(huge);
  notStrictEqual(gather((1 << 22) + 1, 5).buffer, huge.buffer);
});

test("reuseBuffer: few buffers are kept, the longest", () => {
  const messages = [1, 2, 3, 4, 5, 6].map((n) => gather(n * 300_000, n));
  for (const message of messages) reuseBuffer(message);
  strictEqual(gather(1_800_000, 0).buffer, messages[5]!.buffer);
  notStrictEqual(gather(300_000, 0).buffer, messages[0]!.buffer);
});

test("copyToRoom: a copy, in memory that may be used again", () => {
  for (const length of [0, 10, 65_536, 234_567]) {
    const source = new Uint8Array(length + 2).fill(1).subarray(1, -1);
    const copy = copyToRoom(source);
    source.fill(2);
    strictEqual(copy.length, length);
    ok(copy.every((byte) => byte === 1));
    reuseBuffer(copy);
    strictEqual(makeRoom(length).buffer === copy.buffer, length >= 65_536);
  }
});

/** Bytes of `fillRoom`, all of which are `fill`. */
function filled(length: number, fill: number): Uint8Array<ArrayBuffer> {
  return fillRoom(length, (bytes) => {
    strictEqual(bytes.length, length);
    bytes.fill(fill);
  });
}

test("fillRoom: bytes that fill their buffer, and stay as they are", () => {
  const limits = [1 << 16, (1 << 20) + 4096].flatMap((n) => [n - 1, n, n + 1]);
  const lengths = [0, 1, ...limits, 300_000, 300_000, 5_000_000];
  const all = lengths.map((length, i) => filled(length, i));
  for (const [i, bytes] of all.entries()) {
    deepStrictEqual([bytes.length, bytes.buffer.byteLength], [lengths[i], lengths[i]]);
    ok(bytes.every((byte) => byte === i), `${lengths[i]} bytes`);
  }
});

test("fillRoom: what is used no more is used for the same length, and for no other", () => {
  for (const length of [222_221, 2_222_221]) {
    const first = filled(length, 1);
    reuseBuffer(first);
    notStrictEqual(filled(length - 1, 2).buffer, first.buffer);
    notStrictEqual(filled(length + 1, 2).buffer, first.buffer);
    const second = filled(length, 3);
    strictEqual(second.buffer, first.buffer);
    ok(second.every((byte) => byte === 3));
    notStrictEqual(filled(length, 4).buffer, first.buffer); // it is in use
    reuseBuffer(second);
    strictEqual(makeRoom(length - 1).buffer, first.buffer); // others may take it as well
  }
  const short = filled(1000, 1);
  reuseBuffer(short);
  notStrictEqual(filled(1000, 2).buffer, short.buffer);
});

test("fillRoom: that it cannot be filled is told, and spoils nothing", () => {
  const fail = (bytes: Uint8Array) => {
    bytes.fill(9);
    throw new RangeError("short");
  };
  for (const length of [10, 100_000, 2_000_000]) {
    const before = filled(length, 1);
    throws(() => fillRoom(length, fail), RangeError);
    ok(filled(length, 2).every((byte) => byte === 2));
    ok(before.every((byte) => byte === 1));
  }
});

test("ownBytes: bytes that fill a buffer of ours are handed over, and never used again", () => {
  const own = (length: number) => [
    filled(length, 1),
    copyToRoom(new Uint8Array(length).fill(1)),
    makeRoom(length).fill(1),
  ];
  for (const bytes of own(345_678)) {
    strictEqual(ownBytes(bytes), bytes);
    reuseBuffer(bytes); // as their first owner may
    notStrictEqual(makeRoom(345_678).buffer, bytes.buffer);
    notStrictEqual(filled(345_678, 2).buffer, bytes.buffer);
    const again = ownBytes(bytes); // they are the user's now
    notStrictEqual(again.buffer, bytes.buffer);
    deepStrictEqual(again, bytes);
  }
});

test("ownBytes: all other bytes are copied, and stay what they were", () => {
  const inLonger = filled(456_789, 1).subarray(0, 400_000); // as makeRoom may give it
  const user = new Uint8Array(456_789).fill(1);
  const part = filled(456_000, 1).subarray(1);
  const short = filled(1000, 1); // it is never used again anyway
  const others = [user.subarray(5), Buffer.from(user), short, new Uint8Array(0)];
  for (const bytes of [inLonger, user, part, ...others]) {
    const own = ownBytes(bytes);
    notStrictEqual(own.buffer, bytes.buffer);
    strictEqual(own.constructor, Uint8Array);
    deepStrictEqual([own.length, own.buffer.byteLength], [bytes.length, bytes.length]);
    own.fill(2);
    ok(bytes.every((byte) => byte === 1));
  }
  // A copy's source is used again, as if nothing had been.
  reuseBuffer(inLonger);
  strictEqual(makeRoom(456_789).buffer, inLonger.buffer);
});
