/** Objects on a cluster of three servers: all of a context is in one slot. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { createClient, createCluster } from "@redis/client";
import { Cluster as IoredisCluster, Redis } from "ioredis";
import { get_context, type RedisContext } from "../../../src/redis/mod.ts";
import { testsWith } from "../../suite.ts";
import { Cluster } from "../cluster.ts";
import { kept, LIBRARY_TIMERS, noServer } from "../server.ts";

const SESSIONS = "{mp:test}:sessions";

/** Tests that need a cluster. */
const ON_CLUSTER = testsWith<Cluster>({ skip: noServer }, async (fn) => {
  const cluster = await Cluster.start();
  try {
    await fn(cluster);
    deepStrictEqual((await cluster.keys()).flat(), [], "left in the database");
  } finally {
    await cluster.stop();
  }
});

/** Uses an object of each type, in two contexts. */
async function useAll(mp: RedisContext, other: RedisContext): Promise<void> {
  const queue = mp.JoinableQueue<number>({ name: "q" });
  const waiting = other.JoinableQueue<number>({ name: "q" }).get();
  await queue.put(1);
  strictEqual(await waiting, 1);
  const lock = mp.Lock({ name: "l" });
  await lock.acquire();
  const next = other.Lock({ name: "l" }).acquire();
  await lock.release();
  strictEqual(await next, true);
  await other.Lock({ name: "l" }).release();
  await mp.RLock().with(() => {});
  await mp.Semaphore(2).acquire();
  const condition = mp.Condition({ name: "c" });
  const theirs = other.Condition({ name: "c" });
  const notified = theirs.with(() => theirs.wait(10));
  await mp.Event().set();
  while (
    !await condition.with(async () => {
      await condition.notify_all();
      return await Promise.race([notified, mp.Event().is_set()]);
    })
  );
  const barriers = [mp.Barrier(2, { name: "b" }), other.Barrier(2, { name: "b" })];
  const places = await Promise.all(barriers.map((barrier) => barrier.wait()));
  deepStrictEqual(places.sort(), [0, 1]);
  const value = mp.Value("i", 3);
  strictEqual(await value.increment(), 4);
  const manager = mp.Manager();
  const dict = await manager.named("d").dict({ list: await manager.list([1]) });
  const list = await (await other.Manager().named("d").dict())["list"];
  await list.append(2);
  deepStrictEqual(await (await dict["list"])._getvalue(), [1, 2]);
  strictEqual(await (await manager.set([1])).add_new(2), true);
  strictEqual(await (await manager.Namespace({ x: 1 })).x, 1);
}

ON_CLUSTER.test("all keys are in one slot, whichever server is named", async (cluster) => {
  const [owner, ...others] = await cluster.ownerFirst(SESSIONS);
  const [mp, other] = [owner!.context(), others[0]!.context()];
  await useAll(mp, other);
  const keys = await owner!.keys();
  ok(keys.length > 20);
  const slots = await Promise.all(
    keys.map((key) => owner!.command("CLUSTER", "KEYSLOT", key)),
  );
  strictEqual(new Set(slots).size, 1);
  for (const server of others) deepStrictEqual(await server.keys(), []);
  await mp.unlink();
});

ON_CLUSTER.test("plain clients, and clients of clusters", async (cluster) => {
  const [owner, plain] = await cluster.ownerFirst(SESSIONS);
  const rootNodes = cluster.servers.map(({ url }) => ({ url }));
  const clustered = createCluster({ rootNodes });
  const isNot = "the client of the cluster is not connected";
  const early = get_context("redis", { client: clustered as never, name: "test" });
  await rejects(early.Lock().acquire(), { name: "RuntimeError", message: isNot });
  await early.shutdown().catch(() => {});
  await kept(clustered.connect());
  const single = createClient({ url: plain!.url });
  for (const client of [clustered, single]) {
    const mp = get_context("redis", { client: client as never, name: "test" });
    await useAll(mp, owner!.context());
    await mp.unlink();
    await mp.shutdown();
    await owner!.shutdown();
  }
  clustered.destroy();
});

ON_CLUSTER.test("ioredis, and its client of clusters", async (cluster) => {
  const [owner, plain] = await cluster.ownerFirst(SESSIONS);
  const nodes = cluster.servers.map(({ port }) => ({ host: "127.0.0.1", port }));
  const clients = [
    new IoredisCluster(nodes),
    new Redis(plain!.port, "127.0.0.1", { lazyConnect: true }),
  ];
  for (const client of clients) {
    const mp = get_context("redis", { client: client as never, name: "test" });
    await kept(useAll(mp, owner!.context()));
    await mp.unlink();
    await mp.shutdown();
    await owner!.shutdown();
    client.disconnect();
  }
}, { leaks: LIBRARY_TIMERS });

ON_CLUSTER.test("a slot moves while it is used", async (cluster) => {
  const [owner, next] = await cluster.ownerFirst(SESSIONS);
  const [mp, other] = [owner!.context(), next!.context()];
  const queue = mp.Queue<number>({ name: "q" });
  const taken = other.Queue<number>({ name: "q" });
  const list = await mp.Manager().list<number>();
  await queue.put(0);
  strictEqual(await taken.get(), 0);
  const waiting = taken.get();
  const moving = cluster.move(SESSIONS, next!);
  const sent = Array.from({ length: 50 }, (_, i) => i);
  for (const i of sent) await list.append(i);
  await moving;
  await list.append(50);
  deepStrictEqual(await list._getvalue(), [...sent, 50]);
  await queue.put(1);
  strictEqual(await waiting, 1);
  deepStrictEqual(await owner!.keys(), []);
  await mp.unlink();
});
