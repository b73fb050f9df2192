/**
 * Workers of a pool are killed all the time, and nothing else happens: each task returns
 * its right result, or fails with `WorkerLostError`, once; none is run twice; nobody
 * hangs; nothing is left behind.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { active_children, Pool, WorkerLostError } from "../../mod.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { random } from "./items.ts";
import { collectGarbage } from "../helpers/gc.ts";
import { withFolder } from "../helpers/folders.ts";
import { killWorkers } from "./killer.ts";
import { filesLeftOpen, openFiles } from "../helpers/open_files.ts";
import * as work from "../helpers/pool_work.ts";
import { test } from "../suite.ts";

const TASKS = Number(process.env["KILL_TASKS"] ?? 2000);
const SEED = Number(process.env["KILL_SEED"] ?? 20260501);

/** Milliseconds between two kills, and of a task. */
const PAUSE = 100;
const WORK = 1;

/** Tasks between two kills, at least. */
const LIFE = 40;

type Element = [path: string, x: number, milliseconds: number];

/** The end of a task: its result, or null if its worker was killed. */
type End = number | null;

for (const how of ["apply_async", "imap_unordered"] as const) {
  test(`2 workers, ${TASKS} tasks by ${how}, a SIGKILL every ${PAUSE} ms`, async () => {
    const before = openFiles();
    await withFolder(async (directory) => {
      const path = join(directory, "begun");
      const pool = Pool(2);
      let done = 0;
      let seen = 0;
      const hasMoved = () => done >= seen + LIFE && (seen = done) > 0;
      const next = random(SEED);
      const choose = (below: number) => Math.floor(next() * below);
      const killer = killWorkers(pool, PAUSE, hasMoved, choose);
      const elements = Array.from(
        { length: TASKS },
        (_, i): Element => [path, i, WORK],
      );
      const ends = await run(pool, how, elements, () => done++);
      killer.stop();
      pool.close();
      await pool.join();
      ok(killer.count > 0);
      check(ends, readFileSync(path, "utf8"), how === "imap_unordered");
    });
    strictEqual(active_children().length, 0);
    const left = await filesLeftOpen(before);
    ok(left <= before, `${left} open files, before it were ${before}`);
  }, { timeout: 240 });
}

/** Workers that are killed one after the other, and how many of them may be left over. */
const DEATHS = 30;
const LEFT = 5;

test(
  `of ${DEATHS} workers that were killed at their work nothing is kept`,
  async () => {
    const pool = Pool(1);
    const workers: WeakRef<object>[] = [];
    const results: WeakRef<object>[] = [];
    for (let i = 0; i < DEATHS; i++) await killOne(pool, workers, results);
    await collectGarbage();
    // A collector that searches the stack may take a number for a reference.
    ok(count(workers) <= LEFT, `${count(workers)} of ${DEATHS} workers`);
    ok(count(results) <= LEFT, `${count(results)} of ${DEATHS} results`);
    strictEqual(pool._cache.size, 0);
    strictEqual(await pool.apply(work.square, [3]), 9);
    await pool.terminate();
  },
  { timeout: 120 },
);

async function killOne(
  pool: Pool,
  workers: WeakRef<object>[],
  results: WeakRef<object>[],
): Promise<void> {
  const result = pool.apply_async(work.killMyself, ["SIGKILL"]);
  results.push(new WeakRef(result));
  workers.push(...pool._pool.map((worker) => new WeakRef(worker)));
  await raises(() => result.get(), "WorkerLostError");
}

function count(references: WeakRef<object>[]): number {
  return references.filter((reference) => reference.deref() !== undefined).length;
}

/** Has the pool work on all elements, and tells how each went. */
async function run(
  pool: Pool,
  how: "apply_async" | "imap_unordered",
  elements: Element[],
  onEnd: () => void,
): Promise<End[]> {
  const ends: End[] = [];
  const note = async (coming: Promise<number>) => {
    try {
      ends.push(await coming);
    } catch (error) {
      ok(error instanceof WorkerLostError, String(error));
      strictEqual(error.signal, "SIGKILL");
      ends.push(null);
    }
    onEnd();
  };
  if (how === "apply_async") {
    const results = elements.map((element) => pool.apply_async(work.logged, [element]));
    for (const result of results) await note(result.get());
  } else {
    const it = pool[how](work.logged, elements);
    for (const _ of elements) await note(it.next());
  }
  return ends;
}

function check(ends: End[], begun: string, isUnordered: boolean): void {
  const runs = new Map<number, number>();
  for (const line of begun.trimEnd().split("\n")) {
    runs.set(Number(line), (runs.get(Number(line)) ?? 0) + 1);
  }
  deepStrictEqual([...runs.values()].filter((count) => count > 1), []);
  strictEqual(ends.length, TASKS);
  const lost = ends.filter((end) => end === null).length;
  ok(lost < TASKS / 4, `${lost} tasks lost`);
  const right = Array.from({ length: TASKS }, (_, i) => i * i);
  if (isUnordered) {
    const values = ends.filter((end) => end !== null);
    strictEqual(new Set(values).size, values.length);
    ok(values.every((value) => right.includes(value)));
  } else {
    ends.forEach((end, i) => ok(end === null || end === right[i], `${i}: ${end}`));
  }
  // What has a result was run, and what was not run has none.
  ok(runs.size >= TASKS - lost);
}
