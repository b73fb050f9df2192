/** Tests of src/inspect/cells.ts: waits that can be woken, and lose nothing by it. */
import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { Cells } from "../../src/inspect/cells.ts";
import { ops, type Subject } from "../../src/link/observed.ts";
import { test } from "../suite.ts";
import { repeat } from "../wire/support.ts";

const subject: Subject = { op: ops.get, on: 7, timeout: null, hasSignal: false };

/** A wait, and what ends it. */
function begin(cells: Cells) {
  let end!: { resolve: (value: number) => void; reject: (error: unknown) => void };
  const waiting = cells.wait<number>(subject, (resolve, reject) => {
    end = { resolve, reject };
  });
  return { waiting, ...end };
}

/** Wakes all of them. */
function wake(cells: Cells): void {
  for (const cell of cells.olderThan(0)) cell.wake();
}

test("a wait that is woken goes on waiting, and knows its line", async () => {
  const cells = new Cells();
  const { waiting, resolve } = begin(cells);
  const outer = (async function outermost() {
    return await waiting;
  })();
  wake(cells);
  await null;
  await null;
  const [cell] = [...cells.olderThan(0)];
  match(cell!.place?.file ?? "", /cells_test/);
  resolve(5);
  strictEqual(await outer, 5);
  strictEqual(cells.size, 0);
});

test("whenever a wait is woken, its result is not lost", async () => {
  const results: Promise<unknown>[] = [];
  const expected: unknown[] = [];
  repeat(200, (random) => {
    const cells = new Cells();
    const { waiting, resolve, reject } = begin(cells);
    const steps = random.below(6);
    const isFailure = random.below(2) === 0;
    const settle = () => {
      if (isFailure) reject("failed");
      else resolve(steps);
      reject("too late");
    };
    results.push(waiting.catch((reason) => reason));
    expected.push(isFailure ? "failed" : steps);
    void (async () => {
      for (let step = 0; step < 6; step++) {
        if (step === steps) settle();
        if (random.below(2) === 0) wake(cells);
        if (random.below(3) > 0) await null;
      }
    })();
  });
  deepStrictEqual(await Promise.all(results), expected);
});

test("a wait that is settled or fails as it begins is over", async () => {
  const ended: number[] = [];
  const cells = new Cells(({ subject }) => void ended.push(subject.on));
  strictEqual(await cells.wait<number>(subject, (resolve) => resolve(1)), 1);
  const failing = cells.wait<number>(subject, () => {
    throw new RangeError("no");
  });
  await rejects(failing, RangeError);
  strictEqual(cells.size, 0);
  deepStrictEqual(ended, [7, 7]);
});
