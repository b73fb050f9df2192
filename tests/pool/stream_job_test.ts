/** Tests of src/pool/stream_job.ts, with real workers. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Pool, Queue } from "../../mod.ts";
import { type StreamIterator, ThreadPool } from "../../src/pool.ts";
import { nextTurn, raises, wrong } from "../cpython/helpers/checks.ts";
import { range } from "../cpython/helpers/pool_targets.ts";
import { collectUntil } from "../helpers/gc.ts";
import { pidOf, spin, square } from "../helpers/pool_work.ts";
import * as work from "../helpers/stream_work.ts";
import { test } from "../suite.ts";

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** What comes before the error, and the error. */
async function upToError(values: AsyncIterable<unknown>): Promise<[unknown[], Error]> {
  const list: unknown[] = [];
  try {
    for await (const value of values) list.push(value);
  } catch (error) {
    return [list, error as Error];
  }
  throw new Error("there was none");
}

/** A pool of one worker, and a queue to which its generators tell of themselves. */
function withLog(): { pool: Pool; q: Queue<unknown> } {
  const q = Queue<unknown>();
  return { pool: Pool(1, work.keepLog, [q]), q };
}

test("stream: the values of generators, in order, and of all that has values", async () => {
  await using pool = Pool(2);
  deepStrictEqual(await all(pool.stream(work.below, [100])), range(100));
  deepStrictEqual(await all(pool.stream(work.belowLater, [50])), range(50));
  deepStrictEqual(await all(pool.stream(work.below, [0])), []);
  deepStrictEqual(await all(pool.stream(work.listOf, [3, 4])), [3, 4]);
  deepStrictEqual(await all(pool.stream(work.mapLater)), [["a", 1]]);
  deepStrictEqual(await all(pool.stream(work.promises)), [1, 2]);
  deepStrictEqual(await all(pool.stream(work.scaled, [3], { by: 5 })), [0, 5, 10]);
  deepStrictEqual(
    await all(pool.stream(work.scaled, { args: [2], kwds: { by: 3 }, buffersize: 1 })),
    [0, 3],
  );
  const path = fileURLToPath(import.meta.url);
  const text = (await all(pool.stream(work.linesOf, [path]))).join("");
  strictEqual(text, readFileSync(path, "utf8"));
  const [bytes, word, none, object, error, list] = await all(pool.stream(work.kinds));
  deepStrictEqual(bytes, Uint8Array.of(1, 2));
  deepStrictEqual([word, none, list], ["text", null, [1, 2, 3]]);
  deepStrictEqual(object, { a: [1, 2n, new Date(5)] });
  strictEqual((error as Error).name, "OddNumber");
});

test("stream: next gives the value itself, and takes a time", async () => {
  await using pool = Pool(1);
  const it = pool.stream(work.hangAfter, [2, "wait"]);
  deepStrictEqual([await it.next(), await it.next(60)], [0, 1]);
  await raises(() => it.next(0.01), "TimeoutError");
  await raises(
    () => it.next({ signal: AbortSignal.abort(new Error("enough")) }),
    "Error",
  );
  const short = pool.stream(work.below, [1]);
  strictEqual(pool.pending, 2);
  await pool.terminate();
  await raises(() => short.next(), "ProcessError");
  await raises(() => it.next(), "ProcessError");
  await raises(() => it.next(), "StopIteration");
  strictEqual(pool.pending, 0);
});

test("stream: no more values are made than were asked for", async () => {
  const { pool, q } = withLog();
  const it = pool.stream(work.logged, { buffersize: 2 });
  for (const i of [0, 1]) strictEqual(await q.get(), i);
  strictEqual(await it.next(), 0);
  strictEqual(await q.get(), 2);
  await raises(() => q.get({ timeout: 0.05 }), "Empty");
  strictEqual(await it.next(), 1);
  strictEqual(await q.get(), 3);
  await it.aclose();
  strictEqual(await q.get(), "end");
  await raises(() => it.next(), "StopIteration");
  await pool.terminate();
});

