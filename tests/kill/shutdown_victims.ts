/** Processes around a queue that is shut down; some are killed. */
import { openSync, writeSync } from "node:fs";
import process from "node:process";
import { type Queue, ShutDown } from "../../mod.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";

/** After so many items a feeder is slow, or the others would take them for long. */
const MANY = 300;

/** Puts until the queue is shut down; writes down how many `put` have come back. */
export async function feeder(
  q: Queue<[by: number, n: number]>,
  hello: Queue<number>,
  by: number,
  path: string,
): Promise<void> {
  const file = openSync(path, "w");
  const note = new Uint32Array(1);
  await hello.put(by);
  try {
    for (;;) {
      await q.put([by, note[0]!]);
      note[0]!++;
      writeSync(file, note, 0, 4, 0);
      if (note[0]! > MANY) await nextTurn();
    }
  } catch (error) {
    if (!(error instanceof ShutDown)) throw error;
  }
}

/** Takes until the queue is shut down and empty; writes down each. */
export async function eater(
  q: Queue<[by: number, n: number]>,
  hello: Queue<number>,
  by: number,
  path: string,
): Promise<void> {
  const file = openSync(path, "w");
  await hello.put(by);
  for await (const item of q) writeSync(file, Uint32Array.of(...item));
}

/** Told to, shuts the queue down, and is killed at once. */
export async function doomedCloser(
  q: Queue<[by: number, n: number]>,
  hello: Queue<number>,
  by: number,
  _path: string,
  go: Queue<null>,
): Promise<void> {
  await hello.put(by);
  await go.get();
  void q.shutdown();
  process.kill(process.pid, "SIGKILL");
}
