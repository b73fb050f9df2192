/** Tests of src/pool/result_jobs.ts: when results are there, and what holds the program. */

import { ops } from "../../src/link/observed.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Outcome } from "../../src/pool/result_jobs.ts";
import "../../src/link/root.ts"; // who keeps the process alive meanwhile
import { raises } from "../cpython/helpers/checks.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

const METHODS = ["apply_async", "map_async", "starmap_async"];

/** What each way of being told prints. */
const TOLD: Record<string, string> = {
  callback: "9\n",
  error_callback: "RangeError: RangeError: negative\n",
};

for (const kind of ["Pool", "ThreadPool"]) {
  for (const method of METHODS) {
    for (const [how, expected] of Object.entries(TOLD)) {
      const name =
        `${kind}.${method}: a program that only ${how} tells stays alive for it`;
      test(name, async () => {
        for (const where of ["top", "main"]) {
          const args = [kind, method, how, where];
          const printed = await outputOf("tests/children/callback_only.ts", args);
          strictEqual(printed, expected, where);
        }
      });
    }
  }
}

test("a callback that will not be called holds the program no longer than its job", async () => {
  const args = ["Pool", "apply_async", "other", "main"];
  strictEqual(await outputOf("tests/children/callback_only.ts", args), "exit\n");
});

const FOR_EVER = { timeout: null, signal: undefined };

test("Outcome: who waits is told, and who asks later", async () => {
  const outcome = new Outcome<number>(ops.result, {});
  const waits = [outcome.wait(FOR_EVER), outcome.wait({ ...FOR_EVER, timeout: 40 })];
  strictEqual(outcome.isSettled, false);
  outcome.settle(true, 5);
  outcome.settle(false, "too late");
  deepStrictEqual(await Promise.all(waits), [true, true]);
  strictEqual(await outcome.wait(FOR_EVER), true);
  deepStrictEqual([outcome.isSettled, outcome.isSuccess, outcome.value], [
    true,
    true,
    5,
  ]);
});

test("Outcome: a failure is thrown to who asks for the value, and to nobody else", async () => {
  const outcome = new Outcome<number>(ops.result, {});
  const error = new RangeError("no");
  outcome.settle(false, error);
  deepStrictEqual([outcome.isSettled, outcome.isSuccess], [true, false]);
  strictEqual(await raises(() => outcome.value, "RangeError"), error);
});

test("Outcome: who waits however long it takes gets the value, or the error", async () => {
  const outcome = new Outcome<number>(ops.result, {});
  const result = outcome.result();
  outcome.settle(true, 5);
  deepStrictEqual([await result, await outcome.result()], [5, 5]);
  const failed = new Outcome<number>(ops.result, {});
  const failure = failed.result();
  const error = new RangeError("no");
  failed.settle(false, error);
  strictEqual(await raises(() => failure, "RangeError"), error);
  strictEqual(await raises(() => failed.result(), "RangeError"), error);
});

test("Outcome: a wait ends with its time or its signal", async () => {
  const outcome = new Outcome<number>(ops.result, {});
  strictEqual(await outcome.wait({ ...FOR_EVER, timeout: 0 }), false);
  strictEqual(await outcome.wait({ ...FOR_EVER, timeout: 0.01 }), false);
  const controller = new AbortController();
  const wait = outcome.wait({ timeout: null, signal: controller.signal });
  controller.abort(new RangeError("enough"));
  await raises(() => wait, "RangeError", "enough");
  outcome.settle(true, 1);
});

test("Outcome: a loop that asks without waiting lets others have their turn", async () => {
  const outcome = new Outcome<number>(ops.result, {});
  setImmediate(() => setImmediate(() => outcome.settle(true, 1)));
  let turns = 0;
  while (!await outcome.wait({ ...FOR_EVER, timeout: 0 })) turns++;
  strictEqual(turns < 1000, true);
});
