/** Tasks of pool/stream_job_test.ts. */
import { createReadStream } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "../../mod.ts";
import { compute, forEver, OddNumber } from "./pool_work.ts";

let log: Queue<unknown> | undefined;

/** Keeps a queue to which generators tell what happens to them. */
export function keepLog(q: Queue<unknown>): void {
  log = q;
}

/** The numbers below `n`. */
export function* below(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}

/** The same, asynchronously. */
export async function* belowLater(n: number): AsyncGenerator<number> {
  for (let i = 0; i < n; i++) {
    await null;
    yield i;
  }
}

/** All numbers; tells of each, and of its end. */
export function* logged(): Generator<number> {
  try {
    for (let i = 0;; i++) {
      void log!.put(i);
      yield i;
    }
  } finally {
    void log!.put("end");
  }
}

/** The same, asynchronously; its end takes a while. */
export async function* loggedLater(milliseconds = 1): AsyncGenerator<number> {
  try {
    for (let i = 0;; i++) yield i;
  } finally {
    await sleep(milliseconds);
    await log!.put("end");
  }
}

/** Yields as quickly as it can, and never waits. */
export function* flood(): Generator<number> {
  try {
    for (let i = 0;; i++) yield i;
  } finally {
    void log!.put("end");
  }
}

/** Some values, then an error. */
export function* failAfter(n: number): Generator<number> {
  yield* below(n);
  throw new OddNumber(n);
}

/** Throws as it is left. */
export function* failAtEnd(): Generator<number> {
  try {
    for (;;) yield 1;
  } finally {
    // deno-lint-ignore no-unsafe-finally -- that is what is tested
    throw new OddNumber(7);
  }
}

/** Some values, then it never goes on, computing or waiting. */
export async function* hangAfter(n: number, how: string): AsyncGenerator<number> {
  yield* below(n);
  if (how === "compute") compute(1e9);
  await forEver();
}

/** Some values; then the worker is gone. */
export function* dieAfter(n: number): Generator<number> {
  yield* below(n);
  process.kill(process.pid, "SIGKILL");
  compute(1e5);
}

/** Values of many kinds, and one that cannot be sent. */
export function* kinds(isBad = false): Generator<unknown> {
  yield Uint8Array.of(1, 2);
  yield "text";
  yield undefined;
  yield { a: [1, 2n, new Date(5)] };
  yield new OddNumber(3);
  try {
    if (isBad) yield () => {};
    yield [1, 2, 3];
  } finally {
    if (log !== undefined) void log.put("end");
  }
}

/** Lists and the like have values as well. */
export function listOf(...values: number[]): number[] {
  return values;
}

/** So does what a promise gives. */
export async function mapLater(): Promise<Map<string, number>> {
  await null;
  return new Map([["a", 1]]);
}

/** And so does a file. */
export function linesOf(path: string): AsyncIterable<string> {
  return createReadStream(path, "utf8");
}

/** Promises, whose values are what is given. */
export function* promises(): Generator<Promise<number>> {
  yield Promise.resolve(1);
  yield sleep(1, 2);
}

export function notIterable(): number {
  return 5;
}

export function pid(): number {
  return process.pid;
}

/** The last argument is an object. */
export function* scaled(
  n: number,
  { by = 1 }: { by?: number } = {},
): Generator<number> {
  for (const i of below(n)) yield i * by;
}

/** Rests between its values for as long as it takes to fetch, and is not slow itself. */
export function* two(): Generator<number> {
  yield 1;
  yield 2;
}
