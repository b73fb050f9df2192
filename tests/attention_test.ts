/** Tests of src/attention.ts: who listens, and who is told. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Pool } from "../mod.ts";
import { Attention } from "../src/attention.ts";
import { acceptBypass, offerBypass } from "../src/bypass.ts";
import { needsBell } from "../src/runtime/linger.ts";
import { square } from "./helpers/pool_work.ts";
import { bypassFiles, noSharedFiles } from "./helpers/shared_files.ts";
import { runtimeName, test } from "./suite.ts";

const HERE = { skip: noSharedFiles };

/** Hears something and says something, so many times. */
function talk(attention: Attention, turns: number): void {
  for (let i = 0; i < turns; i++) {
    attention.heard();
    attention.writing();
    attention.written();
  }
}

test("a bell is needed on Deno", () => strictEqual(needsBell, runtimeName === "deno"));

test("a bypass is wanted after some talk, if there is a bell to be rung", () => {
  const attention = new Attention();
  talk(attention, 50);
  strictEqual(attention.wantsBypass, false);
  talk(attention, 1);
  strictEqual(attention.wantsBypass, needsBell);
});

test("who is told nothing wants none", () => {
  const attention = new Attention();
  for (let i = 0; i < 1000; i++) {
    attention.writing();
    attention.written();
  }
  strictEqual(attention.wantsBypass, false);
});

test("what goes one way for long is no talk, till it has ended", () => {
  const attention = new Attention();
  const say = (count: number) => {
    for (let i = 0; i < count; i++) attention.writing();
    return attention.isTalk;
  };
  const hear = (count: number) => {
    for (let i = 0; i < count; i++) attention.heard();
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

/** An attention whose link has a bypass, and what is heard of its bell at the other end. */
function listened(): { attention: Attention; bell: () => number; end: () => void } {
  const root = offerBypass()!;
  const child = acceptBypass(root.offer)!;
  root.unlink();
  const attention = new Attention(() => now);
  attention.useBypass(root);
  const end = () => {
    attention.endBypass();
    for (const { reader, writer } of [root, child]) {
      reader.close();
      writer.close();
    }
  };
  return { attention, bell: () => child.reader.bell(), end };
}

/** How often a bell is heard. */
const times = (count: number) => needsBell ? count : 0;

test("the bell rings when the first thing after what has come was written", () => {
  const { attention, bell, end } = listened();
  const say = () => {
    attention.writing();
    attention.written();
    return bell();
  };
  strictEqual(say(), times(1));
  strictEqual(say(), times(1));
  attention.heard();
  strictEqual(say(), times(2));
  strictEqual(say(), times(2));
  talk(attention, 1);
  strictEqual(bell(), times(3));
  end();
}, HERE);

test("it does not where another one is asked at the same time", () => {
  const [one, other] = [listened(), listened()];
  talk(one.attention, 1);
  strictEqual(one.bell(), times(1));
  talk(other.attention, 1); // the first one has not answered
  strictEqual(other.bell(), 0);
  one.attention.heard();
  talk(other.attention, 1);
  strictEqual(other.bell(), times(1));
  talk(one.attention, 1);
  strictEqual(one.bell(), times(1));
  now += 1; // the other one's answer is not near
  talk(one.attention, 1);
  strictEqual(one.bell(), times(2));
  talk(other.attention, 1);
  strictEqual(other.bell(), times(1));
  one.end(); // it will not answer any more
  talk(other.attention, 1);
  strictEqual(other.bell(), times(2));
  other.end();
}, HERE);

test("a link that is talked over has a bell, and goes on as before", async () => {
  const pool = Pool(1);
  await pool.apply(square, [0]);
  strictEqual(bypassFiles().length, 0);
  const results: number[] = [];
  for (let i = 0; i < 500; i++) results.push(await pool.apply(square, [i]));
  deepStrictEqual(results, Array.from({ length: 500 }, (_, i) => i * i));
  const files = bypassFiles();
  strictEqual(files.length, needsBell ? 2 : 0);
  ok(files.every(({ hasName }) => !hasName));
  await pool.close();
  await pool.join();
  strictEqual(bypassFiles().length, 0);
}, HERE);
