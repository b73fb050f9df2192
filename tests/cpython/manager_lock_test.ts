/**
 * `_TestLock`, `_TestSemaphore` and `_TestEvent` of CPython's
 * `test/_test_multiprocessing.py` (3.13, and the cases that 3.14 added), the part that runs
 * with a manager. Written afresh from what each case checks.
 *
 * Changed: nothing is timed. A managed semaphore has no `get_value`, here as there.
 *
 * Left out: `_TestLock.test_repr_lock` and `test_repr_rlock`, which CPython skips with a
 * manager, as the text is the proxy's.
 *
 * @module
 */
import { match, strictEqual } from "node:assert/strict";
import type { AcquirerProxy } from "../../src/managers.ts";
import { PATIENCE, raises } from "./helpers/checks.ts";
import { endAll, managed, startAll } from "./helpers/managed.ts";
import { holdUntil, setEvent } from "./helpers/managed_targets.ts";

const NOT_OWNED = "cannot release un-acquired lock";

managed("_TestLock.test_lock (manager)", async (manager) => {
  const lock = await manager.Lock();
  strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  strictEqual(await lock.acquire(false), false);
  strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), "RuntimeError", "release unlocked lock");
});

managed("_TestLock.test_rlock (manager)", async (manager) => {
  const lock = await manager.RLock();
  for (let n = 0; n < 3; n++) strictEqual(await lock.acquire(), true);
  strictEqual(await lock.locked(), true);
  for (let n = 0; n < 3; n++) strictEqual(await lock.release(), undefined);
  strictEqual(await lock.locked(), false);
  await raises(() => lock.release(), "RuntimeError", NOT_OWNED);
});

for (const kind of ["Lock", "RLock"] as const) {
  managed(
    `_TestLock.test_${kind.toLowerCase()}_locked_2processes (manager)`,
    async (manager) => {
      const lock = await manager[kind]();
      const said = await manager.Queue<boolean>(), gate = await manager.Queue<null>();
      const processes = await startAll(1, holdUntil, [lock, said, gate]);
      strictEqual(await said.get(true, PATIENCE), true);
      strictEqual(await lock.locked(), true);
      strictEqual(await lock.acquire(false), false);
      if (kind === "RLock") {
        await raises(() => lock.release(), "RuntimeError", NOT_OWNED);
      }
      await gate.put(null);
      await endAll(processes);
      strictEqual(await lock.locked(), false);
    },
  );
}

managed("_TestLock.test_lock_context (manager)", async (manager) => {
  const lock = await manager.Lock();
  strictEqual(await lock.with(() => lock.locked()), true);
  strictEqual(await lock.locked(), false);
  const held = await lock.__enter__();
  strictEqual(await lock.locked(), true);
  await held[Symbol.asyncDispose]();
  strictEqual(await lock.locked(), false);
});

/** Takes both permits, finds no third, gives both back. */
async function useUp(semaphore: AcquirerProxy): Promise<void> {
  strictEqual(await semaphore.acquire(), true);
  strictEqual(await semaphore.acquire(), true);
  strictEqual(await semaphore.acquire(false), false);
  strictEqual(await semaphore.release(), undefined);
  strictEqual(await semaphore.release(), undefined);
}

managed("_TestSemaphore.test_semaphore (manager)", async (manager) => {
  const semaphore = await manager.Semaphore(2);
  await useUp(semaphore);
  strictEqual(await semaphore.release(), undefined);
  strictEqual(await semaphore.release(), undefined);
  for (let n = 0; n < 4; n++) strictEqual(await semaphore.acquire(false), true);
  strictEqual(await semaphore.acquire(false), false);
});

managed("_TestSemaphore.test_bounded_semaphore (manager)", async (manager) => {
  const semaphore = await manager.BoundedSemaphore(2);
  await useUp(semaphore);
  await raises(
    () => semaphore.release(),
    "ValueError",
    "Semaphore released too many times",
  );
});

managed("_TestSemaphore.test_timeout (manager)", async (manager) => {
  const semaphore = await manager.Semaphore(0);
  strictEqual(await semaphore.acquire(false), false);
  strictEqual(await semaphore.acquire(false, null), false);
  await raises(
    () => semaphore.acquire(false, 60),
    "ValueError",
    "can't specify timeout for non-blocking acquire",
  );
  strictEqual(await semaphore.acquire(true, 0.02), false);
  strictEqual(await semaphore.acquire({ timeout: 0.02 }), false);
});

managed("_TestEvent.test_event (manager)", async (manager) => {
  const event = await manager.Event();
  strictEqual(await event.is_set(), false);
  strictEqual(await event.wait(0), false);
  strictEqual(await event.wait(0.05), false);

  strictEqual(await event.set(), undefined);
  strictEqual(await event.is_set(), true);
  strictEqual(await event.wait(), true);
  strictEqual(await event.wait(PATIENCE), true);

  strictEqual(await event.clear(), undefined);
  const processes = await startAll(1, setEvent, [event]);
  strictEqual(await event.wait(), true);
  await endAll(processes);
});

managed("_TestEvent.test_repr (manager)", async (manager) => {
  const event = await manager.Event();
  match(String(event), /^<EventProxy object, typeid 'Event' at 0x[0-9a-f]+>$/);
  match(await event.__str__(), /^<threading\.Event at 0x[0-9a-f]+: unset>$/);
  await event.set();
  match(await event.__str__(), /^<threading\.Event at 0x[0-9a-f]+: set>$/);
});
