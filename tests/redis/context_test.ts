/** Contexts of servers: their options, ends, and what is not there. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { get_context } from "../../src/redis.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";
import { LIBRARY_TIMERS, ON_SERVER } from "./server.ts";

const URL = "redis://127.0.0.1:1";

test("options of a context are checked", async () => {
  const get = get_context as (...given: unknown[]) => unknown;
  await raises(() => get("redis"), "TypeError", /needs a url or a client/);
  await raises(() => get("redis", { url: 3 }), "TypeError");
  await raises(() => get("redis", { url: "http://x" }), "ValueError");
  for (
    const url of ["redis://host:99999", "redis://:pa#ss@host", "redis://:a/b@host"]
  ) {
    await raises(() => get("redis", { url }), "ValueError", /percent-encoded/);
  }
  await raises(() => get("redis", { client: {} }), "TypeError");
  await raises(() => get("redis", { url: URL, name: "a{b" }), "ValueError");
  await raises(() => get("redis", { url: URL, name: 1 }), "TypeError");
  await raises(() => get("redis", { url: URL, lease: 0 }), "ValueError");
  await raises(() => get("redis", { url: URL, lease: "1" }), "TypeError");
  await raises(() => get("redis", { url: URL, authkey: "x" }), "TypeError");
  await raises(
    () => get("redis", { url: URL, leas: 1 }),
    "TypeError",
    /Did you mean 'lease'/,
  );
  await raises(
    () => get("spawn", { url: URL }),
    "ValueError",
    "cannot find context for 'spawn'",
  );
});

test("what a server cannot give is refused", async () => {
  const mp = get_context("redis", { url: new globalThis.URL(URL) });
  for (const name of ["Pipe", "Array", "RawValue", "RawArray"] as const) {
    await raises(() => mp[name](), "NotImplementedError", new RegExp(`has no ${name}`));
  }
  strictEqual(mp.get_start_method(), "redis");
  strictEqual(mp.name, "multiprocessing");
  match(String(mp), /^<multiprocessing\.context\.RedisContext object at 0x[0-9a-f]+>$/);
  await mp.shutdown();
});

test("objects are made by a context", async () => {
  const { RedisLock } = await import("../../src/redis/lock.ts");
  await raises(() => new RedisLock(), "TypeError", /made by a context/);
});

ON_SERVER.test("contexts of other names share nothing", async (server) => {
  const [one, two] = [server.context({ name: "a" }), server.context({ name: "b" })];
  await one.Queue({ name: "jobs" }).put(1);
  await raises(() => two.Queue({ name: "jobs" }).get_nowait(), "Empty");
  await one.unlink();
  ok((await server.keys()).every((key) => key.startsWith("{mp:b}:")));
  await two.unlink();
});

ON_SERVER.test("nothing is left of what was used", async (server) => {
  const mp = server.context();
  const q = mp.JoinableQueue<number>({ redeliver: 2, prefetch: 10, maxsize: 3 });
  const waiting = [0, 1, 2, 3, 4].map((i) => q.put(i).catch(() => {}));
  await q.get();
  await mp.Lock().acquire();
  await mp.Semaphore(3).acquire();
  const event = mp.Event().wait().catch(({ name }) => name);
  const barrier = mp.Barrier(2).wait().catch(({ name }) => name);
  await mp.Value("i", 1).set(3);
  const condition = mp.Condition();
  const sleeping = condition.with(() => condition.wait()).catch(({ name }) => name);
  await q.qsize();
  ok((await server.keys()).every((key) => key.startsWith("{mp:test}:")));
  await mp.shutdown();
  deepStrictEqual(await server.keys(), []);
  deepStrictEqual(
    await Promise.all([event, barrier, sleeping]),
    ["ProcessError", "BrokenBarrierError", "ProcessError"],
  );
  await Promise.all(waiting);
  await raises(() => q.put(1), "ConnectionResetError");
});

ON_SERVER.test("all keys expire if nobody is there", async (server) => {
  const mp = server.context({ expire: 300 });
  const q = mp.JoinableQueue<number>({ name: "jobs", redeliver: 2, maxsize: 3 });
  for (const i of [0, 1, 2]) await q.put(i);
  const putting = q.put(3);
  await q.get();
  await putting;
  const door = mp.Lock({ name: "door" }), go = mp.Event({ name: "go" });
  const n = mp.Value("i", 1, { name: "n" });
  await Promise.all([door.acquire(), go.set(), n.set(3)]);
  for (const key of await server.keys()) {
    const left = await server.command("PTTL", key) as number;
    ok(left > 0 && left <= 300_000, `${key}: ${left}`);
  }
  // Objects that are not used here any more are left, which removes a key.
  await Promise.all([q.qsize(), door.release(), go.clear(), n.get()]);
  await mp.unlink();
});

ON_SERVER.test("`await using` shuts it down", async (server) => {
  const mp = server.context();
  await mp.Queue().put(1);
  await mp[Symbol.asyncDispose]();
  deepStrictEqual(await server.keys(), []);
});

ON_SERVER.test("contexts by clients of the user's", async (server) => {
  const { createClient } = await import("@redis/client");
  const { Redis } = await import("ioredis");
  const nodeRedis = createClient({ url: server.url }), ioredis = new Redis(server.url);
  for (const client of [nodeRedis, ioredis]) {
    const mp = get_context("redis", { client: client as never, name: "test" });
    const q = mp.Queue<number>();
    const waiting = q.get();
    await q.put(1);
    strictEqual(await waiting, 1);
    await mp.Lock().with(() => {});
    await mp.shutdown();
  }
  ioredis.disconnect();
}, { leaks: LIBRARY_TIMERS });

ON_SERVER.test("objects are sent by their names, without the address", async (server) => {
  const { dumps, loads } = await import("../../src/reduction/mod.ts");
  const mp = server.context();
  const lock = mp.Lock();
  const objects = [
    ...[mp.Queue(3), mp.JoinableQueue({ redeliver: 2 }), mp.SimpleQueue(), lock],
    ...[mp.RLock({ name: "r" }), mp.Semaphore(2), mp.BoundedSemaphore(2), mp.Event()],
    ...[mp.Condition(lock), mp.Barrier(2), mp.Value("i", 1), mp.Queue({ name: "q" })],
  ];
  for (const object of objects) {
    const payload = dumps(object) as Uint8Array;
    ok(!new TextDecoder().decode(payload).includes(String(server.port)));
    strictEqual(loads(payload), object); // it is here already
  }
  await mp.unlink();
  const other = server.context({ name: "other" });
  const [event, condition] = [other.Event(), other.Condition(other.Lock())];
  await event.set();
  const payloads = [event, condition].map((object) => dumps(object) as Uint8Array);
  // Another process has other handles.
  const again = server.context({ name: "other" });
  const [event2, condition2] = payloads.map((payload) => loads(payload)) as [
    typeof event,
    typeof condition,
  ];
  ok(event2 !== event);
  strictEqual(await event2.is_set(), true);
  await condition2.with(() => condition2.notify_all());
  await again.shutdown();
  const fields = { context: "other", class: "Event", id: "x", more: null };
  const { rebuild } = await import("../../src/redis/making.ts");
  const refuses = (wrong: object, text: RegExp) =>
    raises(() => rebuild({ ...fields, ...wrong }), "UnpicklingError", text);
  await refuses({ context: "fat" }, /no context "fat" in this process: the address/);
  await refuses({ class: "Object" }, /no such class/);
  await refuses({ class: "constructor" }, /no such class/);
  await refuses({ id: "a b" }, /no such class/);
  await refuses({ id: 3 }, /no such class/);
});
