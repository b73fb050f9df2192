/**
 * What children of these tests run.
 *
 * @module
 */
import process from "node:process";
import {
  c_double,
  c_int,
  c_longlong,
  type CArray,
  type SimpleData,
  Structure,
  type Synchronized,
  type SynchronizedArray,
  type SynchronizedString,
  Value,
} from "../../src/sharedctypes.ts";
import type { BufferWrapper } from "../../src/heap.ts";
import { Process } from "../../src/process.ts";
import type { Queue } from "../../src/queues.ts";
import type { Event } from "../../src/synchronize.ts";

/** `_Foo` of CPython's tests. */
export class Foo extends Structure {
  static override readonly _fields_ = [
    ["x", c_int],
    ["y", c_double],
    ["z", c_longlong],
  ] as const;
  declare x: number;
  declare y: number;
  declare z: number | bigint;
}

type AnyValue = Synchronized<unknown> | SimpleData<unknown>;
type Numbers = SynchronizedArray<number> | CArray<number>;

/** `_TestValue._test`. */
export function assign(values: AnyValue[], others: unknown[]): void {
  values.forEach((value, i) => value.value = others[i]);
}

/** `_TestArray.f`. */
export function sums(numbers: Numbers | number[]): void {
  for (let i = 1; i < numbers.length; i++) numbers[i]! += numbers[i - 1]!;
}

/** `_TestSharedCTypes._double`. */
export function double(
  x: Synchronized<number>,
  y: Synchronized<number>,
  z: Synchronized<number>,
  foo: Foo,
  arr: Numbers,
  string: SynchronizedString,
): void {
  x.value *= 2;
  y.value *= 2;
  z.value *= 2;
  foo.x *= 2;
  foo.y *= 2;
  const text = string.value;
  string.value = Uint8Array.of(...text, ...text);
  for (let i = 0; i < arr.length; i++) arr[i]! *= 2;
}

/** Adds under the lock. */
export async function add(counter: Synchronized<number>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await counter.with(() => counter.value += 1);
}

/** Makes a value and has a child of its own change it. */
export async function family(queue: Queue<unknown>): Promise<void> {
  const value = Value("i", 20);
  const child = new Process({ target: addTo, args: [value, 1] });
  await child.start();
  await child.join();
  await queue.put(value.value);
  try {
    await queue.put(value);
  } catch (error) {
    await queue.put(String(error));
  }
}

/** Adds once. */
export function addTo(value: Synchronized<number>, n: number): void {
  value.value += n;
}

/** Hands a value on to a child of its own, and ends by SIGKILL. */
export async function handOn(
  value: Synchronized<number>,
  goOn: Event,
  done: Event,
): Promise<void> {
  const own = Value("i", 7);
  const child = new Process({ target: addLater, args: [value, own, goOn, done] });
  await child.start();
  process.kill(process.pid, "SIGKILL");
}

/** Goes on with a value of a dead process. */
export async function addLater(
  value: Synchronized<number>,
  own: Synchronized<number>,
  goOn: Event,
  done: Event,
): Promise<void> {
  await goOn.wait();
  own.value += 1;
  value.value = own.value;
  await done.set();
}

/** Sets everything to the same number, over and over: the victim of the kill tests. */
export function hammer(
  number: Synchronized<number>,
  big: Synchronized<number | bigint>,
  array: SynchronizedArray<number>,
  seed: number,
): void {
  const patterns = [0, 1.1, -(2 ** 52) - 0.5, 1 / 3, Number.MAX_VALUE];
  for (let n = seed;; n++) {
    number.value = patterns[n % patterns.length]!;
    big.value = n % 2 === 0 ? 0x7fff_ffff_ffff_ffffn : -0x7fff_ffff_ffff_ffffn;
    array[n % array.length] = patterns[n % patterns.length]!;
    if (n % 64 === 0) Value("d", n); // a block that only the dead held
  }
}

/** Adds one to each byte. */
export function addOne(buffer: BufferWrapper): void {
  const view = buffer.create_memoryview();
  for (let i = 0; i < view.length; i++) view[i]! += 1;
}
