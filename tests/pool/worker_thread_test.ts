/** Tests of src/pool/worker_thread.ts, and of `ThreadPool`, which has such workers. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  KeyError,
  Pool,
  RemoteTraceback,
  RLock,
  SystemExit,
  WorkerLostError,
} from "../../mod.ts";
import { ThreadPool } from "../../src/pool.ts";
import type { WorkerEvents } from "../../src/pool/worker_link.ts";
import { startThread, WorkerThread } from "../../src/pool/worker_thread.ts";
import { current_thread } from "../../src/python/thread.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { raises, wrong } from "../cpython/helpers/checks.ts";
import { list, range, squares } from "../cpython/helpers/pool_targets.ts";
import { test } from "../suite.ts";

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

const square = (x: number) => x * x;

/** A promise and what settles it. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => open = resolve);
  return { open, opened };
}

/** Has `fn` use a pool, which is ended afterwards. */
async function using(
  pool: ThreadPool,
  fn: (pool: ThreadPool) => Promise<void>,
): Promise<void> {
  try {
    await fn(pool);
  } finally {
    await pool.terminate();
    await pool.join();
  }
}

test("ThreadPool: closures are called with the very arguments, and give the very results", () =>
  using(ThreadPool(2), async (pool) => {
    const thing = { list: [1] };
    const keep: unknown[] = [];
    strictEqual(await pool.apply((x) => (keep.push(x), x), [thing]), thing);
    strictEqual(keep[0], thing);
    strictEqual((await pool.map((x) => x, [thing]))[0], thing);
    strictEqual((await list(pool.imap((x) => x, [thing])))[0], thing);
    const sum = (a: number, b: number) => Promise.resolve(a + b);
    deepStrictEqual(await pool.starmap(sum, [[1, 2], [3, 4]]), [3, 7]);
    strictEqual(await pool.apply(({ x }: { x: number }) => x, [], { x: 3 }), 3);
    strictEqual(await pool.apply(() => {}), null);
    deepStrictEqual(await pool.map(() => undefined, [1, "a"], 2), [null, null]);
    await raises(
      () => pool.apply(wrong(3)),
      "TypeError",
      "'int' object is not callable",
    );
    const many = pool.map(square, range(1000), 1);
    deepStrictEqual(await many, squares(1000));
    deepStrictEqual(await list(pool.imap(square, range(1000))), squares(1000));
  }));

test("ThreadPool: an error arrives as it was thrown", () =>
  using(ThreadPool(2), async (pool) => {
    const error = new KeyError("x");
    const raise = () => {
      throw error;
    };
    strictEqual(await raises(() => pool.apply(raise), "KeyError"), error);
    strictEqual(await raises(() => pool.map(raise, [1, 2]), "KeyError"), error);
    ok(!(error.cause instanceof RemoteTraceback));
    const later = () => Promise.reject(error);
    strictEqual(await raises(() => pool.apply(later), "KeyError"), error);
  }));

test("IMapIterator.__next__ takes a timeout, as next does", () =>
  using(ThreadPool(1), async (pool) => {
    let open = (_: number) => {};
    const gate = new Promise<number>((resolve) => open = resolve);
    const it = pool.imap(() => gate, [1]);
    await raises(() => it.__next__(0), "TimeoutError");
    open(7);
    strictEqual(await it.__next__(60), 7);
  }));

test("ThreadPool: wrong calls raise what CPython raises", () =>
  using(ThreadPool(1), async (pool) => {
    const make = ThreadPool as unknown as (...args: unknown[]) => ThreadPool;
    const name = "ThreadPool.__init__()";
    for (const option of ["maxtasksperchild", "context"]) {
      await raises(
        () => make(2, { [option]: 1 }),
        "TypeError",
        `${name} got an unexpected keyword argument '${option}'`,
      );
    }
    await raises(
      () => make(2, null, [], 1),
      "TypeError",
      `${name} takes from 1 to 4 positional arguments but 5 were given`,
    );
    await raises(
      () => make(0),
      "ValueError",
      "Number of processes must be at least 1",
    );
    await raises(() => make(1, 3), "TypeError", "initializer must be a callable");
    await raises(() => pool.join(), "ValueError", "Pool is still running");
    const processes = Pool(1);
    await raises(
      () => processes.apply(Math.abs, wrong([pool])),
      "NotImplementedError",
      "pool objects cannot be passed between processes or pickled",
    );
    await processes.terminate();
    ok(pool instanceof ThreadPool && !((pool as unknown) instanceof Pool));
  }));

