/** Tests of src/link/fast_path.ts: who listens, and who is told. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Pool } from "../../mod.ts";
import { FastPath, type FrameSink } from "../../src/link/fast_path.ts";
import { acceptChannel } from "../../src/link/shared_channel.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind } from "../../src/wire/message.ts";
import { encodeMessage } from "../../src/wire/encoder.ts";
import { needsDoorbell } from "../../src/runtime/speed/spin.ts";
import { square } from "../helpers/pool_work.ts";
import { bypassFiles, noSharedFiles } from "../helpers/shared_files.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { runtimeName, test } from "../suite.ts";

turnAllOn();

const HERE = { skip: noSharedFiles };

/** What a link writes frames by. */
const frames = (): FrameSink => ({ channel: undefined });

/** Hears something and says something, so many times. */
function talk(path: FastPath, turns: number): void {
  for (let i = 0; i < turns; i++) {
    path.heard();
    path.writing();
    path.written();
  }
}

test("a doorbell is needed on Deno", () =>
  strictEqual(needsDoorbell, runtimeName === "deno"));

test("a channel is wanted after some talk, if there is a doorbell to be rung", () => {
  const path = new FastPath(frames());
  talk(path, 50);
  strictEqual(path.wantsDoorbell, false);
  talk(path, 1);
  strictEqual(path.wantsDoorbell, needsDoorbell);
});

test("who is told nothing wants none", () => {
  const path = new FastPath(frames());
  for (let i = 0; i < 1000; i++) {
    path.writing();
    path.written();
  }
  strictEqual(path.wantsDoorbell, false);
});

test("what goes one way for long is no talk, till it has ended", () => {
  const path = new FastPath(frames());
  const say = (count: number) => {
    for (let i = 0; i < count; i++) path.writing();
    return path.isTalk;
  };
  const hear = (count: number) => {
    for (let i = 0; i < count; i++) path.heard();
  };
  strictEqual(say(4), true);
  hear(4);
  strictEqual(say(1), true);
  strictEqual(say(4), false);
  hear(1);
  strictEqual(say(1), false); // it was much the last time
  hear(5);
  strictEqual(say(1), false);
  hear(1);
  strictEqual(say(1), true);
});

/** Time stands still but where a test turns it. */
let now = 0;

/** A root's end with an open channel, and what is heard of its doorbell at the other end. */
function listened(): { path: FastPath; bell: () => number; end: () => void } {
  const path = new FastPath(frames(), () => now);
  const child = acceptChannel(path.offer(undefined)!)!;
  path.opened(true);
  const end = () => {
    path.end();
    child.reader.close();
    child.writer.close();
  };
  return { path, bell: () => child.reader.doorbell(), end };
}

/** How often a bell is heard. */
const times = (count: number) => needsDoorbell ? count : 0;

test("the doorbell rings when the first thing after what has come was written", () => {
  const { path, bell, end } = listened();
  const say = () => {
    path.writing();
    path.written();
    return bell();
  };
  strictEqual(say(), times(1));
  strictEqual(say(), times(1));
  path.heard();
  strictEqual(say(), times(2));
  strictEqual(say(), times(2));
  talk(path, 1);
  strictEqual(bell(), times(3));
  end();
}, HERE);

test("it does not where another one is asked at the same time", () => {
  const [one, other] = [listened(), listened()];
  talk(one.path, 1);
  strictEqual(one.bell(), times(1));
  talk(other.path, 1); // the first one has not answered
  strictEqual(other.bell(), 0);
  one.path.heard();
  talk(other.path, 1);
  strictEqual(other.bell(), times(1));
  talk(one.path, 1);
  strictEqual(one.bell(), times(1));
  now += 1; // the other one's answer is not near
  talk(one.path, 1);
  strictEqual(one.bell(), times(2));
  talk(other.path, 1);
  strictEqual(other.bell(), times(1));
  one.end(); // it will not answer any more
  talk(other.path, 1);
  strictEqual(other.bell(), times(2));
  other.end();
}, HERE);

test("both ends open the channel, and long messages go by it", () => {
  const [down, up] = [frames(), frames()];
  const [root, child] = [new FastPath(down), new FastPath(up)];
  const offer = root.offer(undefined)!;
  strictEqual(root.offer(undefined), undefined); // once is enough
  const answers: boolean[] = [];
  child.accept(offer, (isOpen) => {
    answers.push(isOpen);
    strictEqual(up.channel, undefined); // the answer goes by the stream
    root.opened(isOpen);
  });
  deepStrictEqual(answers, [true]);
  const bodies = Array.from({ length: 70 }, () => new Uint8Array(1000));
  const message = encodeMessage([Kind.Items, 5, bodies]);
  for (const [from, to] of [[down, child], [up, root]] as const) {
    const place = from.channel!([message], [])!;
    deepStrictEqual(encodeMessage(to.take(place)), message);
  }
  for (const path of [root, child]) path.end();
  deepStrictEqual([down.channel, up.channel], [undefined, undefined]);
  throws(() => root.take([Kind.ByChannel, 4096, 1, []]), ProtocolError);
  strictEqual(root.offer(undefined), undefined);
}, HERE);

test("an end that cannot open the files says so, and goes on without", () => {
  const sink = frames();
  const child = new FastPath(sink);
  const answers: boolean[] = [];
  child.accept([Kind.ChannelOffer, "/nowhere/down", "/nowhere/up"], (isOpen) => {
    answers.push(isOpen);
  });
  deepStrictEqual(answers, [false]);
  strictEqual(sink.channel, undefined);
  throws(() => child.opened(true), ProtocolError);
});

test("a link that is talked over has a doorbell, and goes on as before", async () => {
  const pool = Pool(1);
  await pool.apply(square, [0]);
  strictEqual(bypassFiles().length, 0);
  const results: number[] = [];
  for (let i = 0; i < 500; i++) results.push(await pool.apply(square, [i]));
  deepStrictEqual(results, Array.from({ length: 500 }, (_, i) => i * i));
  const files = bypassFiles();
  strictEqual(files.length, needsDoorbell ? 2 : 0);
  ok(files.every(({ hasName }) => !hasName));
  await pool.close();
  await pool.join();
  strictEqual(bypassFiles().length, 0);
}, HERE);
