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

test("the bell rings when something was written after something had come", () => {
  const root = offerBypass()!;
  const child = acceptBypass(root.offer)!;
  root.unlink();
  const attention = new Attention();
  attention.useBypass(root);
  const heard: number[] = [];
  const say = () => {
    attention.writing();
    attention.written();
    heard.push(child.reader.bell());
  };
  say();
  attention.heard();
  say();
  say();
  talk(attention, 1);
  attention.heard();
  attention.endBypass();
  say();
  deepStrictEqual(heard, needsBell ? [0, 1, 1, 2] : [0, 0, 0, 0]);
  for (const { reader, writer } of [root, child]) {
    reader.close();
    writer.close();
  }
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
