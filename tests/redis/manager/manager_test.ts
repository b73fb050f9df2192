/** A manager on a server: its objects, and how long they are there. */
import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import process from "node:process";
import { Process } from "../../../mod.ts";
import { type ListProxy, slice } from "../../../src/managers.ts";
import type { RedisContext } from "../../../src/redis/mod.ts";
import { exitcodeOf, raises } from "../../cpython/helpers/checks.ts";
import { collectGarbage } from "../../helpers/gc.ts";
import { ON_SERVER, type Server, until } from "../server.ts";
import { ADDRESS, LEASE, onServer } from "../targets.ts";
import * as targets from "./targets.ts";

/** Runs a function in another process that has the context. */
async function inChild<A extends unknown[]>(
  server: Server,
  target: (...args: A) => unknown,
  args: A,
): Promise<void> {
  process.env[ADDRESS] = server.url;
  try {
    const child = new Process({ target: onServer, args: [target, args] as never });
    await child.start();
    strictEqual(await exitcodeOf(child), 0);
  } finally {
    delete process.env[ADDRESS];
  }
}

function contextOf(server: Server): RedisContext {
  return server.context({ lease: LEASE });
}

ON_SERVER.test("other processes change the same objects", async (server) => {
  const manager = contextOf(server).Manager();
  const inner = await manager.list([1]);
  const dict = await manager.dict({ inner });
  const namespace = await manager.Namespace({ x: 1 });
  const queue = await manager.Queue();
  await inChild(server, targets.changeAll, [dict, namespace, queue]);
  strictEqual(
    await dict.__str__(),
    `{'inner': ${inner}, 'made': ${await dict["made"]}}`,
  );
  deepStrictEqual(await inner._getvalue(), [1, 2]);
  deepStrictEqual(await (await dict["made"])._getvalue(), new Set(["theirs"]));
  strictEqual(await namespace.x, 2);
  deepStrictEqual(await (await queue.get())._getvalue(), [1, 2]);
});

ON_SERVER.test("an object goes with the last container that has it", async (server) => {
  const mp = contextOf(server);
  const manager = mp.Manager();
  const dict = await manager.dict<string, ListProxy<number>>();
  const make = async () => {
    dict.a = await manager.list([1]);
    await dict.__setitem__("b", await dict["a"]!);
    await dict.__setitem__("c", await manager.list([2]));
  };
  await make();
  const objects = () => server.command("HLEN", "{mp:test}:objects");
  strictEqual(await objects(), 3);
  await until(async () => {
    await collectGarbage();
    // Only the dict is held by this process: the others are held by the dict.
    return (await holders(server)).filter((one) => !one.startsWith("o:")).length === 1;
  });
  await dict.__delitem__("a");
  strictEqual(await objects(), 3);
  deepStrictEqual(await (await dict["b"]!)._getvalue(), [1]);
  await collectGarbage();
  await dict.clear();
  await until(async () => {
    await collectGarbage();
    return await objects() === 1;
  });
});

/** Who has which object. */
async function holders(server: Server): Promise<string[]> {
  const keys = (await server.keys()).filter((key) => /:o:[^:]*:u$/.test(key));
  const sets = await Promise.all(keys.map((key) => server.command("SMEMBERS", key)));
  return sets.flat().map((one) => new TextDecoder().decode(one as Uint8Array));
}

ON_SERVER.test("objects that have each other go with the last process", async (server) => {
  const mp = contextOf(server);
  const manager = mp.Manager();
  const list = await manager.list<unknown>();
  await list.append(list);
  await list.append(await manager.dict({ list }));
  const named = await manager.named("kept").list([await manager.list([1])]);
  await mp.shutdown();
  strictEqual(await server.command("HLEN", "{mp:test}:objects"), 2);
  const again = contextOf(server).Manager().named("kept");
  const found = await again.list<ListProxy<number>>(["not used"] as never);
  deepStrictEqual(await (await found[0])._getvalue(), [1]);
  ok(named !== found);
  await rejects(again.dict(), { name: "TypeError", message: "it is a list, no dict" });
  await contextOf(server).unlink();
});

ON_SERVER.test("a manager's end removes what it has made", async (server) => {
  const mp = contextOf(server);
  const list = await mp.Manager().list([0]);
  {
    await using manager = mp.Manager();
    match(String(manager), /^<multiprocessing.redis.RedisManager object at 0x/);
    const dict = await manager.dict({ a: 1 });
    await list.append(dict);
    const named = await manager.named("d").dict({ b: 1 });
    strictEqual(await named["b"], 1);
    throws(() => manager.start(), {
      name: "ProcessError",
      message: "Already started server",
    });
  }
  const dict = await list[1];
  const gone = "[Errno 2] there is no such object any more";
  await raises(dict.copy(), "FileNotFoundError", gone);
  strictEqual(await (await mp.Manager().named("d").dict())["b"], 1);
  const ended = mp.Manager();
  await ended.shutdown();
  await raises(ended.list(), "AssertionError", "server not yet started");
  await rejects(ended.__enter__(), { name: "ProcessError" });
  throws(() => ended.Pool(), { name: "NotImplementedError" });
  await mp.unlink();
});

