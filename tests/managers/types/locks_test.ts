/** A manager's locks and semaphores, without a server. */

import { match, ok, strictEqual, throws } from "node:assert/strict";
import {
  ManagedBoundedSemaphore,
  ManagedLock,
  ManagedRLock,
  ManagedSemaphore,
} from "../../../src/managers/types/locks.ts";
import { setLogSink } from "../../../src/python/util.ts";
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
  const place = "0x[0-9a-f]{12}";
  const lock = new ManagedLock();
  match(String(lock), new RegExp(`^<unlocked _thread\\.lock object at ${place}>$`));
  lock.acquire();
  match(String(lock), new RegExp(`^<locked _thread\\.lock object at ${place}>$`));
  match(
    String(new ManagedRLock()),
    new RegExp(`^<unlocked _thread\\.RLock object owner=0 count=0 at ${place}>$`),
  );
  match(
    String(new ManagedSemaphore(2)),
    new RegExp(`^<threading\\.Semaphore at ${place}: value=2>$`),
  );
  match(
    String(new ManagedBoundedSemaphore(3)),
    new RegExp(`^<threading\\.BoundedSemaphore at ${place}: value=3/3>$`),
  );
});
