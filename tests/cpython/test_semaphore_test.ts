/**
 * `_TestSemaphore` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from
 * what each case checks.
 *
 * Changed: nothing is timed; a bounded semaphore's bound is checked too.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import { BoundedSemaphore, Semaphore } from "../../mod.ts";
import { test } from "../suite.ts";
import { raises } from "./helpers/checks.ts";

/** Takes both permits, finds no third, gives both back. */
async function useUp(semaphore: Semaphore): Promise<void> {
  for (const left of [2, 1]) {
    strictEqual(await semaphore.get_value(), left);
    strictEqual(await semaphore.locked(), false);
    strictEqual(await semaphore.acquire(), true);
  }
  strictEqual(await semaphore.get_value(), 0);
  strictEqual(await semaphore.locked(), true);
  strictEqual(await semaphore.acquire(false), false);
  for (const left of [1, 2]) {
    strictEqual(await semaphore.release(), undefined);
    strictEqual(await semaphore.get_value(), left);
  }
}

test("_TestSemaphore.test_semaphore", async () => {
  const semaphore = Semaphore(2);
  await useUp(semaphore);
  for (const value of [3, 4]) {
    strictEqual(await semaphore.release(), undefined);
    strictEqual(await semaphore.get_value(), value);
  }
});

test("_TestSemaphore.test_bounded_semaphore", async () => {
  const semaphore = BoundedSemaphore(2);
  await useUp(semaphore);
  await raises(
    () => semaphore.release(),
    "ValueError",
    "semaphore or lock released too many times",
  );
  strictEqual(await semaphore.get_value(), 2);
});

test("_TestSemaphore.test_timeout", async () => {
  const semaphore = Semaphore(0);
  strictEqual(await semaphore.acquire(false), false);
  strictEqual(await semaphore.acquire(false, null), false);
  strictEqual(await semaphore.acquire(false, 60), false);
  strictEqual(await semaphore.acquire(true, 0.02), false);
  strictEqual(await semaphore.acquire({ timeout: 0.02 }), false);
});