test("ThreadPool: names, repr and what is seen of its threads", async () => {
  const pool = new ThreadPool({ processes: 2 });
  strictEqual(String(pool), "<multiprocessing.pool.ThreadPool state=RUN pool_size=2>");
  deepStrictEqual([pool._processes, pool._pool.length, pool._state], [2, 2, "RUN"]);
  const [thread] = pool._pool;
  ok(thread instanceof WorkerThread && thread.daemon && thread.is_alive());
  match(thread.name, /^Thread-\d+ \(worker\)$/);
  strictEqual(String(thread), `<DummyProcess(${thread.name}, started daemon)>`);
  deepStrictEqual([thread.pid, thread.exitcode], [null, null]);
  await raises(
    () => thread.start(),
    "RuntimeError",
    "threads can only be started once",
  );
  pool.close();
  await raises(() => pool.apply_async(square, [1]), "ValueError", "Pool not running");
  await pool.join();
  await thread.join();
  strictEqual(String(thread), `<DummyProcess(${thread.name}, stopped daemon)>`);
  deepStrictEqual([thread.is_alive(), thread.exitcode], [false, 0]);
});

test("ThreadPool: each worker is a thread, and is initialized once", async () => {
  const names: string[] = [];
  const keep = (list: string[]) => void list.push(current_thread().name);
  await using(ThreadPool(2, keep, [names]), async (pool) => {
    const { open, opened } = gate();
    let waiting = 0;
    const nameHere = async () => {
      if (++waiting === 2) open();
      await opened;
      return current_thread().name;
    };
    const seen = await pool.map(nameHere, [1, 2], 1);
    deepStrictEqual(names.toSorted(), seen.toSorted());
    deepStrictEqual(pool._pool.map(({ name }) => name), names);
    strictEqual(current_thread().name, "MainThread");
    // So a lock's owner is one of them, and not their process.
    const lock = RLock();
    const held = gate();
    const holding = pool.apply_async(async () => {
      await lock.acquire();
      await held.opened;
      lock.release();
    });
    strictEqual(await pool.apply(() => lock.acquire(false)), false);
    held.open();
    await holding.get();
  });
});

test("ThreadPool: no more run at a time than there are threads, and none before the call returns", () =>
  using(ThreadPool(3), async (pool) => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => runtime.nextTurn(resolve));
      running--;
    };
    const results = range(30).map(() => pool.apply_async(work));
    strictEqual(most, 0);
    for (const result of results) await result.get();
    deepStrictEqual([most, running], [3, 0]);
  }));

test("ThreadPool: others get their turn between many short tasks", () =>
  using(ThreadPool(2), async (pool) => {
    let isOver = false;
    let isSeen = false;
    runtime.nextTurn(() => isSeen = !isOver);
    const spin = () => {
      const end = performance.now() + 1;
      while (performance.now() < end);
    };
    await pool.map(spin, range(30), 1);
    isOver = true;
    ok(isSeen);
  }));

test("ThreadPool: a task that takes too long fails, and its thread is free when it ends", () =>
  using(ThreadPool(2), async (pool) => {
    const { open, opened } = gate();
    const calls: number[] = [];
    const wait = async (x: number) => {
      calls.push(x);
      await opened;
      return x;
    };
    await raises(
      () => pool.apply(wait, [1], { timeout: MOMENT }),
      "TimeoutError",
      "wait(1) took longer than 0.05 s",
    );
    await raises(
      () => pool.map(wait, [2, 3], { timeout: MOMENT, chunksize: 2 }),
      "TimeoutError",
      /^2 calls of wait took/,
    );
    const next = pool.apply_async(square, [4]);
    deepStrictEqual([calls, next.ready()], [[1, 2], false]);
    open();
    strictEqual(await next.get(), 16);
    // Nothing of a chunk is begun that nobody waits for.
    deepStrictEqual(calls, [1, 2]);
  }));

