/**
 * Who takes from a queue that is shut down does not wait for one that puts and does not hear
 * of it, as it computes or is stopped; and has all that this one has put before.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Queue } from "../../mod.ts";
import { setLogSink } from "../../src/python/util.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";
import { feedAndWait, feedHastily } from "./targets.ts";

async function all(q: Queue<number>): Promise<number[]> {
  const items: number[] = [];
  for await (const item of q) items.push(item);
  return items;
}

test("a loop ends while a process computes and puts, and what that puts later is told", () =>
  withFolder(async (folder) => {
    const q = Queue<number>(), said = Queue<number>();
    const over = join(folder, "over");
    const warnings: string[] = [];
    setLogSink((text) => warnings.push(text));
    try {
      const p = await started(feedHastily, [q, said, over]);
      strictEqual(await said.get(true, CLAIM_WAIT), -1);
      strictEqual(await said.get(true, CLAIM_WAIT), 0);
      await q.shutdown();
      const items = await all(q);
      strictEqual(p.is_alive(), true);
      deepStrictEqual(items, items.map((_, i) => i));
      while (warnings.length === 0) await q.qsize();
      writeFileSync(over, "");
      ok(await said.get(true, CLAIM_WAIT) >= items.length);
      strictEqual(await exitcodeOf(p), 0);
      strictEqual(await q.qsize(), 0);
      strictEqual(warnings.length, 1);
      match(
        warnings[0]!,
        /^Process-\d+ \(pid \d+\) has put items into a queue that was shut down/,
      );
    } finally {
      setLogSink(undefined);
    }
  }));

test("a loop ends while a process that has put is stopped, and loses nothing of that", async () => {
  const q = Queue<number>(), said = Queue<number>(), go = Queue<null>();
  setLogSink(() => {}); // what it puts before it hears of the shutdown
  try {
    const p = await started(feedAndWait, [q, said, go]);
    const pid = await said.get(true, CLAIM_WAIT);
    process.kill(pid, "SIGSTOP");
    await q.shutdown();
    deepStrictEqual(await all(q), [0, 1, 2, 3, 4]);
    process.kill(pid, "SIGCONT");
    await go.put(null);
    ok(await said.get(true, CLAIM_WAIT) >= 5);
    strictEqual(await exitcodeOf(p), 0);
    strictEqual(await q.qsize(), 0);
  } finally {
    setLogSink(undefined);
  }
});
