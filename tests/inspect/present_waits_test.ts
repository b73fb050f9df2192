/** Tests of src/inspect/present_waits.ts: waits that are looked at, and lose nothing by it. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type PresentWait, PresentWaits } from "../../src/inspect/present_waits.ts";
import { ops } from "../../src/link/observed.ts";
import { test } from "../suite.ts";
import { repeat } from "../wire/support.ts";

/** A wait, and what settles it. */
function begin(waits: PresentWaits, on = 7) {
  const wait = waits.add(ops.get, on, null, false);
  let settle!: { resolve: (value: number) => void; reject: (error: unknown) => void };
  const promise = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject };
  });
  wait.promise = promise;
  return { wait, promise, ...settle };
}

async function look(waits: PresentWaits): Promise<void> {
  for (const wait of waits.olderThan(0)) wait.look();
  for (let i = 0; i < 3; i++) await null;
}

const objects = (waits: PresentWaits) => Array.from(waits.olderThan(0), ({ on }) => on);

test("a wait that is looked at goes on, and its line is known", async () => {
  const waits = new PresentWaits();
  const { wait, promise, resolve } = begin(waits);
  strictEqual(await Promise.race([promise, null]), null);
  const other = begin(waits);
  const outer = (async function outermost() {
    return await other.promise;
  })();
  await look(waits);
  match(other.wait.place?.file ?? "", /present_waits_test/);
  other.resolve(5);
  strictEqual(await outer, 5);
  resolve(3);
  strictEqual(await promise, 3);
  deepStrictEqual([wait.end(), wait.end()], [true, false]);
  deepStrictEqual([other.wait.end(), other.wait.end()], [true, false]);
  deepStrictEqual(objects(waits), []);
});

test("a wait whose promise nobody has awaited is looked at again", async () => {
  const waits = new PresentWaits();
  const { wait, promise, resolve } = begin(waits);
  await look(waits);
  const outer = (async function late() {
    return await promise;
  })();
  await look(waits);
  match(wait.place?.file ?? "", /present_waits_test/);
  resolve(1);
  strictEqual(await outer, 1);
});

test("whenever a wait is looked at, its result is not lost", async () => {
  const results: Promise<unknown>[] = [];
  const expected: unknown[] = [];
  repeat(200, (random) => {
    const waits = new PresentWaits();
    const { promise, resolve, reject } = begin(waits);
    const steps = random.below(6);
    const isFailure = random.below(2) === 0;
    const settle = () => {
      if (isFailure) reject("failed");
      else resolve(steps);
      reject("too late");
    };
    results.push(promise.catch((reason) => reason));
    expected.push(isFailure ? "failed" : steps);
    void (async () => {
      for (let step = 0; step < 6; step++) {
        if (step === steps) settle();
        if (random.below(2) === 0) void look(waits);
        if (random.below(3) > 0) await null;
      }
    })();
  });
  deepStrictEqual(await Promise.all(results), expected);
});

test("waits are listed in the order of their beginnings, whichever end", () => {
  repeat(200, (random) => {
    const waits = new PresentWaits();
    const open: PresentWait[] = [];
    for (let step = 0; step < 12; step++) {
      if (random.below(3) > 0 || open.length === 0) {
        open.push(begin(waits, step).wait);
      } else {
        open.splice(random.below(open.length), 1)[0]!.end();
      }
      deepStrictEqual(objects(waits), open.map(({ on }) => on));
    }
  });
});

test("waits that end while they are listed disturb nothing", () => {
  const waits = new PresentWaits();
  for (let on = 0; on < 5; on++) begin(waits, on);
  const seen: unknown[] = [];
  for (const wait of waits.olderThan(0)) {
    seen.push(wait.on);
    wait.end();
  }
  deepStrictEqual(seen, [0, 1, 2, 3, 4]);
  deepStrictEqual(objects(waits), []);
});

test("where a lock was waited for is told, if somebody has looked", () => {
  const told: unknown[] = [];
  const waits = new PresentWaits((lock, where) => told.push([lock, where]));
  const wait = waits.add(ops.acquire, 3, null, false);
  wait.where = undefined; // as on the runtimes that take no stack
  wait.end();
  deepStrictEqual(told, []);
  const place = { file: "a.ts", line: 1, column: 2, func: null };
  const later = waits.add(ops.acquire, 4, null, false);
  later.where = place;
  later.end();
  deepStrictEqual(told, [[4, place]]);
  const other = waits.add(ops.get, 5, null, false);
  other.where = place;
  other.end();
  deepStrictEqual(told, [[4, place]]);
});
