/**
 * The cases of the benchmark that are about objects on a server, for one JavaScript runtime,
 * and what they are compared with in the same run: the client library alone, the server's own
 * `redis-benchmark`, and BullMQ, the most used package for tasks on Redis. Prints them as one
 * line of JSON. It starts a server of its own, on a free port.
 *
 * @module
 */
import { createClient } from "@redis/client";
import { execFile, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { get_context, type RedisContext } from "../../src/redis.ts";
import { is_main } from "../../mod.ts";
import { Server } from "../../tests/redis/server.ts";
import { type Cases, rate, report } from "./report.ts";
import { square } from "./pool_work.ts";

/** Calls that are awaited singly. */
const CALLS = 2_000;

/** Calls that are made without waiting for the one before. */
const MANY = 20_000;

/** Tasks of a burst. */
const TASKS = 5_000;

/** Processes that do tasks: here as with BullMQ. */
const WORKERS = 2;

/** Tasks that a process of BullMQ has at a time, which it is quickest with. */
const AT_A_TIME = 100;

/** A client, as far as it is used here. */
interface Client {
  ping(): Promise<string>;
  rPush(key: string, element: string): Promise<number>;
  del(key: string): Promise<number>;
}

async function inFlight(one: (i: number) => Promise<unknown>): Promise<void> {
  const all: Promise<unknown>[] = [];
  for (let i = 0; i < MANY; i++) all.push(one(i));
  await Promise.all(all);
}

async function inTurn(one: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < CALLS; i++) await one(i);
}

/** What a program has that talks to the server itself. */
function casesOfClient(client: Client): Cases {
  return {
    redisPing: () => rate(CALLS, () => inTurn(() => client.ping())),
    async redisPush() {
      const result = await rate(
        MANY,
        () => inFlight(() => client.rPush("list", "12345")),
      );
      await client.del("list");
      return result;
    },
  };
}

/** By another program, with one connection as the others. */
function casesOfServer(port: number): Cases {
  const ask = async (depth: number) => {
    const { stdout } = await promisify(execFile)("redis-benchmark", [
      ...["-p", String(port), "-c", "1", "-n", String(10 * CALLS), "-P", String(depth)],
      ...["--csv", "rpush", "benchmark", "12345"],
    ]);
    return Number(/^"[^"]*","([\d.]+)"/m.exec(stdout.split("\n").at(-2)!)![1]);
  };
  return { redisBenchmark: () => ask(1), redisBenchmarkInFlight: () => ask(100) };
}

function casesOfObjects(mp: RedisContext): Cases {
  const lock = mp.Lock();
  return {
    async redisPut() {
      const q = mp.Queue<number>();
      return await rate(CALLS, () => inTurn((i) => q.put(i)));
    },
    async redisGet() {
      const q = mp.Queue<number>();
      await Promise.all(Array.from({ length: CALLS }, (_, i) => q.put(i)));
      return await rate(CALLS, () => inTurn(() => q.get()));
    },
    async redisPutInFlight() {
      const q = mp.Queue<number>();
      return await rate(MANY, () => inFlight((i) => q.put(i)));
    },
    async redisGetAhead() {
      const q = mp.Queue<number>({ prefetch: 1000 });
      await inFlight((i) => q.put(i));
      return await rate(MANY, async () => {
        for (let i = 0; i < MANY; i++) await q.get();
      });
    },
    redisLock: () =>
      rate(CALLS, () =>
        inTurn(async () => {
          await lock.acquire();
          await lock.release();
        })),
  };
}

/** A pool of a context, as far as it is used here. */
interface AnyPool {
  apply_async(func: typeof square, args: [number]): { get(): Promise<number> };
  terminate(): Promise<void>;
}

/** Once contexts have pools. */
async function casesOfPool(mp: RedisContext): Promise<[Cases, AnyPool | undefined]> {
  const { Pool } = mp as unknown as { Pool?: (processes: number) => AnyPool };
  if (Pool === undefined) return [{}, undefined];
  const pool = Pool(WORKERS);
  await pool.apply_async(square, [1]).get();
  const burst = async () => {
    const results = Array.from(
      { length: TASKS },
      (_, i) => pool.apply_async(square, [i]),
    );
    await Promise.all(results.map((result) => result.get()));
  };
  return [{ redisPool: () => rate(TASKS, burst) }, pool];
}

// deno-lint-ignore no-explicit-any -- a package whose types are not here
type Loaded = any;

/** A process of BullMQ that does tasks, until it is killed. */
async function work(port: number): Promise<void> {
  const { Worker } = await import("bullmq" as string) as Loaded;
  const options = { connection: { host: "127.0.0.1", port }, concurrency: AT_A_TIME };
  const worker = new Worker(
    "tasks",
    ({ data }: { data: { x: number } }) => Promise.resolve(square(data.x)),
    { ...options, removeOnComplete: { count: 0 } },
  );
  await worker.waitUntilReady();
  console.log("ready");
}

/** The same burst with BullMQ; nothing where it is not installed. */
async function casesOfBullMQ(port: number): Promise<[Cases, () => Promise<void>]> {
  const found = await import("bullmq" as string).catch(() => undefined) as Loaded;
  if (found === undefined) return [{}, () => Promise.resolve()];
  const connection = { host: "127.0.0.1", port };
  const queue = new found.Queue("tasks", { connection });
  const events = new found.QueueEvents("tasks", { connection });
  await events.waitUntilReady();
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startWorker(port)),
  );
  const burst = async () => {
    let left = TASKS;
    const done = new Promise<void>((resolve) => {
      const count = () => {
        if (--left > 0) return;
        events.off("completed", count);
        resolve();
      };
      events.on("completed", count);
    });
    const tasks = Array.from({ length: TASKS }, (_, x) => ({ name: "x", data: { x } }));
    await queue.addBulk(tasks);
    await done;
  };
  const end = async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await events.close();
    await queue.close();
  };
  return [{ redisBullMQ: () => rate(TASKS, burst) }, end];
}

/** Resolves when it takes tasks. */
async function startWorker(port: number) {
  const run = "Deno" in globalThis ? ["run", "-A"] : [];
  const file = fileURLToPath(import.meta.url);
  const worker = spawn(process.execPath, [...run, file, "worker", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve, reject) => {
    worker.stdout.once("data", resolve);
    worker.once("exit", reject);
  });
  return worker;
}

async function measure(): Promise<void> {
  const server = await Server.start();
  const client = createClient({ url: server.url });
  client.on("error", () => {});
  await client.connect();
  const mp = get_context("redis", { url: server.url });
  const [ofPool, pool] = await casesOfPool(mp);
  const [ofBullMQ, endOfBullMQ] = await casesOfBullMQ(server.port);
  try {
    await report({
      ...casesOfClient(client),
      ...casesOfServer(server.port),
      ...casesOfObjects(mp),
      ...ofPool,
      ...ofBullMQ,
    });
  } finally {
    await pool?.terminate();
    await endOfBullMQ();
    await mp.shutdown();
    client.destroy();
    await server.stop();
  }
}

if (is_main(import.meta)) {
  const [role, port] = process.argv.slice(2);
  if (role === "worker") await work(Number(port));
  else await measure();
}
