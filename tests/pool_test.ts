/** Tests of src/pool.ts, with real workers. */

import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  strictEqual,
} from "node:assert/strict";
import process from "node:process";
import {
  active_children,
  bound,
  Pool,
  Process,
  Queue,
  RemoteTraceback,
  WorkerLostError,
} from "../mod.ts";
import { AsyncResult, type IMapIterator, type MapResult } from "../src/pool.ts";
import {
  exitcodeOf,
  nextTurn,
  processExists,
  raises,
  started,
  wrong,
} from "./cpython/helpers/checks.ts";
import { list, range } from "./cpython/helpers/pool_targets.ts";
import { children } from "../src/link/exit.ts";
import * as work from "./helpers/pool_work.ts";
import { outputOf, runProgram } from "./helpers/run.ts";
import { test } from "./suite.ts";

const { square } = work;

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

/** Has `fn` use a pool, which is ended afterwards. */
async function using(pool: Pool, fn: (pool: Pool) => Promise<void>): Promise<void> {
  try {
    await fn(pool);
  } finally {
    await pool.terminate();
  }
}

/** The same with so many workers, and with a queue that is their gate. */
async function usingGate(
  processes: number,
  fn: (pool: Pool, q: Queue<number>) => Promise<void>,
): Promise<void> {
  const q = Queue<number>();
  await using(Pool(processes, work.keepGate, [q]), (pool) => fn(pool, q));
}

// --- calls and results

test("Pool: values, functions and arguments of all kinds", () =>
  using(Pool(2), async (pool) => {
    strictEqual(await pool.apply(Math.sqrt, [9]), 3);
    strictEqual(await pool.apply(work.nothing), null);
    strictEqual(await pool.apply(work.add, [1, 2], { c: 3 }), 6);
    strictEqual(await pool.apply(work.add, { args: [1, 2], kwds: { c: 4 } }), 7);
    strictEqual(await pool.apply(bound(new work.Multiplier(7), "times"), [6]), 42);
    const values = [
      undefined,
      null,
      "text",
      -0,
      2n ** 70n,
      new Date(0),
      new Map([[{ a: 1 }, new Set(["b"])]]),
      new Uint8Array(1_000_000).fill(7),
    ];
    deepStrictEqual(await pool.map(work.same, values, 3), [null, ...values.slice(1)]);
    deepStrictEqual(await pool.map(work.same, values, 1), [null, ...values.slice(1)]);
    const numbers = [1, -1, 2 ** 31, -(2 ** 31), 0.5, -0, NaN, Infinity];
    for (const chunksize of [1, 3, 8]) {
      deepStrictEqual(await pool.map(work.same, numbers, chunksize), numbers);
      const integers = range(20);
      deepStrictEqual(await pool.map(work.same, integers, chunksize), integers);
    }
    const texts = ["a", "\ud800", "\ufeffb", ""];
    deepStrictEqual(await pool.map(work.same, texts, 1), texts);
    deepStrictEqual(await pool.map(work.same, new Set([1, "a", null])), [1, "a", null]);
  }));

test("Pool: the types of results follow from the function's", () =>
  using(Pool(1), async (pool) => {
    const root: number = await pool.apply(Math.sqrt, [9]);
    const roots: number[] = await pool.map(Math.sqrt, [root]);
    const it: IMapIterator<string> = pool.imap(String, roots);
    const sums: MapResult<number> = pool.starmap_async(work.add, [[1, 2]]);
    const nulls: null[] = await pool.map(work.nothing, []);
    // @ts-expect-error: the function takes numbers
    const wrongArgument = pool.map(Math.sqrt, ["nine"]);
    // @ts-expect-error: an argument is missing
    const missing = pool.starmap(square, [[]]);
    deepStrictEqual([await it.next(), await sums.get(), nulls], ["1.7320508075688772", [
      3,
    ], []]);
    await Promise.allSettled([wrongArgument, missing]);
  }));

test("Pool: the arguments of apply_async are copied at the call", () =>
  using(Pool(1), async (pool) => {
    const value = { a: 1 };
    const results = range(3).map(() => pool.apply_async(work.same, [value]));
    value.a = 2;
    for (const result of results) deepStrictEqual(await result.get(), { a: 1 });
  }));