test("stream: to leave the loop ends the generator, and the worker goes on", async () => {
  const { pool, q } = withLog();
  const pid = await pool.apply(work.pid);
  for (const generator of [work.flood, work.logged, work.loggedLater]) {
    for await (const value of pool.stream(generator as typeof work.flood)) {
      if (value === 20) break;
    }
    const told: unknown[] = [];
    while (!await q.empty()) told.push(await q.get());
    strictEqual(told.at(-1), "end", generator.name); // it had ended when the loop was left
  }
  {
    await using it = pool.stream(work.loggedLater, [20]);
    strictEqual(await it.next(), 0);
  }
  strictEqual(await q.get(), "end");
  strictEqual(await pool.apply(work.pid), pid);
  pool.close();
  await pool.join();
});

test("stream: what is left before it has begun is not begun", async () => {
  const { pool, q } = withLog();
  const busy = pool.stream(work.below, [3], { buffersize: 1 });
  strictEqual(await busy.next(), 0);
  await pool.stream(work.logged).aclose();
  deepStrictEqual(await all(busy), [1, 2]);
  strictEqual(await pool.apply(square, [3]), 9);
  ok(await q.empty());
  await pool.terminate();
});

test("stream: errors come after the values before them, once", async () => {
  await using pool = Pool(1);
  const [values, error] = await upToError(pool.stream(work.failAfter, [3]));
  deepStrictEqual([values, error.name, error.message], [
    [0, 1, 2],
    "OddNumber",
    "3 is odd",
  ]);
  match(String((error.cause as Error).stack), /failAfter/);
  const it = pool.stream(work.failAfter, [1], { buffersize: 1 });
  strictEqual(await it.next(), 0);
  await raises(() => it.next(), "OddNumber");
  await raises(() => it.next(), "StopIteration");
  await it.aclose();
  await raises(async () => {
    for await (const _ of pool.stream(work.failAtEnd)) break;
  }, "OddNumber");
  const [none, plain] = await upToError(pool.stream(wrong(work.notIterable)));
  deepStrictEqual(none, []);
  strictEqual(plain.message, "'int' object is not iterable");
  const inner = () => 1;
  await raises(() => pool.stream(wrong(inner)).next(), "PicklingError");
  strictEqual(await pool.apply(square, [3]), 9);
});

test("stream: a value that cannot be sent ends the generator", async () => {
  const { pool, q } = withLog();
  const [values, error] = await upToError(pool.stream(work.kinds, [true]));
  deepStrictEqual([values.length, error.name], [5, "MaybeEncodingError"]);
  strictEqual(error.cause, undefined);
  strictEqual(await q.get(), "end");
  await pool.terminate();
});

test("stream: of a killed worker the values that came are there", async () => {
  await using pool = Pool(1);
  const [values, error] = await upToError(pool.stream(work.dieAfter, [5]));
  deepStrictEqual([values, error.name], [range(5), "WorkerLostError"]);
  match(error.message, /was killed by SIGKILL .* while it worked on dieAfter\(5\)/);
  deepStrictEqual(await all(pool.stream(work.below, [2])), [0, 1]);
});

test("stream: a signal ends it with its worker, before and while it runs", async () => {
  await using pool = Pool(1);
  for (const how of ["wait", "compute"]) {
    const controller = new AbortController();
    const { signal } = controller;
    const it = pool.stream(work.hangAfter, [2, how], { signal });
    deepStrictEqual([await it.next(), await it.next()], [0, 1]);
    controller.abort(new RangeError("enough"));
    await raises(() => it.next(), "RangeError", "enough");
    await it.aclose();
  }
  const aborted = pool.stream(work.below, [2], { signal: AbortSignal.abort() });
  await raises(() => aborted.next(), "AbortError");
  strictEqual(await pool.apply(square, [3]), 9);
});

test("stream: a timeout is for each value", async () => {
  await using pool = Pool(1);
  const slow = pool.stream(work.hangAfter, [2, "wait"], { timeout: 2 });
  const [values, error] = await upToError(slow);
  deepStrictEqual([values, error.name], [[0, 1], "TimeoutError"]);
  strictEqual(error.message, "hangAfter(2, 'wait') took longer than 2 s");
  const it = pool.stream(work.two, { timeout: 5, buffersize: 1 });
  strictEqual(await it.next(), 1);
  strictEqual(await it.next(), 2);
  await raises(() => it.next(), "StopIteration");
});

