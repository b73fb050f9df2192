/** Real processes that lie to the hub: the root goes on, and so do all others. */
import { ok, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { Kind } from "../../src/wire/message.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import { beGreedy, lie } from "./lying_targets.ts";
import { test } from "../suite.ts";

/** Number of times that each of the frames is sent. */
const TIMES = 1000;
const FRAMES = 5 * TIMES;

/** Milliseconds for each frame, at most: a hundred times what is promised, for any machine. */
const CLAIM_WAIT = 1000;

test("frames that ask for as much as there can be cost the root next to nothing", async () => {
  const done = Queue<number>();
  const p = new Process({ target: beGreedy, args: [done, TIMES] });
  p.start();
  const before = performance.now();
  strictEqual(await done.get(), TIMES);
  strictEqual(await exitcodeOf(p), 0);
  // The start of the process is in it as well.
  const each = (performance.now() - before) / FRAMES;
  ok(each < CLAIM_WAIT, `${each} ms a frame`);
});

/** The complaints of the root while `fn` runs. */
async function complaints(fn: () => Promise<void>): Promise<string> {
  let said = "";
  const { writeStderrSync } = runtime;
  runtime.writeStderrSync = (bytes) => void (said += new TextDecoder().decode(bytes));
  try {
    await fn();
  } finally {
    runtime.writeStderrSync = writeStderrSync;
  }
  return said;
}

for (
  const [name, field, value] of [
    ["Want", 1, 2 ** 52],
    ["Call", 2, 256],
    ["Signal", 1, 2 ** 52],
    ["Create", 1, 2 ** 32],
  ] as const
) {
  test(`a process that says ${value} in a field of ${name} is ended, and no other`, async () => {
    const said = await complaints(async () => {
      const p = new Process({ target: lie, args: [Kind[name], field, value] });
      p.start();
      strictEqual(await exitcodeOf(p), -9);
    });
    ok(
      said.includes(
        `broke the protocol: malformed ${name} message: field ${field + 1} must be`,
      ),
      said,
    );
    const q = Queue<number>();
    await q.put(1);
    strictEqual(await q.get(), 1);
  });
}
