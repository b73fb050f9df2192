/**
 * `_TestPool` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks. With a manager the pool is the server's.
 *
 * Changed throughout: blocking calls are awaited, `for` over an iterator is `for await`;
 * nothing is timed: where Python measures that a call has waited, a queue tells what has
 * happened meanwhile. What a callback of a manager's pool does is seen in a managed list, as
 * in CPython.
 *
 * With a manager CPython skips what sends a generator, and `test_traceback` and
 * `test_enter`.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bound, type KeyError, RemoteTraceback, RuntimeError } from "../../mod.ts";
import type { BasePool } from "../../src/pool/base_pool.ts";
import type { PoolWorker } from "../../src/pool/worker_link.ts";
import { checkCollected } from "../helpers/gc.ts";
import { runProgram } from "../helpers/run.ts";
import { CLAIM_WAIT, raises, wrong } from "./helpers/checks.ts";
import { ALL, bind, type CaseOptions, drain, type Kind } from "./helpers/kinds.ts";
import * as targets from "./helpers/pool_targets.ts";

const { sqr, mul, exceptionThrowingGenerator, list, range, squares } = targets;

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

const LOCAL: CaseOptions = { only: ["processes", "threads"] };

const poolCase = bind("_TestPool", ALL, targets.beLoaded);

/** A case with a pool of its own. */
function withPool(
  name: string,
  processes: number,
  fn: (pool: BasePool<PoolWorker>, kind: Kind) => Promise<void>,
  options?: CaseOptions,
): void {
  poolCase(name, async (kind) => {
    const pool = await kind.Pool(processes);
    try {
      await fn(pool, kind);
    } finally {
      await pool.terminate();
      await pool.join();
    }
  }, options);
}

/** Pairs of numbers, and what is to come of them. */
const pairs = (n: number) => range(n).map((i): [number, number] => [i, n - 1 - i]);
const products = (n: number) => pairs(n).map(([a, b]) => a * b);

withPool("test_apply", 2, async (pool) => {
  strictEqual(await pool.apply(sqr, [5]), 25);
  strictEqual(await pool.apply(targets.sqrByKeyword, [], { x: 3 }), 9);
});

withPool("test_map", 4, async (pool) => {
  deepStrictEqual(await pool.map(sqr, range(10)), squares(10));
  deepStrictEqual(await pool.map(sqr, range(100), { chunksize: 20 }), squares(100));
});

withPool("test_starmap", 4, async (pool) => {
  deepStrictEqual(await pool.starmap(mul, pairs(10)), products(10));
  deepStrictEqual(
    await pool.starmap(mul, pairs(100), { chunksize: 20 }),
    products(100),
  );
});

withPool("test_starmap_async", 4, async (pool) => {
  const result = await pool.starmap_async(mul, pairs(100));
  deepStrictEqual(await result.get(), products(100));
});

withPool("test_map_async", 4, async (pool) => {
  deepStrictEqual(await (await pool.map_async(sqr, range(10))).get(), squares(10));
});

withPool("test_map_async_callbacks", 1, async (pool, kind) => {
  const calls = await kind.list();
  const append = kind.TYPE === "manager"
    ? bound(calls, "append")
    : (value: unknown) => calls.append(value);
  const options = { callback: append, error_callback: append };
  await (await pool.map_async(targets.int, ["1"], options)).wait();
  deepStrictEqual(await calls.values(), [[1]]);
  await (await pool.map_async(targets.int, ["a"], options)).wait();
  const [, error, ...more] = await calls.values();
  strictEqual((error as Error).name, "ValueError");
  strictEqual(more.length, 0);
});

withPool("test_map_unplicklable", 1, async (pool) => {
  const things = range(10).map(() => wrong(new targets.Unpicklable()));
  await raises(() => pool.map(sqr, things), "RuntimeError", "cannot pickle");
}, { only: ["processes", "manager"] });

withPool("test_map_chunksize", 4, async (pool) => {
  const result = await pool.map_async(sqr, [], { chunksize: 1 });
  deepStrictEqual(await result.get({ timeout: CLAIM_WAIT }), []);
});

/** Checks that a call fails with the error of the input itself. */
async function saysWhen(call: () => Promise<unknown>): Promise<void> {
  const error = await raises(call, "ValueError", "Somebody said when");
  ok(error instanceof targets.SayWhenError);
}

