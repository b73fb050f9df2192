/**
 * The objects that a manager's server holds, without a server; and what proxies do beyond
 * the cases that are ported from CPython.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  MakeProxyType,
  type Namespace,
  public_methods,
  slice,
  SyncManager,
  Token,
} from "../src/managers.ts";
import { ManagedArray } from "../src/managers/array.ts";
import { callAs, CANCELLED, Owner, Waits } from "../src/managers/caller.ts";
import {
  ManagedBarrier,
  ManagedCondition,
  ManagedEvent,
} from "../src/managers/condition.ts";
import { ManagedDict } from "../src/managers/dict.ts";
import { ManagedList } from "../src/managers/list.ts";
import {
  ManagedBoundedSemaphore,
  ManagedLock,
  ManagedRLock,
} from "../src/managers/locks.ts";
import { Objects, References, Trouble } from "../src/managers/objects.ts";
import { decodeName, encodeName, get32, put32 } from "../src/managers/protocol.ts";
import { compare, equal, hashable } from "../src/managers/python_values.ts";
import { ManagedQueue } from "../src/managers/queue.ts";
import { ManagedSet } from "../src/managers/set.ts";
import { PySlice } from "../src/wire/pickle/types.ts";
import { test } from "./suite.ts";

const LEAKS = "sockets of managers are closed in their own time";

test("values are equal, ordered and hashed as in Python", () => {
  ok(equal(1, true) && equal(1n, 1) && equal([1, { a: [2] }], [1, { a: [2n] }]));
  ok(!equal("1", 1) && !equal([1], [1, 2]) && equal(null, undefined));
  ok(equal(Uint8Array.of(1), Uint8Array.of(1)));
  ok(compare([1, 2], [1, 3]) < 0 && compare("b", "a") > 0 && compare(2, 2n) === 0);
  throws(() => compare("a", 1), {
    message: "'<' not supported between instances of 'str' and 'int'",
  });
  strictEqual(hashable(true), hashable(1n));
  strictEqual(hashable([1, "a"]), hashable([1, "a"]));
  throws(() => hashable({}), { message: "unhashable type: 'dict'" });
});

test("a managed list slices and sorts as Python's", () => {
  const list = new ManagedList([5, 3, 9, 1]);
  deepStrictEqual(list.__getitem__(new PySlice(null, null, -1)), [1, 9, 3, 5]);
  deepStrictEqual(list.__getitem__(new PySlice(-2, null)), [9, 1]);
  deepStrictEqual(list.__getitem__(new PySlice(10, 20)), []);
  list.sort({ reverse: true });
  strictEqual(String(list), "[9, 5, 3, 1]");
  list.__setitem__(new PySlice(1, 3), ["a"]);
  strictEqual(String(list), "[9, 'a', 1]");
  throws(() => list.__setitem__(new PySlice(null, null, 2), [1]), {
    message: "attempt to assign sequence of size 1 to extended slice of size 2",
  });
  list.__delitem__(-1);
  throws(() => list.__getitem__(2), { message: "list index out of range" });
  throws(() => list.__getitem__("x"), {
    message: "list indices must be integers or slices, not str",
  });
  throws(() => list.index("z"), { message: "'z' is not in list" });
  throws(() => list.remove(0), { message: "list.remove(x): x not in list" });
  throws(() => new ManagedList().pop(), { message: "pop from empty list" });
  throws(() => new ManagedList(5), { message: "'int' object is not iterable" });
});

test("a managed dict has Python's keys", () => {
  const dict = new ManagedDict([[1, "a"], ["1", "b"]]);
  dict.__setitem__(true, "c");
  deepStrictEqual(dict.items(), [[1, "c"], ["1", "b"]]);
  dict.__setitem__(Uint8Array.of(1), null);
  strictEqual(dict.get(Uint8Array.of(1), "missing"), null);
  dict.__setitem__([1, 2], "tuple");
  strictEqual(dict.__getitem__([1, 2]), "tuple");
  throws(() => dict.__getitem__("zz"), { name: "KeyError", message: "'zz'" });
  deepStrictEqual(dict.popitem(), [[1, 2], "tuple"]);
  deepStrictEqual(new ManagedDict({ a: 1 }, { b: 2 })._getvalue(), { a: 1, b: 2 });
  throws(() => new ManagedDict([[1]]), {
    message: "dictionary update sequence element #0 has length 1; 2 is required",
  });
  strictEqual(String(new ManagedDict({ a: [null] })), "{'a': [None]}");
});

test("a managed set and array do what Python's do", () => {
  const set = new ManagedSet([1, 2, 2]);
  deepStrictEqual(set.__or__(new Set([3])), new Set([1, 2, 3]));
  deepStrictEqual(set.__rsub__(new Set([2, 5])), new Set([5]));
  ok(set.__lt__(new Set([1, 2, 3])) && set.isdisjoint([7]));
  throws(() => set.__and__([1]), {
    message: "unsupported operand type(s) for &: 'set' and 'list'",
  });
  const array = new ManagedArray("b", [1, -2]);
  throws(() => array.__setitem__(0, 128), { name: "OverflowError" });
  throws(() => array.__setitem__(0, "x"), {
    message: "'str' object cannot be interpreted as an integer",
  });
  throws(() => array.__getitem__(2), { message: "array index out of range" });
  strictEqual(String(array), "array('b', [1, -2])");
  strictEqual(String(new ManagedArray("d", [1, 2.5])), "array('d', [1.0, 2.5])");
  strictEqual(new ManagedArray("q", [2n ** 60n]).__getitem__(0), 2n ** 60n);
});

/** Calls as one client. */
function client(name: string) {
  const owner = new Owner(name);
  const waits = new Waits();
  let call = 0;
  return {
    owner,
    run: <T>(fn: () => T): T => callAs(owner, waits, ++call, fn),
    cancel: () => waits.cancelAll(),
  };
}

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
  b.owner.end(true); // an RLock could not be released by anybody else
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