test("Pool: AsyncResult is no promise, and tells how far it is", () =>
  usingGate(1, async (pool, q) => {
    const result = await pool.apply_async(work.waitAtGate, [5]);
    ok(result instanceof AsyncResult && !("then" in result));
    strictEqual(result.ready(), false);
    await raises(
      () => result.successful(),
      "ValueError",
      /^<multiprocessing\.pool\.ApplyResult object at 0x[0-9a-f]+> not ready$/,
    );
    strictEqual(await result.wait(0), undefined);
    await raises(() => result.get(0), "TimeoutError", "");
    await raises(() => result.get(-1), "TimeoutError", "");
    await raises(
      () => result.get(wrong("a")),
      "TypeError",
      "'>' not supported between instances of 'str' and 'int'",
    );
    await q.put(0);
    strictEqual(await result.get(), 5);
    strictEqual(await result.get(), 5);
    deepStrictEqual([result.ready(), result.successful()], [true, true]);
  }));

test("Pool: an error keeps class, fields and cause, and is the same each time", () =>
  using(Pool(1), async (pool) => {
    const result = pool.apply_async(work.half, [3]);
    const error = await raises(() => result.get(), "OddNumber", "3 is odd");
    ok(error instanceof work.OddNumber && error.number === 3);
    ok(error.cause instanceof RemoteTraceback);
    match(error.cause.tb, /^OddNumber: 3 is odd\n[^]*half/);
    strictEqual(await raises(() => result.get(), "OddNumber"), error);
    strictEqual(result.successful(), false);
  }));

test("Pool: an error's own cause stands behind the stack of the worker", () =>
  using(Pool(1), async (pool) => {
    const error = await raises(() => pool.apply(work.halfOrNone, [3]), "TypeError");
    ok(error.cause instanceof RemoteTraceback);
    const { cause } = error.cause;
    ok(cause instanceof work.OddNumber && cause.number === 3);
  }));

test("Pool: what cannot be sent fails its own call, and nothing else", () =>
  using(Pool(1), async (pool) => {
    const lambda = (x: number) => x;
    const good = pool.apply_async(square, [2]);
    const errors: unknown[] = [];
    const bad = pool.apply_async(lambda, [2], {
      error_callback: (e) => errors.push(e),
    });
    deepStrictEqual(errors, []);
    const error = await raises(() => bad.get(), "PicklingError", /lambda/);
    deepStrictEqual(errors, [error]);
    await raises(() => pool.apply(work.same, [lambda]), "PicklingError");
    await raises(() => pool.map(work.same, [1, lambda, 3], 1), "PicklingError");
    await raises(() => pool.map(lambda, [1]), "PicklingError");
    const it = pool.imap(work.same, [1, Symbol(), 3] as unknown[]);
    strictEqual(await it.next(), 1);
    await raises(() => it.next(), "TypeError", /symbol/);
    strictEqual(await it.next(), 3);
    await raises(
      () => pool.apply(wrong(5)),
      "TypeError",
      "'int' object is not callable",
    );
    strictEqual(await good.get(), 4);
    const q = Queue<number>();
    await raises(
      () => pool.apply(work.same, [q]),
      "RuntimeError",
      "Queue objects should only be shared between processes through inheritance: " +
        "give it to the pool's `initializer`, in `initargs`",
    );
  }));

test("Pool: wrong calls raise what CPython raises", () =>
  using(Pool(1), async (pool) => {
    const notIterable = "'int' object is not iterable";
    await raises(() => pool.map(square, wrong(5)), "TypeError", notIterable);
    await raises(() => pool.imap(square, wrong(5)), "TypeError", notIterable);
    const chunksize = "Chunksize must be 1+, not 0";
    await raises(() => pool.map(square, [1], 0), "ValueError", chunksize);
    await raises(() => pool.imap(square, [1], 0), "ValueError", chunksize);
    await raises(() => pool.imap_unordered(square, [1], 0), "ValueError", chunksize);
    await raises(() => pool.join(), "ValueError", "Pool is still running");
    await raises(
      () => pool.imap(square, [1], { buffersize: 0 }),
      "ValueError",
      "buffersize must be None or > 0",
    );
    await raises(
      () => pool.apply(square, wrong(5)),
      "TypeError",
      "square() argument after * must be an iterable, not int",
    );
    await raises(
      () => Pool(wrong({ workers: 5 })),
      "TypeError",
      "BaseContext.Pool() got an unexpected keyword argument 'workers'",
    );
    pool.close();
    pool.close();
    for (const call of [pool.apply_async, pool.map_async, pool.imap] as const) {
      const submit = (call as (...args: unknown[]) => unknown).bind(pool);
      await raises(() => submit(square, [1]), "ValueError", "Pool not running");
    }
    await pool.join();
  }));

