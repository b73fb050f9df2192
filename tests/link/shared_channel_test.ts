/** Tests of src/link/shared_channel.ts: both ends in one process, then with real ones. */

import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Pipe, Pool, Process, Queue } from "../../mod.ts";
import {
  acceptChannel,
  type ChannelEnd,
  ChannelReader,
  ChannelWriter,
  END,
  offerChannel,
  type OfferedChannel,
  OVERFLOW,
} from "../../src/link/shared_channel.ts";
import type { Connection } from "../../src/connection.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { openShared, type SharedFile } from "../../src/runtime/shared_file.ts";
import { removeDir } from "../../src/runtime/temp.ts";
import { FrameBatch, FrameWriter } from "../../src/wire/frame.ts";
import { type ByChannel, Kind, type Message } from "../../src/wire/message.ts";
import { encodeMessage } from "../../src/wire/encoder.ts";
import { echo, SENTINEL } from "../cpython/helpers/connection_targets.ts";
import { exitcodeOf, runToEnd, started } from "../cpython/helpers/checks.ts";
import { endAtOnce } from "../kill/queue_victims.ts";
import * as targets from "../helpers/long_targets.ts";
import { filesLeftOpen, openFiles } from "../helpers/open_files.ts";
import { outputOf, runProgram } from "../helpers/run.ts";
import { bypassFiles, makeTestDir, noSharedFiles } from "../helpers/shared_files.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { DENO } from "../helpers/groups.ts";
import { runtimeName, test, testsWith } from "../suite.ts";
import { MARK, put } from "../wire/support.ts";

turnAllOn();

const { areLongBytes, longBytes } = targets;

const HERE = testsWith({ skip: noSharedFiles });

/** Where the first message is in a file. */
const START = 4096;

// --- both ends in one process

/** Tests that use a shared-memory channel, of which nothing is left afterwards. */
const CHANNEL = testsWith<Ends>({ skip: noSharedFiles }, async (fn) => {
  const before = openFiles();
  const root = offerChannel()!;
  const child = acceptChannel(root.offer)!;
  try {
    await fn({ root, child });
  } finally {
    for (const { writer, reader } of [root, child]) {
      writer.close();
      reader.close();
    }
    root.unlink();
  }
  strictEqual(openFiles(), before);
});

interface Ends {
  root: OfferedChannel;
  child: ChannelEnd;
}

/** What is sent in a message's place to a child; undefined if it has no room. */
function putDown(writer: ChannelWriter, message: Message): ByChannel | undefined {
  const batch = new FrameBatch();
  let place: ByChannel | undefined;
  batch.channel = (runs, parts) => place = writer.put(runs, parts);
  batch.add(message);
  return place;
}

/** The same from a child. */
function putUp(writer: ChannelWriter, message: Message): ByChannel | undefined {
  const frames = new FrameWriter(MARK, () => {});
  let place: ByChannel | undefined;
  frames.channel = (runs, parts) => place = writer.put(runs, parts);
  frames.send(message);
  return place;
}

/** Both directions: what is put in here comes out there. */
function ways(root: ChannelEnd, child: ChannelEnd) {
  const down = { put: putDown, writer: root.writer, reader: child.reader };
  const up = { put: putUp, writer: child.writer, reader: root.reader };
  return [down, up];
}

function items(...lengths: number[]): Message {
  return [Kind.Items, 5, lengths.map((length, n) => longBytes(length, n))];
}

/** As `deepStrictEqual`, which would print megabytes. */
function checkSame(found: Message, expected: Message): void {
  const [a, b] = [encodeMessage(found), encodeMessage(expected)];
  ok(Buffer.compare(a, b) === 0, `kind ${found[0]}, ${a.length} bytes`);
}

