/**
 * Every argument that is a number, with every kind of wrong one: each call is over at
 * once, well or with an error that Python has, and none with one of the runtime's own.
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  Semaphore,
} from "../../mod.ts";
import { errorClasses } from "../../src/python/errors.ts";
import { Client, Listener, wait } from "../../src/connection.ts";
import { BaseManager } from "../../src/managers.ts";
import { ThreadPool } from "../../src/pool.ts";
import { square } from "../helpers/pool_work.ts";
import { runProgram } from "../helpers/run.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { test } from "../suite.ts";

const NUMBERS: unknown[] = [
  ...[NaN, -NaN, -0, -1, -0.5, 0.5, 1.5, -Infinity, Infinity],
  ...[2 ** 31, -(2 ** 31) - 1, 2 ** 53, -(2 ** 53), 1e308, -1e308, 5e-324],
  ...[10n ** 400n, -(10n ** 400n), true, "1", "", null, undefined, [], {}, () => 1],
];

/** A call with the number in its place. It must not wait for anything else. */
type Call = (number: never) => unknown;

/** Errors that Python would raise; `RangeError` and the like are the runtimes'. */
function isPythons(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof TypeError
    ? error.constructor === TypeError && !/options\.|ERR_|property/.test(error.message)
    : errorClasses.get(error.name) === error.constructor &&
      !["Error", "RangeError", "SyntaxError"].includes(error.name);
}

async function checkAll(calls: Record<string, Call>): Promise<void> {
  for (const [name, call] of Object.entries(calls)) {
    for (const number of NUMBERS) {
      const text = `${name}(${typeof number === "bigint" ? "big" : String(number)})`;
      const failure = await attempt(() => call(number as never));
      if (failure !== undefined) {
        ok(isPythons(failure.error), `${text}: ${failure.error}`);
      } else if (Number.isNaN(number)) {
        ok(MAY_BE_NAN.has(name), `${text} is no error`);
      }
    }
  }
}

/** Calls in which Python compares the number with another, or ignores it. */
const MAY_BE_NAN = new Set([
  ...["AsyncResult.get", "AsyncResult.wait", "IMapIterator.next"],
  ...["Condition.notify", "Condition.wait_for", "managed Queue.put"],
]);

async function attempt(call: () => unknown): Promise<{ error: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return { error };
  }
}

test("queues", async () => {
  const q = Queue<number>();
  await q.put(1);
  await checkAll({
    Queue: (n) => Queue(n),
    JoinableQueue: (n) => JoinableQueue(n),
    put: (n) => Queue(1).put(1, true, n),
    "put, by name": (n) => Queue(1).put(1, { timeout: n }),
    get: async (n) => await q.put(await q.get(true, n)),
    "get, by name": async (n) => await q.put(await q.get({ timeout: n })),
  });
});

test("locks", async () => {
  const event = Event();
  await event.set();
  await checkAll({
    Semaphore: (n) => Semaphore(n),
    BoundedSemaphore: (n) => BoundedSemaphore(n),
    Barrier: (n) => Barrier(n),
    "Barrier, timeout": (n) => Barrier(1, null, n).wait(),
    "Lock.acquire": (n) => Lock().acquire(true, n),
    "Event.wait": (n) => event.wait(n),
    "Barrier.wait": (n) => Barrier(1).wait(n),
    async "Condition.notify"(n) {
      const condition = Condition();
      await condition.acquire();
      await condition.notify(n);
    },
    async "Condition.wait_for"(n) {
      const condition = Condition();
      await condition.acquire();
      await condition.wait_for(() => true, n);
    },
  });
}, { timeout: 30 });

SOCKETS.test("connections", async () => {
  const [a, b] = Pipe();
  await a.send_bytes(new Uint8Array(4));
  const bytes = new Uint8Array(8);
  const listen = async (address: unknown, backlog?: unknown) => {
    const listener = await Listener({
      address: address as never,
      ...(backlog === undefined ? {} : { backlog: backlog as never }),
    });
    listener.close();
  };
  await checkAll({
    poll: (n) => b.poll(n),
    wait: (n) => wait([b], n),
    "Listener, port": (n) => listen(["127.0.0.1", n]),
    "Listener, host": (n) => listen([n, 0]),
    "Listener, backlog": (n) => listen(["127.0.0.1", 0], n ?? NaN),
    "Client, port": (n) => Client(["127.0.0.1", n]).then(() => {}),
    "send_bytes, offset": (n) => Pipe()[0].send_bytes(bytes, n),
    "send_bytes, size": (n) => Pipe()[0].send_bytes(bytes, 0, n),
    async recv_bytes(n) {
      const [c, d] = Pipe();
      await c.send_bytes(bytes);
      await d.recv_bytes(n);
    },
    async recv_bytes_into(n) {
      const [c, d] = Pipe();
      await c.send_bytes(bytes);
      await d.recv_bytes_into(new Uint8Array(8), n);
    },
  });
  for (const address of [[], ["127.0.0.1"], ["127.0.0.1", 0, 0], "x".repeat(200)]) {
    for (const way of [listen, (address: unknown) => Client(address as never)]) {
      ok(isPythons((await attempt(() => way(address)))?.error), String(address));
    }
  }
});