withPool("test_map_handle_iterable_exception", 4, async (pool) => {
  for (const [total, when] of [[1, -1], [1, -1], [10, 3]] as const) {
    await saysWhen(() => pool.map(sqr, exceptionThrowingGenerator(total, when), 1));
  }
  const special = {
    length: 1,
    [Symbol.iterator]: () => special,
    next(): IteratorResult<number> {
      throw new targets.SayWhenError("Somebody said when");
    },
  };
  await saysWhen(() => pool.map(sqr, special, 1));
  await saysWhen(() => pool.map(sqr, special, 1));
}, LOCAL);

withPool("test_async", 3, async (pool) => {
  strictEqual(await (await pool.apply_async(sqr, [7, MOMENT])).get(), 49);
});

withPool("test_async_timeout", 3, async (pool) => {
  const result = await pool.apply_async(sqr, [6, 10 * MOMENT]);
  await raises(() => result.get({ timeout: MOMENT }), "TimeoutError", "");
  strictEqual(await result.ready(), false);
  strictEqual(await result.get(), 36);
});

withPool("test_imap", 4, async (pool) => {
  deepStrictEqual(await list(await pool.imap(sqr, range(10))), squares(10));

  for (const [length, chunksize] of [[10, 1], [1000, 100]] as const) {
    const it = await pool.imap(sqr, range(length), { chunksize });
    for (let i = 0; i < length; i++) strictEqual(await it.__next__(), i * i);
    await raises(() => it.__next__(), "StopIteration", "");
  }
});

withPool("test_imap_handle_iterable_exception", 4, async (pool) => {
  for (
    const [total, when, chunksize, before] of [
      [1, -1, 1, 0],
      [1, -1, 1, 0],
      [10, 3, 1, 3],
      // The error is at the start of the chunk in which it occurs.
      [20, 7, 2, 6],
      [20, 7, 4, 4],
    ] as const
  ) {
    const it = pool.imap(sqr, exceptionThrowingGenerator(total, when), chunksize);
    for (let i = 0; i < before; i++) strictEqual(await it.next(), i * i);
    await saysWhen(() => it.next());
  }
}, LOCAL);

withPool("test_imap_unordered", 4, async (pool) => {
  for (const [length, chunksize] of [[10, 1], [1000, 100]] as const) {
    const it = await pool.imap_unordered(sqr, range(length), { chunksize });
    deepStrictEqual((await list(it)).toSorted((a, b) => a - b), squares(length));
  }
});

withPool("test_imap_unordered_handle_iterable_exception", 4, async (pool) => {
  /** Checks that what comes before the error are squares, each once. */
  const until = async (total: number, when: number, chunksize: number) => {
    const input = exceptionThrowingGenerator(total, when);
    const it = pool.imap_unordered(sqr, input, chunksize);
    const expected = new Set(squares(Math.max(when, 0)));
    await saysWhen(async () => {
      for (;;) ok(expected.delete(await it.next()));
    });
  };
  await until(1, -1, 1);
  await until(1, -1, 1);
  await until(10, 3, 1);
  await until(20, 7, 2);
}, LOCAL);

poolCase("test_make_pool", async (kind) => {
  const text = "Number of processes must be at least 1";
  for (const processes of [-1, 0]) {
    if (kind.TYPE === "manager") {
      const remote = new RegExp(`ValueError: ${text}`);
      await raises(() => kind.Pool(processes), "RemoteError", remote);
    } else await raises(() => kind.Pool(processes), "ValueError", text);
  }
  const pool = await kind.Pool(3);
  if (kind.TYPE !== "manager") strictEqual(pool._pool.length, 3);
  await pool.close();
  await pool.join();
});

poolCase("test_terminate", async (kind) => {
  const pool = await kind.Pool(3);
  // A thread cannot be killed; it does not begin anything new.
  const seconds = kind.TYPE === "threads" ? MOMENT : 1000;
  const times = range(10_000).map(() => seconds);
  const result = await pool.map_async(targets.sleep, times, { chunksize: 1 });
  await raises(() => result.get(MOMENT), "TimeoutError");
  await pool.terminate();
  await pool.join();
  if (kind.TYPE !== "manager") await raises(() => result.get(), "ProcessError");
});