const LONG_ONES: Message[] = [
  put(longBytes(65_536)),
  items(100_000, 0, 1, 70_000, 65_536, 5),
  items(0, 300_000),
  [Kind.Answer, 0, 7, "ü😀".repeat(40_000)],
  [Kind.Failure, 256, 1, "x".repeat(65_536), "y".repeat(80_000)],
  [Kind.SendShared, 5, 3, longBytes(200_000), [2, 2 ** 32], [9]],
  put(longBytes(1_000_000)),
  // Long together, and none of them long.
  put(longBytes(65_535)),
  items(...Array.from({ length: 200 }, () => 1000)),
  items(...Array.from({ length: 100 }, () => 1000), 70_000),
  [Kind.Report, 5, Array.from({ length: 30_000 }, (_, i) => i), [new Uint8Array(1)]],
];

CHANNEL.test("channel: long messages come out as they went in, in their order", ({ root, child }) => {
  for (const { put, writer, reader } of ways(root, child)) {
    for (let round = 0; round < 3; round++) {
      const places = LONG_ONES.map((message) => put(writer, message)!);
      strictEqual(places[0]![1], START);
      for (const [i, place] of places.entries()) {
        checkSame(reader.take(place), LONG_ONES[i]!);
      }
    }
  }
});

CHANNEL.test("channel: what is sent instead says where the message and its long parts are", ({ root, child }) => {
  const message = items(100_000, 5, 65_535, 70_000);
  const whole = encodeMessage(message);
  const [, , [first, , , last]] = message as [number, number, Uint8Array[]];
  // A child's end copies nothing of 65,535 bytes into its own buffer.
  const [kind, start, length, parts] = putUp(child.writer, message)!;
  deepStrictEqual([kind, start, length], [Kind.ByChannel, START, whole.length]);
  strictEqual(parts.length, 4);
  for (const [i, part] of [first!, last!].entries()) {
    const [at, count] = parts.slice(2 * i) as [number, number];
    strictEqual(count, part.length);
    ok(Buffer.compare(whole.subarray(at, at + count), part) === 0);
  }
  checkSame(root.reader.take([kind, start, length, parts]), message);
});

CHANNEL.test("channel: a long byte string fills its buffer, for whoever it is given to", ({ root, child }) => {
  const place = putDown(root.writer, items(100_000, 5, 2_000_000))!;
  const [, , [first, , last]] = child.reader.take(place) as [
    number,
    number,
    Uint8Array[],
  ];
  strictEqual(first!.buffer.byteLength, 100_000);
  strictEqual(last!.buffer.byteLength, 2_000_000);
});

CHANNEL.test("channel: what has no room goes by the stream, till something has been taken out", ({ root, child }) => {
  for (const { put: putIn, writer, reader } of ways(root, child)) {
    const message = (n: number) => put(longBytes(1_000_000, n));
    const places = [0, 1, 2, 3].map((n) => putIn(writer, message(n))!);
    strictEqual(putIn(writer, message(4)), undefined);
    strictEqual(putIn(writer, message(4)), undefined);
    places.push(putIn(writer, put(longBytes(70_000, 4)))!); // there is room for this
    checkSame(reader.take(places[0]!), message(0));
    strictEqual(putIn(writer, message(5)), undefined); // it would look empty
    checkSame(reader.take(places[1]!), message(1));
    places.push(putIn(writer, message(5))!);
    strictEqual(places[5]![1], START);
    strictEqual(putIn(writer, message(6)), undefined);
    for (const n of [2, 3]) checkSame(reader.take(places[n]!), message(n));
    checkSame(reader.take(places[4]!), put(longBytes(70_000, 4)));
    checkSame(reader.take(places[5]!), message(5));
    strictEqual(putIn(writer, message(7))![1], START);
  }
});

CHANNEL.test("channel: more messages than the count has numbers", ({ root, child }) => {
  const message = items(65_536);
  const places: ByChannel[] = [];
  for (let i = 0; i < 600; i++) {
    places.push(putDown(root.writer, message)!);
    if (i >= 10) checkSame(child.reader.take(places.shift()!), message);
  }
});