test("Pool: names, repr and what tutorials look at", () =>
  using(new Pool({ processes: 2 }), async (pool) => {
    match(await pool.apply(work.workerName), /^SpawnPoolWorker-\d+$/);
    strictEqual(String(pool), "<multiprocessing.pool.Pool state=RUN pool_size=2>");
    deepStrictEqual([pool._processes, pool._pool.length, pool._state], [2, 2, "RUN"]);
    ok(pool._pool.every((worker) => worker.daemon));
    const result = pool.apply_async(work.forEver);
    strictEqual(pool._cache.size, 1);
    pool.close();
    strictEqual(pool._state, "CLOSE");
    await pool.terminate();
    strictEqual(
      String(pool),
      "<multiprocessing.pool.Pool state=TERMINATE pool_size=2>",
    );
    strictEqual(pool._cache.size, 0);
    await raises(() => result.get(), "ProcessError");
    strictEqual(active_children().length, 0);
  }));

test("Pool: chunks are CPython's, and each counts as one task of a worker", async () => {
  const sizes = async (length: number, chunksize?: number) => {
    const counts = new Map<number, number>();
    await using(Pool(1, { maxtasksperchild: 1 }), async (pool) => {
      for (const pid of await pool.map(work.pidOf, range(length), chunksize)) {
        counts.set(pid, (counts.get(pid) ?? 0) + 1);
      }
    });
    return [...counts.values()];
  };
  deepStrictEqual(await sizes(6, 3), [3, 3]);
  deepStrictEqual(await sizes(9), [3, 3, 3]);
});

test("Pool: callbacks come before the result, once, and not for nothing", () =>
  using(Pool(2), async (pool) => {
    const seen: unknown[] = [];
    const callback = (value: unknown) => seen.push([value, result.ready()]);
    let result: AsyncResult<unknown> = pool.apply_async(square, [3], { callback });
    await result.get();
    result = pool.map_async(square, [1, 2], { callback });
    await result.get();
    result = pool.map_async(square, [], { callback });
    await result.get();
    result = pool.apply_async(square, [4], null, callback);
    await result.get();
    deepStrictEqual(seen, [[9, false], [[1, 4], false], [16, false]]);
  }));