withPool("test_empty_iterable", 1, async (pool) => {
  deepStrictEqual(await pool.map(sqr, []), []);
  deepStrictEqual(await list(await pool.imap(sqr, [])), []);
  deepStrictEqual(await list(await pool.imap_unordered(sqr, [])), []);
  deepStrictEqual(await (await pool.map_async(sqr, [])).get(), []);
  await pool.close();
  await pool.join();
});

poolCase("test_context", async (kind) => {
  // What `await using pool = Pool(2)` does; not all runtimes can read that yet.
  const pool = await kind.Pool(2);
  deepStrictEqual(await (await pool.map_async(sqr, range(10))).get(), squares(10));
  await pool[Symbol.asyncDispose]();
  if (kind.TYPE !== "manager") await pool.join();
  await raises(() => pool.map_async(sqr, range(10)), "ValueError", "Pool not running");
});

withPool("test_traceback", 1, async (pool) => {
  const error = await raises(
    () => pool.apply(targets.testTraceback),
    "RuntimeError",
    "123",
  );
  ok(error instanceof RuntimeError);
  const withArgs = await raises(() => pool.apply(targets.raising), "KeyError");
  deepStrictEqual((withArgs as KeyError).args, ["key"]);
  const { cause } = error;
  ok(cause instanceof RemoteTraceback);
  // A stack shows no source text, but says where it was.
  const place = /testTraceback .*pool_targets\.[jt]s:\d+/;
  match(cause.tb, place);
  ok(cause.tb.includes("RuntimeError: 123"));
  ok(cause.stack!.includes('\n"""\n') && cause.stack!.endsWith('"""'));

  // What nothing catches is printed with the worker's part.
  const { stderr, code } = await runProgram("tests/children/pools.ts", {
    args: ["uncaught"],
  });
  strictEqual(code, 1);
  match(stderr, place);
  match(stderr, /RemoteTraceback/);
  match(stderr, /RuntimeError: 123/);

  // What the input raises is not of another process.
  const own = await raises(
    () => pool.map(sqr, exceptionThrowingGenerator(1, -1), 1),
    "ValueError",
  );
  ok(own instanceof targets.SayWhenError);
  strictEqual(own.cause, undefined);
}, { only: ["processes"] });

withPool("test_wrapped_exception", 1, async (pool, kind) => {
  const error = await raises(
    () => pool.apply(targets.testTraceback),
    "RuntimeError",
    "123",
  );
  if (kind.TYPE === "manager") return; // its server wraps it once more
  strictEqual(error.cause instanceof RemoteTraceback, kind.TYPE === "processes");
});

poolCase("test_map_no_failfast", async (kind) => {
  const q = await kind.Queue<number>();
  const pool = await kind.Pool(2, targets.keepQueue, [q]);
  await raises(() => pool.map(targets.raiseLargeValueError, [0, 1]), "ValueError");
  // Both have run, although one of them has failed long before the other.
  const seen = [await q.get(false), await q.get(false)];
  deepStrictEqual(seen.toSorted(), [0, 1]);
  await pool.close();
  await pool.join();
});

poolCase("a failing element ends its chunk", async (kind) => {
  const begun = await kind.Queue<number>();
  const pool = await kind.Pool(1, targets.keepQueue, [begun]);
  const { failAt1, failAt1Now } = targets;
  await raises(() => pool.map(failAt1, range(6), 3), "ValueError", "it is 1");
  await raises(() => pool.map(failAt1Now, range(6), 3), "ValueError", "it is 1");
  deepStrictEqual(await drain(begun), [0, 1, 3, 4, 5]);
  deepStrictEqual(await pool.apply(targets.begunNow), [0, 1, 3, 4, 5]);
  await pool.close();
  await pool.join();
});

// Changed: the collector is asked.
withPool("test_release_task_refs", 4, async (pool) => {
  await checkCollected(async () => {
    const objects = range(10).map((n) => ({ n }));
    const results = await pool.map(targets.identity, objects);
    deepStrictEqual(results, objects);
    return [...objects, ...results].map((object) => new WeakRef(object));
  });
});

poolCase("test_enter", async (kind) => {
  const pool = await kind.Pool(1);
  strictEqual(pool.__enter__(), pool);
  await pool.__exit__();
  await raises(() => pool.__enter__(), "ValueError", "Pool not running");
  await pool.join();
}, LOCAL);
