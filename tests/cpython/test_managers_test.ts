/**
 * Ported from `_TestContainers`, `_TestMyManager`, `_TestRemoteManager`,
 * `_TestManagerRestart`, `TestInitializers.test_manager_initializer` and
 * `TestSyncManagerTypes` of CPython's `_test_multiprocessing.py`. The variants of locks,
 * queues and pools that run with a manager are in those suites: see helpers/kinds.ts.
 *
 * Changed throughout: what Python's syntax does is a method's call; generators are loops
 * with `for await` or `__next__`; `test_remote` and `test_rapid_restart` speak the package's
 * own protocol instead of XML-RPC.
 *
 * Left out:
 * - `TestManagerExceptions`: which cycles the collector finds is up to the runtime.
 */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Process, RemoteError } from "../../mod.ts";
import type { Target } from "../../src/process.ts";
import { BaseManager, type BaseProxy, slice, SyncManager } from "../../src/managers.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { MANAGER } from "../helpers/manager_tests.ts";
import { test } from "../suite.ts";
import * as targets from "./helpers/manager_targets.ts";
import { exitcodeOf, raises } from "./helpers/checks.ts";
import { list as all } from "./helpers/pool_targets.ts";

MANAGER.test("_TestContainers.test_list", async (manager) => {
  const a = await manager.list<unknown>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  deepStrictEqual(await a.__getitem__(slice(null, null)), [...Array(10).keys()]);
  const b = await manager.list();
  deepStrictEqual(await b._getvalue(), []);
  await b.extend([0, 1, 2, 3, 4]);
  deepStrictEqual(await b._getvalue(), [0, 1, 2, 3, 4]);
  strictEqual(await b[2], 2);
  deepStrictEqual(await b.__getitem__(slice(2, 10)), [2, 3, 4]);
  await b.__imul__(2);
  deepStrictEqual(await b._getvalue(), [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  deepStrictEqual(await b.__add__([5, 6]), [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6]);
  const d = [a, b];
  const e = await manager.list(d);
  const inner = await Promise.all((await e._getvalue()).map((p) => p._getvalue()));
  deepStrictEqual(inner, [await a._getvalue(), await b._getvalue()]);
  const f = await manager.list([a]);
  await a.append("hello");
  const first = await f[0];
  strictEqual(await first.__getitem__(-1), "hello");
  deepStrictEqual(await first.__getitem__(slice(null, null)), await a._getvalue());
});

MANAGER.test("_TestContainers.test_list_iter", async (manager) => {
  const a = await manager.list([0, 1, 2]);
  const iterator = a[Symbol.asyncIterator]();
  for (const expected of [0, 1, 2]) {
    strictEqual((await iterator.next()).value, expected);
  }
  ok((await iterator.next()).done);
  await a.append(100);
  deepStrictEqual(await all(a), [0, 1, 2, 100]);
  ok((await iterator.next()).done); // an exhausted iterator stays so
});

MANAGER.test("_TestContainers.test_list_proxy_in_list", async (manager) => {
  const a = await manager.list([
    await manager.list([0, 1, 2]),
    await manager.list([0, 1, 2]),
  ]);
  (await a[0])[0] = 55;
  deepStrictEqual(await (await a[0])._getvalue(), [55, 1, 2]);
  deepStrictEqual(await (await a[1])._getvalue(), [0, 1, 2]);
  strictEqual(await (await a[1]).pop(), 2);
  strictEqual(await (await a[1]).__len__(), 2);
  const b = await manager.list();
  await b.append(b);
  strictEqual(await (await (await b[0])[0]).__len__(), 1);
  await b.__delitem__(0);
  strictEqual(await b.__len__(), 0);
});

MANAGER.test("_TestContainers.test_dict", async (manager) => {
  const d = await manager.dict();
  const indices = [65, 66, 67, 68, 69, 70];
  for (const i of indices) await d.__setitem__(i, String.fromCharCode(i));
  const pairs = indices.map((i) => [i, String.fromCharCode(i)] as [number, string]);
  deepStrictEqual(await d.copy(), new Map(pairs));
  deepStrictEqual(await d.keys(), indices);
  deepStrictEqual(await d.values(), [..."ABCDEF"]);
  deepStrictEqual(await d.items(), pairs);
});

MANAGER.test("_TestContainers.test_dict_iter", async (manager) => {
  const d = await manager.dict();
  for (const i of [65, 66]) await d.__setitem__(i, i);
  deepStrictEqual(await all(d), [65, 66]);
  const it = await d.__iter__();
  strictEqual(await it.__next__(), 65);
  await d.clear();
  await rejects(it.__next__(), { name: "RuntimeError" });
});

MANAGER.test("_TestContainers.test_dict_proxy_nested", async (manager) => {
  const pets = await manager.dict({ ferrets: 2, hamsters: 4 });
  const supplies = await manager.dict({ water: 10, feed: 3 });
  const d = await manager.dict({ pets, supplies });
  strictEqual(await (await d.supplies).water, 10);
  (await d.supplies).blankets = 5;
  strictEqual(await (await d.supplies).blankets, 5);
  (await d.supplies).water = 7;
  strictEqual(await supplies.water, 7);
  const outer = await manager.list([{ a: 1 }, pets]);
  deepStrictEqual(await outer[0], { a: 1 }); // plain stays plain
  strictEqual(await (await outer[1]).ferrets, 2);
  await (await outer[1]).__delitem__("ferrets");
  deepStrictEqual(await pets.keys(), ["hamsters"]);
});

MANAGER.test("_TestContainers.test_nested_queue", async (manager) => {
  const list = await manager.list();
  await list.append(await manager.Queue());
  await (await list[0]).put("something");
  strictEqual(await (await list[0]).get(), "something");
  const dict = await manager.dict();
  dict.key = await manager.Queue();
  await (await dict.key).put("this");
  strictEqual(await (await dict.key).get(), "this");
});

MANAGER.test("_TestContainers.test_namespace", async (manager) => {
  const n = await manager.Namespace();
  n.name = "Bob";
  n.job = "Builder";
  n._hidden = "hidden";
  strictEqual(await n.name, "Bob");
  strictEqual(n._hidden, "hidden");
  delete n.job;
  strictEqual(await n.__str__(), "Namespace(name='Bob')");
  const gone = "'Namespace' object has no attribute 'job'";
  await raises(n.__getattr__("job"), "AttributeError", gone);
});

MANAGER.test("managed queues raise what Python's do", async (manager) => {
  const queue = await manager.Queue(1);
  await queue.put(1);
  await rejects(queue.put(2, false), { name: "Full" });
  await rejects(queue.put(2, { timeout: -1 }), { name: "ValueError" });
  strictEqual(await queue.get(), 1);
  await rejects(queue.get_nowait(), { name: "Empty" });
  await queue.task_done();
  await raises(queue.task_done(), "ValueError", "task_done() called too many times");
});

async function testMyManager(manager: targets.MyManager): Promise<void> {
  const foo = await manager.Foo();
  const bar = await manager.Bar();
  const baz = await manager.baz();
  deepStrictEqual([typeof foo.f, typeof foo.g, typeof foo._h], [
    "function",
    "function",
    "undefined",
  ]);
  deepStrictEqual([typeof bar.f, typeof bar.g, typeof bar._h], [
    "function",
    "undefined",
    "function",
  ]);
  strictEqual(await foo.f(), "f()");
  await rejects(foo.g(), { name: "ValueError", message: "g" });
  strictEqual(await foo._callmethod("f"), "f()");
  await rejects(foo._callmethod("_h"), RemoteError);
  strictEqual(await bar.f(), "f()");
  strictEqual(await bar._h(), "_h()");
  strictEqual(await bar._callmethod("_h"), "_h()");
  for (let i = 0; i < 10; i++) strictEqual(await baz.__next__(), i * i);
  await rejects(baz.__next__(), { name: "StopIteration" });
}

SOCKETS.test("_TestMyManager.test_mymanager", async () => {
  const manager = new targets.MyManager({ shutdown_timeout: 20 });
  await manager.start();
  await testMyManager(manager);
  const process = manager._process!;
  await manager.shutdown();
  strictEqual(process.exitcode, 0);
});

SOCKETS.test("_TestMyManager.test_mymanager_context", async () => {
  // What `await using manager = await new MyManager().__enter__()` does.
  const manager = await new targets.MyManager({ shutdown_timeout: 20 }).__enter__();
  await testMyManager(manager);
  const process = manager._process!;
  await manager[Symbol.asyncDispose]();
  strictEqual(process.exitcode, 0);
});

test("a manager that was not started needs no end", async () => {
  await new targets.MyManager()[Symbol.asyncDispose]();
});

SOCKETS.test("_TestMyManager.test_mymanager_context_prestarted", async () => {
  const manager = new targets.MyManager({ shutdown_timeout: 20 });
  await manager.start();
  const process = manager._process!;
  await manager.__enter__();
  await testMyManager(manager);
  await manager.__exit__();
  strictEqual(process.exitcode, 0);
  await rejects(manager.__enter__(), { name: "ProcessError" });
});

SOCKETS.test("_TestRemoteManager.test_remote", async () => {
  const authkey = crypto.getRandomValues(new Uint8Array(32));
  const queue = new RemoteQueue();
  class Manager extends BaseManager {}
  Manager.register("get_queue", () => queue);
  const manager = new Manager({ address: ["127.0.0.1", 0], authkey });
  const server = await manager.get_server();
  const served = server.serve_forever();
  const child = new Process({
    target: targets.putByManager,
    args: [server.address, authkey],
  });
  child.start();
  class Client extends BaseManager {}
  Client.register("get_queue");
  const client = new Client({ address: server.address, authkey });
  await client.connect();
  const proxy = await client.get_queue();
  deepStrictEqual(await proxy.get(), ["hello world", null, true, 2.25]);
  await child.join();
  const wrong = new Client({ address: server.address, authkey: new Uint8Array(3) });
  await rejects(wrong.connect(), { name: "AuthenticationError" });
  server.stop();
  await served;
});

SOCKETS.test("_TestManagerRestart.test_rapid_restart", async () => {
  const authkey = crypto.getRandomValues(new Uint8Array(32));
  const manager = new SyncManager({ address: ["localhost", 0], authkey });
  await manager.start();
  const { address } = manager;
  await (await manager.Queue()).put("x");
  await manager.shutdown();
  const again = new SyncManager({ address, authkey });
  await again.start();
  deepStrictEqual(again.address, address);
  await again.shutdown();
});

SOCKETS.test("TestInitializers.test_manager_initializer", async () => {
  class Manager extends BaseManager {}
  Manager.register("Witness", targets.Witness);
  const manager = new Manager();
  throws(() => manager.start(1 as never), {
    name: "TypeError",
    message: "initializer must be a callable",
  });
  await manager.start(targets.initialize, ["ready"]);
  strictEqual(await (await manager.Witness()).word(), "ready");
  await manager.shutdown();
});

SOCKETS.test("a manager says in which state it is", async () => {
  const manager = new SyncManager();
  await raises(manager.list(), "AssertionError", "server not yet started");
  const absent = "'SyncManager' object has no attribute 'shutdown'";
  await raises(manager.shutdown(), "AttributeError", absent);
  await manager.start();
  throws(() => manager.start(), {
    name: "ProcessError",
    message: "Already started server",
  });
  await rejects(manager.get_server(), { message: "Already started server" });
  await manager.shutdown();
  await manager.shutdown();
  throws(() => manager.start(), {
    name: "ProcessError",
    message: "Manager has shut down",
  });
  await rejects(manager.list(), { name: "AssertionError" });
  throws(() => new SyncManager({ serializer: "json" }), { name: "KeyError" });
  throws(() => new SyncManager({ authkey: "x" as never }), {
    name: "TypeError",
    message: "string argument without an encoding",
  });
  const none = "address type of None unrecognized";
  await raises(new SyncManager().connect(), "ValueError", none);
});

// --- TestSyncManagerTypes

function typeTest(
  name: string,
  make: (manager: SyncManager) => Promise<BaseProxy>,
  // deno-lint-ignore no-explicit-any -- proxies of all kinds
  target: (proxy: any) => Promise<void>,
  // deno-lint-ignore no-explicit-any -- as above
  after?: (proxy: any) => Promise<void>,
): void {
  MANAGER.test(`TestSyncManagerTypes.${name}`, async (manager) => {
    const proxy = await make(manager);
    const child = new Process({ target: target as Target, args: [proxy] });
    child.start();
    strictEqual(await exitcodeOf(child), 0);
    await after?.(proxy);
  });
}

typeTest("test_event", async (m) => {
  const event = await m.Event();
  await event.set();
  return event;
}, targets.useEvent);
typeTest("test_lock", (m) => m.Lock(), targets.acquire, async (lock) => {
  await lock.release();
  await rejects(lock.release(), { name: "RuntimeError" });
});
typeTest("test_rlock", (m) => m.RLock(), targets.acquireAndRelease);
typeTest("test_semaphore", (m) => m.Semaphore(), targets.acquire, (s) => s.release());
typeTest(
  "test_bounded_semaphore",
  (m) => m.BoundedSemaphore(),
  targets.acquire,
  (s) => s.release(),
);
typeTest("test_condition", (m) => m.Condition(), targets.acquireAndRelease);
typeTest("test_barrier", (m) => m.Barrier(5), targets.useBarrier);
typeTest("test_pool", (m) => m.Pool(4), targets.usePool);
const QUEUES = { test_queue: "Queue", test_joinable_queue: "JoinableQueue" } as const;
for (const [name, type] of Object.entries(QUEUES)) {
  typeTest(name, async (m) => {
    const queue = await m[type](2);
    await queue.put(5);
    await queue.put(6);
    return queue;
  }, targets.useQueue);
}
typeTest(
  "test_list",
  async (m) => {
    const list = await m.list();
    await list.append(5);
    await list.append(6);
    return list;
  },
  targets.useList,
  async (list) => strictEqual(await list.__len__(), 1),
);
typeTest(
  "test_dict",
  async (m) => {
    const dict = await m.dict();
    dict.foo = 5;
    return dict;
  },
  targets.useDict,
  async (dict) => strictEqual(await dict.__len__(), 0),
);
typeTest("test_value", (m) => m.Value("i", 1), targets.useValue, async (value) => {
  strictEqual(await value.value, 2);
});
typeTest("test_array", (m) => m.Array("i", [0, 1]), targets.useArray);
typeTest("test_namespace", async (m) => {
  const namespace = await m.Namespace();
  namespace.x = 0;
  namespace.y = 1;
  return namespace;
}, targets.useNamespace);

class RemoteQueue {
  readonly #items: unknown[] = [];
  readonly #waiting: ((item: unknown) => void)[] = [];
  put(item: unknown): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(item);
    else waiting(item);
  }
  get(): unknown {
    if (this.#items.length > 0) return this.#items.shift();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