CHANNEL.test("channel: a message that is too long for the ring gives its room back", ({ root, child }) => {
  for (const [i, { put: putIn, writer, reader }] of ways(root, child).entries()) {
    const path = root.offer[i + 1] as string;
    const long = items(5_000_000, 3);
    const before = putIn(writer, items(70_000))!;
    const place = putIn(writer, long)!;
    strictEqual(place[1], OVERFLOW);
    strictEqual(statSync(path).size, OVERFLOW + place[2]);
    strictEqual(putIn(writer, long), undefined); // one at a time
    const after = putIn(writer, items(80_000))!;
    checkSame(reader.take(before), items(70_000));
    strictEqual(putIn(writer, long), undefined);
    checkSame(reader.take(place), long);
    strictEqual(statSync(path).size, OVERFLOW);
    checkSame(reader.take(after), items(80_000));
    checkSame(reader.take(putIn(writer, long)!), long);
    strictEqual(statSync(path).size, OVERFLOW);
    strictEqual(putIn(writer, put(new Uint8Array(END - OVERFLOW))), undefined);
  }
});

/** A file that fails as soon as it is told to. */
class FailingFile implements SharedFile {
  fails: "read" | "write" | undefined;
  calls = 0;

  write(): void {
    this.calls++;
    if (this.fails === "write") throw noRoom();
  }

  read(into: Uint8Array): number {
    this.calls++;
    if (this.fails === "read") throw noRoom();
    return into.fill(0).length;
  }

  size(): number {
    return 0;
  }

  truncate(): void {}
  close(): void {}
}

function noRoom(): Error {
  return Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
}

test("ChannelWriter: a file that has failed once is left alone for ever", () => {
  for (const fails of ["read", "write"] as const) {
    const file = new FailingFile();
    const writer = new ChannelWriter(file);
    ok(putDown(writer, items(70_000)) !== undefined);
    file.fails = fails;
    strictEqual(putDown(writer, items(70_000)), undefined);
    file.fails = undefined; // others have given memory back
    file.calls = 0;
    for (let i = 0; i < 3; i++) {
      strictEqual(putDown(writer, items(70_000)), undefined);
    }
    strictEqual(file.calls, 0);
  }
});

CHANNEL.test("channel: each side hears the other's bell, whatever lies in the files", ({ root, child }) => {
  for (const { put, writer, reader } of ways(root, child)) {
    strictEqual(reader.doorbell(), 0);
    const place = put(writer, items(100_000))!;
    for (let i = 0; i < 300; i++) writer.ring();
    strictEqual(reader.doorbell(), 300 & 0xff);
    checkSame(reader.take(place), items(100_000));
    strictEqual(reader.doorbell(), 300 & 0xff);
    strictEqual(put(writer, items(100_000))?.[1], START);
  }
});

HERE.test("channel: of what is closed nothing is heard, and nobody minds", () => {
  const root = offerChannel()!;
  const child = acceptChannel(root.offer)!;
  root.unlink();
  for (const { writer, reader } of [root, child]) {
    writer.close();
    writer.ring();
    reader.close();
    ok(Number.isNaN(reader.doorbell()));
  }
});

test("ChannelWriter: nothing goes into a file that was closed", () => {
  const file = new FailingFile();
  const writer = new ChannelWriter(file);
  writer.close();
  strictEqual(putUp(writer, items(70_000)), undefined);
  strictEqual(file.calls, 0);
});

