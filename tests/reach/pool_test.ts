/**
 * No task waits behind another that has begun, as long as a worker has nothing to do: here
 * one worker is stuck with a long task as long as anything is checked, and the others do all
 * that is left. And what no worker has begun is never lost with one.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { Pool, WorkerLostError } from "../../mod.ts";
import { switches } from "../../src/runtime/switches.ts";
import {
  endSoon,
  endureAfter,
  type Fate,
  LONG,
  note,
  same,
  work,
  workOnAll,
} from "./targets.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";

const SMALL = 300;

const FATES: Fate[] = ["computes", "hangs", "is stopped"];

/** Indices of the long task among the small ones. */
const PLACES = [0, SMALL / 2, SMALL];

/** The tasks' arguments: small ones, and the long one among them. */
function elements(place: number): number[] {
  const all = Array.from({ length: SMALL }, (_, i) => i);
  all.splice(place, 0, LONG);
  return all;
}

/** Calls all in one way or another; gives what hears of each that is done. */
type Way = (
  pool: Pool,
  xs: number[],
  fate: Fate,
  over: string,
  onDone: (x: number) => void,
) => Promise<unknown>;

/** Progress that tells of all small tasks at once. */
function whenSmallAreDone(xs: number[], onDone: (x: number) => void) {
  return (done: number) => {
    if (done === SMALL) xs.filter((x) => x !== LONG).forEach(onDone);
  };
}

const WAYS: Record<string, Way> = {
  apply_async(pool, xs, fate, over, callback) {
    const results = xs.map((x) =>
      pool.apply_async(work, [x, fate, over], { callback })
    );
    return Promise.all(results.map((result) => result.get()));
  },
  async imap_unordered(pool, xs, fate, over, onDone) {
    const all = xs.map((x): [number, Fate, string] => [x, fate, over]);
    for await (const x of pool.imap_unordered(workOnAll, all)) onDone(x);
  },
  async imap(pool, xs, fate, over, onDone) {
    const all = xs.map((x): [number, Fate, string] => [x, fate, over]);
    const results = pool.imap(workOnAll, all, {
      buffersize: all.length, // what stands behind the long one is not waited for
      progress: whenSmallAreDone(xs, onDone),
    });
    for await (const _ of results) { /* the long one's holds up those behind it */ }
  },
  starmap(pool, xs, fate, over, onDone) {
    const all = xs.map((x): [number, Fate, string] => [x, fate, over]);
    const progress = whenSmallAreDone(xs, onDone);
    return pool.starmap(work, all, { chunksize: 1, progress });
  },
};

for (const [name, way] of Object.entries(WAYS)) {
  for (const fate of FATES) {
    test(`pool: ${name} does all small tasks, though a worker ${fate}`, async () => {
      for (const place of PLACES) {
        await withFolder((notes) => run(way, 2, fate, place, notes));
      }
    });
  }
}

test("pool: seven of eight workers do all small tasks, whatever one does", async () => {
  for (const fate of FATES) {
    await withFolder((notes) => run(WAYS["apply_async"]!, 8, fate, 30, notes));
  }
});

/** All small ones are done while the long one is not. */
async function run(
  way: Way,
  workers: number,
  fate: Fate,
  place: number,
  notes: string,
): Promise<void> {
  const pool = Pool(workers);
  const over = `${notes}/over`;
  try {
    await pool.map(same, elements(0), 1); // they are known to be short
    const done = new Set<number>();
    let isOver = false;
    await new Promise<void>((resolve, reject) => {
      const all = way(pool, elements(place), fate, over, (x) => {
        ok(!done.has(x));
        done.add(x);
        if (done.size === SMALL && !done.has(LONG)) resolve();
      });
      all.then(() => isOver = true, (error) => isOver || reject(error));
    });
    strictEqual(done.has(LONG), false);
    isOver = true;
    writeFileSync(over, "");
  } finally {
    await pool.terminate();
  }
}

// What is not claimed, with these switched off, counts as begun where it was sent to.
const claims = switches.claims && switches.prefetch;

test("pool: a task that comes with a worker's first result is not that worker's for good", async () => {
  for (const fate of ["computes", "is stopped", "is killed"] as const) {
    if (!claims) break;
    await withFolder(async (notes) => {
      const over = `${notes}/over`;
      const pool = Pool(2);
      try {
        const second = await new Promise<string>((resolve, reject) => {
          const callback = () =>
            pool.apply_async(note, [`${notes}/note`]).get().then(resolve, reject);
          const options = { callback, error_callback: reject };
          pool.apply_async(endureAfter, [fate, over], options);
        });
        strictEqual(readFileSync(second, "utf8"), "begun");
        writeFileSync(over, "");
      } finally {
        await pool.terminate();
      }
    });
  }
});

test("pool: a task that no worker has begun is not lost with one", async () => {
  await withFolder(async (notes) => {
    await using pool = Pool(1);
    await pool.apply(same, [1]);
    for (let round = 0; round < 10; round++) {
      const path = `${notes}/${round}`;
      const ended = pool.apply_async(endSoon);
      const next = pool.apply_async(note, [path]);
      await ended.get();
      try {
        strictEqual(await next.get(), path);
      } catch (error) {
        ok(error instanceof WorkerLostError);
      }
      // Done once, by whomever; if it is said to be lost, it had been begun.
      strictEqual(readFileSync(path, "utf8"), "begun");
    }
  });
});

test("pool: of a killed worker only the task is lost that it has begun", async () => {
  await using pool = Pool(1);
  const xs = elements(0).slice(1);
  await pool.map(same, xs, 1);
  const first = xs.map((x) => pool.apply_async(same, [x]));
  const lost = pool.apply_async(work, [LONG, "is killed", ""]);
  const rest = xs.map((x) => pool.apply_async(same, [x]));
  await rejects(lost.get(), WorkerLostError);
  for (const some of [first, rest]) {
    deepStrictEqual(await Promise.all(some.map((one) => one.get())), xs);
  }
});
