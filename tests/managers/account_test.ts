/** What a manager's server tells of its objects, without connections. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import "../../mod.ts"; // this process is a root
import { accountOf } from "../../src/managers/account.ts";
import { Objects, References, type Stored } from "../../src/managers/objects.ts";
import { callAs, Owner, Waits } from "../../src/managers/protocol/caller.ts";
import { ManagedCondition, ManagedLock } from "../../src/managers/types/locks.ts";
import { ManagedQueue } from "../../src/managers/types/queue.ts";
import { test } from "../suite.ts";

const TYPES = { Lock: ManagedLock, Queue: ManagedQueue, Condition: ManagedCondition };

/** A server's objects, one of each type, which a client has. */
function server(pid: number) {
  const registry = Object.entries(TYPES).map(([name, callable]) =>
    [name, { callable, exposed: null, method_to_typeid: null }] as const
  );
  const objects = new Objects(new Map(registry));
  const client = new References(objects, pid);
  const made = Object.keys(TYPES).map((name) => {
    const { entry } = objects.create(name, [], null) as Stored;
    client.add(entry);
    return entry.object;
  });
  const [lock, queue, condition] = made as [
    ManagedLock,
    ManagedQueue,
    ManagedCondition,
  ];
  return { objects, lock, queue, condition };
}

/** What is told, without ages and what is nothing. */
function told(objects: Objects): object[] {
  return (accountOf(objects) as Record<string, unknown>[]).map((object) => {
    const entries = Object.entries(object).map(([name, value]) => {
      const isList = Array.isArray(value);
      return [name, isList ? value.map(({ pid }: { pid: number }) => pid) : value];
    });
    return Object.fromEntries(
      entries.filter(([, value]) =>
        value !== null && value !== false && (!Array.isArray(value) || value.length > 0)
      ),
    );
  });
}

test("a server tells who has a lock, and who waits for it for how long", () => {
  const { objects, lock, queue } = server(11);
  const [first, second, third] = [11, 12, 13].map((pid) => new Owner("", pid));
  const waits = new Waits();
  callAs(first!, waits, 1, () => lock.acquire());
  const waiting = [
    callAs(second!, waits, 2, () => lock.acquire()),
    callAs(third!, waits, 3, () => lock.acquire(true, 1000)),
    callAs(third!, waits, 4, () => queue.get()),
  ];
  for (const one of waiting) Promise.resolve(one).catch(() => {});
  const [ownLock, ownQueue, condition, itsLock] = told(objects);
  const shared = { holders: [11], bound: 0 };
  deepStrictEqual(ownLock, {
    ...{ ...shared, id: 1, type: "Lock", kind: "lock", value: 0, isOwned: true },
    ...{ takers: [11], waiters: [12, 13] },
  });
  const [{ waiters }] = accountOf(objects) as [{ waiters: { left: number | null }[] }];
  const [endless, limited] = waiters.map(({ left }) => left);
  strictEqual(endless, null);
  ok(limited! > 900 && limited! <= 1000);
  deepStrictEqual(ownQueue, {
    ...{ ...shared, id: 2, type: "Queue", kind: "queue", value: 0, unfinished: 0 },
    waiters: [13],
  });
  const lockId = 2 ** 32 + 3;
  deepStrictEqual(condition, {
    ...{ ...shared, id: 3, type: "Condition", kind: "condition", value: 0 },
    lock: lockId,
  });
  deepStrictEqual(itsLock, {
    ...{ ...shared, id: lockId, type: "RLock", kind: "lock", value: 1, isOwned: true },
  });
  waits.end();
  first!.end(false);
  deepStrictEqual((accountOf(objects)[0] as { value: number }).value, 1);
});