CHANNEL.test("ChannelReader: there is no message in places that cannot be", ({ root, child }) => {
  const message = items(70_000, 65_536);
  const place = putDown(root.writer, message)!;
  const [, start, length, parts] = place;
  const [at, count] = parts as [number, number];
  const wrongOnes: [start: number, length: number, parts: number[]][] = [
    // beyond all that there may be
    [END, 1, []],
    [START, END, []],
    [OVERFLOW, END - OVERFLOW + 1, []],
    // beyond what there is
    [start, length + 1, []],
    [start + 1, length, []],
    [start + length, 70_000, []],
    [OVERFLOW, 70_000, []],
    // parts that are not in the message
    [start, length, [length, 1]],
    [start, length, [0, length + 1]],
    [start, length, [at, count, length - 10, 11]],
    [start, length, [-1, 100]],
    [start, length, [at, NaN]],
    // parts that overlap, are not in order, or have no length
    [start, length, [at, count, at + count - 1, 10]],
    [start, length, [at, count, at, count]],
    [start, length, [at + 10, 10, at, 10]],
    [start, length, [at, count, at + count]],
  ];
  for (const fields of wrongOnes) {
    throws(() => child.reader.take([Kind.ByChannel, ...fields]), {
      name: "ProtocolError",
      message: /^there are no \S+ bytes from \S+ on in the bypass$/,
    }, String(fields));
  }
  checkSame(child.reader.take(place), message); // none of them has counted
});

CHANNEL.test("ChannelReader: what is there must be a message, with these parts", ({ root, child }) => {
  const [kind, start, length, parts] = putDown(root.writer, items(70_000, 65_536))!;
  for (
    const fields of [
      [start + 1, length - 1, []],
      [start, 0, []],
      [start, length, []], // none of its parts
      [start, length, parts.slice(0, 2)],
      [start, length, [parts[0], parts[1]! - 1, ...parts.slice(2)]],
      [start, length, [0, 1, ...parts]],
      [start, length, [0, 0, ...parts]],
      [start, length, [10, -5]],
      [start, length, [parts[0]]],
      [start, length, [parts[0]! + 0.5, parts[1]]],
    ] as [number, number, number[]][]
  ) {
    throws(() => child.reader.take([kind, ...fields]), ProtocolError);
  }
});

CHANNEL.test("offerChannel: no names are left once they have been taken away", ({ root, child }) => {
  const [, down, up] = root.offer;
  match(down, /^\/dev\/shm\/pymp-[^/]+\/down$/);
  strictEqual(up, `${dirname(down)}/up`);
  ok(existsSync(down) && existsSync(up));
  root.unlink();
  ok(!existsSync(dirname(down)));
  root.unlink(); // again
  strictEqual(acceptChannel(root.offer), undefined);
  for (const { put, writer, reader } of ways(root, child)) { // it goes on without
    checkSame(reader.take(put(writer, items(70_000))!), items(70_000));
  }
});

HERE.test("acceptChannel: files that are not there are none, and none is left open", () => {
  const folder = makeTestDir()!;
  try {
    const [down, up] = [`${folder}/down`, `${folder}/up`];
    const before = openFiles();
    strictEqual(acceptChannel([Kind.ChannelOffer, down, up]), undefined);
    writeFileSync(down, ""); // only one is there
    strictEqual(acceptChannel([Kind.ChannelOffer, down, up]), undefined);
    strictEqual(acceptChannel([Kind.ChannelOffer, down, folder]), undefined);
    strictEqual(openFiles(), before);
  } finally {
    removeDir(folder);
  }
});

HERE.test("ChannelReader: the count is the file's first byte, and comes round", () => {
  const folder = makeTestDir()!;
  const file = openShared(`${folder}/file`, true);
  const [writer, reader] = [new ChannelWriter(file), new ChannelReader(file)];
  const count = new Uint8Array(1);
  for (let i = 1; i <= 300; i++) {
    reader.take(putDown(writer, items(65_536))!);
    file.read(count, 0);
    strictEqual(count[0], i & 0xff);
  }
  file.close();
  removeDir(folder);
});

// --- real processes

/** Around the length from which on messages are long, and the lengths of ring and overflow slot. */
const LENGTHS = [65_535, 65_536, 65_535, 1_000_000, 5_000_000, 40_000_000];

const TEXT = "ü😀".repeat(100_000);