test("Pool: a callback that throws is told of on stderr, and the result arrives", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/pools.ts", {
    args: ["callbacks"],
  });
  deepStrictEqual({ stdout, code }, { stdout: "1 4 9 16\n", code: 0 });
  match(stderr, /^Exception ignored in a pool's callback:\nRangeError: no thanks\n/m);
  match(stderr, /^Exception ignored in a pool's callback:\nRangeError: later\n/m);
  match(stderr, /^Exception ignored in a pool's error_callback:\nTypeError: oh\n/m);
});

test("Pool: all workers are there for whoever looks, and soon for others", async () => {
  await using(Pool(3), (pool) => {
    strictEqual(active_children().length, 3);
    deepStrictEqual(pool._pool, active_children());
    return Promise.resolve();
  });
  await using(Pool(3), async (pool) => {
    strictEqual(pool._pool.length, 3);
    ok(pool._pool.every(({ pid }) => pid !== null && processExists(pid)));
    await pool.apply(square, [3]);
  });
  await using(Pool(2), async (pool) => {
    // One begins at once; the other one's beginning proves that it was started.
    const pids = [pool.apply(work.pidOf, [0]), pool.apply(work.pidOf, [1])];
    strictEqual(children.size, 1);
    await Promise.all(pids);
    strictEqual(children.size, 2);
  });
  await using(Pool(2), async (pool) => {
    await pool.apply(square, [3]);
    while (children.size < 2) await nextTurn(); // nobody asks for it
  });
});

// --- when workers die

test("Pool: a worker that is killed before it is there takes no task with it", () =>
  using(Pool(1), async (pool) => {
    const result = pool.apply_async(square, [3]);
    const [worker] = pool._pool;
    worker!.kill();
    strictEqual(await result.get(), 9);
    notStrictEqual(pool._pool[0], worker);
  }));

test("Pool: the time of a first task begins when its worker is there", () =>
  using(Pool(1), async (pool) => {
    const result = pool.apply_async(square, [3], { timeout: 1 });
    const { pid } = pool._pool[0]!;
    process.kill(pid!, "SIGSTOP");
    await raises(() => result.get(1.5), "TimeoutError", ""); // that is ours
    strictEqual(result.ready(), false);
    process.kill(pid!, "SIGCONT");
    strictEqual(await result.get(), 9);
    strictEqual(pool._pool[0]!.pid, pid);
  }));

test("Pool: a worker that ends fails its task with all that is known", () =>
  using(Pool(1), async (pool) => {
    const { pid } = pool._pool[0]!;
    const error = await raises(
      () => pool.apply(work.exit, [3, "one\ntwo"]),
      "WorkerLostError",
      /^SpawnPoolWorker-\d+ \(pid \d+\) ended with exit code 3 while it worked on exit\(3, 'one\\ntwo'\); it wrote last:\none\ntwo$/,
    );
    ok(error instanceof WorkerLostError);
    const { exitcode, signal, task, stderr } = error;
    deepStrictEqual({ pid: error.pid, exitcode, signal, task, stderr }, {
      pid,
      exitcode: 3,
      signal: null,
      task: "exit(3, 'one\\ntwo')",
      stderr: "one\ntwo",
    });
    strictEqual(await pool.apply(square, [3]), 9);
    notStrictEqual(pool._pool[0]!.pid, pid);

    const killed = await raises(
      () => pool.apply(work.killMyself, ["SIGKILL"]),
      "WorkerLostError",
      /was killed by SIGKILL .*memory.* while it worked on killMyself\('SIGKILL'\)/,
    ) as WorkerLostError;
    deepStrictEqual([killed.exitcode, killed.signal], [-9, "SIGKILL"]);
    const exited = await raises(
      () => pool.apply(work.sysExit, [4]),
      "WorkerLostError",
    ) as WorkerLostError;
    strictEqual(exited.exitcode, 4);
    strictEqual(await pool.apply(square, [3]), 9);
  }));

test("Pool: a worker that dies fails the task it had begun, and no other", () =>
  using(Pool(2), async (pool) => {
    // Many short tasks first: by then several wait in each worker.
    await pool.map(work.same, range(2000), 1);
    const results = range(2000).map((i) =>
      i % 500 === 250 ? pool.apply_async(work.exit, [1]) : pool.apply_async(square, [i])
    );
    for (const [i, result] of results.entries()) {
      if (i % 500 === 250) await raises(() => result.get(), "WorkerLostError");
      else strictEqual(await result.get(), i * i);
    }
  }));

test("Pool: an initializer that fails fails the pool, after a few tries", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/pools.ts", {
    args: ["initializer"],
  });
  const lines = stdout.trimEnd().split("\n");
  match(lines[0]!, /^WorkerLostError: the pool gives up: 4 workers in a row ended/);
  match(stdout, /^cause: RangeError: not today$/m);
  match(stdout, /^ValueError: Pool not running$/m);
  const tries = stderr.match(/^no database$/gm)!.length;
  ok(tries >= 4 && tries <= 6, `${tries} tries`);
  strictEqual(code, 0);
});

test("Pool: a worker that has something open ends all the same", async () => {
  const pool = Pool(2, work.stayOpen);
  strictEqual(await pool.apply(square, [3]), 9);
  pool.close();
  await pool.join();
});

