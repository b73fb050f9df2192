/** Methods that return None in CPython give nothing: for each, what a call gives here. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  freeze_support,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  RLock,
  Semaphore,
  SimpleQueue,
} from "../../mod.ts";
import { Listener } from "../../src/connection.ts";
import { echo } from "../children/basics.ts";
import { square } from "../helpers/pool_work.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { pairOf } from "../helpers/socket_pairs.ts";
import { test } from "../suite.ts";

type Calls = Record<string, () => unknown>;

/** The methods that were called. */
const called = new Set<string>();

/** Calls one after the other; each must give nothing. */
async function check(className: string, calls: Calls): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(calls)) {
    called.add(`${className}.${name.replace(/,.*/, "")}`);
    found[name] = await call();
  }
  const nothing = Object.keys(calls).map((name) => [name, undefined]);
  deepStrictEqual(found, Object.fromEntries(nothing), className);
}

/** The same with proxies, which may answer with Python's None, too. */
async function checkProxy(className: string, calls: Calls): Promise<void> {
  const given = Object.entries(calls).map(([name, call]): [string, () => unknown] => [
    name,
    async () => await call() ?? undefined,
  ]);
  await check(className, Object.fromEntries(given));
}

for (const make of [() => Queue(), () => Queue(4), () => JoinableQueue()]) {
  test(`${make}: what returns None in CPython gives nothing`, async () => {
    const q = make();
    const name = q.constructor.name;
    await check(name, {
      put: () => q.put(1),
      "put, keywords": () => q.put(1, { timeout: 1 }),
      put_nowait: () => q.put_nowait(1),
      // Now and then one waits, so that others get their turn.
      "put, often": async () => {
        for (let n = 0; n < 300; n++) {
          await q.get();
          strictEqual(await q.put(1), undefined);
        }
      },
      cancel_join_thread: () => q.cancel_join_thread(),
      close: () => q.close(),
      join_thread: () => q.join_thread(),
    });
  });
}

test("JoinableQueue, SimpleQueue: what returns None in CPython gives nothing", async () => {
  const [joinable, simple] = [JoinableQueue(), SimpleQueue()];
  await joinable.put(1);
  await joinable.get();
  await check("JoinableQueue", {
    task_done: () => joinable.task_done(),
    join: () => joinable.join(),
  });
  await check("SimpleQueue", { put: () => simple.put(1), close: () => simple.close() });
});

test("locks: what returns None in CPython gives nothing", async () => {
  for (const make of [Lock, RLock, Semaphore, BoundedSemaphore]) {
    const lock = make();
    await lock.acquire();
    await check(make.name, { release: () => lock.release() });
  }
  const [condition, event, barrier] = [Condition(), Event(), Barrier(2)];
  await condition.acquire();
  await check("Condition", {
    notify: () => condition.notify(),
    "notify, several": () => condition.notify(3),
    notify_all: () => condition.notify_all(),
    release: () => condition.release(),
  });
  await check("Event", { set: () => event.set(), clear: () => event.clear() });
  await check("Barrier", {
    reset: () => barrier.reset(),
    abort: () => barrier.abort(),
  });
});

SOCKETS.test("connections: what returns None in CPython gives nothing", async () => {
  const listener = await Listener();
  const sockets = await pairOf(listener);
  for (const [a, b] of [Pipe(), sockets]) {
    await check("Connection", {
      send: () => a.send(1),
      send_bytes: () => a.send_bytes(new Uint8Array(3)),
      "send, much": () => a.send(new Uint8Array(1000)),
      close: () => a.close(),
    });
    b.close();
  }
  await check("Listener", { close: () => listener.close() });
});

test("processes and pools: what returns None in CPython gives nothing", async () => {
  const p = new Process({ target: echo, args: [Queue<number>(), Queue<number>(), 1] });
  await check("Process", {
    start: () => p.start(),
    "join, in vain": () => p.join(0.01),
    terminate: () => p.terminate(),
    kill: () => p.kill(),
    join: () => p.join(),
    close: () => p.close(),
  });
  await check("context", { freeze_support: () => freeze_support() });
  const pool = Pool(1);
  await check("AsyncResult", {
    wait: () => pool.apply_async(square, [1]).wait(),
    "wait, in vain": () => pool.apply_async(square, [1]).wait(0),
  });
  await check("Pool", {
    close: () => pool.close(),
    join: () => pool.join(),
    terminate: () => pool.terminate(),
  });
});