test("a wait that is given up has not happened", async () => {
  const [a, b] = [client("a"), client("b")];
  const queue = new ManagedQueue(1);
  const getting = a.run(() => queue.get()) as Promise<unknown>;
  a.cancel();
  await getting.then(() => ok(false), (error) => strictEqual(error, CANCELLED));
  b.run(() => queue.put("x"));
  strictEqual(queue.get(), "x");
  const event = new ManagedEvent();
  const waiting = b.run(() => event.wait());
  event.set();
  strictEqual(await waiting, true);
});

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

test("objects are counted for each client, and go with the last reference", () => {
  const objects = new Objects(
    new Map([
      ["list", { callable: ManagedList, exposed: null, method_to_typeid: null }],
      ["bare", { callable: null, exposed: null, method_to_typeid: null }],
    ]),
  );
  const [a, b] = [new References(objects), new References(objects)];
  const made = objects.create("list", [[1]], null);
  ok(!(made instanceof Promise));
  a.add(made.entry);
  b.add(made.entry);
  a.clear();
  strictEqual(objects.count, 1);
  b.remove(made.entry);
  b.remove(made.entry); // once too often: nothing
  strictEqual(objects.count, 0);
  throws(() => objects.need(made.entry.id), Trouble);
  throws(() => objects.create("bare", [], null), (error: Trouble) => {
    return error.text.includes("Without callable, must have one non-keyword argument");
  });
  deepStrictEqual(public_methods(new ManagedQueue()).slice(0, 3), [
    "empty",
    "full",
    "get",
  ]);
});

test("names and numbers of the protocol come back", () => {
  const bytes = new Uint8Array(4);
  put32(bytes, 0, 0xfffffffe);
  strictEqual(get32(bytes, 0), 0xfffffffe);
  const name = encodeName("größe");
  strictEqual(decodeName(name, 1, name.length), "größe");
  strictEqual(
    String(new Token("list", ["h", 1], "1f")),
    "Token(typeid='list', address=['h', 1], id='1f')",
  );
  strictEqual(MakeProxyType("XProxy", ["x"]).name, "XProxy");
});

async function withManager(fn: (manager: SyncManager) => Promise<void>): Promise<void> {
  const manager = new SyncManager();
  await manager.start();
  try {
    await fn(manager);
  } finally {
    await manager.shutdown();
  }
}

test("proxies take assignments, give promises, and show themselves", async () => {
  await withManager(async (manager) => {
    const dict = await manager.dict();
    const value = { n: 1 };
    dict.a = value;
    value.n = 2; // too late
    const read = dict.a;
    dict.a = 3;
    deepStrictEqual(await read, { n: 1 });
    strictEqual(await dict.a, 3);
    await rejects(dict.missing, { name: "KeyError" });
    const list = await manager.list([1, 2, 3]);
    list[0] = 10;
    strictEqual(await list[-3], 10);
    deepStrictEqual(await list.__getitem__(slice(1, null)), [2, 3]);
    ok(String(list).startsWith("<ListProxy object, typeid 'list' at 0x"));
    const namespace = await manager.Namespace({ x: 1 });
    const copy = await namespace._getvalue() as Namespace;
    strictEqual(String(copy), "Namespace(x=1)");
  });
}, { leaks: LEAKS });

test("a wait for a managed object ends by its signal", async () => {
  await withManager(async (manager) => {
    const queue = await manager.Queue();
    const controller = new AbortController();
    const getting = queue.get({ signal: controller.signal });
    await queue.qsize(); // it has begun
    controller.abort(new Error("enough"));
    await rejects(getting, { message: "enough" });
    await queue.put("still here");
    strictEqual(await queue.get(), "still here");
    const lock = await manager.Lock();
    strictEqual(await lock.with(() => lock.locked()), true);
    strictEqual(await lock.locked(), false);
    strictEqual(await lock.acquire({ timeout: 0.01 }), true);
    strictEqual(await lock.acquire({ timeout: 0.01 }), false);
  });
}, { leaks: LEAKS });

test("wait_for asks here, and a condition may share a lock", async () => {
  await withManager(async (manager) => {
    const lock = await manager.Lock();
    const condition = await manager.Condition(lock);
    await condition.acquire();
    strictEqual(await lock.locked(), true);
    strictEqual(await condition.wait_for(() => false, 0.01), false);
    strictEqual(await condition.wait_for(() => 5), 5);
    await condition.release();
    strictEqual(await lock.locked(), false);
    await rejects(condition.notify(), { message: "cannot notify on un-acquired lock" });
  });
}, { leaks: LEAKS });