ON_SERVER.test("what is held is signed, with its key", async (server) => {
  const authkey = new Uint8Array(8).fill(7);
  const mp = server.context({ authkey });
  const manager = mp.Manager();
  const dict = await manager.dict({ a: 1, b: 2 });
  const id = dict._token.id;
  const key = `{mp:test}:o:${id}:h`;
  const [a] = [await server.command("HGET", key, "sa")];
  // One who has the server and not the key moves a value to another key.
  await server.command(
    "EVAL",
    "redis.call('HSET', KEYS[1], 'sb', redis.call('HGET', KEYS[1], 'sa'))",
    "1",
    key,
  );
  strictEqual(await dict["a"], 1);
  await rejects(dict["b"], { name: "AuthenticationError" });
  ok(a instanceof Uint8Array);
  const list = await manager.list([1]);
  await server.command("LSET", `{mp:test}:o:${list._token.id}:i`, "0", "n1; ;\x01");
  await rejects(list[0], { name: "AuthenticationError" });
  const other = server.context().Manager();
  await mp.Manager().named("n").list([1]);
  await rejects((await other.named("n").list())._getvalue(), Error);
  await mp.unlink();
});

ON_SERVER.test("functions and instances are in containers, too", async (server) => {
  const manager = contextOf(server).Manager();
  const list = await manager.list<unknown>([
    targets.changeAll,
    new targets.Point(1, 2),
  ]);
  await list.append(targets.Point);
  strictEqual(await list[0], targets.changeAll);
  deepStrictEqual(await list[1], new targets.Point(1, 2));
  strictEqual(await list.index(new targets.Point(1, 2)), 1); // by what is sent of it
  strictEqual(await list.__contains__(new targets.Point(1, 3)), false);
  strictEqual(await list.index(targets.Point), 2);
  const dict = await manager.dict<unknown, number>([[targets.Point, 1], [
    new targets.Point(0, 0),
    2,
  ]]);
  strictEqual(await dict.__getitem__(targets.Point), 1);
  strictEqual((await dict.keys())[0], targets.Point);
  await rejects(list.append(() => {}), { name: "PicklingError" });
  await raises(list.append(Symbol("x")), "TypeError", "cannot pickle 'symbol' object");
  strictEqual(await list.__len__(), 3);
});

ON_SERVER.test("a namespace, a value and an array", async (server) => {
  const manager = contextOf(server).Manager();
  const namespace = await manager.Namespace({ y: 1, x: "a" });
  namespace.z = [1];
  delete namespace.y;
  strictEqual(await namespace.__str__(), "Namespace(x='a', z=[1])");
  const gone = "'Namespace' object has no attribute 'y'";
  await raises(namespace.__getattr__("y"), "AttributeError", gone);
  await raises(namespace.__delattr__("y"), "AttributeError", gone);
  const value = await manager.Value("i", 3);
  value.value = 4;
  strictEqual(await value.__str__(), "Value('i', 4)");
  const sums = await Promise.all([value.increment(), value.increment(2)]);
  strictEqual(Math.max(...sums), 7);
  const array = await manager.Array("B", [1, 2, 3]);
  array[0] = 9;
  await array.__setitem__(slice(1, 3), [7, 8]);
  strictEqual(await array.__str__(), "array('B', [9, 7, 8])");
  const items = [];
  for await (const item of array) items.push(item);
  deepStrictEqual(items, [9, 7, 8]);
  deepStrictEqual(
    await array.__getitem__(slice(null, null, 2)),
    new Uint8Array([9, 8]),
  );
  const large = "unsigned byte integer is greater than maximum";
  await raises(array.__setitem__(0, 256), "OverflowError", large);
  await raises(
    array.__setitem__(5, 1),
    "IndexError",
    "array assignment index out of range",
  );
  await raises(array.__getitem__("x"), "TypeError", "array indices must be integers");
});

ON_SERVER.test("locks and queues raise what a manager's raise", async (server) => {
  const manager = contextOf(server).Manager();
  const lock = await manager.Lock();
  await raises(lock.release(), "RuntimeError", "release unlocked lock");
  const both = "can't specify a timeout for a non-blocking call";
  await raises(lock.acquire(false, 1), "ValueError", both);
  await lock.with(async () => strictEqual(await lock.locked(), true));
  const rlock = await manager.RLock();
  await raises(rlock.release(), "RuntimeError", "cannot release un-acquired lock");
  const bounded = await manager.BoundedSemaphore(2);
  await raises(bounded.release(), "ValueError", "Semaphore released too many times");
  const semaphore = await manager.Semaphore({ value: 0 });
  await semaphore.release(3);
  match(await semaphore.__str__(), /^<threading.Semaphore at 0x.*: value=3>$/);
  await raises(semaphore.release(0), "ValueError", "n must be one or more");
  const condition = await manager.Condition(lock);
  const unheld = "cannot notify on un-acquired lock";
  await raises(condition.notify(), "RuntimeError", unheld);
  await raises(condition.wait(0), "RuntimeError", "cannot wait on un-acquired lock");
  const queue = await manager.Queue(1);
  await queue.put(1);
  await rejects(queue.put(2, { timeout: 0.01 }), { name: "Full" });
  const negative = "'timeout' must be a non-negative number";
  await raises(queue.get(true, -1), "ValueError", negative);
  const aborted = AbortSignal.abort(new Error("no more"));
  await rejects(queue.put(2, { signal: aborted }), { message: "no more" });
  await rejects(manager.Semaphore(-1), {
    name: "RemoteError",
    message: /ValueError: semaphore initial value must be >= 0/,
  });
  await rejects(manager.list(5 as never), {
    name: "RemoteError",
    message: /TypeError: 'int' object is not iterable/,
  });
});