/** Has `fn` use processes, which leave nothing behind. */
async function usingProcesses(fn: () => Promise<void>): Promise<void> {
  await runToEnd(new Process({ target: endAtOnce })); // opens what stays open for good
  const before = openFiles();
  await fn();
  deepStrictEqual(bypassFiles(), []);
  const left = await filesLeftOpen(before);
  ok(left <= before, `${left} open files, before it were ${before}`);
}

/** Has `fn` talk by a pipe with a process that runs `target`, and ends it by closing the pipe. */
function talking<A extends unknown[]>(
  target: (end: Connection, ...args: A) => unknown,
  args: A,
  fn: (mine: Connection, p: Process) => Promise<void>,
  exitcode = 0,
): Promise<void> {
  return usingProcesses(async () => {
    const [mine, yours] = Pipe();
    const p = await started(target, [yours, ...args] as never);
    yours.close();
    await fn(mine, p);
    mine.close();
    strictEqual(await exitcodeOf(p), exitcode);
  });
}

/** That both files of so many processes are open here, and have no names any more. */
function checkChannels(count: number): void {
  if (noSharedFiles !== false) return;
  const files = bypassFiles();
  strictEqual(files.length, 2 * count);
  deepStrictEqual(files.filter(({ hasName }) => hasName), []);
}

/** Has two long messages go there and back: what is offered first is open then. */
async function openChannel(end: Connection): Promise<void> {
  for (const n of [0, 1]) {
    await end.send_bytes(longBytes(100_000, n));
    ok(areLongBytes(await end.recv_bytes(), 100_000, n));
  }
  checkChannels(1);
}

test("Pipe: long byte strings there and back", () =>
  talking(echo, [], async (mine) => {
    for (const [n, length] of LENGTHS.entries()) {
      await mine.send_bytes(longBytes(length, n));
      ok(areLongBytes(await mine.recv_bytes(), length, n), `${length} bytes`);
    }
    checkChannels(1);
    await mine.send_bytes(SENTINEL);
  }));

test("Pipe: long texts and other objects there and back", () =>
  talking(targets.echoObjects, [], async (mine) => {
    for (let n = 0; n < 3; n++) {
      await mine.send(TEXT + n);
      ok(await mine.recv() === TEXT + n);
      const object = { a: [longBytes(70_000, n), TEXT, longBytes(5)], b: n };
      await mine.send(object);
      const found = await mine.recv() as typeof object;
      ok(areLongBytes(found.a[0] as Uint8Array, 70_000, n) && found.a[1] === TEXT);
      deepStrictEqual([found.a[2], found.b], [longBytes(5), n]);
    }
    checkChannels(1);
  }));

test("Queue: long items to a child and back, in order", () =>
  usingProcesses(async () => {
    const there = Queue<Uint8Array | string | null>();
    const back = Queue<Uint8Array | string>();
    const p = await started(targets.echoItems, [there, back]);
    for (const [n, length] of LENGTHS.entries()) {
      await there.put(longBytes(length, n));
      await there.put(TEXT + n);
    }
    await there.put(null);
    for (const [n, length] of LENGTHS.entries()) {
      ok(areLongBytes(await back.get() as Uint8Array, length, n), `${length} bytes`);
      ok(await back.get() === TEXT + n);
    }
    strictEqual(await exitcodeOf(p), 0);
  }));

test("Queue: all arrives of a child that puts long items and ends at once", () =>
  usingProcesses(async () => {
    const [mine, yours] = Pipe();
    const queue = Queue<Uint8Array>();
    const p = new Process({
      target: targets.putAndEnd,
      args: [yours, queue, 12, 500_000], // more than the ring holds
    });
    await p.start();
    yours.close();
    await openChannel(mine);
    strictEqual(await exitcodeOf(p), 0);
    strictEqual(await queue.qsize(), 12);
    for (let n = 0; n < 12; n++) ok(areLongBytes(await queue.get(), 500_000, n));
    mine.close();
  }));