test("Pool: terminate ends what computes and what waits; what is done stays", async () => {
  const q = Queue<number>();
  const pool = Pool(2, work.keepGate, [q]);
  const done = pool.apply_async(square, [3]);
  await done.wait();
  const running = [
    pool.apply_async(work.beginAndSpin, [1]),
    pool.apply_async(work.begin, [2]),
  ];
  const waiting = pool.map_async(square, [1, 2]);
  const it = pool.imap(square, [1, 2]);
  await q.get();
  await q.get();
  await pool.terminate();
  await pool.terminate();
  await pool.join();
  const text = "the pool was terminated before the task was done";
  for (const result of [...running, waiting]) {
    await raises(() => result.get(), "ProcessError", text);
  }
  await raises(() => it.next(), "ProcessError", text);
  await raises(() => it.next(), "StopIteration");
  strictEqual(await done.get(), 9);
  pool.close();
  strictEqual(pool._state, "TERMINATE");
});

// --- control

test("Pool: a task that takes too long is ended with its worker, and no other", () =>
  usingGate(2, async (pool, q) => {
    const other = pool.apply_async(work.waitAtGate, [1]);
    await raises(
      () => pool.apply(work.spin, [], { timeout: MOMENT }),
      "TimeoutError",
      "spin() took longer than 0.05 s",
    );
    await raises(
      () => pool.map(work.forEver, [1], { timeout: MOMENT }),
      "TimeoutError",
    );
    const it = pool.imap(work.computeOrWait, [1, -1, 2], { timeout: 0.9 });
    strictEqual(await it.next(), 1);
    await raises(() => it.next(), "TimeoutError");
    strictEqual(await it.next(), 2);
    await q.put(0);
    strictEqual(await other.get(), 1);
    strictEqual(await pool.apply(square, [3], { timeout: 40 }), 9);
  }));

test("Pool: the time is that of one call, also in a chunk of several", () =>
  using(Pool(1, work.keepGate, [Queue<number>()]), async (pool) => {
    const times = range(12).map(() => 100);
    deepStrictEqual(
      await pool.map(work.compute, times, { chunksize: 12, timeout: 0.9 }),
      times,
    );
    await raises(
      () => pool.map(work.computeOrWait, [1, 1, -1], { chunksize: 3, timeout: 0.9 }),
      "TimeoutError",
      "3 calls of computeOrWait took longer than 0.9 s",
    );
  }));

test("Pool: a signal drops what waits, and ends what runs with its worker", () =>
  usingGate(1, async (pool, q) => {
    const first = new AbortController(), second = new AbortController();
    const running = pool.apply_async(work.begin, [1], { signal: first.signal });
    const waiting = pool.apply_async(square, [1], { signal: second.signal });
    const other = pool.apply_async(square, [2]);
    await q.get();
    second.abort(new RangeError("not needed"));
    await raises(() => waiting.get(), "RangeError", "not needed");
    strictEqual(running.ready(), false);
    first.abort(new RangeError("enough"));
    await raises(() => running.get(), "RangeError", "enough");
    strictEqual(await other.get(), 4);
    await raises(() => pool.apply(square, [1], { signal: first.signal }), "RangeError");
    strictEqual(await pool.apply(square, [3]), 9);
  }));

test("Pool: a signal ends a map or an imap as a whole", () =>
  usingGate(2, async (pool, q) => {
    for (const method of ["map_async", "imap"] as const) {
      const controller = new AbortController();
      const options = { signal: controller.signal, chunksize: 1 };
      const job = method === "imap"
        ? pool.imap(work.begin, range(5), options)
        : pool.map_async(work.begin, range(5), options);
      await q.get();
      await q.get();
      controller.abort(new RangeError("enough"));
      const get = () => "get" in job ? job.get() : job.next();
      await raises(get, "RangeError", "enough");
      deepStrictEqual(await pool.map(square, range(5)), [0, 1, 4, 9, 16]);
    }
    strictEqual(await q.empty(), true);
  }));

test("Pool: a signal of get ends the waiting, and not the task", () =>
  usingGate(1, async (pool, q) => {
    const result = pool.apply_async(work.waitAtGate, [1]);
    const signal = AbortSignal.abort(new RangeError("enough"));
    await raises(() => result.get({ signal }), "RangeError", "enough");
    await q.put(0);
    strictEqual(await result.get(), 1);
  }));

