/**
 * `_TestSemaphore` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from
 * what each case checks.
 *
 * Changed: nothing is timed; a bounded semaphore's bound is checked too. Other semaphores than
 * those of processes have no `get_value`, here as there.
 */
import { strictEqual } from "node:assert/strict";
import type { Semaphore } from "../../mod.ts";
import { raises } from "./helpers/checks.ts";
import { ALL, bind, type Kind, type Type } from "./helpers/kinds.ts";

const semaphoreCase = bind("_TestSemaphore", ALL);

/** The error of releasing a bounded semaphore too often. */
const RELEASED_TOO_OFTEN = {
  processes: "semaphore or lock released too many times",
  manager: "Semaphore released too many times",
  threads: "Semaphore released too many times",
} satisfies Record<Type, string>;

/** Checks how many permits there are, where that can be asked. */
async function has(kind: Kind, semaphore: Semaphore, permits: number): Promise<void> {
  if (kind.TYPE !== "processes") return;
  strictEqual(await semaphore.get_value(), permits);
  strictEqual(await semaphore.locked(), permits === 0);
}

/** Takes both permits, finds no third, gives both back. */
async function useUp(kind: Kind, semaphore: Semaphore): Promise<void> {
  for (const left of [2, 1]) {
    await has(kind, semaphore, left);
    strictEqual(await semaphore.acquire(), true);
  }
  await has(kind, semaphore, 0);
  strictEqual(await semaphore.acquire(false), false);
  for (const left of [1, 2]) {
    strictEqual(await semaphore.release(), undefined);
    await has(kind, semaphore, left);
  }
}

semaphoreCase("test_semaphore", async (kind) => {
  const semaphore = await kind.Semaphore(2);
  await useUp(kind, semaphore);
  for (const value of [3, 4]) {
    strictEqual(await semaphore.release(), undefined);
    await has(kind, semaphore, value);
  }
  for (let n = 0; n < 4; n++) strictEqual(await semaphore.acquire(false), true);
  strictEqual(await semaphore.acquire(false), false);
});

semaphoreCase("test_bounded_semaphore", async (kind) => {
  const semaphore = await kind.BoundedSemaphore(2);
  await useUp(kind, semaphore);
  await raises(
    () => semaphore.release(),
    "ValueError",
    RELEASED_TOO_OFTEN[kind.TYPE],
  );
  await has(kind, semaphore, 2);
});

semaphoreCase("test_timeout", async (kind) => {
  const semaphore = await kind.Semaphore(0);
  strictEqual(await semaphore.acquire(false), false);
  strictEqual(await semaphore.acquire(false, null), false);
  if (kind.TYPE !== "processes") {
    const text = "can't specify timeout for non-blocking acquire";
    await raises(() => semaphore.acquire(false, 60), "ValueError", text);
  } else strictEqual(await semaphore.acquire(false, 60), false);
  strictEqual(await semaphore.acquire(true, 0.02), false);
  strictEqual(await semaphore.acquire({ timeout: 0.02 }), false);
});