test("Pipe: more at once than there is room for, in both directions", () =>
  usingProcesses(async () => {
    const [mine, yours] = Pipe();
    const pipes = Array.from({ length: 10 }, () => Pipe());
    const ends = pipes.map(([, end]) => end);
    const p = await started(targets.echoAtAll, [yours, ends]);
    for (const end of [yours, ...ends]) end.close();
    await openChannel(mine);
    strictEqual(await mine.recv(), "waiting");
    // These leave together: the child has read none of them when the last one is put in.
    await Promise.all(pipes.map(([end], n) => end.send_bytes(longBytes(1_000_000, n))));
    for (const [n, [end]] of pipes.entries()) {
      ok(areLongBytes(await end.recv_bytes(), 1_000_000, n));
    }
    strictEqual(await exitcodeOf(p), 0);
    for (const [end] of [...pipes, [mine]]) end!.close();
  }));

test("a process that is killed with a channel leaves nothing of it", () =>
  talking(echo, [], async (mine, p) => {
    await openChannel(mine);
    p.kill();
  }, -9));

DENO.test(
  "a program that may not do everything has none: its long messages arrive",
  async () => {
    // Deno might ask the user for a permission, for something he can do without.
    const flags = ["--allow-run", "--allow-read", "--allow-env", "--no-prompt"];
    const printed = await outputOf("tests/children/long_messages.ts", [], { flags });
    strictEqual(printed, "3 came back, no bypass\n");
  },
);

// --- pools

/** Has `fn` use a pool of one worker, which is ended afterwards. */
async function usingPool(fn: (pool: Pool) => Promise<void>): Promise<void> {
  await usingProcesses(async () => {
    const pool = Pool(1);
    try {
      for (let i = 0; i < 2; i++) await pool.apply(targets.same, [longBytes(100_000)]);
      checkChannels(1);
      await fn(pool);
    } finally {
      await pool.terminate();
    }
  });
}

/** Some that go by the stream, some by the ring, one by the hall. */
const ARGUMENTS = [0, 10, 5000, 65_535, 65_536, 70_000, 1_000_000, 5_000_000];

test("Pool: byte strings come back as they went, each in a buffer of its own", () =>
  usingPool(async (pool) => {
    const check = (bytes: Uint8Array, length: number, n: number) => {
      ok(areLongBytes(bytes, length, n), `${length} bytes`);
      strictEqual(bytes.buffer.byteLength, length);
      strictEqual(bytes.constructor, Uint8Array);
    };
    for (const [n, length] of ARGUMENTS.entries()) {
      check(await pool.apply(targets.same, [longBytes(length, n)]), length, n);
    }
    const list = ARGUMENTS.map((length, n) => longBytes(length, n));
    const mapped = await pool.map(targets.same, list, 1);
    mapped.forEach((bytes, n) => check(bytes, ARGUMENTS[n]!, n));
    let n = 0;
    for await (const bytes of pool.imap(targets.same, list)) {
      check(bytes, ARGUMENTS[n]!, n++);
    }
    const whole = await pool.map(targets.same, list, list.length); // in one message
    whole.forEach((bytes, n) => ok(areLongBytes(bytes, ARGUMENTS[n]!, n)));
    // A worker has them in the same way.
    for (const bytes of list) {
      deepStrictEqual(await pool.apply(targets.describe, [bytes]), [
        "Uint8Array",
        true,
      ]);
    }
    deepStrictEqual(
      await pool.map(targets.describe, list, 1),
      list.map(() => ["Uint8Array", true]),
    );
  }));

test("Pool: what the caller does with its bytes after the call does not show", () =>
  usingPool(async (pool) => {
    for (const [n, length] of ARGUMENTS.entries()) {
      const bytes = longBytes(length, n);
      const results = [0, 1, 2].map(() => pool.apply_async(targets.same, [bytes]));
      bytes.fill(9);
      for (const result of results) ok(areLongBytes(await result.get(), length, n));
    }
  }));