SOCKETS.test(
  "managed objects: what returns None in CPython gives nothing, or null",
  async () => {
    const manager = await Manager();
    const list = await manager.list([3, 1, 2]);
    await checkProxy("ListProxy", {
      append: () => list.append(4),
      extend: () => list.extend([5, 6]),
      insert: () => list.insert(0, 7),
      reverse: () => list.reverse(),
      sort: () => list.sort(),
      remove: () => list.remove(7),
      __setitem__: () => list.__setitem__(0, 1),
      __delitem__: () => list.__delitem__(0),
      clear: () => list.clear(),
    });
    const dict = await manager.dict({ a: 1 });
    await checkProxy("DictProxy", {
      __setitem__: () => dict.__setitem__("b", 2),
      __delitem__: () => dict.__delitem__("b"),
      update: () => dict.update({ c: 3 }),
      clear: () => dict.clear(),
    });
    const value = await manager.Value("i", 0);
    await checkProxy("Value", { set: () => value.set(2) });
    const q = await manager.JoinableQueue();
    await checkProxy("JoinableQueue", { put: () => q.put(1) });
    await q.get();
    await checkProxy("JoinableQueue", {
      task_done: () => q.task_done(),
      join: () => q.join(),
    });
    await manager.shutdown();
  },
);

SOCKETS.test("managed locks: what returns None in CPython gives nothing, or null", async () => {
  const manager = await Manager();
  const lock = await manager.Lock();
  await lock.acquire();
  await checkProxy("Lock", { release: () => lock.release() });
  const event = await manager.Event();
  await checkProxy("Event", { set: () => event.set(), clear: () => event.clear() });
  const barrier = await manager.Barrier(2);
  await checkProxy("Barrier", {
    reset: () => barrier.reset(),
    abort: () => barrier.abort(),
  });
  const condition = await manager.Condition();
  await condition.acquire();
  await checkProxy("Condition", {
    notify: () => condition.notify(),
    notify_all: () => condition.notify_all(),
    release: () => condition.release(),
  });
  await check("BaseManager", { shutdown: () => manager.shutdown() });
});

/** Prints the methods of CPython's classes that return no value. */
const METHODS = `
import ast, json, os, multiprocessing
folder = os.path.dirname(multiprocessing.__file__)
NAMES = {'_ConnectionBase': 'Connection', 'BaseProcess': 'Process', 'ApplyResult': 'AsyncResult'}
CLASSES = {'Queue', 'JoinableQueue', 'SimpleQueue', 'Condition', 'Event', 'Listener', 'Pool', *NAMES}
found = []
def returns(node):
    if isinstance(node, (ast.Yield, ast.YieldFrom)): return True
    return isinstance(node, ast.Return) and not (
        node.value is None or isinstance(node.value, ast.Constant) and node.value.value is None)
for name in ('queues', 'synchronize', 'connection', 'process', 'pool'):
    with open(f'{folder}/{name}.py') as file: tree = ast.parse(file.read())
    for kind in ast.walk(tree):
        if not isinstance(kind, ast.ClassDef) or kind.name not in CLASSES: continue
        for method in kind.body:
            if not isinstance(method, ast.FunctionDef) or method.name.startswith('_'): continue
            if method.decorator_list or any(returns(node) for node in ast.walk(method)): continue
            found.append(f'{NAMES.get(kind.name, kind.name)}.{method.name}')
print(json.dumps(found))
`;

pythonTest("all methods that return None in CPython have been called", async () => {
  const users = ["Process.run"]; // what it gives is the user's
  const missing = (await askPython(METHODS) as string[])
    .filter((name) => !called.has(name) && !users.includes(name));
  deepStrictEqual(missing, []);
});
