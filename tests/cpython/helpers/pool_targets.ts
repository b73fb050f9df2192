/**
 * What the workers of the pool tests run, the generators that fail, and what the cases work
 * on and compare with.
 */
import process from "node:process";
import { setInterval, setTimeout } from "node:timers";
import { KeyError, type Queue, RuntimeError, ValueError } from "../../../mod.ts";

/** Loads this module in a manager's server. */
export function beLoaded(): void {}

/** The square, after `wait` seconds. */
export async function sqr(x: number, wait = 0): Promise<number> {
  if (wait > 0) await sleep(wait);
  return x * x;
}

/** The square of the keyword `x`. */
export function sqrByKeyword({ x }: { x: number }): number {
  return x * x;
}

/** The product. */
export function mul(x: number, y: number): number {
  return x * y;
}

/** Python's `int(text)`. */
export function int(text: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  throw new ValueError(`invalid literal for int() with base 10: '${text}'`);
}

/** Waits for some seconds. */
export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, seconds * 1000));
}

/** Never ends by itself. */
export function forEver(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000));
}

/** Gives what it gets. */
export function identity<T>(x: T): T {
  return x;
}

/** Raises a KeyError. */
export function raising(): never {
  throw new KeyError("key");
}

/** Returns what cannot be sent. */
export function unpickleableResult(): unknown {
  return () => 42;
}

/** Raises a RuntimeError in this very line. */
export function testTraceback(): never {
  throw new RuntimeError("123"); // some comment
}

/** Set by the initializer below. */
let queue: Queue<number> | undefined;

/** Keeps a queue for the tasks. */
export function keepQueue(q: Queue<number>): void {
  queue = q;
}

/** Waits for something in the queue. */
export async function takeOne(): Promise<number> {
  return await queue!.get();
}

/** Raises an error with a text of a mebibyte, once a number is in the queue. */
export async function raiseLargeValueError(x: number): Promise<never> {
  if (x > 0) await sleep(0.2);
  await queue!.put(x);
  throw new ValueError("x".repeat(1024 ** 2));
}

/** Says that it begins, and fails for 1. */
export async function failAt1(x: number): Promise<number> {
  await queue!.put(x);
  if (x === 1) throw new ValueError("it is 1");
  return x;
}

/** What the next function was called with here. */
const begun: number[] = [];

/** Begins and fails for 1, without a promise. */
export function failAt1Now(x: number): number {
  begun.push(x);
  if (x === 1) throw new ValueError("it is 1");
  return x;
}

/** What that was called with since the last time. */
export function begunNow(): number[] {
  return begun.splice(0);
}

/** Says that it was called. */
export async function initializer(q: Queue<number>): Promise<void> {
  await q.put(1);
}

/** The number of the process that calls it. */
export function pid(x: number): [number, number] {
  return [x * x, process.pid];
}

/** The error of the generator below. */
export class SayWhenError extends ValueError {}

/** Gives the numbers from 0 to `total` - 1, but throws before `when`, -1 for at once. */
export function* exceptionThrowingGenerator(
  total: number,
  when: number,
): Generator<number> {
  if (when === -1) throw new SayWhenError("Somebody said when");
  for (let i = 0; i < total; i++) {
    if (i === when) throw new SayWhenError("Somebody said when");
    yield i;
  }
}

/** An argument whose encoding throws. */
export class Unpicklable {
  __reduce__(): never {
    throw new RuntimeError("cannot pickle");
  }
}

// --- what the cases work on

export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Their squares. */
export function squares(length: number): number[] {
  return range(length).map((i) => i * i);
}

/** Every result of an iterator. */
export async function list<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}
