/**
 * A queue is shut down while others put and take, by a process that is killed at once; so
 * are others, at random instants. What was put, as far as its putter was told, is had once,
 * but for the one item that a killed taker may have had in its hands; everybody ends.
 */
import { ok, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type Process, Queue, ShutDown } from "../../mod.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";
import { random, randomTurns } from "./items.ts";
import { doomedCloser, eater, feeder } from "./shutdown_victims.ts";

const SEED = Number(process.env["KILL_SEED"] ?? 20260501);
const ROUNDS = Math.ceil(Number(process.env["KILL_ROUNDS"] ?? 60) / 10);

const FEEDERS = [1, 2];
const EATERS = [3, 4];
const CLOSER = 5;

type Entry = [by: number, n: number];

/** The numbers in a file; none if it was never made. */
function numbersIn(path: string): Uint32Array {
  if (!existsSync(path)) return new Uint32Array();
  const bytes = new Uint8Array(readFileSync(path));
  return new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
}

async function round(
  folder: string,
  maxsize: number,
  next: () => number,
): Promise<void> {
  const q = Queue<Entry>(maxsize), hello = Queue<number>(), go = Queue<null>();
  const pathOf = (id: number) => join(folder, `${id}`);
  const processes = new Map<number, Process>();
  for (const [ids, target] of [[FEEDERS, feeder], [EATERS, eater]] as const) {
    for (const id of ids) {
      processes.set(id, await started(target, [q, hello, id, pathOf(id)]));
    }
  }
  const closer = await started(doomedCloser, [q, hello, CLOSER, "", go]);
  for (let n = 0; n < 5; n++) await hello.get(true, CLAIM_WAIT);
  await randomTurns(next);
  const killed = [...processes.keys()].filter(() => next() < 0.3);
  const isBefore = next() < 0.5;
  if (!isBefore) await go.put(null);
  for (const id of killed) {
    await randomTurns(next);
    processes.get(id)!.kill();
  }
  if (isBefore) await go.put(null);
  strictEqual(await exitcodeOf(closer), -9);
  for (const [id, one] of processes) {
    const exitcode = await exitcodeOf(one);
    ok(
      exitcode === 0 || (exitcode === -9 && killed.includes(id)),
      `${id}: ${exitcode}`,
    );
    if (exitcode === 0 && killed.includes(id)) killed.splice(killed.indexOf(id), 1);
  }
  const found = EATERS.flatMap((id) => entriesIn(pathOf(id)));
  try {
    for (;;) found.push(await q.get());
  } catch (error) {
    ok(error instanceof ShutDown);
  }
  check(found, killed, (id) => numbersIn(pathOf(id))[0] ?? 0);
}

function entriesIn(path: string): Entry[] {
  const numbers = numbersIn(path);
  return Array.from(
    { length: numbers.length >> 1 },
    (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!],
  );
}

function check(found: Entry[], killed: number[], noted: (id: number) => number): void {
  let missing = 0;
  for (const id of FEEDERS) {
    const own = found.filter(([by]) => by === id).map(([, n]) => n);
    const numbers = new Set(own);
    strictEqual(own.length, numbers.size, `items of ${id} came twice`);
    const highest = Math.max(-1, ...numbers) + 1;
    // One that is killed may have put an item that it did not write down.
    ok(highest <= noted(id) + (killed.includes(id) ? 1 : 0), `${id}: ${highest}`);
    missing += Math.max(highest, noted(id)) - numbers.size;
  }
  const most = EATERS.filter((id) => killed.includes(id)).length;
  ok(missing <= most, `${missing} items are lost, ${most} takers were killed`);
}

for (const maxsize of [0, 3]) {
  test(
    `a queue is shut down among processes that are killed, maxsize ${maxsize}`,
    () => {
      const next = random(SEED + maxsize);
      return withFolder(async (folder) => {
        for (let n = 0; n < ROUNDS; n++) await round(folder, maxsize, next);
      });
    },
    { timeout: 300 },
  );
}