test("stream: a generator that cannot end is ended with its worker", async () => {
  await using pool = Pool(1);
  const pid = await pool.apply(work.pid);
  for await (const value of pool.stream(work.hangAfter, [2, "wait"])) {
    if (value === 1) break;
  }
  ok(await pool.apply(work.pid) !== pid);
});

test("stream: one that nobody can fetch from any more does not hold its worker", async () => {
  const { pool, q } = withLog();
  const begin = async () => void await pool.stream(work.logged).next();
  await begin();
  await collectUntil(() => pool.pending === 0);
  let told: unknown;
  while (told !== "end") told = await q.get();
  strictEqual(await pool.apply(square, [3]), 9);
  await pool.terminate();
});

test("stream: close and join wait for its end, and fetch what is left", async () => {
  const pool = Pool(1);
  const it = pool.stream(work.below, [100], { buffersize: 3 });
  const left = pool.stream(work.loggedLater);
  void left;
  pool.close();
  await raises(() => pool.stream(work.below, [1]), "ValueError", "Pool not running");
  const aclosed = left.aclose();
  await pool.join();
  await aclosed;
  deepStrictEqual(await all(it), range(100));
});

test("stream: other tasks go to other workers, also those behind it", async () => {
  await using pool = Pool(2);
  const it = pool.stream(work.below, [100], { buffersize: 1 });
  strictEqual(await it.next(), 0);
  const pids = await Promise.all(range(20).map((n) => pool.apply(pidOf, [n])));
  strictEqual(new Set(pids).size, 1);
  const second = pool.stream(work.below, [2]);
  deepStrictEqual(await all(second), [0, 1]);
  deepStrictEqual((await all(it)).length, 99);
});

test("stream: progress and bad arguments", async () => {
  await using pool = Pool(1);
  const seen: unknown[] = [];
  const progress = Object.assign(
    (done: number, total: number | null) => void seen.push([done, total]),
    { close: () => void seen.push("closed") },
  );
  deepStrictEqual(await all(pool.stream(work.below, [2], { progress })), [0, 1]);
  deepStrictEqual(seen, [[0, null], [1, null], [2, null], "closed"]);
  for (const buffersize of [0, -1]) {
    await raises(
      () => pool.stream(work.below, [1], { buffersize }),
      "ValueError",
      "buffersize must be None or > 0",
    );
  }
  await raises(() => pool.stream(work.below, wrong(5)), "TypeError");
  await raises(() => (pool.stream as () => unknown)(), "TypeError", /'func'/);
});

test("apply: a generator's error says what to call instead", async () => {
  await using pool = Pool(1);
  for (const generator of [work.below, work.belowLater]) {
    await raises(
      () => pool.apply(generator as (n: number) => unknown, [3]),
      "MaybeEncodingError",
      /generator' object: the pool's `stream` gives the values of a generator/,
    );
  }
});

test("stream: threads give what they have, and end as well", async () => {
  const ends: string[] = [];
  async function* endless(): AsyncGenerator<() => number> {
    try {
      for (let i = 0;; i++) {
        await null;
        yield () => i;
      }
    } finally {
      ends.push("end");
    }
  }
  await using pool = ThreadPool(1);
  deepStrictEqual(await all(pool.stream(work.below, [40])), range(40));
  let count = 0;
  for await (const give of pool.stream(endless)) {
    strictEqual(give(), count);
    if (++count === 40) break;
  }
  deepStrictEqual(ends, ["end"]);
  const controller = new AbortController();
  const it: StreamIterator<() => number> = pool.stream(endless, {
    signal: controller.signal,
    buffersize: 1,
  });
  await it.next();
  controller.abort(new RangeError("enough"));
  while (ends.length < 2) await nextTurn();
  const [, error] = await upToError(it);
  strictEqual(error.message, "enough");
  strictEqual(await pool.apply(square, [2]), 4);
});

test("stream: a worker that computes and is killed as it is left", async () => {
  await using pool = Pool(1);
  const it = pool.stream(work.hangAfter, [1, "compute"]);
  strictEqual(await it.next(), 0);
  const closing = it.aclose();
  process.kill(pool._pool[0]!.pid!, "SIGKILL");
  await raises(() => closing, "WorkerLostError");
  const other = pool.apply_async(spin);
  await pool.terminate();
  await raises(() => other.get(), "ProcessError");
});
