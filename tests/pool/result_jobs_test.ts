/** Tests of src/pool/outcome.ts. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Outcome } from "../../src/pool/outcome.ts";
import "../../src/root.ts"; // who keeps the process alive meanwhile
import { raises } from "../cpython/helpers/checks.ts";
import { test } from "../suite.ts";

const FOR_EVER = { timeout: null, signal: undefined };

test("Outcome: who waits is told, and who asks later", async () => {
  const outcome = new Outcome<number>();
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
  const outcome = new Outcome<number>();
  const error = new RangeError("no");
  outcome.settle(false, error);
  deepStrictEqual([outcome.isSettled, outcome.isSuccess], [true, false]);
  strictEqual(await raises(() => outcome.value, "RangeError"), error);
});

test("Outcome: who waits however long it takes gets the value, or the error", async () => {
  const outcome = new Outcome<number>();
  const result = outcome.result();
  outcome.settle(true, 5);
  deepStrictEqual([await result, await outcome.result()], [5, 5]);
  const failed = new Outcome<number>();
  const failure = failed.result();
  const error = new RangeError("no");
  failed.settle(false, error);
  strictEqual(await raises(() => failure, "RangeError"), error);
  strictEqual(await raises(() => failed.result(), "RangeError"), error);
});

test("Outcome: a wait ends with its time or its signal", async () => {
  const outcome = new Outcome<number>();
  strictEqual(await outcome.wait({ ...FOR_EVER, timeout: 0 }), false);
  strictEqual(await outcome.wait({ ...FOR_EVER, timeout: 0.01 }), false);
  const controller = new AbortController();
  const wait = outcome.wait({ timeout: null, signal: controller.signal });
  controller.abort(new RangeError("enough"));
  await raises(() => wait, "RangeError", "enough");
  outcome.settle(true, 1);
});

test("Outcome: a loop that asks without waiting lets others have their turn", async () => {
  const outcome = new Outcome<number>();
  setImmediate(() => setImmediate(() => outcome.settle(true, 1)));
  let turns = 0;
  while (!await outcome.wait({ ...FOR_EVER, timeout: 0 })) turns++;
  strictEqual(turns < 1000, true);
});
