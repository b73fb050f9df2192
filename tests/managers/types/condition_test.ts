/** A manager's conditions, events and barriers, without a server. */

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
  ManagedCondition,
  ManagedEvent,
} from "../../../src/managers/types/locks.ts";
import { awake, client } from "../../helpers/managed_client.ts";
import { test } from "../../suite.ts";

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
  strictEqual(await awake(event.wait(0.01)), false);
  const waiting = event.wait();
  event.set();
  deepStrictEqual([await waiting, await event.wait(), event.is_set()], [
    true,
    true,
    true,
  ]);
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
  strictEqual(await awake(over.wait(0.05)), false); // a's time is over too
  a.end(false);
  await rejects(sleeping, (reason) => reason === CANCELLED);
  b.run(() => condition.release());
  ok(!condition.locked());
});