test("Pool: progress is told, never goes back, and ends with everything", () =>
  using(Pool(2), async (pool) => {
    for (const chunksize of [1, 7, 100]) {
      const seen: [number, number | null][] = [];
      const progress = (done: number, total: number | null) => seen.push([done, total]);
      await pool.map(work.compute, range(100).map(() => 2), { chunksize, progress });
      ok(seen.length >= Math.ceil(100 / chunksize));
      checkProgress(seen, 100);
      seen.length = 0;
      await list(pool.imap_unordered(square, range(100), { chunksize, progress }));
      checkProgress(seen, 100);
      seen.length = 0;
      await list(pool.imap(square, range(10).values(), { chunksize, progress }));
      checkProgress(seen, null, 10);
    }
    const seen: unknown[] = [];
    await pool.apply(square, [2], { progress: (...of) => seen.push(of) });
    deepStrictEqual(seen, [[0, 1], [1, 1]]);
    let closed = 0;
    let told = 0;
    const closing = Object.assign(() => void told++, { close: () => closed++ });
    await pool.map(square, [1, 2], { progress: closing });
    await pool.map(square, [], { progress: closing });
    await list(pool.imap(square, [1, 2], { progress: closing }));
    strictEqual(closed, 3);
    const failing = pool.map(work.half, [1, 2, 3], { chunksize: 1, progress: closing });
    await raises(() => failing, "OddNumber");
    const signal = AbortSignal.abort(new RangeError("no"));
    const aborted = { progress: closing, signal };
    told = 0;
    await raises(() => pool.apply(square, [1], aborted), "RangeError");
    await raises(() => pool.map(square, [1], aborted), "RangeError");
    await raises(() => list(pool.imap(square, [1], aborted)), "RangeError");
    deepStrictEqual([told, closed], [0, 7]); // what never began is not drawn
    await raises(
      () => pool.map(square, [1], { progress: wrong(1) }),
      "TypeError",
      "progress must be a callable",
    );
  }));

function checkProgress(
  seen: [number, number | null][],
  total: number | null,
  last = total,
): void {
  const counts = seen.map(([done]) => done);
  deepStrictEqual(counts, counts.toSorted((a, b) => a - b));
  ok(seen.every(([, of]) => of === total));
  strictEqual(counts.at(-1), last);
}

// --- scheduling

test("Pool: what waits behind a task that turns out to be long is taken elsewhere", () =>
  usingGate(2, async (pool, q) => {
    // Of this function so many calls have been short that several wait in each worker.
    const times = [...range(3000).map(() => 0), -1, ...range(3000).map(() => 0)];
    const results = times.map((time) => pool.apply_async(work.computeOrWait, [time]));
    const [long] = results.splice(3000, 1);
    for (const result of results) strictEqual(await result.get(), 0);
    strictEqual(long!.ready(), false);
    await q.put(7);
    strictEqual(await long!.get(), 7);
  }));

// --- imap

test("Pool.imap: its input is read as it is needed, and a loop that is left closes it", () =>
  using(Pool(2), async (pool) => {
    let read = 0;
    let isClosed = false;
    function* endless() {
      try {
        for (;;) yield read++;
      } finally {
        isClosed = true;
      }
    }
    let fetched = 0;
    for await (const value of pool.imap(square, endless(), { buffersize: 10 })) {
      strictEqual(value, fetched ** 2);
      ok(read <= ++fetched + 10, `${read} read, ${fetched} fetched`);
      if (fetched === 200) break;
    }
    strictEqual(isClosed, true);
    for (const method of ["imap", "imap_unordered"] as const) {
      read = 0;
      for await (const _ of pool[method](square, endless())) if (read > 1000) break;
      ok(read < 3000);
    }
    pool.close();
    await pool.join();
  }));

test("Pool.imap: close and join wait for all of a finite input, however small the buffer", async () => {
  const pool = Pool(2);
  const its = [
    pool.imap(square, range(100), { buffersize: 1 }),
    pool.imap(square, range(100), { buffersize: 3, chunksize: 5 }),
    pool.imap_unordered(square, range(100), { buffersize: 2 }),
    pool.imap(square, numbersLater(100), { buffersize: 2 }),
  ];
  strictEqual(await its[0]!.next(), 0);
  pool.close();
  await pool.join();
  for (const [i, it] of its.entries()) {
    const values = (await list(it)).toSorted((a, b) => a - b);
    deepStrictEqual(values, range(100).map((x) => x * x).slice(i === 0 ? 1 : 0));
  }
});

