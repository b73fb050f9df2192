/** Networks that are cut, servers that stand still or start again, lost connections. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";
import { Proxy } from "./proxy.ts";
import {
  noServer,
  ON_DISK,
  ON_SERVER,
  type Server,
  until,
  withServer,
} from "./server.ts";

const LEASE = 1.5;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The number of sessions that are alive, as far as the server knows. */
async function sessions(server: Server): Promise<number> {
  return await server.command("ZCARD", "{mp:test}:sessions") as number;
}

async function withProxy(server: Server, fn: (proxy: Proxy) => Promise<void>) {
  const proxy = await Proxy.to(server);
  try {
    await fn(proxy);
    await server.shutdown();
  } finally {
    await proxy.close();
  }
}

ON_SERVER.test("who is cut off for longer than its lease loses what it had", (server) =>
  withProxy(server, async (proxy) => {
    const far = server.context({ url: proxy.url, lease: LEASE });
    const near = server.context({ lease: LEASE });
    const items = near.Queue<number>({ name: "jobs" });
    for (const i of range(6)) await items.put(i);
    const leased = far.Queue<number>({ name: "jobs", prefetch: 10 });
    strictEqual(await leased.get(), 0);
    const farLock = far.Lock({ name: "door" }), lock = near.Lock({ name: "door" });
    const value = near.Value("s", "", { name: "v", lock: false });
    const farValue = far.Value("s", "", { name: "v", lock: false });
    await farValue.get();
    await farLock.acquire();
    const { token } = farLock;
    await leased.qsize(); // the server knows that the first is taken
    proxy.cut();
    const acquired = lock.acquire();
    strictEqual(await sessions(server), 2);
    strictEqual(await acquired, true);
    ok(lock.token! > token!);
    await value.set("near", { token: lock.token });
    const got: number[] = [];
    for (let i = 0; i < 5; i++) got.push(await items.get());
    deepStrictEqual(got, [1, 2, 3, 4, 5]);
    proxy.heal();
    await raises(
      () => farLock.release(),
      "ProcessError",
      /lease of this process was over/,
    );
    strictEqual(farLock.token, null);
    await raises(() => farValue.set("far", { token }), "ProcessError", /higher token/);
    await items.put(6);
    strictEqual(await leased.get(), 6); // what was leased before is not given out
    await lock.release();
    strictEqual(await farLock.acquire(), true);
    await farLock.release();
    await near.unlink();
  }));

ON_SERVER.test(
  "who is cut off for a moment goes on as if nothing had been",
  (server) =>
    withProxy(server, async (proxy) => {
      const far = server.context({ url: proxy.url, lease: 30 });
      const near = server.context({ lease: 30 });
      const there = far.Queue<number>({ name: "jobs" }),
        here = near.Queue<number>({ name: "jobs" });
      const lock = far.Lock();
      await lock.acquire();
      const got = [there.get(), there.get()];
      await until(async () =>
        await server.command("LLEN", "{mp:test}:o:n.jobs:w") === 2
      );
      proxy.cut();
      await here.put(1);
      await here.put(2);
      const put = there.put(3);
      await raises(
        () => there.get({ timeout: 0.01 }),
        "OSError",
        "[Errno 110] Connection timed out",
      );
      await raises(
        () => far.Event().wait(0.01),
        "OSError",
        "[Errno 110] Connection timed out",
      );
      proxy.heal();
      deepStrictEqual(await Promise.all(got), [1, 2]);
      await put;
      strictEqual(await here.get(), 3);
      await lock.release();
      await here.unlink();
    }),
  { timeout: 90 },
);

ON_SERVER.test("a connection of which nothing is heard is opened again", (server) =>
  withProxy(server, async (proxy) => {
    const far = server.context({ url: proxy.url, lease: 0.3 });
    const q = far.Queue<number>({ name: "jobs" });
    await q.put(1);
    const before = await server.text("INFO", "stats");
    const count = (info: string) =>
      Number(/total_connections_received:(\d+)/.exec(info)![1]);
    proxy.cut();
    const put = q.put(2);
    // The new connections wait in the proxy, which has told the server of them.
    await until(async () => count(await server.text("INFO", "stats")) > count(before));
    proxy.heal();
    // It may have been put before its lease was over, or the call is refused.
    await put.catch((error) => strictEqual(error.name, "ProcessError"));
    strictEqual(await q.get(), 1);
    await far.unlink();
  }));

ON_SERVER.test("items keep order and count over lost connections", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const puts = one.Queue<number>({ name: "jobs", maxsize: 50 });
  const gets = two.Queue<number>({ name: "jobs", prefetch: 20 });
  await puts.qsize();
  await gets.qsize();
  const putting = (async () => {
    for (let i = 0; i < 1500; i += 3) {
      await Promise.all([0, 1, 2].map((n) => puts.put(i + n)));
    }
  })();
  const got: number[] = [];
  for (let i = 0; i < 1500; i++) {
    got.push(await gets.get());
    if (i % 150 === 70) {
      await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }
  }
  await putting;
  deepStrictEqual(got, range(1500));
  strictEqual(await gets.qsize(), 0); // which tells the server what was taken
  await puts.unlink();
}, { timeout: 120 });

ON_SERVER.test("locks are had by one over lost connections", async (server) => {
  const contexts = [server.context(), server.context(), server.context()];
  const value = contexts[0]!.Value("i", 0, { name: "n", lock: false });
  let inside = 0;
  const work = async (mp: typeof contexts[0]) => {
    const lock = mp.Lock({ name: "door" }),
      n = mp.Value("i", 0, { name: "n", lock: false });
    for (let i = 0; i < 60; i++) {
      await lock.with(async () => {
        strictEqual(++inside, 1);
        await n.set(await n.get() + 1, { token: lock.token });
        inside--;
      });
      if (i % 20 === 7) {
        await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      }
    }
  };
  await value.get();
  await Promise.all(contexts.map(work));
  strictEqual(await value.get(), 180);
  await contexts[0]!.unlink();
}, { timeout: 120 });

test("a server that starts again has what it had", () =>
  withServer(async (server) => {
    const mp = server.context();
    const q = mp.Queue<number>({ name: "jobs" }), lock = mp.Lock(), event = mp.Event();
    for (const i of range(5)) await q.put(i);
    strictEqual(await q.get(), 0);
    strictEqual(await q.qsize(), 4);
    await lock.acquire();
    const { token } = lock;
    const waiting = event.wait();
    strictEqual(await event.is_set(), false);
    await server.kill("SIGKILL");
    const put = q.put(5);
    await server.start();
    await put;
    for (const i of [1, 2, 3, 4, 5]) strictEqual(await q.get(), i);
    strictEqual(await lock.acquire(false), false);
    await lock.release();
    await lock.acquire();
    ok(lock.token! > token!);
    await event.set();
    strictEqual(await waiting, true);
    await q.unlink();
  }, ...ON_DISK), { skip: noServer });

ON_SERVER.test("time in which the server stands still counts for nobody", async (server) => {
  const [one, two] = [
    server.context({ lease: LEASE }),
    server.context({ lease: LEASE }),
  ];
  const lock = one.Lock({ name: "door" }), other = two.Lock({ name: "door" });
  await lock.acquire();
  strictEqual(await other.locked(), true);
  await server.command("DEBUG", "SLEEP", String(3 * LEASE));
  await lock.release(); // it is still its own
  strictEqual(await other.acquire(), true);
  await other.release();
  await lock.unlink();
});
