/** Tasks of pool_test.ts and kill/pool_test.ts. */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { setInterval } from "node:timers";
import { dumps, PendingPayload } from "../../src/reduction/mod.ts";
import { current_process, Pool, type Queue, SystemExit } from "../../mod.ts";

export function square(x: number): number {
  return x * x;
}

/** Returns its argument. */
export function same<T>(value: T): T {
  return value;
}

/** The payload of a function whose module the pool's own process has not loaded. */
export async function dumpLater(): Promise<Uint8Array> {
  const { later } = await import("./picklable_later.ts");
  const payload = dumps(later);
  return payload instanceof PendingPayload ? payload.resolve() : payload;
}

/** The sum, and the last argument's `c`. */
export function add(a: number, b: number, { c = 0 }: { c?: number } = {}): number {
  return a + b + c;
}

export function nothing(): void {}

export function workerName(): string {
  return current_process().name;
}

/** The worker's process id. */
export function pidOf(_: number): number {
  return process.pid;
}

const kept: Uint8Array[] = [];

/** Keeps so many bytes for good; tells who does, and how much the process holds then. */
export function keepBytes(count: number): { pid: number; resident: number } {
  kept.push(new Uint8Array(count).fill(1));
  return { pid: process.pid, resident: process.memoryUsage().rss };
}

/** An error with a field of its own. */
export class OddNumber extends RangeError {
  override readonly name: string = "OddNumber";
  readonly number: number;

  constructor(number: number) {
    super(`${number} is odd`);
    this.number = number;
  }
}

/** Half of an even number. */
export function half(x: number): number {
  if (x % 2 !== 0) throw new OddNumber(x);
  return x / 2;
}

/** The same, with that error as the cause of another. */
export function halfOrNone(x: number): number {
  try {
    return half(x);
  } catch (cause) {
    throw new TypeError("no half", { cause });
  }
}

/** Ends the worker, after some words to stderr. */
export function exit(code: number, words = ""): void {
  if (words !== "") console.error(words);
  process.exit(code);
}

/** Ends the worker as `sys.exit` does. */
export function sysExit(code: number): never {
  throw new SystemExit(code);
}

/** Has the system kill the worker, and waits for it. */
export function killMyself(signal: "SIGKILL" | "SIGTERM"): Promise<never> {
  process.kill(process.pid, signal);
  return forEver();
}

/** Never ends by itself, but lets other code run. */
export function forEver(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000));
}

/** Computes for ever. */
export function spin(): never {
  for (;;);
}

/** Computes for so many milliseconds. */
export function compute(milliseconds: number): number {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  return milliseconds;
}

/** Computes, or, if so told, waits until something is in the initializer's queue. */
export async function computeOrWait(milliseconds: number): Promise<number> {
  return milliseconds < 0 ? await gate!.get() : compute(milliseconds);
}

let gate: Queue<number> | undefined;

/** Keeps a queue that tasks wait at. */
export function keepGate(q: Queue<number>): void {
  gate = q;
}

export async function waitAtGate(x: number): Promise<number> {
  await gate!.get();
  return x;
}

/** Says at the gate that it has begun, then never ends. */
export async function begin(x: number): Promise<never> {
  await gate!.put(x);
  return await forEver();
}

/** Says at the gate that it has begun, then computes for ever. */
export async function beginAndSpin(x: number): Promise<never> {
  await gate!.put(x);
  spin();
}

/** An initializer that fails. */
export function failToStart(): never {
  console.error("no database");
  throw new RangeError("not today");
}

/** Keeps the process busy for ever, as an open connection does. */
export function stayOpen(): void {
  setInterval(() => {}, 1000);
}

/** An object with a method. */
export class Multiplier {
  readonly factor: number;

  constructor(factor: number) {
    this.factor = factor;
  }

  times(x: number): number {
    return this.factor * x;
  }
}

/** Writes a line to a file as it begins, then works a little. */
export function logged([path, x, milliseconds]: [string, number, number]): number {
  appendFileSync(path, `${x}\n`);
  compute(milliseconds);
  return x * x;
}

/** A pool of a child's own. */
export async function poolInChild(q: Queue<unknown>): Promise<void> {
  const pool = Pool(2);
  await q.put(await pool.map(square, [1, 2, 3]));
  await q.put(
    await pool.apply(exit, [3]).catch(({ name, exitcode }) => [name, exitcode]),
  );
  const [, name] = pool._pool.map((worker) => worker.name);
  await q.put(name);
  pool.close();
  await pool.join();
  await q.put(String(pool));
}

/** Leaves a pool open at its end. */
export async function openPoolInChild(q: Queue<unknown>): Promise<void> {
  const pool = Pool(1);
  await q.put(await pool.apply(pidOf, [0]));
}

/** Has a worker tell its process id, and waits for ever. */
export async function openPoolForEver(q: Queue<number>): Promise<void> {
  const pool = Pool(1, keepGate, [q]);
  await pool.apply(begin, [await pool.apply(pidOf, [0])]);
}
