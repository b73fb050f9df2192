/** A manager's locks, semaphores, conditions, events and barriers, without a server. */

import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { CANCELLED } from "../../../src/managers/protocol/caller.ts";
import {
  ManagedBarrier,
  ManagedBoundedSemaphore,
  ManagedCondition,
  ManagedEvent,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "../../../src/managers/types/locks.ts";
import { setLogSink } from "../../../src/python/util.ts";
import { alive } from "../../helpers/alive.ts";
import { client } from "../../helpers/managed_client.ts";
import { test } from "../../suite.ts";

test("managed locks know their owners", async () => {
  const [a, b] = [client("a"), client("b")];
  const lock = new ManagedRLock();
  ok(a.run(() => lock.acquire()) && a.run(() => lock.acquire()));
  throws(() => b.run(() => lock.release()), {
    message: "cannot release un-acquired lock",
  });
  const waiting = b.run(() => lock.acquire());
  a.run(() => lock.release());
  a.run(() => lock.release());
  strictEqual(await waiting, true);
  const warnings: string[] = [];
  setLogSink((text) => void warnings.push(text));
  b.owner.end(true); // an RLock could not be released by anybody else
  setLogSink(undefined);
  match(warnings.join(""), /^b ended while it held a managed RLock, which is released/);
  ok(!lock.locked());
  const plain = new ManagedLock();
  throws(() => plain.release(), { message: "release unlocked lock" });
  throws(() => plain.acquire(false, 1), {
    message: "can't specify a timeout for a non-blocking call",
  });
  a.run(() => plain.acquire());
  a.owner.end(true);
  ok(plain.locked()); // it ended by itself: others may release it
  const semaphore = new ManagedBoundedSemaphore();
  throws(() => semaphore.release(), { message: "Semaphore released too many times" });
});

test("a lock whose holder was killed goes to the next in line, with a warning", async () => {
  const [a, b, c] = [client("a"), client("b"), client("c")];
  const lock = new ManagedLock();
  a.run(() => lock.acquire());
  const second = b.run(() => lock.acquire()) as Promise<boolean>;
  const third = c.run(() => lock.acquire()) as Promise<boolean>;
  b.end(false); // it waits no longer
  await second.then(() => ok(false), () => {});
  const warnings: string[] = [];
  setLogSink((text) => void warnings.push(text));
  a.end(false);
  setLogSink(undefined);
  strictEqual(await third, true);
  match(warnings.join(""), /a ended while it held a managed Lock, which is released/);
  c.run(() => lock.release());
  ok(!lock.locked());
});

test("a semaphore counts, and has no owner", async () => {
  const [a, b] = [client("a"), client("b")];
  const semaphore = new ManagedSemaphore(1);
  strictEqual(a.run(() => semaphore.acquire()), true);
  const waiting = b.run(() => semaphore.acquire());
  a.end(false);
  ok(semaphore.locked()); // nobody can tell who is to release it
  semaphore.release(2);
  strictEqual(await waiting, true);
  ok(!semaphore.locked());
  semaphore.release(2 ** 30); // as quick as one
  match(String(semaphore), /value=1073741825>$/);
  throws(() => semaphore.release(2 ** 30), { name: "ValueError" });
  throws(() => semaphore.release(0), { message: "n must be one or more" });
  throws(() => new ManagedSemaphore(-1), {
    message: "semaphore initial value must be >= 0",
  });
});

test("locks show themselves as Python's", () => {
  const show = (lock: object) => String(lock).replace(/0x[0-9a-f]{12}/, "0x1");
  const lock = new ManagedLock();
  strictEqual(show(lock), "<unlocked _thread.lock object at 0x1>");
  lock.acquire();
  strictEqual(show(lock), "<locked _thread.lock object at 0x1>");
  const recursive = "<unlocked _thread.RLock object owner=0 count=0 at 0x1>";
  strictEqual(show(new ManagedRLock()), recursive);
  strictEqual(show(new ManagedSemaphore(2)), "<threading.Semaphore at 0x1: value=2>");
  const bounded = "<threading.BoundedSemaphore at 0x1: value=3/3>";
  strictEqual(show(new ManagedBoundedSemaphore(3)), bounded);
});

// --- conditions, events, barriers

test("conditions and barriers are threading's", async () => {
  const [a, b] = [client("a"), client("b")];
  const condition = new ManagedCondition();
  await rejects(() => a.run(() => condition.wait()), {
    message: "cannot wait on un-acquired lock",
  });
  a.run(() => condition.acquire());
  const sleeping = a.run(() => condition.wait());
  b.run(() => condition.acquire());
  b.run(() => condition.notify());
  b.run(() => condition.release());
  strictEqual(await sleeping, true);
  const barrier = new ManagedBarrier(2);
  const first = a.run(() => barrier.wait());
  strictEqual(b.run(() => barrier.wait()), 1);
  strictEqual(await first, 0);
  barrier.abort();
  throws(() => barrier.wait(), { name: "BrokenBarrierError" });
});

test("a sleeper that is killed while it wants the lock back passes its turn on", async () => {
  const [a, b, c] = [client("a"), client("b"), client("c")];
  const condition = new ManagedCondition();
  const sleeping = [a, b].map((one) => {
    one.run(() => condition.acquire());
    return one.run(() => condition.wait());
  });
  c.run(() => condition.acquire());
  c.run(() => condition.notify());
  await Promise.resolve(); // the first sleeper asks for the lock
  await Promise.resolve();
  a.end(false);
  await rejects(
    sleeping[0]!.catch((reason) => {
      strictEqual(reason, CANCELLED);
      throw new Error("given up");
    }),
    { message: "given up" },
  );
  c.run(() => condition.release());
  strictEqual(await sleeping[1], true); // and the dead one does not have the lock
  b.run(() => condition.release());
  ok(!condition.locked());
});

test("a sleeper that gives up has the lock again", async () => {
  const [a, b] = [client("a"), client("b")];
  const condition = new ManagedCondition();
  a.run(() => condition.acquire());
  a.run(() => condition.acquire());
  const sleeping = a.run(() => condition.wait());
  b.run(() => condition.acquire());
  a.cancel();
  let isOver = false;
  const given = sleeping.catch((reason) => {
    isOver = true;
    return reason;
  });
  await Promise.resolve();
  ok(!isOver); // not before the lock is free
  b.run(() => condition.release());
  strictEqual(await given, CANCELLED);
  a.run(() => condition.release());
  a.run(() => condition.release());
  throws(() => a.run(() => condition.release()), { name: "RuntimeError" });
});

test("an event is waited for, or not in time", async () => {
  const event = new ManagedEvent();
  strictEqual(await event.wait(0), false);
  strictEqual(await alive(event.wait(0.01)), false);
  const waiting = event.wait();
  event.set();
  ok(await waiting && await event.wait() && event.is_set());
  event.clear();
  match(String(event), /^<threading\.Event at 0x[0-9a-f]+: unset>$/);
});

test("who leaves a barrier breaks it, and a failing action too", async () => {
  const [a, b] = [client("a"), client("b")];
  const barrier = new ManagedBarrier(3);
  const waiting = b.run(() => barrier.wait()) as Promise<number>;
  const leaving = a.run(() => barrier.wait()) as Promise<number>;
  strictEqual(barrier.n_waiting, 2);
  a.end(false);
  await leaving.catch(() => {});
  await rejects(waiting, { name: "BrokenBarrierError" });
  ok(barrier.broken);
  match(String(barrier), /^<threading\.Barrier at 0x[0-9a-f]+: broken>$/);
  barrier.reset();
  match(String(barrier), /^<threading\.Barrier at 0x[0-9a-f]+: waiters=0\/3>$/);
  const failing = new ManagedBarrier(1, () => {
    throw new TypeError("no");
  });
  throws(() => failing.wait(), { message: "no" });
  throws(() => failing.wait(), { name: "BrokenBarrierError" });
  throws(() => new ManagedBarrier(0), { message: "parties must be > 0" });
});

test("a barrier's action is run by the last one, whose number it is", async () => {
  const [a, b] = [client("a"), client("b")];
  let runs = 0;
  const barrier = new ManagedBarrier(2, () => void runs++);
  for (const round of [1, 2]) {
    const first = a.run(() => barrier.wait());
    strictEqual(b.run(() => barrier.wait()), 1);
    deepStrictEqual([await first, runs], [0, round]);
  }
  const slow = new ManagedBarrier(2, () => Promise.resolve());
  const first = a.run(() => slow.wait());
  const last = b.run(() => slow.wait());
  deepStrictEqual(await Promise.all([first, last]), [0, 1]);
  const refused = [a.run(() => slow.wait()), b.run(() => slow.wait())];
  slow.abort(); // while the action runs
  for (const wait of refused) {
    await rejects(async () => await wait, { name: "BrokenBarrierError" });
  }
});

test("a sleeper whose time is over and that is gone then leaves the lock to others", async () => {
  const [a, b] = [client("a"), client("b")];
  const condition = new ManagedCondition();
  a.run(() => condition.acquire());
  const sleeping = a.run(() => condition.wait(0));
  b.run(() => condition.acquire());
  strictEqual(await sleeping, false); // it was free at once, so it is a's again
  a.end(false);
  b.run(() => condition.release());
  ok(!condition.locked());
});

test("a sleeper that waits for its lock after its time is gone with its client", async () => {
  const [a, b] = [client("a"), client("b")];
  const condition = new ManagedCondition();
  a.run(() => condition.acquire());
  const sleeping = a.run(() => condition.wait(0.001));
  ok(b.run(() => condition.acquire()));
  const over = new ManagedEvent();
  strictEqual(await alive(over.wait(0.05)), false); // a's time is over too
  a.end(false);
  await rejects(sleeping, (reason) => reason === CANCELLED);
  b.run(() => condition.release());
  ok(!condition.locked());
});
