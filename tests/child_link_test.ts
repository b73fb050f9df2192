import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ChildLink } from "../src/child_link.ts";
import type { Child } from "../src/runtime/mod.ts";
import { FrameWriter } from "../src/wire/frame.ts";
import { Kind, type Message } from "../src/wire/message.ts";
import { RootStreamDecoder } from "../src/wire/root_stream.ts";
import { alive } from "./helpers/alive.ts";
import { test } from "./suite.ts";

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
  #onChunk!: (chunk: Uint8Array) => void;
  #endOutput!: () => void;

  constructor() {
    this.exited = new Promise((resolve) => this.exit = resolve);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    const messages: Message[] = [];
    new RootStreamDecoder((message) => messages.push(message)).push(bytes);
    this.writes.push(messages);
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
    this.#onChunk(new TextEncoder().encode(text));
  }

  send(message: Message, mark = MARK): void {
    new FrameWriter(mark, (bytes) => this.#onChunk(bytes.slice())).send(message);
  }

  endOutput(): void {
    this.#endOutput();
  }
}

/** A link to a fake child, and everything it reports. */
function linked(): {
  child: FakeChild;
  link: ChildLink;
  events: unknown[];
  end: Promise<number>;
} {
  const child = new FakeChild();
  const events: unknown[] = [];
  let onEnd: (code: number) => void;
  const end = new Promise<number>((resolve) => onEnd = resolve);
  const link = new ChildLink(child, MARK, "Process-1", "fake", [], {
    onMessage: (message) => events.push(message),
    onChunk: () => {},
    onText: (bytes) => events.push(new TextDecoder().decode(bytes)),
    onEnd: (code) => onEnd(code),
  });
  return { child, link, events, end };
}

async function finish(child: FakeChild, end: Promise<number>): Promise<void> {
  child.endOutput();
  child.exit(0);
  await end;
}

test("ChildLink tells messages from text, in order", async () => {
  const { child, events, end } = linked();
  child.say("one\n");
  child.send([Kind.Taken, 5]);
  child.say("two\nthr");
  child.send([Kind.Taken, 6], MARK + 1); // of another link: text
  await finish(child, end);
  deepStrictEqual(events.slice(0, 3), ["one\n", [Kind.Taken, 5], "two\n"]);
});

test("ChildLink writes what has gathered together, one write at a time", async () => {
  const { child, link, end } = linked();
  link.send([Kind.Recall, 1]);
  link.send([Kind.Recall, 2]);
  child.isSlow = true;
  link.flush();
  link.send([Kind.Recall, 3]);
  link.flush();
  deepStrictEqual(child.writes, [[[Kind.Recall, 1], [Kind.Recall, 2]]]);
  child.isSlow = false;
  child.accept!();
  await Promise.resolve();
  deepStrictEqual(child.writes[1], [[Kind.Recall, 3]]);
  await finish(child, end);
});

test("ChildLink tells the end after all output, with the exit code", async () => {
  const { child, events, end } = linked();
  child.exit(-9);
  await Promise.resolve();
  child.send([Kind.Taken, 5]);
  child.say("last words");
  child.endOutput();
  strictEqual(await end, -9);
  deepStrictEqual(events, [[Kind.Taken, 5], "last words"]);
});

test("ChildLink does not wait for a stranger who holds the output open", async () => {
  const { child, end } = linked();
  child.exit(3);
  strictEqual(await alive(end), 3);
  child.endOutput();
});

test("ChildLink sends nothing to a child that has ended", async () => {
  const { child, link, end } = linked();
  await finish(child, end);
  link.send([Kind.Recall, 1]);
  link.flush();
  deepStrictEqual(child.writes, []);
});

test("ChildLink: tells when what was sent before has left, and not sooner", async () => {
  const { child, link } = linked();
  const left: string[] = [];
  const note = (what: string) => link.whenLeft(() => void left.push(what));
  note("nothing");
  link.send([Kind.Recall, 1]);
  note("first");
  deepStrictEqual(left, ["nothing"]);
  child.isSlow = true;
  link.flush();
  link.send([Kind.Recall, 2]);
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