test("ThreadPool: a signal fails what runs, and drops what waits", () =>
  using(ThreadPool(1), async (pool) => {
    const { open, opened } = gate();
    const begun = gate();
    const controller = new AbortController();
    const { signal } = controller;
    const calls: number[] = [];
    const wait = async (x: number) => {
      calls.push(x);
      begun.open();
      await opened;
    };
    const result = pool.map_async(wait, [1, 2, 3], { chunksize: 2, signal });
    await begun.opened;
    controller.abort(new RangeError("enough"));
    await raises(() => result.get(), "RangeError", "enough");
    open();
    strictEqual(await pool.apply(square, [5]), 25);
    deepStrictEqual(calls, [1]);
  }));

test("ThreadPool: progress, callbacks, and an input that is read as it goes", () =>
  using(ThreadPool(2), async (pool) => {
    const seen: unknown[] = [];
    const progress = (...of: unknown[]) => seen.push(of);
    await pool.map(square, [1, 2], { chunksize: 1, progress });
    deepStrictEqual(seen, [[0, 2], [1, 2], [2, 2]]);
    const values: unknown[] = [];
    const callback = (value: unknown) => values.push(value);
    await pool.apply_async(square, [3], { callback }).get();
    await pool.map_async(square, [1, 2], { callback }).get();
    deepStrictEqual(values, [9, [1, 4]]);
    let read = 0;
    const numbers = function* () {
      for (;;) yield read++;
    };
    const it = pool.imap(square, numbers(), { buffersize: 4 });
    for (let i = 0; i < 5; i++) strictEqual(await it.next(), i * i);
    ok(read <= 10, `${read} elements were read`);
    await it[Symbol.asyncIterator]().return!();
  }));

test("ThreadPool: an initializer that fails fails the pool, after a few tries", async () => {
  const cause = new RangeError("not today");
  let calls = 0;
  const pool = ThreadPool(2, () => {
    calls++;
    throw cause;
  });
  const error = await raises(
    () => pool.apply(square, [1]),
    "WorkerLostError",
    /^the pool gives up: 4 workers in a row ended/,
  );
  deepStrictEqual([error.cause, calls >= 4], [cause, true]);
  await pool.join();
});

test("ThreadPool: what ends a thread fails its task, and another thread takes its place", () =>
  using(ThreadPool(1), async (pool) => {
    const [first] = pool._pool;
    const exit = () => {
      throw new SystemExit(3);
    };
    const error = await raises(
      () => pool.apply(exit),
      "WorkerLostError",
      /^Thread-\d+ \(worker\) ended with exit code 0 while it worked on exit\(\)$/,
    );
    ok(error instanceof WorkerLostError && error.pid === null);
    strictEqual(await pool.apply(square, [3]), 9);
    ok(pool._pool[0] !== first && !first!.is_alive());
  }));

test("ThreadPool: terminate does not wait for what runs, join does", async () => {
  const { open, opened } = gate();
  const begun = gate();
  const pool = ThreadPool(1);
  let isDone = false;
  const running = pool.apply_async(async () => {
    begun.open();
    await opened;
    isDone = true;
  });
  const waiting = pool.apply_async(square, [1]);
  await begun.opened;
  await pool.terminate();
  await raises(() => running.get(), "ProcessError");
  await raises(() => waiting.get(), "ProcessError");
  strictEqual(isDone, false);
  const joined = pool.join();
  open();
  await joined;
  strictEqual(isDone, true);
  strictEqual(pool._pool.length, 0);
});

test("startThread: tells what happens, and nothing before it has returned", async () => {
  const seen: unknown[] = [];
  const ended = gate();
  const events = {
    onReady: () => seen.push("ready"),
    onEnd: () => (seen.push("end"), ended.open()),
  };
  const link = startThread(
    { initializer: null, initargs: [] },
    events as unknown as WorkerEvents,
  );
  deepStrictEqual([seen, link.isKillable, link.stderrTail], [[], false, ""]);
  await Promise.resolve();
  strictEqual(link.offerClaims, undefined);
  link.kill();
  link.kill();
  await ended.opened;
  deepStrictEqual(seen, ["ready", "end"]);
});