test("Pool: what a worker does with its bytes does not show, nor in those of others", () =>
  usingPool(async (pool) => {
    const results: [Uint8Array, number][] = [];
    for (let round = 0; round < 3; round++) {
      const list = ARGUMENTS.map((length, n) => longBytes(length, n));
      for (const bytes of list) {
        results.push([await pool.apply(targets.same, [bytes]), bytes.length]);
        const changed = await pool.apply(targets.overwrite, [bytes]);
        strictEqual(changed.length, bytes.length);
        ok(changed.every((byte) => byte === 9));
      }
      const changed = await pool.map(targets.overwrite, list, 1);
      ok(
        changed.flatMap((bytes) => [...bytes.slice(0, 100)]).every((byte) =>
          byte === 9
        ),
      );
      list.forEach((bytes, n) => ok(areLongBytes(bytes, ARGUMENTS[n]!, n)));
    }
    // What was got first is still what it was: memory in use is not used again.
    for (const [i, [bytes, length]] of results.entries()) {
      ok(areLongBytes(bytes, length, i % ARGUMENTS.length), `${length} bytes`);
    }
  }));

test("Pool: Node's Buffers arrive as Buffers, here and there", () =>
  usingPool(async (pool) => {
    for (const [n, length] of ARGUMENTS.entries()) {
      const buffer = Buffer.from(longBytes(length + 1, n)).subarray(1);
      for (
        const seen of [
          await pool.apply(targets.describe, [buffer]),
          ...await pool.map(targets.describe, [buffer, buffer], 1),
        ]
      ) deepStrictEqual(seen, ["Buffer", true]);
      for (
        const bytes of [
          await pool.apply(targets.toBuffer, [longBytes(length, n)]),
          ...await pool.map(targets.toBuffer, [longBytes(length, n)], 1),
        ]
      ) {
        ok(Buffer.isBuffer(bytes));
        strictEqual(bytes.buffer.byteLength, length);
        ok(areLongBytes(bytes, length, n));
      }
    }
  }));

test("Pool.map: a worker keeps what it has received and returned", async () => {
  const [mine, yours] = Pipe();
  const pool = Pool(1, targets.keepEnd, [yours]);
  try {
    for (let i = 0; i < 2; i++) {
      await pool.apply(targets.same, [new Uint8Array(200_000)]);
    }
    await mine.send_bytes(new Uint8Array(200_000).fill(1));
    const [bytes] = await pool.map(targets.receiveAndKeep, [["no scalar"]]);
    strictEqual(bytes!.length, 200_000);
    await pool.apply(targets.newBytes, [150_000]); // would be written where the others are
    strictEqual(await pool.apply(targets.isUnchanged), true);
  } finally {
    await pool.terminate();
    mine.close();
    yours.close();
  }
});

test("Queue: many gets of a moment, whose items are long together", async () => {
  const q = Queue<Uint8Array>(), back = Queue<number>();
  const p = await started(targets.takeTogether, [q, back, 100]);
  await q.put(new Uint8Array(100_000));
  strictEqual(await back.get(), 100_000);
  for (let i = 0; i < 100; i++) await q.put(new Uint8Array(1000));
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await back.get(), 100_000);
});

for (const way of ["exit", "throw", "SIGKILL"]) {
  HERE.test(`channel: no name is left of a root that has ended: ${way}`, async () => {
    // It says where the files are while the child is busy, and has not opened them.
    const { stdout } = await runProgram("tests/children/long_and_exit.ts", {
      args: [way],
    });
    const folder = dirname(stdout.trim());
    ok(folder.startsWith("/dev/shm/pymp-"), stdout);
    if (way === "SIGKILL" && runtimeName !== "node") {
      // The system kills the child, too, before it has heard of the files: the next
      // program that has some takes them away.
      await runProgram("tests/children/long_and_exit.ts", { args: ["exit"] });
    }
    strictEqual(existsSync(folder), false);
  });
}