async function* numbersLater(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    await Promise.resolve();
    yield i;
  }
}

test("Pool.imap: an asynchronous input, its failure, its end", () =>
  using(Pool(2), async (pool) => {
    async function* failing(at: number) {
      yield* numbersLater(at);
      throw new RangeError("no more");
    }
    for (const chunksize of [1, 3]) {
      deepStrictEqual(
        await list(pool.imap(square, numbersLater(10), chunksize)),
        range(10).map((x) => x * x),
      );
      deepStrictEqual(await list(pool.imap(square, numbersLater(0), chunksize)), []);
      const it = pool.imap(square, failing(6), chunksize);
      for (let i = 0; i < 6; i++) strictEqual(await it.next(), i * i);
      strictEqual(
        (await raises(() => it.next(), "RangeError", "no more")).cause,
        undefined,
      );
      await raises(() => it.next(), "StopIteration");
    }
  }));

test("Pool.imap: an error stands in its place; with chunks it is the end, as in Python", () =>
  using(Pool(2), async (pool) => {
    const it = pool.imap(work.half, [2, 3, 4]);
    strictEqual(await it.next(), 1);
    await raises(() => it.next(), "OddNumber");
    strictEqual(await it.next(), 2);
    await raises(() => it.next(), "StopIteration");
    await raises(() => it.next(), "StopIteration");
    const chunked = pool.imap(work.half, [2, 4, 6, 3, 8, 10], 2);
    for (const value of [1, 2]) strictEqual(await chunked.next(), value);
    await raises(() => chunked.next(), "OddNumber");
    await raises(() => chunked.next(), "StopIteration");
    // A loop ends with the error, and may be begun again.
    const again = pool.imap(work.half, [3, 2]);
    await raises(() => list(again), "OddNumber");
    deepStrictEqual(await list(again), [1]);
  }));

test("Pool.imap: next waits as long as it is told, and nothing is lost", () =>
  usingGate(2, async (pool, q) => {
    const it = pool.imap(work.waitAtGate, [1, 2, 3]);
    await raises(() => it.next(0), "TimeoutError", "");
    await raises(() => it.next(MOMENT), "TimeoutError", "");
    await raises(
      () => it.next({ signal: AbortSignal.abort(new RangeError()) }),
      "RangeError",
    );
    const several = [it.next(), it.next(40), it.next(), it.next()];
    for (const _ of range(3)) await q.put(0);
    deepStrictEqual(await Promise.all(several.slice(0, 3)), [1, 2, 3]);
    await raises(() => several[3], "StopIteration");
  }));

// --- processes

test("Pool: a child that is no daemon may have one", async () => {
  const q = Queue<unknown>();
  const p = await started(work.poolInChild, [q]);
  deepStrictEqual(await q.get(), [1, 4, 9]);
  deepStrictEqual(await q.get(), ["WorkerLostError", 3]);
  match(await q.get() as string, /^SpawnPoolWorker-\d+:\d+$/);
  strictEqual(await q.get(), "<multiprocessing.pool.Pool state=CLOSE pool_size=2>");
  strictEqual(await exitcodeOf(p), 0);

  const other = await started(work.openPoolInChild, [q]);
  const pid = await q.get() as number;
  strictEqual(await exitcodeOf(other), 0);
  ok(!processExists(pid));
});

test("Pool: workers end when the child that has them is killed", async () => {
  strictEqual(await outputOf("tests/children/pools.ts", ["orphan"]), "gone\n");
});

test("Pool: it is not passed to a process or a task", () =>
  using(Pool(1), async (pool) => {
    const text = "pool objects cannot be passed between processes or pickled";
    const p = new Process({ target: work.same, args: [pool] });
    await raises(() => p.start(), "NotImplementedError", text);
    await raises(() => pool.apply(work.same, [pool]), "NotImplementedError", text);
  }));

test("Pool: a worker may not have children; a main module without guard is told so", async () => {
  const { stdout, code } = await runProgram("tests/children/pool_no_guard.ts");
  match(stdout, /An attempt has been made to start a new process before the/);
  strictEqual(code, 0);
});
