/**
 * `_TestLock` of CPython's `test/_test_multiprocessing.py` (3.13, and the cases that 3.14
 * added), the part that runs as processes. Written afresh from what each case checks.
 *
 * Changed throughout: a lock that a child holds is held until the child is told to end,
 * as it is released by the child's end; a thread is a logical one; the manager's list
 * and the shared value are a queue.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import { Event, Lock, Process, Queue, RLock } from "../../mod.ts";
import { asThread } from "../../src/python/thread.ts";
import { setLogSink } from "../../src/python/util.ts";
import { test } from "../suite.ts";
import { exitcodeOf, PATIENCE, raises, runToEnd } from "./helpers/checks.ts";
import { acquireRelease, holdUntil } from "./helpers/sync_targets.ts";

const TOO_OFTEN = "semaphore or lock released too many times";
const NOT_OWNED = "attempt to release recursive lock not owned by thread";

test("_TestLock.test_repr_lock", async () => {
  const lock = Lock();
  strictEqual(String(lock), "<Lock(owner=None)>");
  await lock.acquire();
  strictEqual(String(lock), "<Lock(owner=MainProcess)>");
  await lock.release();

  await asThread("T1", async () => {
    await lock.acquire();
    strictEqual(String(lock), "<Lock(owner=MainProcess|T1)>");
  });
  strictEqual(String(lock), "<Lock(owner=SomeOtherThread)>");
  await lock.release();

  const said = Queue<string>();
  const p = new Process({
    target: acquireRelease,
    args: [lock, said, 1],
    name: "P1",
  });
  strictEqual(await runToEnd(p), 0);
  strictEqual(await said.get(true, PATIENCE), "<Lock(owner=P1)>");
  await heldByAnother(
    lock,
    (text) => strictEqual(text, "<Lock(owner=SomeOtherProcess)>"),
  );
});

test("_TestLock.test_lock", async () => {
  const lock = Lock();
  strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  strictEqual(await lock.acquire(false), false);
  strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), "ValueError", TOO_OFTEN);
});

test("_TestLock.test_lock_locked_2processes", async () => {
  const lock = Lock();
  await heldByAnother(lock, async (_text, locked) => {
    strictEqual(locked, true);
    strictEqual(await lock.locked(), true);
  });
});

test("_TestLock.test_repr_rlock", async () => {
  const lock = RLock();
  strictEqual(String(lock), "<RLock(None, 0)>");
  for (let n = 0; n < 3; n++) await lock.acquire();
  strictEqual(String(lock), "<RLock(MainProcess, 3)>");
  for (let n = 0; n < 3; n++) await lock.release();

  const said = Queue<string>();
  await Promise.all([1, 2, 3].map((n) =>
    asThread(`T${n}`, async () => {
      await acquireRelease(lock, said, n);
    })
  ));
  for (const n of [1, 2, 3]) {
    strictEqual(await said.get(true, PATIENCE), `<RLock(MainProcess|T${n}, ${n})>`);
  }

  const other = RLock();
  await asThread(null, () => other.acquire());
  strictEqual(String(other), "<RLock(SomeOtherThread, nonzero)>");

  const p = new Process({ target: acquireRelease, args: [lock, said, 1], name: "P1" });
  strictEqual(await runToEnd(p), 0);
  strictEqual(await said.get(true, PATIENCE), "<RLock(P1, 1)>");
  await heldByAnother(
    lock,
    (text) => strictEqual(text, "<RLock(SomeOtherProcess, nonzero)>"),
  );
});

test("_TestLock.test_rlock", async () => {
  const lock = RLock();
  for (let n = 0; n < 3; n++) strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  for (let n = 0; n < 3; n++) strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), "AssertionError", NOT_OWNED);
});

test("_TestLock.test_rlock_locked_2processes", async () => {
  const lock = RLock();
  await heldByAnother(lock, async (_text, locked) => {
    strictEqual(locked, true);
    strictEqual(await lock.locked(), true);
    await raises(() => lock.release(), "AssertionError", NOT_OWNED);
  });
});

test("_TestLock.test_lock_context", async () => {
  const lock = Lock();
  strictEqual(await lock.with(() => lock.locked()), true);
  strictEqual(await lock.locked(), false);
  const held = await lock.__enter__();
  strictEqual(await lock.locked(), true);
  await held[Symbol.asyncDispose]();
  strictEqual(await lock.locked(), false);
});

/** Has a process hold the lock while something is checked. */
async function heldByAnother(
  lock: Lock | RLock,
  check: (text: string, locked: unknown) => void | Promise<void>,
): Promise<void> {
  const event = Event(), gate = Queue<null>(), said = Queue<unknown>();
  const p = new Process({ target: holdUntil, args: [lock, event, gate, said] });
  await p.start();
  strictEqual(await event.wait(PATIENCE), true);
  await check(String(lock), await said.get(true, PATIENCE));
  setLogSink(() => {}); // there is a warning when it ends with the lock
  await gate.put(null);
  strictEqual(await exitcodeOf(p), 0);
  setLogSink(undefined);
}
