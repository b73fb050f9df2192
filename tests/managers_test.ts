/**
 * What proxies do beyond the cases that are ported from CPython. Each piece of
 * `src/managers/` has its own tests in `managers/`.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  all_methods,
  type IteratorProxy,
  MakeProxyType,
  type Namespace,
  public_methods,
  type SetProxy,
  slice,
  Token,
} from "../src/managers.ts";
import { MANAGER } from "./helpers/manager_tests.ts";
import { test } from "./suite.ts";

test("tokens and made types have Python's names", () => {
  strictEqual(
    String(new Token("list", ["h", 1], "1f")),
    "Token(typeid='list', address=['h', 1], id='1f')",
  );
  strictEqual(MakeProxyType("XProxy", ["x"]).name, "XProxy");
});

MANAGER.test(
  "proxies take assignments, give promises, and show themselves",
  async (manager) => {
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
  },
);

MANAGER.test("a wait for a managed object ends by its signal", async (manager) => {
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

MANAGER.test("wait_for asks here, and a condition may share a lock", async (manager) => {
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

MANAGER.test("served locks take their arguments by name too", async (manager) => {
  const condition = await manager.Condition({ lock: await manager.RLock() });
  const sleeping: Promise<boolean>[] = [];
  for (let i = 0; i < 3; i++) {
    await condition.acquire({ blocking: true });
    const woken = condition.wait({ timeout: 60 });
    sleeping.push(woken.finally(() => condition.release()));
  }
  await condition.acquire();
  await condition.notify({ n: 2 });
  await condition._callmethod("notify", [], { n: 1 }); // as CPython's clients send it
  await condition.release();
  deepStrictEqual(await Promise.all(sleeping), [true, true, true]);
  const semaphore = await manager.Semaphore({ value: 0 });
  await semaphore.release({ n: 2 });
  await semaphore._callmethod("release", [], { n: 1 });
  for (let i = 0; i < 3; i++) strictEqual(await semaphore.acquire(false), true);
  strictEqual(await semaphore.locked(), true);
  const refused = { name: "TypeError", message: /unexpected keyword argument 'm'/ };
  await rejects(condition.notify({ m: 2 } as never), refused);
  await rejects(semaphore.release({ m: 2 } as never), refused);
  await rejects(condition._callmethod("notify", [], { m: 2 }), refused);
});

MANAGER.test(
  "an iterator that is no generator refuses what only these can, and loses nothing",
  async (manager) => {
    const pool = await manager.Pool(1);
    const roots = await pool.imap(Math.sqrt, [1, 4, 9]) as IteratorProxy<number>;
    const refused = (method: string) => ({
      name: "RemoteError",
      message: new RegExp(`'IMapIterator' object has no attribute '${method}'`),
    });
    await rejects(roots.send(1), refused("send"));
    await rejects(roots.throw(new TypeError("x")), refused("throw"));
    await rejects(roots.close(), refused("close"));
    strictEqual(await roots.__next__(), 1);
    for (const words of [await manager.dict({ a: 1 }), await manager.set(["a"])]) {
      const iterator = await words._callmethod("__iter__") as IteratorProxy<string>;
      await rejects(iterator.send(1), { name: "RemoteError" });
      await rejects(iterator.close(), { name: "RemoteError" });
      strictEqual(await iterator.__next__(), "a");
    }
    await pool.terminate();
  },
);

MANAGER.test("what a manager makes takes keywords", async (manager) => {
  const barrier = await manager.Barrier(1, { timeout: 5 });
  strictEqual(await barrier.wait(), 0);
  const array = await manager.Array("i", [1, 2], { lock: false });
  deepStrictEqual(await array.__len__(), 2);
  const held = await manager.Value("i", { lock: 1 }, false); // an object is a value
  deepStrictEqual(await held.get(), { lock: 1 });
  const queue = await manager.Queue<number>();
  await queue.put(1);
  await queue.shutdown({ immediate: true });
  await rejects(queue.get(), { name: "ShutDown" });
});

MANAGER.test("a pool's proxy has the pool's methods", async (manager) => {
  const pool = await manager.Pool({ processes: 1 });
  strictEqual(pool.__enter__(), pool);
  strictEqual(await pool.apply(Math.max, [1, 3]), 3);
  strictEqual(await pool.apply(Math.max, { args: [2, 1] }), 2);
  const later = await pool.apply_async(Math.sqrt, { args: [4] });
  strictEqual(await later.get(), 2);
  deepStrictEqual(await pool.map(Math.sqrt, [1, 4], { chunksize: 1 }), [1, 2]);
  deepStrictEqual(await pool.starmap(Math.pow, [[2, 3]], 1), [8]);
  await pool.close();
  await pool.join();
});

test("all_methods has what public_methods leaves out", () => {
  class Some {
    b() {}
    _a() {}
  }
  deepStrictEqual(all_methods(new Some()), ["_a", "b"]);
  deepStrictEqual(public_methods(new Some()), ["b"]);
});

MANAGER.test("a set proxy's operators in place give the proxy", async (manager) => {
  let set: SetProxy<number> = await manager.set([1, 2]);
  const proxy = set;
  set = await set.__ior__(new Set([3]));
  set = await set.__iand__(new Set([2, 3, "x"]));
  set = await set.__isub__(new Set([2, "x"]));
  set = await set.__ixor__(new Set([3, 4]));
  strictEqual(set, proxy);
  deepStrictEqual(await set._getvalue(), new Set([4]));
  await rejects(set.__ior__([1] as never), { name: "TypeError" });
});
