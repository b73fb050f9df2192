/**
 * The cases of the benchmark that are about shared memory, for one JavaScript runtime: prints
 * them as one line of JSON. `memory.py` beside it is the same program in Python.
 *
 * @module
 */
import {
  Array as SharedArray,
  is_main,
  Pipe,
  Process,
  Queue,
  Value,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import type { Synchronized, SynchronizedArray } from "../../src/sharedctypes.ts";
import { print, TIMES, warmRate } from "./report.ts";

/** How often a value is counted up, in all. */
const COUNTS = 100_000;

/** How many elements an array has, and how often all are changed, or read at once. */
const LENGTH = 1_000;
const ELEMENTS = 100_000;
const SLICES = 2_000;

/** What is sent as a whole, in bytes, and how often. */
const LARGE = 64 * 2 ** 20;
const SENT = 4;

async function count(value: Synchronized<number>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await value.with(() => value.value += 1);
}

/** For each number that it is told, counts so often. */
export async function countOnOrder(
  value: Synchronized<number>,
  orders: Connection,
): Promise<void> {
  for await (const times of orders) {
    await count(value, times as number);
    await orders.send("done");
  }
}

/** How often per second `processes` children count one value up. */
async function counted(processes: number): Promise<number> {
  const value = Value("i", 0);
  const orders: Connection[] = [];
  const all: Process[] = [];
  for (let i = 0; i < processes; i++) {
    const [here, there] = Pipe();
    const p = new Process({ target: countOnOrder, args: [value, there] });
    p.start();
    there.close();
    orders.push(here);
    all.push(p);
  }
  const rate = await warmRate(COUNTS, async () => {
    for (const order of orders) await order.send(COUNTS / processes);
    for (const order of orders) await order.recv();
  });
  for (const order of orders) order.close();
  for (const p of all) await p.join();
  if (value.value !== TIMES * COUNTS) throw new Error(`counted to ${value.value}`);
  return rate;
}

/** Measures elements and slices of an array in a child. */
export async function useArray(
  array: SynchronizedArray<number>,
  results: Connection,
): Promise<void> {
  const change = () => {
    for (let i = 0; i < ELEMENTS; i++) array[i % LENGTH]! += 1;
    return Promise.resolve();
  };
  const read = () => {
    for (let i = 0; i < SLICES; i++) array.slice(0, LENGTH);
    return Promise.resolve();
  };
  await results.send(await warmRate(ELEMENTS, change));
  await results.send(await warmRate(SLICES, read));
}

async function usedArray(): Promise<{ arrayElement: number; arraySlice: number }> {
  const [results, tell] = Pipe(false);
  const p = new Process({ target: useArray, args: [SharedArray("d", LENGTH), tell] });
  p.start();
  tell.close();
  const [arrayElement, arraySlice] = [await results.recv(), await results.recv()];
  await p.join();
  return { arrayElement, arraySlice };
}

/** Sends large bytes in a segment of shared memory each time that it is asked. */
export async function sendSegments(orders: Connection): Promise<void> {
  const bytes = new Uint8Array(LARGE).fill(7);
  for await (const _ of orders) {
    const shm = SharedMemory({ create: true, size: LARGE });
    shm.buf.set(bytes);
    await orders.send(shm.name);
    shm.close();
  }
}

async function bySegment(orders: Connection): Promise<Uint8Array> {
  await orders.send(null);
  const shm = SharedMemory(await orders.recv() as string);
  const bytes = shm.buf.slice();
  shm.close();
  shm.unlink();
  return bytes;
}

/** The same by a queue. */
export async function putBytes(orders: Connection, queue: Queue): Promise<void> {
  const bytes = new Uint8Array(LARGE).fill(7);
  for await (const _ of orders) await queue.put(bytes);
}

/** How often per second a child's bytes come to the root. */
async function sent(
  target: typeof putBytes,
  receive: (orders: Connection, queue: Queue) => Promise<Uint8Array>,
): Promise<number> {
  const queue = Queue();
  const [orders, there] = Pipe();
  const p = new Process({ target, args: [there, queue] });
  p.start();
  there.close();
  const rate = await warmRate(SENT, async () => {
    for (let i = 0; i < SENT; i++) {
      const bytes = await receive(orders, queue);
      if (bytes.length !== LARGE || bytes[LARGE - 1] !== 7) throw new Error("torn");
    }
  });
  orders.close();
  await p.join();
  return rate;
}

async function byQueue(orders: Connection, queue: Queue): Promise<Uint8Array> {
  await orders.send(null);
  return await queue.get() as Uint8Array;
}

if (is_main(import.meta)) {
  print({
    valueInChild: await counted(1),
    valueOfTwo: await counted(2),
    ...await usedArray(),
    largeBySegment: await sent(sendSegments, bySegment),
    largeByQueue: await sent(putBytes, byQueue),
  });
}
