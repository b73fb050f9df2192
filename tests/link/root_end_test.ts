import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { setImmediate } from "node:timers";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { acceptChannel, type ChannelEnd } from "../../src/link/shared_channel.ts";
import { RootEnd, StderrTail } from "../../src/link/root_end.ts";
import { type Child, runtime } from "../../src/runtime/mod.ts";
import { type ChannelPut, FrameWriter } from "../../src/wire/frame.ts";
import {
  type ChannelOffer,
  Kind,
  type Message,
  type ToPeer,
} from "../../src/wire/message.ts";
import { RootStreamDecoder } from "../../src/wire/root_stream.ts";
import { alive } from "../helpers/alive.ts";
import { openFiles } from "../helpers/open_files.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { SHARED_FILES } from "../helpers/groups.ts";
import { holdTimers } from "../helpers/timers.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test, testsWith } from "../suite.ts";
import { repeat, utf8 } from "../wire/support.ts";

turnAllOn();

const MARK = 0xcafe;

/** A child that is played by the test. */
class FakeChild implements Child {
  readonly pid = 77;
  readonly exited: Promise<number>;
  /** Messages that reached its stdin, one list for each write. */
  readonly writes: Message[][] = [];
  readonly signals: number[] = [];
  exit!: (code: number) => void;
  /** Settles the pending write. */
  accept: (() => void) | undefined;
  isSlow = false;
  /** How its own long messages go, if not by the stream. */
  channel: ChannelPut | undefined;
  /** A long message comes in several writes. */
  readonly #decoder = new RootStreamDecoder((message) =>
    this.writes.at(-1)!.push(message)
  );
  #onChunk!: (chunk: Uint8Array) => void;
  #endOutput!: () => void;

  constructor() {
    this.exited = new Promise((resolve) => this.exit = resolve);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    this.writes.push([]);
    this.#decoder.push(bytes);
    return this.isSlow ? new Promise((resolve) => this.accept = resolve) : undefined;
  }

  closeStdin(): void {}

  read(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    this.#onChunk = onChunk;
    return new Promise((resolve) => this.#endOutput = resolve);
  }

  kill(signal: number): void {
    this.signals.push(signal);
  }

  say(text: string): void {
    this.sayBytes(new TextEncoder().encode(text));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#onChunk(bytes);
  }

  send(message: Message, mark = MARK): void {
    const writer = new FrameWriter(mark, (bytes) => this.#onChunk(bytes.slice()));
    writer.channel = this.channel;
    writer.send(message);
  }

  /** The messages that have come since it was asked last. */
  take(): Message[] {
    return this.writes.splice(0).flat();
  }

  endOutput(): void {
    this.#endOutput();
  }
}

/** A link to a fake child, and everything it reports. */
function linked(): {
  child: FakeChild;
  link: RootEnd;
  events: unknown[];
  end: Promise<number>;
} {
  const child = new FakeChild();
  const events: unknown[] = [];
  let onEnd: (code: number) => void;
  const end = new Promise<number>((resolve) => onEnd = resolve);
  const link = new RootEnd(child, MARK, "Process-1", "fake", undefined, {
    onMessage: (message) => events.push(message),
    onChunk: () => {},
    onText: (bytes) => void events.push(new TextDecoder().decode(bytes)),
    onEnd: (code) => onEnd(code),
  });
  return { child, link, events, end };
}

async function finish(child: FakeChild, end: Promise<number>): Promise<void> {
  child.endOutput();
  child.exit(0);
  await end;
}

test("RootEnd tells messages from text, in order", async () => {
  const { child, events, end } = linked();
  child.say("one\n");
  child.send([Kind.Ack, 5]);
  child.say("two\nthr");
  child.send([Kind.Ack, 6], MARK + 1); // of another link: text
  await finish(child, end);
  deepStrictEqual(events.slice(0, 3), ["one\n", [Kind.Ack, 5], "two\n"]);
});

test("RootEnd: what stands behind text counts when that is printed, as does the end", async () => {
  const child = new FakeChild();
  const events: unknown[] = [];
  let printed = () => {};
  const end = new Promise<number>((resolve) => {
    new RootEnd(child, MARK, "Process-1", "fake", undefined, {
      onMessage: (message) => events.push(message),
      onChunk: () => {},
      onText: (bytes) => {
        events.push(new TextDecoder().decode(bytes));
        return new Promise((resolve) => printed = resolve);
      },
      onEnd: resolve,
    });
  });
  child.send([Kind.Ack, 5]);
  child.say("one\n");
  child.send([Kind.Ack, 6]);
  child.send([Kind.Ack, 7]);
  await Promise.resolve();
  deepStrictEqual(events, [[Kind.Ack, 5], "one\n"]);
  printed();
  await Promise.resolve();
  deepStrictEqual(events.splice(2), [[Kind.Ack, 6], [Kind.Ack, 7]]);
  child.say("two, without its newline");
  child.endOutput();
  child.exit(0);
  let hasEnded = false;
  void end.then(() => hasEnded = true);
  while (events.length < 3) await new Promise((resolve) => void setImmediate(resolve));
  strictEqual(hasEnded, false);
  printed();
  strictEqual(await end, 0);
  deepStrictEqual(events[2], "two, without its newline");
});

test("RootEnd: one that is killed within a message has not broken the protocol", async () => {
  const { child, events, end } = linked();
  const writer = new FrameWriter(MARK, (bytes) => {
    child.sayBytes(bytes.slice(0, bytes.length - 2));
  });
  writer.send([Kind.Ack, 5]);
  child.endOutput();
  child.exit(-9);
  strictEqual(await end, -9);
  deepStrictEqual(events, []);
  deepStrictEqual(child.signals, []);
});

test("RootEnd writes what has gathered together, one write at a time", async () => {
  const { child, link, end } = linked();
  link.send([Kind.Revoke, 1]);
  link.send([Kind.Revoke, 2]);
  child.isSlow = true;
  link.flush();
  link.send([Kind.Revoke, 3]);
  link.flush();
  deepStrictEqual(child.writes, [[[Kind.Revoke, 1], [Kind.Revoke, 2]]]);
  child.isSlow = false;
  child.accept!();
  await Promise.resolve();
  deepStrictEqual(child.writes[1], [[Kind.Revoke, 3]]);
  await finish(child, end);
});

test("RootEnd tells the end after all output, with the exit code", async () => {
  const { child, events, end } = linked();
  child.exit(-9);
  await Promise.resolve();
  child.send([Kind.Ack, 5]);
  child.say("last words");
  child.endOutput();
  strictEqual(await end, -9);
  deepStrictEqual(events, [[Kind.Ack, 5], "last words"]);
});

test("RootEnd does not wait for a stranger who holds the output open", async () => {
  const { child, end } = linked();
  child.exit(3);
  strictEqual(await alive(end), 3);
  child.endOutput();
});

test("RootEnd sends nothing to a child that has ended", async () => {
  const { child, link, end } = linked();
  await finish(child, end);
  link.send([Kind.Revoke, 1]);
  link.flush();
  deepStrictEqual(child.writes, []);
});

test("RootEnd: tells when what was sent before has left, and not sooner", async () => {
  const { child, link } = linked();
  const left: string[] = [];
  const note = (what: string) => link.whenLeft(() => void left.push(what));
  note("nothing");
  link.send([Kind.Revoke, 1]);
  note("first");
  deepStrictEqual(left, ["nothing"]);
  child.isSlow = true;
  link.flush();
  link.send([Kind.Revoke, 2]);
  note("second");
  deepStrictEqual(left, ["nothing"]);
  child.accept!();
  await alive(Promise.resolve());
  deepStrictEqual(left, ["nothing", "first"]); // the second is on its way now
  note("second, too");
  child.accept!();
  await alive(Promise.resolve());
  deepStrictEqual(left, ["nothing", "first", "second", "second, too"]);
  strictEqual(child.writes.length, 2);
});

/** A long message to a child. */
function long(fill: number): ToPeer {
  return [Kind.Items, 5, [new Uint8Array(70_000).fill(fill)]];
}

/** A long message of a child's. */
function longPut(fill: number): Message {
  return [Kind.Put, 5, 0, true, new Uint8Array(70_000).fill(fill)];
}

/** The offer among these messages, which is the last of them. */
function offerIn(messages: Message[]): ChannelOffer {
  const offer = messages.at(-1)!;
  strictEqual(offer[0], Kind.ChannelOffer);
  return offer as ChannelOffer;
}

function close(channel: ChannelEnd): void {
  channel.writer.close();
  channel.reader.close();
}

/** Tests of a link whose child has opened the channel; nothing of it is left open. */
const CHANNEL = testsWith<ReturnType<typeof linked> & { channel: ChannelEnd }>(
  { skip: noSharedFiles },
  async (fn) => {
    const before = openFiles();
    const all = linked();
    const { child, link, end } = all;
    link.send(long(1));
    link.flush();
    const channel = acceptChannel(offerIn(child.take()))!;
    child.send([Kind.ChannelOpened, true]);
    child.channel = (runs, parts) => channel.writer.put(runs, parts);
    await fn({ ...all, channel });
    close(channel);
    await finish(child, end);
    strictEqual(openFiles(), before);
  },
);

/** The messages as they were sent, by the stream or by the channel. */
function found(messages: Message[], { reader }: ChannelEnd): Message[] {
  return messages.map((message) =>
    message[0] === Kind.ByChannel ? reader.take(message) : message
  );
}

test("RootEnd: short messages are no reason for a channel", async () => {
  const before = openFiles();
  const { child, link, end } = linked();
  // With all that belongs to it, it has not 65,536 bytes.
  const message: ToPeer = [Kind.Items, 5, [new Uint8Array(65_000)]];
  for (let i = 0; i < 3; i++) link.send(message);
  child.send([Kind.Put, 5, 0, true, new Uint8Array(65_000)]);
  link.flush();
  deepStrictEqual(child.take().map(([kind]) => kind), [
    Kind.Items,
    Kind.Items,
    Kind.Items,
  ]);
  strictEqual(openFiles(), before);
  await finish(child, end);
});

SHARED_FILES.test("RootEnd: a channel is offered right after the first long message", async () => {
  const before = openFiles();
  const { child, link, end } = linked();
  link.send([Kind.Revoke, 1]);
  link.send(long(1));
  link.send([Kind.Revoke, 2]);
  link.send(long(2)); // till there is an answer, all goes as before
  link.flush();
  const messages = child.take();
  deepStrictEqual(messages.filter(([kind]) => kind !== Kind.ChannelOffer), [
    [Kind.Revoke, 1],
    long(1),
    [Kind.Revoke, 2],
    long(2),
  ]);
  const offer = offerIn(messages.slice(0, 3));
  ok(existsSync(offer[1]) && existsSync(offer[2]));
  await finish(child, end); // it never answered
  ok(!existsSync(offer[1]) && !existsSync(offer[2]));
  strictEqual(openFiles(), before);
});

SHARED_FILES.test(
  "RootEnd: a long message that comes is a reason, too, and answered at once",
  async () => {
    const before = openFiles();
    const { child, events, end } = linked();
    child.send(longPut(1));
    deepStrictEqual(child.take().map(([kind]) => kind), [Kind.ChannelOffer]);
    child.send(longPut(2));
    deepStrictEqual(child.take(), []); // once is enough
    deepStrictEqual(events, [longPut(1), longPut(2)]);
    await finish(child, end);
    strictEqual(openFiles(), before);
  },
);

CHANNEL.test("RootEnd: with a channel, long messages go by it, in their order", ({ child, link, channel }) => {
  const sent = [[Kind.Revoke, 1], long(2), [Kind.Revoke, 2], long(3)] as ToPeer[];
  for (const message of sent) link.send(message);
  link.flush();
  const messages = child.take();
  deepStrictEqual(
    messages.map(([kind]) => kind),
    [Kind.Revoke, Kind.ByChannel, Kind.Revoke, Kind.ByChannel],
  );
  deepStrictEqual(found(messages, channel), sent);
});

CHANNEL.test("RootEnd: what a child sends by the channel comes out as any message", ({ child, link, events }) => {
  child.send([Kind.Ack, 5]);
  child.send(longPut(1));
  child.send([Kind.Ack, 6]);
  child.send(longPut(2));
  deepStrictEqual(events, [[Kind.Ack, 5], longPut(1), [Kind.Ack, 6], longPut(2)]);
  link.flush();
  deepStrictEqual(child.take(), []); // it is no reason for another offer
});

CHANNEL.test("RootEnd: a channel that is full makes way for the stream", ({ child, link, channel }) => {
  const sent = Array.from({ length: 70 }, (_, i) => long(i)); // the ring holds fewer
  for (const message of sent) link.send(message);
  link.flush();
  const messages = child.take();
  const kinds = messages.map(([kind]) => kind);
  const room = kinds.lastIndexOf(Kind.ByChannel) + 1;
  ok(room > 50 && room < 70 && !kinds.slice(0, room).includes(Kind.Items));
  deepStrictEqual(found(messages, channel), sent);
  link.send(long(100));
  link.flush();
  deepStrictEqual(child.take().map(([kind]) => kind), [Kind.ByChannel]); // it is empty again
});

SHARED_FILES.test(
  "RootEnd: the names are gone as soon as the child has both files open",
  async () => {
    const { child, link, end } = linked();
    link.send(long(1));
    link.flush();
    const offer = offerIn(child.take());
    const channel = acceptChannel(offer)!;
    ok(existsSync(offer[1]));
    child.send([Kind.ChannelOpened, true]);
    ok(!existsSync(offer[1]) && !existsSync(offer[2]));
    close(channel);
    await finish(child, end);
  },
);

SHARED_FILES.test("RootEnd: a child that cannot open the files is not asked again", async () => {
  const before = openFiles();
  const { child, link, events, end } = linked();
  link.send(long(1));
  link.flush();
  const offer = offerIn(child.take());
  child.send([Kind.ChannelOpened, false]);
  ok(!existsSync(offer[1]));
  strictEqual(openFiles(), before);
  link.send(long(2));
  child.send(longPut(3));
  link.flush();
  deepStrictEqual(child.take(), [long(2)]);
  deepStrictEqual(events, [longPut(3)]);
  await finish(child, end);
});

/** What the link complains of while `fn` runs. */
function complaints(fn: () => void): string[] {
  const said: string[] = [];
  const { writeStderrSync } = runtime;
  runtime.writeStderrSync = (bytes) => void said.push(new TextDecoder().decode(bytes));
  try {
    fn();
  } finally {
    runtime.writeStderrSync = writeStderrSync;
  }
  return said;
}

test("RootEnd: a child that speaks of a channel that there is none of is ended", async () => {
  for (
    const [message, reason] of [
      [[Kind.ByChannel, 4096, 70_000, []], "there is no bypass"],
      [[Kind.ChannelOpened, true], "there is no bypass to be opened"],
      [[Kind.ChannelOpened, false], "there is no bypass to be opened"],
    ] as [Message, string][]
  ) {
    const { child, events, end } = linked();
    deepStrictEqual(complaints(() => child.send(message)), [
      `Process-1 (pid 77) broke the protocol: ${reason}\n`,
    ]);
    deepStrictEqual(child.signals, [9]);
    await finish(child, end);
    deepStrictEqual(events, []);
  }
});

SHARED_FILES.test(
  "RootEnd: so is one that goes on with a channel that it has refused",
  async () => {
    for (
      const message of [
        [Kind.ChannelOpened, true],
        [Kind.ByChannel, 4096, 70_000, []],
      ] as Message[]
    ) {
      const { child, link, end } = linked();
      link.send(long(1));
      child.send([Kind.ChannelOpened, false]);
      strictEqual(complaints(() => child.send(message)).length, 1);
      deepStrictEqual(child.signals, [9]);
      await finish(child, end);
    }
  },
);

CHANNEL.test("RootEnd: so is one that has put nothing where it says", ({ child, events }) => {
  const said = complaints(() => child.send([Kind.ByChannel, 4096, 70_000, []]));
  deepStrictEqual(said, [
    "Process-1 (pid 77) broke the protocol: " +
    "there are no 70000 bytes from 4096 on in the bypass\n",
  ]);
  deepStrictEqual([child.signals, events], [[9], []]);
});

test("RootEnd tells the end after output that is read some turns after the exit", async () => {
  const { timers, restore } = holdTimers(); // however slow the machine is
  try {
    const { child, events, end } = linked();
    void end.then(() => events.push("end"));
    child.exit(0);
    for (let turn = 0; turn < 3; turn++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    child.send([Kind.Ack, 5]);
    child.endOutput();
    await end;
    deepStrictEqual(events, [[Kind.Ack, 5], "end"]);
    deepStrictEqual(timers, []);
  } finally {
    restore();
  }
});

test("an end that comes as the time for it is over leaves no timer", async () => {
  const { timers, restore } = holdTimers();
  try {
    const { child, end } = linked();
    child.exit(0);
    while (timers.length === 0) await nextTurn();
    timers[0]!.ring(); // it looks again in the next turn
    child.send([Kind.Ack, 5]);
    child.endOutput();
    await end;
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    deepStrictEqual(timers, []);
  } finally {
    restore();
  }
});

test("StderrTail: nothing, a line, the last ten", () => {
  strictEqual(new StderrTail().text, "");
  const tail = new StderrTail();
  tail.add(utf8("one\n"));
  ok(tail.text === "one");
  for (let i = 0; i < 20; i++) tail.add(utf8(`line ${i}\n`));
  strictEqual(tail.text.split("\n")[0], "line 10");
  strictEqual(tail.text.split("\n").length, 10);
});

test("StderrTail: chunks may be cut anywhere", () => {
  const text = Array.from({ length: 30 }, (_, i) => `Zeile ${i} ü😀`).join("\n");
  const whole = new StderrTail();
  whole.add(utf8(text));
  repeat(50, (random) => {
    const tail = new StderrTail();
    for (const part of random.split(utf8(text))) tail.add(part);
    strictEqual(tail.text, whole.text);
  });
});

test("StderrTail: a line without end takes no more room than it may", () => {
  const tail = new StderrTail();
  for (let i = 0; i < 1000; i++) tail.add(utf8("x".repeat(1000)));
  ok(tail.text.length <= 4096);
});