test("processes and pools", async () => {
  const p = new Process({ target: square, args: [1] });
  await p.start();
  await p.join();
  const pool = new ThreadPool(1);
  const result = pool.apply_async(square, [2]);
  await result.get();
  const threads = async (n: never) => await new ThreadPool(n).terminate();
  await checkAll({
    "Process.join": (n) => p.join(n),
    ThreadPool: threads,
    "Pool, maxtasksperchild": async (n) => {
      await Pool({ processes: 1, maxtasksperchild: n ?? NaN as never }).terminate();
    },
    "Pool, maxmemory": async (n) => {
      await Pool({ max: 1, maxmemory: n ?? NaN as never }).terminate();
    },
    "ThreadPool, min": async (n) => {
      await new ThreadPool({ min: n ?? NaN as never, max: 20 }).terminate();
    },
    "ThreadPool, max": async (n) => {
      await new ThreadPool({ max: n ?? NaN as never }).terminate();
    },
    "ThreadPool, idle": async (n) => {
      await new ThreadPool({ idle: n ?? NaN as never }).terminate();
    },
    apply: (n) => pool.apply(square, [1], { timeout: n }),
    apply_async: (n) => pool.apply_async(square, [1], { timeout: n }).get(),
    "map, timeout": (n) => pool.map(square, [1], { timeout: n }),
    "map, chunksize": (n) => pool.map(square, [1, 2], n),
    "imap, chunksize": (n) => pool.imap(square, [1, 2], n).next(),
    "imap, timeout": (n) => pool.imap(square, [1], { timeout: n }).next(),
    "imap, buffersize": (n) => pool.imap(square, [1], { buffersize: n }).next(),
    "AsyncResult.get": (n) => result.get(n),
    "AsyncResult.wait": (n) => result.wait(n),
    "IMapIterator.next": (n) => pool.imap(square, [1]).next(n),
  });
  await pool.terminate();
}, { leaks: "pools of other numbers of threads end in their own time" });

test("more workers than a system can have are refused at once", async () => {
  for (const count of [40_000, 2 ** 31, 1e308]) {
    for (const make of [() => new ThreadPool(count), () => Pool(count)]) {
      const failure = await attempt(() => make().terminate());
      ok(isPythons(failure?.error), `${make} ${count}: ${failure?.error}`);
    }
  }
});

SOCKETS.test("managers", async () => {
  const manager = await Manager();
  const q = await manager.Queue<number>();
  await q.put(1);
  const list = await manager.list([1]);
  const event = await manager.Event();
  await event.set();
  await checkAll({
    BaseManager: (n) => new BaseManager({ shutdown_timeout: n }),
    "BaseManager, port": (n) =>
      new BaseManager({ address: ["127.0.0.1", n] }).connect(),
    Queue: (n) => manager.Queue(n),
    Semaphore: (n) => manager.Semaphore(n),
    BoundedSemaphore: (n) => manager.BoundedSemaphore(n),
    Barrier: (n) => manager.Barrier(n),
    "managed Queue.put": async (n) => await (await manager.Queue()).put(1, true, n),
    get: async (n) => await q.put(await q.get(true, n)),
    "Event.wait": (n) => event.wait(n),
    "list.insert": (n) => list.insert(n, 1),
    "list.pop": async (n) => await list.append(await list.pop(n)),
    async release(n) {
      const semaphore = await manager.Semaphore(1);
      await semaphore._callmethod("release", [n]);
    },
    async "Condition.notify"(n) {
      const condition = await manager.Condition();
      await condition.acquire();
      try {
        await condition.notify(n);
      } finally {
        await condition.release();
      }
    },
  });
  await manager.shutdown();
});

test("a working directory that is gone: FileNotFoundError, and what starts nothing works", async () => {
  const { stdout, code } = await runProgram("tests/children/no_directory.ts");
  const gone = "FileNotFoundError: [Errno 2] No such file or directory";
  deepStrictEqual(stdout.split("\n"), [
    `Process ${gone}`,
    `Pool ${gone}`,
    `Manager ${gone}`,
    "Queue works",
    "",
  ]);
  strictEqual(code, 0);
});
