/**
 * Ported from `_TestContainers` and `TestSyncManagerTypes` of CPython's
 * `_test_multiprocessing.py`: what a `SyncManager` makes. These run with managers of all kinds:
 * see ../helpers/manager_tests.ts.
 *
 * Changed throughout: what Python's syntax does is a method's call; loops are `for await`.
 */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import {
  type BaseProxy,
  type DictProxy,
  type ListProxy,
  slice,
  type SyncManager,
} from "../../src/managers.ts";
import { collectGarbage } from "../helpers/gc.ts";
import { MANAGER, processFor } from "../helpers/manager_tests.ts";
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
  const it = a[Symbol.asyncIterator]();
  deepStrictEqual(await rest(it), [0, 1, 2]);
  await a.append(3);
  deepStrictEqual(await rest(it), []); // exhausted, and it stays so
  const changed = a[Symbol.asyncIterator]();
  a[0] = 100;
  strictEqual((await changed.next()).value, 100);
  await a.append(4);
  a[2] = 200;
  deepStrictEqual(await rest(changed), [1, 200, 3, 4]);
});

MANAGER.test("_TestContainers.test_list_proxy_in_list", async (manager) => {
  const three = [0, 1, 2];
  const a = await manager.list(
    await Promise.all(three.map(() => manager.list(three))),
  );
  const items = async (i: number) => await (await a[i]!).__getitem__(slice(null, null));
  for (const i of three) deepStrictEqual(await items(i), three);

  (await a[0])[-1] = 55;
  deepStrictEqual(await items(0), [0, 1, 55]);
  for (const i of [1, 2]) deepStrictEqual(await items(i), three);

  strictEqual(await (await a[1]).pop(), 2);
  strictEqual(await (await a[1]).__len__(), 2);
  for (const i of [0, 2]) strictEqual(await (await a[i]!).__len__(), 3);

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
  const indices = [65, 66, 67, 68, 69];
  for (const i of indices) await d.__setitem__(i, String.fromCharCode(i));
  const it = await d.__iter__();
  deepStrictEqual(await all(it), indices);
  deepStrictEqual(await all(it), []); // exhausted
  await raises(it.__next__(), "StopIteration");
  const changed = await d.__iter__();
  await d.clear();
  const text = "dictionary changed size during iteration";
  await raises(changed.__next__(), "RuntimeError", text);
});

MANAGER.test("_TestContainers.test_dict_proxy_nested", async (manager) => {
  const d = await dictOfDicts(manager);
  await collectGarbage(); // `del`
  strictEqual(await (await d.pets).ferrets, 2);
  (await d.supplies).blankets = 11;
  strictEqual(await (await d.supplies).blankets, 11);

  const outer = await manager.list<unknown>([[88, 99], await listOfDicts(manager, d)]);
  await collectGarbage();
  deepStrictEqual(await outer[0], [88, 99]); // plain stays plain
  const l = await outer.__getitem__(-1) as ListProxy<Row>;
  strictEqual(await (await l[0]!).marmots, 1);
  strictEqual(await (await l.__getitem__(-1)).feed, 3);
});

type Row = DictProxy<string, number>;

/** A dict with two others, both of which only it has. */
async function dictOfDicts(manager: SyncManager): Promise<DictProxy<string, Row>> {
  const pets = await manager.dict({ ferrets: 2, hamsters: 4 });
  const supplies = await manager.dict<string, number>({ water: 10, feed: 3 });
  const d = await manager.dict<string, Row>({ pets, supplies });
  strictEqual(await supplies.water, 10);
  strictEqual(await (await d.supplies!).water, 10);
  for (const [name, value] of [["blankets", 5], ["water", 7]] as const) {
    (await d.supplies!)[name] = value;
    strictEqual(await supplies[name], value);
    strictEqual(await (await d.supplies!)[name], value);
  }
  return d;
}

/** A list of a dict's dicts, which it takes out of it. */
async function listOfDicts(
  manager: SyncManager,
  d: DictProxy<string, Row>,
): Promise<ListProxy<Row>> {
  const pets = await d.pets!, supplies = await d.supplies!;
  supplies.water = 8;
  strictEqual(await supplies.water, 8);
  strictEqual(await (await d.supplies!).water, 8);
  await d.clear();
  strictEqual(await d.__len__(), 0);
  strictEqual(await supplies.water, 8); // they outlive what held them
  strictEqual(await pets.hamsters, 4);
  const l = await manager.list([pets, supplies]);
  (await l[0]!).marmots = 1;
  strictEqual(await pets.marmots, 1);
  strictEqual(await (await l[0]!).marmots, 1);
  return l;
}

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
  deepStrictEqual([await n.name, await n.job], ["Bob", "Builder"]);
  strictEqual(await n.__str__(), "Namespace(job='Builder', name='Bob')");
  strictEqual(n._hidden, "hidden");
  delete n.job;
  strictEqual(await n.__str__(), "Namespace(name='Bob')");
  strictEqual(await n.__getattr__("name"), "Bob"); // `hasattr`
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

/** What an iterator still gives. */
function rest<T>(it: AsyncIterator<T>): Promise<T[]> {
  return all({ [Symbol.asyncIterator]: () => it });
}

// --- TestSyncManagerTypes: CPython's `test_rlock` makes a Lock, by mistake; this does not

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
    const child = processFor(target, [proxy]);
    child.start();
    strictEqual(await exitcodeOf(child), 0);
    await after?.(proxy);
  });
}

typeTest(
  "test_event",
  async (m) => {
    const event = await m.Event();
    await event.set();
    return event;
  },
  targets.useEvent,
  async (event) => {
    strictEqual(await event.is_set(), false);
    strictEqual(await event.wait(0.001), false);
  },
);
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
typeTest("test_pool", (m) => m.Pool(4), targets.usePool, async (pool) => {
  match(await pool.__str__(), /state=TERMINATE pool_size=4>$/);
});
const QUEUES = { test_queue: "Queue", test_joinable_queue: "JoinableQueue" } as const;
for (const [name, type] of Object.entries(QUEUES)) {
  typeTest(
    name,
    async (m) => {
      const queue = await m[type](2);
      await queue.put(5);
      await queue.put(6);
      return queue;
    },
    targets.useQueue,
    async (queue) => {
      strictEqual(await queue.empty(), true);
      strictEqual(await queue.full(), false);
    },
  );
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
  async (list) => deepStrictEqual(await list._getvalue(), [6]),
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
  strictEqual(await value.get(), 2);
});
typeTest("test_array", (m) => m.Array("i", [0, 1]), targets.useArray);
typeTest("test_namespace", async (m) => {
  const namespace = await m.Namespace();
  namespace.x = 0;
  namespace.y = 1;
  return namespace;
}, targets.useNamespace);
