/**
 * The cases of the benchmark that are about locks, events and barriers, for one
 * JavaScript runtime: prints them as one line of JSON. `synchronize.py` beside it is the
 * same program in Python.
 *
 * @module
 */
import { Barrier, Event, is_main, Lock, Pipe, Process, Semaphore } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** How often a lock is taken and released in one round, by nobody else or by all. */
const ALONE = 20_000;
const CONTENDED = 6_000;

/** How often an event is set, a barrier passed, or a turn taken, in one round. */
const TURNS = 2_000;

/** Every case has this many rounds, after one that does not count; the median counts. */
const ROUNDS = 5;

/** Takes and releases a lock. */
async function use(lock: Lock, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await lock.acquire();
    await lock.release();
  }
}

/** Measures the lock in this process, and says how fast it was. */
export async function useAndTell(lock: Lock, result: Connection): Promise<void> {
  await result.send(await measure(ALONE, () => use(lock, ALONE)));
}

/** For each number that it is told, takes and releases the lock so often. */
export async function useOnOrder(lock: Lock, orders: Connection): Promise<void> {
  for await (const times of orders) {
    await use(lock, times);
    await orders.send("done");
  }
}

/** Waits for one event and sets the other one, again and again. */
export async function answer(
  ping: Event,
  pong: Event,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await ping.wait();
    await ping.clear();
    await pong.set();
  }
}

/** Takes one semaphore and releases the other one, again and again. */
export async function takeTurns(
  mine: Semaphore,
  yours: Semaphore,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await mine.acquire();
    await yours.release();
  }
}

/** Passes a barrier again and again. */
export async function pass(barrier: Barrier, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await barrier.wait();
}

async function aloneInRoot(): Promise<number> {
  const lock = Lock();
  return await measure(ALONE, () => use(lock, ALONE));
}

async function aloneInChild(): Promise<number> {
  const [result, tell] = Pipe(false);
  const p = new Process({ target: useAndTell, args: [Lock(), tell] });
  p.start();
  tell.close();
  const rate = await result.recv();
  await p.join();
  return rate;
}

/** How often per second a lock goes from hand to hand that `count` processes want. */
async function contended(count: number): Promise<number> {
  const lock = Lock();
  const orders: Connection[] = [];
  const processes: Process[] = [];
  for (let i = 0; i < count; i++) {
    const [here, there] = Pipe();
    const p = new Process({ target: useOnOrder, args: [lock, there] });
    p.start();
    there.close();
    orders.push(here);
    processes.push(p);
  }
  const rate = await measure(CONTENDED, async () => {
    for (const order of orders) await order.send(CONTENDED / count);
    for (const order of orders) await order.recv();
  });
  for (const order of orders) order.close();
  for (const p of processes) await p.join();
  return rate;
}

/** How often per second two processes hand over to each other, neither ever twice. */
async function handOver(): Promise<number> {
  const [here, there] = [Semaphore(1), Semaphore(0)];
  const times = (ROUNDS + 1) * TURNS;
  const p = new Process({ target: takeTurns, args: [there, here, times] });
  p.start();
  const rate = await measure(2 * TURNS, () => takeTurns(here, there, TURNS));
  await p.join();
  return rate;
}

async function setAndWait(): Promise<number> {
  const [ping, pong] = [Event(), Event()];
  const times = (ROUNDS + 1) * TURNS;
  const p = new Process({ target: answer, args: [ping, pong, times] });
  p.start();
  const rate = await measure(2 * TURNS, async () => {
    for (let i = 0; i < TURNS; i++) {
      await ping.set();
      await pong.wait();
      await pong.clear();
    }
  });
  await p.join();
  return rate;
}

async function meet(): Promise<number> {
  const barrier = Barrier(2);
  const p = new Process({ target: pass, args: [barrier, (ROUNDS + 1) * TURNS] });
  p.start();
  const rate = await measure(TURNS, () => pass(barrier, TURNS));
  await p.join();
  return rate;
}

/** How often per second something happens that happens `count` times in a round. */
async function measure(count: number, round: () => Promise<void>): Promise<number> {
  await round();
  const rates: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    await round();
    rates.push(count / (performance.now() - start) * 1000);
  }
  return rates.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

if (is_main(import.meta)) {
  console.log(JSON.stringify({
    lockInRoot: await aloneInRoot(),
    lockInChild: await aloneInChild(),
    lockOfTwo: await contended(2),
    lockOfEight: await contended(8),
    handOver: await handOver(),
    eventSetToWait: await setAndWait(),
    barrierOfTwo: await meet(),
  }));
}
