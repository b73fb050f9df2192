/**
 * `_TestLock` of CPython's `test/_test_multiprocessing.py` (3.13, and the cases that 3.14
 * added). Written afresh from what each case checks.
 *
 * Changed throughout: a lock that a child holds is held until the child is told to release
 * it; a thread is a logical one; the manager's list and the shared value are a queue.
 *
 * `test_repr_lock` and `test_repr_rlock` CPython skips with a manager, as the text is the
 * proxy's.
 */
import { strictEqual } from "node:assert/strict";
import { Lock, Queue, RLock } from "../../mod.ts";
import { asThread } from "../../src/python/thread.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "./helpers/checks.ts";
import { ALL, bind, endAll, type Kind, startAll, type Type } from "./helpers/kinds.ts";
import { acquireRelease, holdUntil } from "./helpers/sync_targets.ts";

const lockCase = bind("_TestLock", ALL);
const PROCESSES: readonly Type[] = ["processes"];

/** Errors of releasing a lock that is free, or another owner's RLock. */
const RELEASED_TOO_OFTEN = {
  processes: ["ValueError", "semaphore or lock released too many times"],
  manager: ["RuntimeError", "release unlocked lock"],
  threads: ["RuntimeError", "release unlocked lock"],
} satisfies Record<Type, [string, string]>;
const NOT_OWNED = {
  processes: [
    "AssertionError",
    "attempt to release recursive lock not owned by thread",
  ],
  manager: ["RuntimeError", "cannot release un-acquired lock"],
  threads: ["RuntimeError", "cannot release un-acquired lock"],
} satisfies Record<Type, [string, string]>;

lockCase("test_repr_lock", async (kind) => {
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
  const p = started(acquireRelease, [lock, said, 1], { name: "P1" });
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await said.get(true, CLAIM_WAIT), "<Lock(owner=P1)>");
  await heldByAnother(kind, lock, () => {
    strictEqual(String(lock), "<Lock(owner=SomeOtherProcess)>");
  });
}, { only: PROCESSES });

lockCase("test_lock", async (kind) => {
  const lock = await kind.Lock();
  strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  strictEqual(await lock.acquire(false), false);
  strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), ...RELEASED_TOO_OFTEN[kind.TYPE]);
});

lockCase("test_lock_locked_2processes", async (kind) => {
  await heldByAnother(kind, await kind.Lock());
});

lockCase("test_repr_rlock", async (kind) => {
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
    strictEqual(await said.get(true, CLAIM_WAIT), `<RLock(MainProcess|T${n}, ${n})>`);
  }

  const other = RLock();
  await asThread(null, () => other.acquire());
  strictEqual(String(other), "<RLock(SomeOtherThread, nonzero)>");

  const p = started(acquireRelease, [lock, said, 1], { name: "P1" });
  strictEqual(await exitcodeOf(p), 0);
  strictEqual(await said.get(true, CLAIM_WAIT), "<RLock(P1, 1)>");
  await heldByAnother(kind, lock, () => {
    strictEqual(String(lock), "<RLock(SomeOtherProcess, nonzero)>");
  });
}, { only: PROCESSES });

lockCase("test_rlock", async (kind) => {
  const lock = await kind.RLock();
  for (let n = 0; n < 3; n++) strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  for (let n = 0; n < 3; n++) strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), ...NOT_OWNED[kind.TYPE]);
});

lockCase("test_rlock_locked_2processes", async (kind) => {
  const lock = await kind.RLock();
  await heldByAnother(kind, lock, async () => {
    await raises(() => lock.release(), ...NOT_OWNED[kind.TYPE]);
  });
});

lockCase("test_lock_context", async (kind) => {
  const lock = await kind.Lock();
  strictEqual(await lock.with(() => lock.locked()), true);
  strictEqual(await lock.locked(), false);
  const held = await lock.__enter__();
  strictEqual(await lock.locked(), true);
  await held[Symbol.asyncDispose]();
  strictEqual(await lock.locked(), false);
});

/** Has a process hold the lock while something is checked. */
async function heldByAnother(
  kind: Kind,
  lock: Lock | RLock,
  check?: () => void | Promise<void>,
): Promise<void> {
  const said = await kind.Queue<boolean>(), gate = await kind.Queue<null>();
  const processes = await startAll(kind, 1, holdUntil, [lock, said, gate]);
  strictEqual(await said.get(true, CLAIM_WAIT), true);
  strictEqual(await lock.locked(), true);
  strictEqual(await lock.acquire(false), false);
  await check?.();
  await gate.put(null);
  await endAll(processes);
  strictEqual(await lock.locked(), false);
}
