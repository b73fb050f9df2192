/** Tests of src/link/root.ts: the root does one thing, and then nothing more. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Process, Queue } from "../../mod.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { nothing } from "../children/basics.ts";
import { claimAndWait, putAndTell, waitAndTell } from "../helpers/root_targets.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";
import { started } from "../cpython/helpers/checks.ts";

turnAllOn(); // some tests are about what a switch turns off

/** Seconds that are never needed. */
const LONG = 10;

test("the root takes an item: a child's put that waited for room goes on", async () => {
  const q = Queue<number>(1), told = Queue<string>();
  await q.put(1);
  const p = await started(putAndTell, [q, told]);
  strictEqual(await told.get(), "waiting");
  strictEqual(await q.get(), 1);
  await p.join(LONG);
  try {
    strictEqual(p.exitcode, 0);
  } finally {
    p.kill();
    await p.join();
  }
});

test(
  "what a timer of the hub does reaches a child, though the root is quiet",
  async () => {
    const q = Queue<number>(), told = Queue<string>();
    for (let n = 0; n < 2000; n++) await q.put(n);
    const stopped = new Process({ target: claimAndWait, args: [q, told] });
    const other = new Process({ target: waitAndTell, args: [q, told] });
    for (const p of [stopped, other]) {
      await p.start();
      strictEqual(await told.get(), "waiting");
    }
    process.kill(stopped.pid!, "SIGSTOP");
    try {
      await q.put(5000); // to the first, which does not take it
      strictEqual(await told.get(true, LONG), "got 5000");
    } finally {
      stopped.kill();
      other.kill();
      await Promise.all([stopped.join(), other.join()]);
    }
  },
  { skip: noSharedFiles },
);

test("a child that is killed before it was ready has not failed to start", async () => {
  let said = "";
  const { writeStderrSync } = runtime;
  runtime.writeStderrSync = (bytes) => void (said += new TextDecoder().decode(bytes));
  try {
    const p = new Process({ target: nothing });
    void p.start();
    p.kill();
    await p.join();
    deepStrictEqual([p.exitcode, said], [-9, ""]);
  } finally {
    runtime.writeStderrSync = writeStderrSync;
  }
});

test("the link of a child goes with it: without children nobody listens to signals", async () => {
  let listeners = 0, most = 0;
  const { onSignal } = runtime;
  runtime.onSignal = (name, callback) => {
    most = Math.max(most, ++listeners);
    const stop = onSignal(name, callback);
    return () => {
      listeners--;
      stop();
    };
  };
  try {
    const children = [1, 2].map(() => new Process({ target: nothing }));
    for (const p of children) await p.start();
    for (const p of children) await p.join();
    ok(most > 0);
    strictEqual(listeners, 0);
  } finally {
    runtime.onSignal = onSignal;
  }
});
